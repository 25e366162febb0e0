from app.logic.lineboxes import of_words
from app.logic.ocr_page import Recognized, assemble, recognized
from app.models.domain import Word

TSV = (
    "4\t1\t1\t1\t1\t0\t100\t200\t500\t30\t-1\t\n"
    "5\t1\t1\t1\t1\t1\t100\t200\t100\t30\t96.5\tNet\n"
    "5\t1\t1\t1\t1\t2\t220\t200\t80\t30\t90\tsales\n"
    "5\t1\t1\t1\t2\t1\t100\t250\t80\t30\t10\t|\n"
    "5\t1\t2\t1\t1\t1\t100\t300\t80\t30\t95\t \n"
    "nonsense\n"
)


def line(number: int, *texts: str, top: float = 0.0, confidence: float = 0.9) -> list[Recognized]:
    return [
        Recognized(text, (60.0 * index, top, 60.0 * index + 50, top + 10), confidence, (1, 1, number))
        for index, text in enumerate(texts)
    ]


def test_words_of_a_tsv_with_their_places_in_points() -> None:
    words = list(recognized(TSV, 0.5))
    assert [word.text for word in words] == ["Net", "sales", "|"]
    assert words[0].box == (50.0, 100.0, 100.0, 115.0)
    assert words[0].confidence == 0.965
    assert words[1].line == (1, 1, 1)


def test_specks_are_left_out_and_confidence_is_that_of_the_rest() -> None:
    reading = assemble(list(recognized(TSV, 0.5)))
    assert reading.text == "Net sales"
    assert reading.confidence == round((0.965 * 3 + 0.9 * 5) / 8, 3)
    assert reading.words == (Word(0, 3, (50, 100, 100, 115)), Word(4, 9, (110, 100, 150, 115)))


def test_hyphens_at_line_ends_go_and_each_half_keeps_its_place() -> None:
    found = [*line(1, "much", "infor-"), *line(2, "mation", "hyphe-", top=20), *line(3, "nated.", top=40)]
    reading = assemble(found)
    assert reading.text == "much information hyphenated."
    boxes = of_words(reading.words, 5, 16)
    assert boxes == ((60.0, 0.0, 110.0, 10.0), (0.0, 20.0, 50.0, 30.0))
    assert assemble([*line(1, "long-"), *line(2, "Term", top=20)]).text == "long-Term"


def test_scripts_without_spaces_get_none() -> None:
    assert assemble(line(1, "货物", "可在", "2025", "年")).text == "货物可在 2025 年"
    assert assemble(line(1, "สินค้า", "คืน")).text == "สินค้าคืน"
    assert assemble(line(1, "सामान", "लौटाया")).text == "सामान लौटाया"


def test_text_is_composed_and_words_still_fit_it() -> None:
    reading = assemble(line(1, "cafe\u0301", "ﬁn", "é"))
    assert reading.text == "café fin é"
    assert [reading.text[word.start : word.end] for word in reading.words] == ["café", "fin", "é"]


def test_lines_have_places_sizes_and_figures() -> None:
    found = [*line(1, "Annual", "report"), *line(2, "Revenue", "1,234", top=40), *line(3, "Costs", "99", top=55)]
    title = [Recognized(word.text, (*word.box[:3], 30.0), 0.9, word.line) for word in found[:2]]
    lines = assemble([*title, *found[2:]]).lines
    assert [(one.x0, one.y0, one.x1, one.y1) for one in lines][1] == (0.0, 40.0, 110.0, 50.0)
    assert lines[0].size > 2 * lines[1].size
    assert lines[1].size == lines[2].size
    assert [one.figures for one in lines] == [0, 1, 1]
    assert lines[1].gap == 10.0


def test_nothing_found_is_nothing_read() -> None:
    reading = assemble([])
    assert (reading.text, reading.words, reading.lines, reading.confidence) == ("", (), (), 0.0)
