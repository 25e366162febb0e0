from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.citations import Citer, citation
from app.logic.evidence import read_evidence
from app.logic.excerpts import LONGEST
from app.models.domain import Locator, Passage
from tests.fakes.passages import passage

FIRST = passage("Net revenues were $26.5 billion in 2018. Operating costs fell.", document_id="a", offset=10)
SECOND = passage("The headquarters moved to Seattle in 1990.", document_id="b")
CHINESE = passage("该公司的总部位于西雅图。去年净收入增长了12%。", document_id="c", language="zh")


def citer(*passages: Passage, language: str | None = "en") -> Citer:
    return Citer(read_evidence(passages or (FIRST, SECOND)), language)


def quotes(made: Citer) -> Sequence[tuple[int, int, str, str]]:
    return [(cited.number, cited.passage, cited.quote.text, cited.quote.verified) for cited in made.cited]


def test_a_marker_becomes_the_sentence_that_supports_it() -> None:
    made = citer()
    assert made.cite("In 2018 revenues were 26.5 billion dollars", [1]) == [1]
    assert quotes(made) == [(1, 0, "Net revenues were $26.5 billion in 2018.", "exact")]
    assert made.cited[0].quote.start == 10


def test_one_quote_has_one_number_and_numbers_follow_first_use() -> None:
    made = citer()
    assert made.cite("The headquarters are in Seattle", [2]) == [1]
    assert made.cite("Operating costs fell", [1]) == [2]
    assert made.cite("Since 1990 the headquarters are in Seattle", [2]) == [1]
    assert made.cite("Net revenues were $26.5 billion", [1]) == [3]


def test_numbers_that_name_nothing_are_passed_over() -> None:
    assert citer().cite("Operating costs fell", [0, 3, 99]) == []


def test_a_marker_on_the_wrong_passage_moves_to_the_right_one() -> None:
    made = citer()
    made.cite("Net revenues were $26.5 billion in 2018", [2])
    assert made.cited[0].passage == 0


def test_a_claim_that_nothing_supports_keeps_its_source_but_is_not_verified() -> None:
    made = citer()
    assert made.cite("The board dismissed its chairman", [2]) == [1]
    assert quotes(made) == [(1, 1, "The headquarters moved to Seattle in 1990.", "none")]
    assert made.support("The board dismissed its chairman", [1]) == 0.0


def test_a_sentence_without_marker_is_attributed_only_when_clear() -> None:
    made = citer()
    assert made.attribute("Operating costs fell.") == [1]
    assert made.attribute("Operating margins were discussed at length by analysts.") == []
    assert made.attribute("Yes.") == []


def test_what_the_answer_puts_in_quotation_marks_is_the_quote() -> None:
    made = citer(CHINESE, language="zh")
    made.cite("报告说“净收入增长了12%”", [1])
    assert quotes(made)[0][2] == "净收入增长了12%"


def test_an_answer_in_another_language_keeps_its_citation() -> None:
    made = citer(CHINESE)
    assert made.cite("Net revenue grew by 12% last year", [1]) == [1]
    assert quotes(made)[0][2:] == ("去年净收入增长了12%。", "exact")


def test_support_counts_all_quotes_together() -> None:
    made = citer()
    claim = "Net revenues were $26.5 billion in 2018 and the headquarters moved to Seattle in 1990."
    both = made.cite(claim, [1, 2])
    assert made.support(claim, both) > max(made.support(claim, both[:1]), made.support(claim, both[1:]))
    assert made.support(claim, []) == max(made.support(claim, both[:1]), made.support(claim, both[1:]))


def test_a_very_long_sentence_is_cut_to_what_matters() -> None:
    filler = "and so on with further words about nothing in particular " * 12
    made = citer(passage(f"{filler}the dividend rose to seven euros {filler}"))
    made.cite("The dividend rose to seven euros", [1])
    quote = made.cited[0].quote
    assert "the dividend rose to seven euros" in quote.text
    assert len(quote.text) <= LONGEST


@pytest.mark.parametrize("text", ["这是一个没有句号的很长的段落，" * 60, "字" * 1000])
def test_long_text_without_spaces_is_cut_too(text: str) -> None:
    made = citer(passage(text, language="zh"), language="zh")
    assert made.cite(text[:30], [1]) == [1]
    assert 0 < len(made.cited[0].quote.text) <= LONGEST


def test_the_citation_names_page_label_and_section() -> None:
    source = passage(
        "Operating costs fell.", first_page=48, page_labels={48: "46"}, headings=("Item 7", "Results"), filename="a.pdf"
    )
    made = citer(source)
    made.cite("Operating costs fell", [1])
    value = citation(made.cited[0], source, [(1.0, 2.0, 3.0, 4.0)], (5, 30))
    assert (value.page, value.page_label, value.section, value.filename) == (48, "46", "Item 7 > Results", "a.pdf")
    assert (value.quote, value.quote_start, value.quote_end) == ("Operating costs fell.", 0, 21)
    assert (value.answer_start, value.answer_end, value.boxes) == (5, 30, ((1.0, 2.0, 3.0, 4.0),))


def test_a_format_without_pages_is_cited_by_its_locator() -> None:
    source = passage("Operating costs fell.", locator=Locator("sheet", "Costs!A1:F20"))
    made = citer(source)
    made.cite("Operating costs fell", [1])
    value = citation(made.cited[0], source, (), (0, 0))
    assert value.page is None
    assert value.page_label is None
    assert value.locator == Locator("sheet", "Costs!A1:F20")


def test_a_passage_across_sections_is_cited_by_that_of_the_quote() -> None:
    preface, sales = Locator("section", "Preface"), Locator("section", "Sales")
    source = passage("Before all.", "Operating costs fell.", locator=preface, locators={1: preface, 2: sales})
    made = citer(source)
    made.cite("Operating costs fell", [1])
    assert citation(made.cited[0], source, (), (0, 0)).locator == sales


PIECES = ["Revenue rose. ", "Costs fell by 12%", "\n", "。", "收入增长", "  ", "“no”", "–", "ﬁnal ", "remark-\nable "]
PIECES += ["الإيرادات ", "राजस्व बढ़ा।", "รายได้ ", "Net sales  26,482\n", "e\u0301", "A. "]
PAGES = st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), min_size=1, max_size=3)


@given(PAGES, st.integers(0, 5), st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_every_quote_stands_on_its_page_character_for_character(pages: list[str], before: int, claim: str) -> None:
    source = passage(*pages, offset=before)
    made = citer(source)
    made.cite(claim, [1])
    made.attribute(claim)
    for cited in made.cited:
        text = "#" * before + pages[0] if cited.quote.page == 1 else pages[cited.quote.page - 1]
        assert text[cited.quote.start : cited.quote.end] == cited.quote.text != ""
