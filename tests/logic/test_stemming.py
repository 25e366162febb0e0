import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic import stemming
from app.logic.stemming import stem

_LANGUAGES = sorted(
    {"da", "nl", "en", "fi", "fr", "de", "el", "hu", "it", "no", "pt", "ro", "ru", "es", "sv", "ta", "tr"}
    | {"ar", "fa", "hi", "pl", "cs", "uk", "bn"}
)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["connect", "connected", "connecting", "connections"]),
        ("fr", ["continu", "continua", "continuait", "continuant"]),
        ("it", ["abbandonata", "abbandonate", "abbandonato"]),
        ("pt", ["livro", "livros"]),
        ("nl", ["lichamelijk", "lichamelijke"]),
        ("sv", ["flickor", "flickorna"]),
        ("el", ["δρόμος", "δρόμοι"]),
        ("ar", ["كتاب", "الكتاب", "والكتاب", "بالكتاب", "كتابها"]),
        ("hi", ["लड़का", "लड़के", "लड़की", "लड़कों"]),
        ("uk", ["документи", "документів", "документами"]),
        ("cs", ["dokumenty", "dokumentů"]),
    ],
)
def test_forms_of_one_word_share_a_stem(language: str, forms: list[str]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


def test_short_arabic_and_hindi_words_are_left_whole() -> None:
    assert stem("الى", "ar") == "الى"
    assert stem("وقت", "ar") == "وقت"
    assert stem("की", "hi") == "की"


@pytest.mark.parametrize("language", ["zh", "ja", "ko", "th", "xx", "", None])
def test_languages_without_a_stemmer_have_no_stems(language: str | None) -> None:
    assert stem("word", language) == ""


@given(st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=20), st.sampled_from(_LANGUAGES))
def test_any_word_has_a_stem_always_the_same(word: str, language: str) -> None:
    first = stem(word, language)
    assert first
    stemming.stem.cache_clear()
    assert stem(word, language) == first
