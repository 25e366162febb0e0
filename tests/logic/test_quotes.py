import pytest

from app.logic.quotes import Quote, cut, find_quote, fold, segments
from app.models.domain import Span
from tests.fakes.passages import passage


def found(text: str, wanted: str) -> Quote:
    quote = find_quote(passage(text, offset=100), wanted)
    assert quote is not None
    assert quote.text == text[quote.at : quote.at + len(quote.text)]
    assert (quote.start, quote.end) == (100 + quote.at, 100 + quote.at + len(quote.text))
    return quote


def test_a_quote_character_for_character() -> None:
    quote = found("Net revenues were $26.5 billion. Costs fell.", "$26.5 billion")
    assert (quote.text, quote.verified, quote.page) == ("$26.5 billion", "exact", 1)


@pytest.mark.parametrize(
    ("text", "wanted", "standing"),
    [
        ("He said “no” twice – and left.", 'he said "no" twice - and left', "He said “no” twice – and left"),
        ("The net\nrevenues   of the\u00a0year", "net revenues of the year", "net\nrevenues   of the\u00a0year"),
        ("a remark-\nable profit", "a remarkable profit", "a remark-\nable profit"),
        ("its long-term debt", "its longterm debt", "its long-term debt"),
        ("its longterm debt", "its long-term debt", "its longterm debt"),
        ("the ﬁnal oﬃce", "the final office", "the ﬁnal oﬃce"),
        ("ＡＢＣ株式会社の収入は\n増加した。", "ABC株式会社の収入は増加した", "ＡＢＣ株式会社の収入は\n増加した"),
        ("बिक्री में  वृद्धि हुई।", "बिक्री में वृद्धि हुई", "बिक्री में  वृद्धि हुई"),
        ("ارتفعت  الإيرادات بنسبة", "ارتفعت الإيرادات", "ارتفعت  الإيرادات"),
        ("รายได้\nเพิ่มขึ้น มาก", "รายได้ เพิ่มขึ้น", "รายได้\nเพิ่มขึ้น"),
        ("Sales grew in Europe, Asia and Africa.", "“Sales grew in Europe ... Africa.”", "Sales grew in Europe"),
        ("Straße und Größe", "STRASSE UND GRÖSSE", "Straße und Größe"),
    ],
)
def test_a_quote_in_other_clothes(text: str, wanted: str, standing: str) -> None:
    quote = found(text, wanted)
    assert (quote.text, quote.verified) == (standing, "normalized")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Costs were 2026.5 million", "26.5"),
        ("in 2-3 years", "23 years"),
        ("The cat sat", "the dog sat"),
        ("unrelated", "related"),
        ("anything", "  "),
        ("anything", "…"),
    ],
)
def test_what_does_not_stand_there_is_not_found(text: str, wanted: str) -> None:
    assert find_quote(passage(text), wanted) is None


def test_the_whole_word_is_found_behind_the_one_that_contains_it() -> None:
    assert found("In 2026 there were 26 ships.", "26").at == 19


def test_chinese_needs_no_word_borders() -> None:
    assert found("公司去年的收入增长了百分之五。", "收入增长").verified == "exact"


def test_offsets_are_those_of_the_second_page() -> None:
    quote = find_quote(passage("First page ends here.", "Second page begins.", offset=40), "page begins")
    assert quote is not None
    assert (quote.page, quote.start, quote.end) == (2, 7, 18)


def test_a_quote_over_two_pages_is_cut_to_its_longer_part() -> None:
    spread = passage("Revenue rose by twelve", "percent in 2021, mostly in Europe.", offset=7)
    quote = find_quote(spread, "rose by twelve percent in 2021, mostly in Europe.")
    assert quote is not None
    assert (quote.page, quote.start, quote.text) == (2, 0, "percent in 2021, mostly in Europe.")


def test_two_spans_of_one_page_keep_apart() -> None:
    # a running header stands between them on the page
    split = passage("Alpha beta.", "Gamma delta.", spans=(Span(3, 10, 21), Span(3, 50, 62)))
    assert [(s.page, s.page_start, s.start, s.end) for s in segments(split)] == [(3, 10, 0, 11), (3, 50, 12, 24)]
    quote = find_quote(split, "Gamma delta.")
    assert quote is not None
    assert (quote.start, quote.end) == (50, 62)


def test_cutting_leaves_white_space_outside() -> None:
    quote = cut(passage("  one two \n three"), 0, 11)
    assert quote is not None
    assert (quote.text, quote.start, quote.end) == ("one two", 2, 9)
    assert cut(passage("a   b"), 1, 4) is None


def test_every_folded_character_knows_where_it_came_from() -> None:
    text = "oﬃce  “Ä” e\u0301x-\nit"
    folded, sources = fold(text)
    assert folded == 'office "ä" éxit'
    assert [text[start:end] for start, end in sources[1:4]] == ["ﬃ", "ﬃ", "ﬃ"]
    assert len(sources) == len(folded)
    assert text[sources[11][0] : sources[-1][1]] == "e\u0301x-\nit"
