"""Which part of a question asks, and what kind of text answers it."""

import pytest

from app.logic.intent import keyword_query, read

LONG = "Assume that you are an analyst. What was the gross margin of ACME in FY2022? Answer in percent."


def test_the_sentence_that_asks_is_told_from_the_rest() -> None:
    intent = read(LONG)
    assert intent.core == "What was the gross margin of ACME in FY2022?"
    assert intent.frame == "Assume that you are an analyst. Answer in percent."


def test_what_leads_in_with_a_colon_does_not_ask() -> None:
    intent = read("Answer by the balance sheet: what are the total assets?")
    assert (intent.core, intent.frame) == ("what are the total assets?", "Answer by the balance sheet:")


@pytest.mark.parametrize(
    "question",
    [
        "On what yard line did Carolina begin with 4:51 left in the game?",
        "Wer war ein reformwilliger Katholik des 15. Jahrhunderts?",
        "¿Cuál es la ciudad de EE. UU. que fundó?",
    ],
)
def test_one_sentence_asks_as_a_whole(question: str) -> None:
    assert (read(question).core, read(question).frame) == (question, "")


@pytest.mark.parametrize(
    ("question", "explains"),
    [
        ("Revenue fell in 2022. Why?", True),
        ("收入在2022年下降。为什么？", True),
        ("Der Umsatz fiel 2022. Wie das?", False),
    ],
)
def test_what_only_asks_takes_its_subject_from_the_rest(question: str, explains: bool) -> None:
    intent = read(question)
    assert (intent.core, intent.frame, intent.explains) == (question, "", explains)


@pytest.mark.parametrize("question", ["revenue of ACME", "Tell me about trains.", "财务报告", "", "   "])
def test_without_a_question_mark_all_of_it_asks(question: str) -> None:
    assert (read(question).core, read(question).frame) == (question, "")


@pytest.mark.parametrize(
    ("question", "numeric", "explains"),
    [
        ("How many ships came?", True, False),
        ("Wie viele Schiffe kamen?", True, False),
        ("有多少艘船？", True, False),
        ("What was the effective tax rate?", True, False),
        ("What drove the gross margin down?", False, True),
        ("Warum fiel die Marge?", False, True),
        ("为什么利润下降？", False, True),
        ("क्यों लाभ घटा?", False, True),
        ("Who is the CEO?", False, True),
        ("Were there any nominees?", False, False),
        ("Is the business cyclical?", False, False),
    ],
)
def test_kinds_of_answer(question: str, numeric: bool, explains: bool) -> None:
    intent = read(question)
    assert (intent.numeric, intent.explains) == (numeric, explains)


def test_words_weigh_by_the_part_they_play() -> None:
    query = keyword_query(LONG, ("en",), frozenset({"acme"}))
    weights = dict(zip(query.terms, query.weights, strict=True))
    assert weights["margin"] == 1.0
    assert weights["analyst"] < 1.0
    assert weights["acme"] < 1.0
    assert 0 < weights["profit"] < 1.0
    assert "what" not in weights


def test_a_quoted_phrase_is_kept() -> None:
    query = keyword_query('Where is "iron bridge" mentioned?', ("en",), frozenset())
    assert ("iron", "bridge") in (*query.phrases, *query.preferred)
