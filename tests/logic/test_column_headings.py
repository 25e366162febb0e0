"""Which lines head columns, and what they say."""

import pytest

from app.logic.column_headings import column_headings, lead_of
from app.logic.table_rows import label_and_values


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Year ended 31 December 2025 2024 2023",), ("2025", "2024", "2023")),
        (("(Millions) 2018 2017 Change",), ("2018", "2017", "Change")),
        (("Q1 2024 Q2 2024 Q3'24",), ("Q1 2024", "Q2 2024", "Q3'24")),
        (("GAAP results 2022 $ million 2023 $ million",), ("2022", "2023")),
        (("July 29, January 28,", "2023 2022"), ("July 29, 2023", "January 28, 2022")),
        (
            ("Three Months Ended June 30, Twelve Months Ended June 30,", "($ million) 2022 2023 2022 2023"),
            ("Three Months Ended June 30 2022", "Three Months Ended June 30 2023",
             "Twelve Months Ended June 30 2022", "Twelve Months Ended June 30 2023"),
        ),
        (("The war lasted from 1914 to 1918 in Europe",), None),
        (("Net sales 2023 1,577 2022",), None),
        (("Revenue 184.2 163.9",), None),
    ],
)  # fmt: skip
def test_headings(lines: tuple[str, ...], expected: tuple[str, ...] | None) -> None:
    assert column_headings(lines) == expected


def test_units_may_stand_before_the_headings() -> None:
    assert lead_of("(In millions) 2023 2022") == "(In millions)"


@pytest.mark.parametrize(
    ("line", "label", "values"),
    [
        ("Purchases of PP&E $ (1,577) $ (1,373)", "Purchases of PP&E", ("$ (1,577)", "$ (1,373)")),
        ("Margin as a % of revenue 23.1 % (22.0)%", "Margin as a % of revenue", ("23.1%", "(22.0)%")),
        ("Gain on sale, net 21 - — n/a", "Gain on sale, net", ("21", "-", "—", "n/a")),
        ("Net ( 24.8 ) 3", "Net", ("(24.8)", "3")),
        ("Total", "Total", ()),
    ],
)
def test_a_row_ends_with_its_figures(line: str, label: str, values: tuple[str, ...]) -> None:
    assert label_and_values(line) == (label, values)
