import pytest

from app.logic.table_markdown import as_markdown

STATEMENT = """\
Consolidated Statement of Income
Years ended December 31
(Millions, except per share amounts) 2018 2017 2016
Net sales $ 32,765 $ 31,657 $ 30,109
Operating expenses
Cost of sales 16,682 16,055 15,118
Goodwill 7 10,051 10,513 9,166
Margin 41.0 % 42.1 % — %
Gain on sale of businesses ...... (547) (586) (111)
Not reported before 25,558 23,965
The accompanying notes are an integral part of this statement."""


def test_a_statement_of_figures_becomes_a_table_under_its_years() -> None:
    assert as_markdown(STATEMENT) == (
        """\
Consolidated Statement of Income
Years ended December 31

| (Millions, except per share amounts) | 2018 | 2017 | 2016 |
| --- | --- | --- | --- |
| Net sales | $32,765 | $31,657 | $30,109 |
| Operating expenses |  |  |  |
| Cost of sales | 16,682 | 16,055 | 15,118 |
| Goodwill 7 | 10,051 | 10,513 | 9,166 |
| Margin | 41.0% | 42.1% | —% |
| Gain on sale of businesses | (547) | (586) | (111) |
| Not reported before 25,558 23,965 |  |  |  |

The accompanying notes are an integral part of this statement."""
    )


def test_rows_that_were_cut_off_are_shown_under_the_headings_that_they_had() -> None:
    columns = "Consolidated balance sheet\n$ in millions 2022 2021"
    assert as_markdown("Cash 1,500 1,300\nDebt 20 10", columns) == (
        "| $ in millions | 2022 | 2021 |\n| --- | --- | --- |\n| Cash | 1,500 | 1,300 |\n| Debt | 20 | 10 |"
    )


@pytest.mark.parametrize("columns", [None, "Name | Q1 | Q2"])
def test_cells_that_the_file_told_keep_their_places(columns: str | None) -> None:
    text = "Name | Q1 | Q2\nआन | 1 | \nBob |  | 7\n\nWhat follows."
    assert as_markdown(text, columns) == (
        "| Name | Q1 | Q2 |\n| --- | --- | --- |\n| आन | 1 |  |\n| Bob |  | 7 |\n\nWhat follows."
    )


def test_cells_go_under_headings_that_stand_further_up() -> None:
    assert as_markdown("Ann | 1 | 5\nBob |  | 7", "$ in millions\nName | Q1 | Q2") == (
        "| Name | Q1 | Q2 |\n| --- | --- | --- |\n| Ann | 1 | 5 |\n| Bob |  | 7 |"
    )


@pytest.mark.parametrize("columns", [None, "| Name | Town |"])
def test_markdown_stays_markdown(columns: str | None) -> None:
    table = "| Name | Town |\n| --- | --- |\n| A | x |\n| B | y |"
    assert as_markdown(table, columns) == table
    assert as_markdown("| A | x |\n| B | y |", "| Name | Town |") == table


def test_two_tables_keep_their_own_headings() -> None:
    text = "In millions 2022 2021\nCash 5 4\nDebt 3 2\nBalance sheet\nOn 31 December 2020 2019\nCash 9 8\nDebt 7 6"
    tables = (as_markdown(text) or "").split("\n\n")
    assert tables[1] == "Balance sheet"
    assert [table.split("\n")[0] for table in tables[::2]] == [
        "| In millions | 2022 | 2021 |",
        "| On 31 December | 2020 | 2019 |",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In 2021 we had 7.",
        "We grew by 5 in\n2021 and 2022\nand shrank then.",
        "a | b",
        "Chapter 1 3 5\nNo table here.",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert as_markdown(text) is None


def test_a_border_within_a_cell_is_escaped() -> None:
    assert "a\\|b" in (as_markdown("Name | Size\na|b | 1\nc | 2") or "")
