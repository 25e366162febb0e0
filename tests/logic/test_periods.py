"""Times in names and questions, each in one spelling."""

import pytest

from app.logic.periods import periods, years


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q2 of FY2024", {"q2", "2024q2", "2024"}),
        ("ACME_2024Q2_10Q", {"q2", "2024q2", "2024"}),
        ("2Q24 results", {"q2", "2024q2", "2024"}),
        ("the second quarter of fiscal 2024", {"q2", "2024q2", "2024"}),
        ("2024年第二季度", {"q2", "2024q2", "2024"}),
        ("H1 2023", {"h1", "2023h1", "2023"}),
        ("FY22", {"2022"}),
        ("filing dated 1st July 2022", {"2022-07-01", "2022"}),
        ("8K_dated-2022-07-01", {"2022-07-01", "2022"}),
        ("July 1, 2022", {"2022-07-01", "2022"}),
        ("1 de julio de 2022", {"2022-07-01", "2022"}),
        ("1. Juli 2022", {"2022-07-01", "2022"}),
        ("1er juillet 2022", {"2022-07-01", "2022"}),
        ("2022年7月1日", {"2022-07-01", "2022"}),
        ("٢٠٢٢", {"2022"}),
        ("२०२२ में", {"2022"}),
        ("room 12022, 202 pages", set()),
    ],
)
def test_one_spelling(text: str, expected: set[str]) -> None:
    assert periods(text) == expected


def test_years_begin_with_the_latest() -> None:
    assert years("FY2021 to FY2023, and 2022 again in 2021") == [2023, 2022, 2021]
