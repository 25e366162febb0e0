import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.sentences import sentences
from app.models.domain import BlockKind


def split(text: str, kind: BlockKind = BlockKind.TEXT) -> list[str]:
    return [text[start:end] for start, end in sentences(text, kind)]


@pytest.mark.parametrize(
    "expected",
    [
        ["It rose.", "It fell!", "Why?", "Nobody knows..."],
        [
            "The U.S. economy grew 3.14% in 2021.",
            "Acme Inc. reported No. 5 results.",
            "Was it good?",
            "No.",
            "It fell.",
        ],
        ["He works at Acme Inc.", "The company sells anvils."],
        ["Mr. J. R. Smith met Dr. Who at 5 p.m. on Monday.", 'He said "hi."', "Then he left."],
        ["See Fig. 3 and pp. 4-5, e.g. the table.", "It helps."],
        ["Growth was strong.[4]", "Costs fell."],
        ["Am 3. Oktober 1990 wurde z.B. gefeiert.", "Danach nicht."],
        ["Ein Maler des 15. Jahrhunderts bis zum 12. Schuljahr.", "Es waren 15.", "Die Zahl stimmt."],
        ["Sie kamen am 15.", "Danach fiel der Preis auf den 3.", "Sie gingen."],
        ["I am 15.", "My sister is 12.", "L'Union des 27.", "La France préside."],
        ["Elisabeth II. 1981 in Newcastle.", "After World War II.", "The war was over."],
        ["After World War II.", "50 million were dead.", "The bonds are rated AA.", "Nobody affirmed them."],
        ["El Sr. García llegó a EE. UU. en mayo.", "¿Quién es?", "Nadie."],
        ["يعتقد فيلدينج هـ. جاريسون ذلك.", "وصل د. محمد."],
        ["ولد عام 1950 م.", "وتوفي عام 2000 م.", "ودفن هناك."],
        ["डॉ. सिंह आए.", "वह चले गए."],
        ["할 수 있는 것.", "그러나 어렵다."],
        ["В 2020 г. выручка выросла до 5 млн. руб. за год.", "Затем упала."],
        ["यह पहला वाक्य है।", "क्या यह दूसरा है?", "हाँ।"],
        ["هل هذا صحيح؟", "نعم، صحيح.", "شكرا."],
        ["یہ پہلا ہے۔", "یہ دوسرا ہے۔"],
        ["Δεν ξέρω.", "Ίσως αύριο."],
        ["այո։", "ոչ։"],
        ["Yahoo! is a name."],
    ],
)
def test_ends_are_found_with_spaces(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["第一句。", "第二句！", "他说“好。”", "是吗?", "3.14是圆周率。"],
        ["これは文です。", "本当ですか？", "「はい。」", "終わり"],
    ],
)
def test_ends_are_found_without_spaces(expected: list[str]) -> None:
    assert split("".join(expected)) == expected


def test_thai_parts_at_spaces_once_long_enough() -> None:
    first = "ประเทศไทยมีเจ็ดสิบเจ็ดจังหวัด และมีประชากรมากกว่าหกสิบล้านคน"
    assert split(f"{first} กรุงเทพมหานครเป็นเมืองหลวง") == [first, "กรุงเทพมหานครเป็นเมืองหลวง"]


def test_wrapped_lines_are_one_sentence() -> None:
    text = "Net revenue grew because prices\nrose in all regions. The second\nhalf was stronger."
    assert split(text) == ["Net revenue grew because prices\nrose in all regions.", "The second\nhalf was stronger."]


def test_blank_lines_bullets_rows_and_headings_part() -> None:
    text = (
        "Overview\n"
        "We sell anvils in many countries and to many customers,\nmost of them coyotes:\n"
        "• large anvils\n• small anvils\n1. First step\n2. Second step\n"
        "\n"
        "Revenue $ 1,577 $ 1,433\nCosts (200) (300)\nName | Size | Price"
    )
    assert split(text) == [
        "Overview",
        "We sell anvils in many countries and to many customers,\nmost of them coyotes:",
        "• large anvils",
        "• small anvils",
        "1. First step",
        "2. Second step",
        "Revenue $ 1,577 $ 1,433",
        "Costs (200) (300)",
        "Name | Size | Price",
    ]


def test_chinese_heading_parts_from_its_text() -> None:
    text = "公司概述\n本公司成立于一九九八年，主要从事软件开发和销售业务，\n总部位于深圳。"
    assert split(text) == ["公司概述", "本公司成立于一九九八年，主要从事软件开发和销售业务，\n总部位于深圳。"]


def test_contents_lines_part() -> None:
    assert split("Introduction ........ 5\nMethods ........ 7") == ["Introduction ........ 5", "Methods ........ 7"]


def test_table_rows_and_headings_by_kind() -> None:
    assert split("a. b\n\nc. d\n", BlockKind.TABLE) == ["a. b", "c. d"]
    assert split("Item 7. Discussion\nand Analysis. ", BlockKind.HEADING) == ["Item 7. Discussion\nand Analysis."]


def test_nothing_to_split() -> None:
    assert split("") == []
    assert split(" \n\n\t") == []
    assert split("...") == ["..."]


@given(st.text(st.sampled_from(list("aB1 .!?\n\t|•。？。।ก้ ،\"')(A.")), max_size=200), st.sampled_from(list(BlockKind)))
def test_spans_are_in_order_trimmed_and_leave_nothing_out(text: str, kind: BlockKind) -> None:
    position = 0
    for start, end in sentences(text, kind):
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert not text[position:].strip()


@pytest.mark.timeout(60)  # a cost that grows with the square is minutes
@pytest.mark.parametrize("unit", [".", ". ", "a. ", "A. b", "!\n", "ก ", "。", "1 ", "(", "| ", "e.g. ", " "])
def test_repetitive_text_costs_no_more_than_its_length(unit: str) -> None:
    sentences(unit * 50_000)
