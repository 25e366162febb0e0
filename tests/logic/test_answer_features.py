import pytest

from app.logic.evidence import read_evidence
from app.logic.extract import extract
from app.logic.question import Question
from app.models.domain import Passage
from tests.fakes.passages import passage

INCOME = passage(
    "Consolidated statement of income\nYears ended December 31 2018 2017\nNet sales 32,765 31,657\n"
    "Income from investments, net 207 144\nOperating income 7,207 7,692\nNet income of all shareholders 5,363 4,869",
    headings=("Consolidated statement of income",),
)
CASH = passage(
    "Cash flows\nYears ended December 31 2018 2017\nNet income 5,363 4,869\n"
    "Purchases of property, plant and equipment (PP&E) (1,577) (1,373)\nDividends paid (3,193) (2,803)",
)


def best(question: str, *passages: Passage) -> str:
    return extract(read_evidence(passages), Question(question, "en"))[0].unit.text


@pytest.mark.parametrize("question", ["What was the net income in 2018?", "What were the net earnings in 2018?"])
def test_half_a_name_is_not_the_name_nor_are_its_words_in_another_order(question: str) -> None:
    assert best(question, INCOME) == "Net income of all shareholders 5,363 4,869"


def test_a_row_of_the_measure_comes_before_a_sentence_on_a_part_of_it() -> None:
    prose = passage(
        "Mills need care. In 2018, Osprey spent 27 million on capital projects that protect the river. "
        "Osprey cannot predict its capital expenditures for the river with certainty.",
        score=0.9,
        title="Osprey",
    )
    found = best("What was the capital expenditure of Osprey in 2018?", prose, CASH)
    assert found.startswith("Purchases of property, plant and equipment")


def test_a_word_of_the_name_may_stand_before_the_name_too() -> None:
    table = passage(
        "Years ended December 31 2018 2017\nNet sales 32,765 31,657\nIncome statement: Net income 5,363 4,869\n"
        "Operating income 7,207 7,692"
    )
    assert "5,363" in best("What was the net income in 2018?", table)


def test_only_net_figures_have_their_words_in_order() -> None:
    table = passage(
        "Years ended December 31 2018 2017\nNet sales 32,765 31,657\nAmortization and depreciation 1,488 1,544\n"
        "Assets, total 36,500 37,987"
    )
    assert best("What was D&A in 2018?", table).startswith("Amortization")
    assert best("What were the total assets in 2018?", table).startswith("Assets")


def test_who_asks_how_something_is_done_wants_no_figure() -> None:
    text = (
        "Inventories were 4,366 million in 2018. Inventories are valued by the first-in method, and how is told below."
    )
    assert "first-in" in best("How are inventories valued?", passage(text))


def test_a_row_belongs_to_what_its_file_is_called() -> None:
    prose = passage("Osprey adds impairments to its net income of 2018 when it reports cash.", score=0.9)
    rows = passage(CASH.text, filename="Osprey_2018_10K.pdf")
    assert best("What was Osprey's net income in 2018?", prose, rows) == "Net income 5,363 4,869"


def test_of_a_measure_in_several_tables_the_companys_own_statement_has_it() -> None:
    segment = passage(
        "Selected data of the river segment\nYears ended December 31 2018 2017\nNet sales 3,504 3,931\nOther 12 14",
        headings=("Segments",),
    )
    assert best("What were the net sales in 2018?", segment, INCOME) == "Net sales 32,765 31,657"
    assert best("What were the net sales in 2018?", INCOME, segment) == "Net sales 32,765 31,657"


def test_whose_measure_is_asked_for_names_no_row() -> None:
    rows = passage(
        "Years ended December 31 2018 2017\nOsprey Capital 1,510 1,735\nAdditions to property (1,577) (1,373)",
        title="Osprey",
    )
    assert best("What was Osprey's capital expenditure in 2018?", rows) == "Additions to property (1,577) (1,373)"


def test_a_sentence_that_tells_the_figure_need_not_say_whose_it_is() -> None:
    staff = passage(
        "Osprey cares for the health of its employees. At the end of March, the Company employed 92,000 people. "
        "Osprey trains employees.",
        title="Osprey",
    )
    assert "92,000" in best("How many employees does Osprey have?", staff)
    assert "92,000" in best("How many people does Osprey employ?", staff)


def test_neither_a_share_nor_a_headings_footnote_is_how_many_there_are() -> None:
    staff = passage(
        "Human Capital Resources1\n\nAverage funds employed by Osprey (1)\n\n"
        "The workforce of Osprey is 66.9% male and 33.1% female. "
        "We know how to serve people with approximately 118,400 employees.",
        title="Osprey",
    )
    assert "118,400" in best("How many people work for Osprey?", staff)
