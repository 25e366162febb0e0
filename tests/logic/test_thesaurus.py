"""What is asked under one name and printed under others."""

import pytest

from app.logic.thesaurus import contains, expand, words


def test_a_measure_leads_to_what_is_printed_and_where() -> None:
    expansion = expand("Did the quick ratio of ACME improve?")
    assert "current liabilities" in expansion.phrases
    assert "statement of financial position" in expansion.statements
    assert "cash flow statement" not in expansion.statements


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("according to the P&L statement", "income statement"),
        ("laut Gewinn- und Verlustrechnung", "statement of operations"),
        ("根据资产负债表，总资产是多少？", "balance sheet"),
        ("حسب قائمة التدفقات النقدية", "cash flow statement"),
        ("as the statements of cash flows show", "cash flow statement"),
    ],
)
def test_any_name_of_a_statement_stands_for_the_others(question: str, name: str) -> None:
    assert name in expand(question).statements


@pytest.mark.parametrize(
    "question",
    [
        "3M公司2018财年的资本支出是多少？",
        "３Ｍの2018年の設備投資はいくらですか。",
        "3M의 2018년 설비투자는 얼마인가요?",
        "¿Cuál fue el gasto de capital de 3M en 2018?",
        "Quelles ont été les dépenses d'investissement de 3M ?",
        "Wie hoch waren die Investitionsausgaben von 3M?",
        "Каковы были капитальные затраты 3M?",
        "كم بلغت النفقات الرأسمالية؟",
        "पूंजीगत व्यय कितना था?",
    ],
)
def test_a_measure_is_known_in_every_language(question: str) -> None:
    expansion = expand(question)
    assert "purchases of property, plant and equipment" in expansion.phrases
    assert "statement of cash flows" in expansion.statements


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("Qual è l'utile netto del 2022?", "net income"),
        ("Chi è l'amministratore delegato?", "chief executive officer"),
        ("Combien d'employés la société compte-t-elle ?", "employees"),
        ("Quel est le total de l'actif ?", "total assets"),
        ("¿Cuál es el total de activos?", "total assets"),
        ("Wie hoch waren die Erlöse 2022?", "net sales"),
        ("Hoeveel medewerkers heeft het bedrijf?", "employees"),
        ("総資産はいくらですか。", "total assets"),
        ("营业收入是多少？", "revenue"),
        ("총자산은 얼마입니까?", "total assets"),
    ],
)
def test_the_plainest_question_of_each_language_is_understood(question: str, printed: str) -> None:
    assert printed in expand(question).phrases


def test_of_names_within_names_the_longest_counts() -> None:
    assert "inventories" not in expand("What was the cost of sales and the net profit margin?").phrases
    assert expand("总资产周转率是多少？").phrases == expand("What is the asset turnover?").phrases


@pytest.mark.parametrize("question", ["Did R&D grow?", "¿Creció el gasto en R&D?", "Wie hoch waren die R&D-Ausgaben?"])
def test_abbreviations_are_known(question: str) -> None:
    assert "research and development" in expand(question).phrases


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué le dio el rey a su hijo?",
        "Was bedeutet das, und wer war da?",
        "Wer fing beim 3rd-and-9 den Ball?",
        "Where are the classes RP, BPP, PP and PH?",
        "¿Cómo fue su existencia?",
        "How many shares of common stock are outstanding?",
        "What were salaries and wages?",
        "Hoe werkt het proces van fotosynthese?",
        "Waarover klagen de klanten?",
        "Qual é a receita de bolo de chocolate da avó?",
        "Welche Forderungen stellt die Gewerkschaft?",
        "Quel est le temps de travail effectif ?",
        "ما هي حقوق الملكية الفكرية؟",
        "工人的收入来源是什么？",
    ],
)
def test_words_that_only_look_like_abbreviations_are_left_alone(question: str) -> None:
    assert (expand(question).phrases, expand(question).statements) == ((), ())


def test_other_questions_are_left_alone() -> None:
    expansion = expand("Who wrote the third chapter?")
    assert (expansion.phrases, expansion.statements) == ((), ())


def test_contains_wants_words_in_sequence() -> None:
    text = words("The consolidated balance sheets of 2022")
    assert contains(text, words("balance sheet"))
    assert not contains(text, words("sheet balance"))
    assert not contains(text, words("balance sheet of 2023"))
    assert not contains(text, ())


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("How many people does the mill employ?", "employed"),
        ("How many people in all of Norway work for the mill?", "employed"),
        ("How much cash did the mill have at the end of 2022?", "cash and cash equivalents"),
        ("How much did the mill pay its owners in dividends?", "dividends paid"),
    ],
)
def test_other_words_may_stand_within_a_name(question: str, printed: str) -> None:
    assert printed in expand(question).phrases


def test_the_words_of_a_name_stand_in_its_order() -> None:
    assert expand("Do you employ how many people?").phrases == ()
