"""Answers against expected answers, in scripts with and without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.matching import answer_tokens, contains, exact, f1


@pytest.mark.parametrize(
    ("answer", "expected", "language"),
    [
        ("The Norman conquest!", "norman conquest", "en"),
        ("$1,577", "1577.00", "en"),
        ("1.577,50 €", "1577.5", "de"),
        ("der Rhein", "Rhein", "de"),
        ("la Torre Eiffel", "Torre Eiffel", "es"),
        ("القمر", "قمر", "ar"),
        ("٣٠٨", "308", "ar"),
        ("ＡＢＣ１２３", "abc123", "zh"),
        ("308 分", "308分", "zh"),
        ("बिक्री ने", "बिक्री ने।", "hi"),
        ("26.5 billion [1].", "26.5 billion", "en"),
        ("in 1066 [1, 2]", "in 1066", "en"),
    ],
)
def test_the_same_answer_in_other_clothes(answer: str, expected: str, language: str) -> None:
    assert exact(answer, [expected], language)
    assert f1(answer, ["nothing of it", expected], language) == 1


@pytest.mark.parametrize(
    ("answer", "expected", "language"),
    [
        ("In 2012 it rose.", "12", "en"),
        ("They ran 30.5 km.", "30", "en"),
        ("It was not a catalogue.", "cat", "en"),
        ("बिक्री बढ़ी", "बिक्र", "hi"),
        ("收入为 1308 分", "308", "zh"),
        ("", "anything", "en"),
    ],
)
def test_parts_of_words_and_numbers_are_not_the_answer(answer: str, expected: str, language: str) -> None:
    assert not contains(answer, [expected], language)


@pytest.mark.parametrize(
    ("answer", "expected", "language"),
    [
        ("Revenue was $26.5 billion in 2023 [1].", "26.5 billion", "en"),
        ("黑豹队的防守只丢了308分，排名第六。", "308", "zh"),
        ("黑豹队的防守只丢了308分，排名第六。", "防守", "zh"),
        ("รายได้เพิ่มขึ้นมาก", "เพิ่มขึ้น", "th"),
        ("ارتفعت الإيرادات بنسبة 5٪", "الايرادات", "ar"),
        ("iPhone手机销量", "手机", "zh"),
    ],
)
def test_an_answer_within_a_sentence(answer: str, expected: str, language: str) -> None:
    assert contains(answer, [expected], language)
    assert not exact(answer, [expected], language)
    assert 0 < f1(answer, [expected], language) < 1


def test_f1_counts_each_word_as_often_as_it_stands() -> None:
    # Two of three said words are wanted, two of two wanted words are said.
    assert f1("red red blue", ["red blue"], None) == pytest.approx(2 * 2 / 5)
    assert f1("red", [], "en") == 0
    assert f1("我爱北京", ["北京"], "zh") == pytest.approx(2 * 2 / 6)


@given(st.text(max_size=60), st.sampled_from(["en", "de", "ar", "hi", "zh", None]))
def test_any_text_is_its_own_answer(text: str, language: str | None) -> None:
    assert exact(text, [text], language)
    assert f1(text, [text], language) == 1
    assert contains(text, [text], language) == bool(answer_tokens(text, language))
