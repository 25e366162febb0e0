"""Lists that are asked for come whole, with the line that leads to them."""

import pytest

from app.logic.evidence import read_evidence
from app.logic.extract import extract, written_out
from app.logic.question import Question
from app.models.domain import Passage
from tests.fakes.passages import passage


def answer(question: str, given: Passage, language: str = "en") -> str:
    evidence = read_evidence([given])
    wanted = Question(question, language)
    return written_out(evidence, wanted, extract(evidence, wanted)[:1]).text


KIT = passage(
    "# Field kit\n\nThe kit weighs 14 kg.\n\nThe kit contains:\n\n- a hand pump\n- two spare filters\n- a hose\n\n"
    "Only trained staff may open the kit.\n\n## Steps after use\n\n1. Empty the hose.\n2. Dry the pump for two hours.\n"
    "3. Note the hours in the log.\n\nSpare kits are in Hamburg."
)


@pytest.mark.parametrize("question", ["What does the kit contain?", "List the things that the kit contains."])
def test_the_line_that_leads_to_a_list_brings_it_along(question: str) -> None:
    assert answer(question, KIT) == "The kit contains:\n- a hand pump\n- two spare filters\n- a hose [1]"


def test_an_item_brings_the_others_where_a_list_is_asked_for() -> None:
    steps = "1. Empty the hose.\n2. Dry the pump for two hours.\n3. Note the hours in the log. [1]"
    assert answer("What are the steps after use?", KIT) == steps
    assert answer("How long must the pump dry?", KIT) == "2. Dry the pump for two hours. [1]"


def test_a_numbered_heading_brings_its_section_where_a_list_is_asked_for() -> None:
    manual = passage(
        "2. Limits\nIt floats.\n\n3. Error codes\n\nE-07\nSensor out of range\n\nE-31\nClock not set\n\n"
        "4. Care\nDry it."
    )
    assert (
        answer("List the error codes.", manual) == "3. Error codes\nE-07\nSensor out of range\nE-31\nClock not set [1]"
    )
    colours = passage("It comes in two.\n1. Deep red colour\n2. Pale blue colour\n\nThey fade.")
    assert answer("What are the colours?", colours) == "1. Deep red colour\n2. Pale blue colour [1]"


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("zh", "套件包括：\n- 手动泵\n- 两个滤芯", "套件包括什么？"),
        ("de", "Der Koffer enthält:\n• eine Pumpe\n• zwei Filter", "Was enthält der Koffer?"),
        ("ar", "تحتوي الحقيبة على:\n- مضخة\n- مرشحين", "ماذا تحتوي الحقيبة؟"),
        ("hi", "किट में है:\n- एक पंप\n- दो फ़िल्टर", "किट में क्या-क्या है?"),
    ],
)
def test_in_every_language(language: str, text: str, question: str) -> None:
    assert answer(question, passage(text, language=language), language).startswith(text)


def test_what_is_no_list_stays_as_it_is() -> None:
    alone = passage("The rule is short:\n\n- never open it\n\nIt holds everywhere.")
    assert answer("What does the rule say?", alone).count("\n") == 0
    long = passage("The kit contains:\n" + "\n".join(f"- part {number} {'of steel ' * 9}" for number in range(40)))
    assert answer("What does the kit contain?", long) == "The kit contains: [1]"


def test_a_heading_is_no_answer_beside_sentences() -> None:
    evidence, wanted = read_evidence([KIT]), Question("What are the steps after use of the field kit?", "en")
    assert "#" not in written_out(evidence, wanted, extract(evidence, wanted)).text
