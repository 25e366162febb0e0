from decimal import Decimal

import pytest

from app.logic.numbers import find_numbers, missing, same


def values(text: str) -> list[Decimal]:
    return [number.value for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2018, $1,577 and 26.5 %", ["2018", "1577", "26.5"]),
        ("1.577,25 Euro", ["1577.25"]),
        ("1,577.25", ["1577.25"]),
        ("12,34,567 रुपये", ["1234567"]),
        ("१२ प्रतिशत", ["12"]),
        ("٢٥ مليون", ["25000000"]),
        ("收入265亿元", ["26500000000"]),
        ("3 ล้านคน", ["3000000"]),
        ("6,5 Mio. Euro", ["6500000"]),
        ("0.125", ["0.125"]),
        ("Q3 und 10-K", ["3", "10"]),
        ("nothing here", []),
    ],
)
def test_reads_numbers_of_every_script(text: str, expected: list[str]) -> None:
    assert values(text) == [Decimal(value) for value in expected]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("$26.5 billion", "26,482"),  # a table in millions, rounded
        ("26.5 billion", "26 500 000 000 and 26500000000"),
        ("26,5 Milliarden", "$26.5 billion"),
        ("1,577", "1.577"),
        ("12 %", "12 percent"),
        ("12", "12%"),
        ("2.7 million", "2,743,558"),
        ("1.5 lakh", "150,000"),
        ("٢٠٢١", "2021"),
    ],
)
def test_the_same_number_in_other_words(claim: str, evidence: str) -> None:
    assert not missing(find_numbers(claim), find_numbers(evidence))


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("26.5 billion", "26.5 million"),
        ("26.5 billion", "27,482"),
        ("2018", "2019"),
        ("12 %", "$12"),
        ("15", "150"),
        ("5 million", "50"),
        ("0 million", "3"),
    ],
)
def test_other_numbers_stay_apart(claim: str, evidence: str) -> None:
    assert missing(find_numbers(claim), find_numbers(evidence))


def test_sameness_does_not_need_an_order() -> None:
    (plain,) = find_numbers("26,482")
    (scaled,) = find_numbers("26.5 billion")
    assert same(plain, scaled)
    assert same(scaled, plain)
