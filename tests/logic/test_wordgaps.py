from collections.abc import Callable
from itertools import accumulate

import pytest

from app.logic.wordgaps import part_words
from app.models.domain import Box

WIDTH, HEIGHT = 5.0, 10.0


def placed(raw: str, gaps: dict[int, float], drop: dict[int, float] | None = None) -> Callable[[int], Box]:
    """Characters of one width in one line; `gaps` stand before characters, `drop` moves them down."""
    lefts = list(accumulate((WIDTH + gaps.get(index, 0.0) for index in range(1, len(raw))), initial=0.0))

    def box(index: int) -> Box:
        top = (drop or {}).get(index, 0.0)
        return lefts[index], top, lefts[index] + WIDTH, top + HEIGHT

    return box


@pytest.mark.parametrize(
    ("raw", "at", "parted"),
    [
        ("2.5Base Pay", 3, "2.5 Base Pay"),
        ("Article IIntroduction", 9, "Article I Introduction"),
        ("netIncome", 3, "net Income"),
        ("3Überblick", 1, "3 Überblick"),
        ("12Ответ", 2, "12 Ответ"),
    ],
)
def test_white_space_parts_a_number_or_a_word_from_the_next(raw: str, at: int, parted: str) -> None:
    made = part_words(raw, placed(raw, {at: 1.8}))
    assert made is not None
    text, order = made
    assert text == parted
    assert [raw[index] for number, index in enumerate(order) if text[number] == raw[index]] == list(raw)
    assert order[at] == at - 1


@pytest.mark.parametrize(
    ("raw", "gaps"),
    [
        ("2.5Base", {}),
        ("McDonald", {2: 0.8}),  # kerning
        ("10Kilo", dict.fromkeys(range(1, 6), 1.8)),  # spaced out
        ("共2021年Abc", {5: 2.5}),  # Chinese is set with white around numbers
        ("2.5\r\nBase", {5: 9.0}),
        ("B", {}),
        ("", {}),
    ],
)
def test_what_belongs_together_stays(raw: str, gaps: dict[int, float]) -> None:
    assert part_words(raw, placed(raw, gaps)) is None


def test_what_stands_on_another_line_is_not_parted() -> None:
    raw = "x2Y"
    assert part_words(raw, placed(raw, {2: 3.0}, drop={2: 14.0})) is None


def test_several_gaps_of_one_page() -> None:
    raw = "2.5Base\r\n2.6Cash"
    made = part_words(raw, placed(raw, {3: 2.0, 12: 2.0}))
    assert made is not None
    assert made[0] == "2.5 Base\r\n2.6 Cash"
    assert made[1] == [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15]
