"""A table's cell, told with what heads its row and its column."""

import pytest

from app.logic.composed import composed
from app.logic.evidence import Evidence, Unit, read_evidence
from app.logic.extract import extract, written_out
from app.logic.question import Question
from app.logic.table_rows import table_row
from tests.fakes.passages import passage

INCOME = (
    "Statement of income\nIn millions of US dollars\nYear ended 31 December 2025 2024 2023\nRevenue 184.2 163.9 150.3\n"
    "Research and development expense (24.8) (21.6) (18.9)\nNet income 22.2 15.3 13.1"
)
QUARTERS = (
    "$ in millions (unaudited)\nThree Months Ended Six Months Ended\n"
    "July 29, 2023 July 30, 2022 July 29, 2023 July 30, 2022\n"
    "Revenue $ 9,583 $ 10,329 $ 19,050 $ 20,976\nGross profit 2,220 2,287 4,370 4,640"
)
BALANCE = "(In thousands)\nJanuary 28, January 29,\n2023 2022\nMerchandise inventories, net 1,603,451 1,499,218"
PRICES = (
    "Product | Region | Unit price (EUR) | Stock\nCopper pipe 22 mm | North | 14.50 | 120\n"
    "Copper pipe 22 mm | South | 15.10 | 80\nBrass valve | South | 22.00 | 57"
)
MARKDOWN = "Beträge in Mio. EUR\n\n| Position | 2024 | 2023 |\n|---|---|---|\n| Umsatzerlöse | 1.234,5 | 1.102,0 |"


def unit_of(evidence: Evidence, opening: str) -> Unit:
    return next(unit for unit in evidence.units if unit.text.lstrip("| ").startswith(opening))


def told(text: str, row: str, question: str, language: str = "en") -> str | None:
    evidence = read_evidence([passage(text, language=language)])
    found = table_row(evidence, unit_of(evidence, row))
    made = found and composed(found, Question(question, language), language)
    return made.text if made else None


@pytest.mark.parametrize(
    ("text", "row", "question", "expected"),
    [
        (INCOME, "Research", "What was research and development expense in 2024?",
         "Research and development expense, 2024: (21.6) (In millions of US dollars)"),
        (INCOME, "Revenue", "How did revenue change from 2023 to 2025?",
         "Revenue: 184.2 (2025), 150.3 (2023) (In millions of US dollars)"),
        (INCOME, "Revenue", "What is the revenue?",
         "Revenue: 184.2 (2025), 163.9 (2024), 150.3 (2023) (In millions of US dollars)"),
        (QUARTERS, "Gross", "What was gross profit for the six months ended July 30, 2022?",
         "Gross profit, Six Months Ended July 30, 2022: 4,640 ($ in millions (unaudited))"),
        (QUARTERS, "Revenue", "What was revenue as of July 29, 2023?",
         "Revenue: $ 9,583 (Three Months Ended July 29, 2023), $ 19,050 (Six Months Ended July 29, 2023) "
         "($ in millions (unaudited))"),
        (QUARTERS.replace("Six", "Twelve"), "Gross", "What was gross profit in fiscal 2022?",
         "Gross profit, Twelve Months Ended July 30, 2022: 4,640 ($ in millions (unaudited))"),
        (BALANCE, "Merchandise", "What were merchandise inventories at the end of January 2022?",
         "Merchandise inventories, net, January 29, 2022: 1,499,218 (In thousands)"),
        (PRICES, "Copper pipe 22 mm | South", "What is the unit price of a copper pipe in the South?",
         "Copper pipe 22 mm, South, Unit price (EUR): 15.10"),
        (PRICES, "Brass", "How many brass valves are in stock?", "Brass valve, Stock: 57"),
        (PRICES, "Brass", "Where are brass valves sold, in which region?", "Brass valve, Region: South"),
    ],
)  # fmt: skip
def test_the_cell_comes_with_its_headings(text: str, row: str, question: str, expected: str) -> None:
    assert told(text, row, question) == expected


def test_every_script_keeps_its_own_marks() -> None:
    zh = "| 站名 | 2022年 | 2023年 |\n|---|---|---|\n| 桥头站 | 310 | 298 |"
    ar = "| القسم | 2023 | 2024 |\n|---|---|---|\n| التجزئة | 340 | 365 |"
    assert told(zh, "桥头站", "2023年桥头站的流量是多少？", "zh") == "桥头站，2023年：298"
    assert told(ar, "التجزئة", "كم كانت مبيعات التجزئة في 2024؟", "ar") == "التجزئة، 2024: 365"
    expected = "Umsatzerlöse, 2023: 1.102,0 (Beträge in Mio. EUR)"
    assert told(MARKDOWN, "Umsatzerlöse", "Wie hoch waren die Umsatzerlöse 2023?", "de") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Year 2025 2024 2023\nRevenue 184.2 163.9",  # a cell is missing, nobody knows which
        "Ended 2024 2024\nRevenue 184.2 163.9",  # two columns of one name
        "Model Range Weight\nRevenue 184.2 163.9",  # words cannot be told apart where cells are not
        "Year 2024 2023\nThe board met in the harbour office seven times and spoke at length of what the ships had "
        "brought in over the winter.\nRevenue 184.2 163.9",  # prose between: another table
        "Revenue 184.2 163.9",
    ],
)
def test_what_heads_a_column_is_known_or_nothing_is_composed(text: str) -> None:
    assert told(text, "Revenue", "What was revenue in 2024?") is None


def test_years_in_prose_head_nothing() -> None:
    text = "The war of 1914 and the peace of 1918 ended it\nRevenue 184.2 163.9"
    assert told(text, "Revenue", "What was revenue in 1914?") is None


def test_a_cut_table_takes_its_headings_from_the_chunk() -> None:
    cut = passage(
        "Copper pipe | North | 14.50\nBrass valve | South | 22.00", headings=("Prices", "Product | Region | EUR")
    )
    evidence = read_evidence([cut])
    row = table_row(evidence, unit_of(evidence, "Brass"))
    assert row is not None
    assert row.heads is None
    made = composed(row, Question("How many EUR is a brass valve?", "en"), "en")
    assert made is not None
    assert made.text == "Brass valve, EUR: 22.00"


def test_row_and_headings_are_cited_as_they_stand_and_the_sentence_is_marked() -> None:
    evidence = read_evidence([passage(INCOME)])
    asked = Question("What were revenue and net income in 2023?", "en")
    made = written_out(evidence, asked, extract(evidence, asked))
    assert {item.quote.text for item in made.cited} == {
        "Revenue 184.2 163.9 150.3", "Net income 22.2 15.3 13.1", "Year ended 31 December 2025 2024 2023",
    }  # fmt: skip
    assert [said.composed for said in made.sentences] == [True, True]
    assert all(INCOME[item.quote.at :].startswith(item.quote.text) for item in made.cited)
    assert all(made.text[said.start : said.end].startswith(said.claim) for said in made.sentences)


def test_headings_on_two_lines_are_cited_whole() -> None:
    evidence = read_evidence([passage(BALANCE)])
    row = table_row(evidence, unit_of(evidence, "Merchandise"))
    assert row is not None
    assert row.heads is not None
    assert BALANCE[slice(*row.heads)] == "January 28, January 29,\n2023 2022"


def test_a_line_of_headings_is_no_answer() -> None:
    evidence = read_evidence([passage(QUARTERS)])
    asked = Question("What was gross profit for the three months ended July 29, 2023?", "en")
    made = written_out(evidence, asked, extract(evidence, asked))
    assert made.text == "Gross profit, Three Months Ended July 29, 2023: 2,220 ($ in millions (unaudited)) [1][2]"


def test_prose_stays_verbatim() -> None:
    evidence = read_evidence([passage("Revenue grew by 12% to $184.2 million in 2025. Staff turnover fell.")])
    asked = Question("How much was revenue in 2025?", "en")
    made = written_out(evidence, asked, extract(evidence, asked))
    assert made.text.startswith("Revenue grew by 12% to $184.2 million in 2025. [1]")
    assert not any(said.composed for said in made.sentences)
