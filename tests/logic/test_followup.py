import pytest

from app.logic.followup import standalone
from app.logic.question import names
from app.models.domain import Turn


@pytest.mark.parametrize(
    ("before", "question", "language", "alone"),
    [
        ("What was Apple's revenue in 2020?", "And in 2021?", "en", "What was Apple's revenue in 2021?"),
        ("What was Apple's revenue in Q1 2020?", "what about Q3?", "en", "What was Apple's revenue in Q3 2020?"),
        ("What was the revenue of Siemens in 2020?", "and Bosch?", "en", "What was the revenue of Bosch in 2020?"),
        ("2020年苹果公司的收入是多少？", "那2021年呢？", "zh", "2021年苹果公司的收入是多少？"),
        ("كم كانت الإيرادات في 2020؟", "وفي 2021؟", "ar", "كم كانت الإيرادات في 2021؟"),
        ("2020 में राजस्व कितना था?", "और 2021 में?", "hi", "2021 में राजस्व कितना था?"),
        ("รายได้ปี 2020 เท่าไร", "แล้วปี 2021 ล่ะ", "th", "รายได้ปี 2020 เท่าไร ปี 2021 ล่ะ"),
        ("Wie hoch war der Umsatz 2020?", "Und der Gewinn?", "de", "Wie hoch war der Gewinn 2020?"),
        ("How high is the Eiffel Tower?", "Why?", "en", "How high is the Eiffel Tower Why?"),
        ("Who founded the Red Cross?", "When was it founded?", "en", "When was it founded? (Red Cross)"),
        ("what is the boiling point?", "how is it measured?", "en", "how is it measured? (boiling point?)"),
    ],
)
def test_what_was_left_out_is_carried_over(before: str, question: str, language: str, alone: str) -> None:
    assert standalone(question, [Turn(before, "An answer.")], language) == alone


@pytest.mark.parametrize(
    "question",
    [
        "What are the main causes of the French Revolution?",
        "法国大革命的主要原因有哪些？",
        "Wer gründete das Rote Kreuz?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert standalone(question, [Turn("What was Apple's revenue in 2020?", "26")], None) == question


def test_without_history_nothing_changes() -> None:
    assert standalone("And in 2021?", []) == "And in 2021?"


def test_it_goes_on_from_what_the_last_question_stood_for() -> None:
    history = [Turn("And in 2021?", "27", standalone="What was Apple's revenue in 2021?")]
    assert standalone("and in 2022?", history, "en") == "What was Apple's revenue in 2022?"


def test_names_are_runs_of_capitals_within_a_sentence() -> None:
    assert names("Where did the Bank of England meet Siemens AG? Nobody asked Éva.") == [
        "Bank of England",
        "Siemens AG",
        "Éva",
    ]
