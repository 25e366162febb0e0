import pytest

from app.logic.answer_kinds import held
from app.logic.evidence import read_evidence
from app.logic.question import Question
from tests.fakes.passages import passage

TOLD, UNTOLD = read_evidence([passage("The figure was 32,765 million. The figure rose in 2018.")]).units


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What were Osprey's net sales in 2018?"),
        ("en", "What were 3M's net sales in fiscal year 2018?"),
        ("en", "What were the total assets at the end of Q2 2018?"),
        ("de", "Wie waren die Umsatzerlöse im Geschäftsjahr 2018?"),
        ("es", "¿Cuáles fueron las ventas netas del ejercicio 2018?"),
    ],
)
def test_where_a_measure_somebody_and_a_time_are_all_that_is_asked_a_figure_is_wanted(
    language: str, question: str
) -> None:
    asked = Question(question, language)
    assert held(TOLD, asked) == 1.0
    assert held(UNTOLD, asked) == 0.0


def test_where_more_is_asked_anything_may_answer() -> None:
    asked = Question("What were the net sales of the river segment in 2018 made of?", "en")
    assert held(TOLD, asked) == held(UNTOLD, asked) == 0.5
