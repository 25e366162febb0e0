import unicodedata

import pytest

from app.logic.language import detect
from app.logic.typical_questions import typical_questions

LANGUAGES = (
    "ar", "bn", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "id", "it",
    "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_dozen_in_each_language(language: str) -> None:
    questions = typical_questions(language)
    assert len(set(questions)) == 12
    told = detect(" ".join(questions))
    assert told is not None
    assert told[0] == language
    assert all(unicodedata.is_normalized("NFC", question) for question in questions)


def test_other_languages_have_none() -> None:
    assert typical_questions("cy") == ()
