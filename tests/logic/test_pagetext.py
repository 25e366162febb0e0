import unicodedata

import pytest

from app.logic.pagetext import clean

SAMPLE = "हिन्दी में €100 — “quote” தமிழ்"


@pytest.mark.parametrize("text", [SAMPLE, "ภาษาไทย ทดสอบ", "مرحبا بالعالم", "日本語のテスト", "plain", ""])
def test_good_text_stays_as_it_is(text: str) -> None:
    assert clean(text).text == text


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("one \r\n two", "one\ntwo"),
        ("a\u00a0b  c\td", "a b c d"),
        ("Statement\nof\nCash\nFlows", "Statement of Cash Flows"),
        ("cafe\u0301 A\u030a", "café Å"),
        ("ofﬁce ﬂow", "office flow"),
        ("\ufee3\ufeae\ufea3\ufe92\ufe8e", "مرحبا"),
        ("nul\x00l \u202eevil\u202c \ufeffbom", "null evil bom"),
        ("\ud83d\ude00 \ud83d alone", "😀 \ufffd alone"),
        ("\uf0b7 first", "• first"),
        ("soft\u00ad\r\nware", "software"),
        ("soft\u00adware", "software"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("  edges \r\n", "edges"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"),
    ],
)
def test_what_is_tidied(raw: str, stored: str) -> None:
    assert clean(raw).text == stored


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a long\ufffeterm plan", "a long-term plan"),
        ("the Sarbanes\ufffeOxley Act", "the Sarbanes-Oxley Act"),
        ("Form 10\ufffeK", "Form 10-K"),
        ("year\ufffeover-year; sales rose year-over-year", "year-over-year; sales rose year-over-year"),
        ("an exam\ufffeple is an example", "an example is an example"),
        ("one com\ufffepiler and\r\nthe sys\ufffetem of a ma\ufffechine", "one compiler and\nthe system of a machine"),
        ("Nord\ufffeSüd und Daten\ufffeschutz wie Ver\ufffeein", "Nord-Süd und Datenschutz wie Verein"),
    ],
)
def test_a_hyphen_stays_where_the_word_is_spelled_with_it(raw: str, stored: str) -> None:
    assert clean(raw).text == stored


def test_lines_of_one_cjk_paragraph_are_joined_without_a_space() -> None:
    lines = [
        "第一章",
        "中文文本在这里没有空格的长句子写满一行",
        "下一行继续这个句子直到段落结束。",
        "新的一段从这里开始也写满了一行文字。",
        "项目",
        "金额",
    ]
    assert clean("\r\n".join(lines)).text.split("\n") == [
        "第一章",
        "中文文本在这里没有空格的长句子写满一行下一行继续这个句子直到段落结束。",
        "新的一段从这里开始也写满了一行文字。",
        "项目",
        "金额",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        "  Lead \r\n\ufb01rst\u00a0 line\r\n  e\u0301te\u0301 exam\ufffeple, \ud83d\ude00 long\ufffeterm\x00 end  ",
        "中文文本在这里没有空格的长句子写满一行\r\n下一行继续这个句子直到段落结束。",
        "\u1112\u1161\u11ab\u200b \u0928\u093c x\u0323\u0307",
    ],
)
def test_every_stored_character_leads_back_to_what_it_was_made_from(raw: str) -> None:
    page = clean(raw)
    assert unicodedata.is_normalized("NFC", page.text)
    end = 0
    for index, character in enumerate(page.text):
        start, stop = page.raw_span(index, index + 1)
        assert 0 <= start < stop <= len(raw)
        assert stop >= end
        end = stop
        if character not in "\n -":
            assert clean(raw[start:stop]).text.count(character)


def test_a_span_of_stored_text_covers_its_raw_text() -> None:
    raw = "Net  sales\u00a0rose \r\n by long\ufffeterm ofﬁcers"
    page = clean(raw)
    start = page.text.index("rose")
    a, b = page.raw_span(start, page.text.index("officers") + len("officers"))
    assert raw[a:b] == "rose \r\n by long\ufffeterm ofﬁcers"


def test_an_empty_span_is_empty() -> None:
    assert clean("abc").raw_span(2, 2) == (0, 0)
