"""Letters that a language does not write speak against it, and do not settle it alone."""

import pytest

from app.logic.alphabets import foreign
from app.logic.language import candidates, detect


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Ґрунт", "ru be bg"), ("Їжак", "ru be bg sr"), ("Ўвага", "ru uk bg"), ("Ђак", "ru mk bg"), ("Ќе", "ru sr bg"),
        ("Выручка", "uk bg sr mk"), ("چاپ", "ar"), ("ژاپن", "ar"), ("ٹھیک", "ar fa"), ("لڑکے", "ar fa"),
        ("ښه", "ar fa ur"),
    ],
)  # fmt: skip
def test_a_letter_of_its_own_speaks_against_the_others(text: str, others: str) -> None:
    assert all(foreign(text, code) for code in others.split())
    assert candidates(text)[0][0] not in others.split()


def test_a_name_in_a_long_text_does_not() -> None:
    text = "Компания заключила договор с поставщиком из города Київ и отправила счёт, который ещё не оплачен."
    assert foreign(text, "ru") == 1
    assert (detect(text) or ("",))[0] == "ru"


@pytest.mark.parametrize("text", ["Ціна", "Облік", "Потпис", "Нето добит", "خالص منافع", "سود خالص", "Рахунок"])
def test_what_no_letter_tells_is_not_sure(text: str) -> None:
    assert candidates(text)[0][1] < 0.3


def test_other_scripts_and_signs_do_not_count() -> None:
    assert foreign("Windows 11, 価格 ــــ ؟ ً", "ru") == foreign("Windows 11, 価格 ــــ ؟ ً", "ar") == 0
    assert foreign("Ґрунт", "en") == 0
