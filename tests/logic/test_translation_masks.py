import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.translation_masks import is_worded, restore, segment, without_marks

KEPT = [
    "https://example.org/a?b=1&c=2#d", "www.example.org", "ana.b+c@mail.example.org", "`make all`", "{{ user.name }}",
    "${HOME}", "%(count)d", "<b class='x'>", "</b>", "<x1/>", "/etc/hosts.conf", "C:\\Users\\a.txt", "snake_case_name",
    "run()", "2024-05-01", "2024-05-01T12:30:00Z", "v1.2.3", "5 kg", "12.5 %", "-40 °C", "3,5 km/h", "100 MB", "$26.5",
    "€ 1.000,50", "20 €", "$$E = mc^2$$", "\\(a_i\\)", "$x_1^2$",
]  # fmt: skip
SENTENCES = {
    "en": "See {} for more.", "de": "Siehe {} für mehr.", "fr": "Voir {} pour plus.", "es": "Véase {} para más.",
    "ru": "См. {} подробнее.", "el": "Δείτε {} εδώ.", "ar": "انظر {} للمزيد.", "he": "ראו {} לפרטים.",
    "hi": "अधिक के लिए {} देखें।", "th": "ดู {} ต่อ", "zh": "详见 {} 。", "ja": "詳細は {} を参照。",
    "ko": "자세한 내용은 {} 참조.",
}  # fmt: skip


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("kept", KEPT)
def test_what_must_stay_is_out_of_reach_in_every_script(kept: str, language: str) -> None:
    raw = SENTENCES[language].format(kept)
    made = segment(raw)
    assert made.text == SENTENCES[language].format("<x1/>")
    assert made.kept == ((kept,),)
    assert restore(made, made.text) == raw


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 5 in the book", "In 2020 ha crecido", "les 10 l'ont dit", "and/or", "either / or", "a < b and c > d",
        "It costs nothing.", "1,234 sheep", "Version two", "he said: wait", "5 of 7", "a-b", "C'est-à-dire", "50 bars",
    ],
)  # fmt: skip
def test_words_are_not_taken_for_what_must_stay(text: str) -> None:
    assert segment(text).text == text


def test_an_address_ends_where_a_script_without_spaces_goes_on() -> None:
    assert segment("请访问https://example.org/a，谢谢").text == "请访问<x1/>，谢谢"
    assert segment("邮箱a@b.cn谢谢").text == "邮箱<x1/>谢谢"
    assert segment("Siehe https://de.wikipedia.org/wiki/Köln.").kept == (("https://de.wikipedia.org/wiki/Köln",),)


@pytest.mark.parametrize(
    ("text", "worded"), [("12 %", False), ("https://a.org", False), ("—", False), ("a", True), ("हाँ", True)]
)
def test_what_has_no_word_needs_no_model(text: str, worded: bool) -> None:
    assert is_worded(segment(text).text) is worded


def test_entities_that_a_model_made_up_are_taken_back() -> None:
    assert restore(segment("Fish & chips"), "Fisch &amp; Pommes") == "Fisch & Pommes"
    assert restore(segment("Write &amp; for it"), "Schreibe &amp; dafür") == "Schreibe &amp; dafür"


@given(st.text(max_size=300))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    made = segment(text)
    assert without_marks(made.text) is not None
    if "&" not in text:
        assert restore(made, made.text) == text
