from dataclasses import replace

import pytest

from app.logic.answerability import Meaning, answerability
from app.logic.evidence import read_evidence
from app.logic.extract import extract
from app.logic.question import Question
from app.models.domain import Passage
from tests.fakes.passages import passage

MODEL = "multilingual-e5-small"
NEAR, FAR = {"vector": 0.89}, {"vector": 0.76}
ENGLISH = "The bridge of Varna was designed by Anna Lindqvist. Building began in 1931. It is 324 metres long."
GERMAN = "Die Brücke von Varna wurde von Anna Lindqvist entworfen. Der Bau begann 1931. Sie ist 324 Meter lang."
CHINESE = "瓦尔纳大桥由林安娜设计。工程于1931年开始。大桥长324米。"
ARABIC = "صممت آنا جسر فارنا. بدأ البناء عام 1931. يبلغ طول الجسر 324 مترا."
HINDI = "वर्ना पुल को अन्ना ने बनाया। निर्माण 1931 में शुरू हुआ। पुल 324 मीटर लंबा है।"


def likely(question: str, *passages: Passage, language: str | None, model: str | None = MODEL) -> float:
    evidence = read_evidence(passages)
    asked = Question(question, language)
    return answerability(evidence, asked, extract(evidence, asked)[0].unit, Meaning(model))


@pytest.mark.parametrize(
    ("language", "text", "answered", "unanswered"),
    [
        ("en", ENGLISH, "Who designed the bridge of Varna?", "Which opera did Verdi write for Cairo?"),
        ("en", ENGLISH, "When did the building of the bridge begin?", "What is the capital of Mongolia?"),
        ("de", GERMAN, "Wer hat die Brücke von Varna entworfen?", "Welche Oper schrieb Verdi für Kairo?"),
        ("zh", CHINESE, "瓦尔纳大桥由谁设计？", "威尔第为开罗写了哪部歌剧？"),
        ("ar", ARABIC, "متى بدأ بناء جسر فارنا؟", "ما هي عاصمة فرنسا؟"),
        ("hi", HINDI, "पुल का निर्माण कब शुरू हुआ?", "फ्रांस की राजधानी क्या है?"),
    ],
)
def test_what_the_passage_speaks_of_is_answerable(language: str, text: str, answered: str, unanswered: str) -> None:
    near, far = (passage(text, language=language, scores=scores) for scores in (NEAR, FAR))
    assert likely(answered, near, language=language) > 0.5 > 0.3 > likely(unanswered, far, language=language)


def test_the_best_sentence_counts_where_its_long_passage_is_far() -> None:
    evidence = read_evidence([passage(ENGLISH, scores=FAR)])
    asked = Question("Who was the engineer of the bridge?", "en")
    best = evidence.units[0]
    known, unknown = (answerability(evidence, asked, best, Meaning(MODEL, cosine)) for cosine in (0.89, None))
    assert known > 0.5 > unknown


@pytest.mark.parametrize(
    ("text", "question", "language"),
    [
        ("The kit is stationed in Varna. Spare parts are kept in Hamburg only.", "Where are spare parts kept?", "en"),
        ("Besucher dürfen die Pumpe nicht benutzen.", "Wer darf die Pumpe benutzen?", "de"),
        ("Children under 14 must not touch the pump.", "Can children touch the pump?", "en"),
        ("Los niños no pueden tocar la bomba.", "¿Pueden los niños tocar la bomba?", "es"),
    ],
)
def test_a_short_sentence_that_says_all_of_a_short_question_answers_it(text: str, question: str, language: str) -> None:
    """However far off the model finds it."""
    source = passage(text, language=language, scores={"vector": 0.79})
    assert likely(question, source, language=language) > 0.5


@pytest.mark.parametrize(
    ("text", "question", "cosine", "answers"),
    [
        ("Capital Safety, England\nOsprey Mills, France", "What is the capital of France?", 0.83, False),
        ("Paris is the capital of\nFrance", "What is the capital of France?", 0.83, True),
        ("Anna Lindqvist\nPhone number: 555-1234", "What is the phone number of Anna Lindqvist?", 0.87, True),
    ],
)
def test_entries_of_a_register_are_no_sentence_together(text: str, question: str, cosine: float, answers: bool) -> None:
    """Unless the model finds them near together: then they are a card, or a title page."""
    evidence = read_evidence([passage(text, scores=FAR)])
    asked = Question(question, "en")
    best = extract(evidence, asked)[0].unit
    assert (answerability(evidence, asked, best, Meaning(MODEL, cosine)) > 0.5) is answers


def test_a_word_more_that_is_not_met_makes_it_doubtful() -> None:
    source = passage("Spare parts are kept in Hamburg only.", scores={"vector": 0.79})
    assert likely("Where are spare parts of ships kept?", source, language="en") < 0.5


def test_whether_it_is_another_number_is_answered_by_the_right_one() -> None:
    source = passage("The fee for visitors is 40 euros.", scores={"vector": 0.85})
    assert likely("Is the fee for visitors 50 euros?", source, language="en") > 0.5
    assert likely("Why is the fee for visitors 50 euros?", source, language="en") < 0.5


def test_the_reason_for_the_one_thing_that_is_asked_of_answers_it() -> None:
    source = passage("A faulty batch led to a recall in March.", scores={"vector": 0.79})
    assert likely("Why was there a recall?", source, language="en") > 0.5


def test_a_denial_that_the_sentence_holds_too_is_none() -> None:
    source = passage("When the clock is not set, send SET TIME.", scores={"vector": 0.79})
    assert likely("What to do when the clock is not set?", source, language="en") > 0.5


def test_a_sentence_in_the_language_of_the_question_is_not_foreign_in_a_passage_of_many() -> None:
    mixed = passage(
        "热线全年每天接听电话。服务中心营业时间为上午九点。 The hotline answers on every day of the year.",
        language="zh",
    )
    evidence = read_evidence([replace(mixed, scores={"vector": 0.78})])
    asked = Question("What are the risks of the business?", "en")
    assert answerability(evidence, asked, evidence.units[-1], Meaning(MODEL)) < 0.3


def test_one_word_that_is_met_is_not_enough() -> None:
    source = passage("Oxygen is present in traces of CO.", scores={"vector": 0.79})
    assert likely("What is CO?", source, language="en") < 0.5


def test_items_of_a_list_stand_below_its_heading() -> None:
    source = passage("# Kit\n\n## Contents\n\nIt holds:\n\n- a pump\n- a hose", scores={"vector": 0.79})
    evidence = read_evidence([source])
    asked = Question("What are the contents?", "en")
    item = next(unit for unit in evidence.units if unit.text == "- a hose")
    other = read_evidence([passage("It holds a hose.", scores={"vector": 0.79})])
    assert answerability(evidence, asked, item, Meaning(MODEL)) > answerability(
        other, asked, other.units[0], Meaning(MODEL)
    )


def test_a_row_of_figures_counts_by_its_words() -> None:
    text = "(in millions)   2025   2024\nRevenue   184.2   163.9\nCost of sales   98.6   92.4"
    source = passage(text, scores={"vector": 0.8})
    assert likely("What was the revenue in 2025?", source, language="en") > 0.5
    assert likely("What was the dividend in 2031?", source, language="en") < 0.3


def test_a_code_counts_by_its_words() -> None:
    source = passage("Code   Meaning   What to do\nE-31   Clock not set   Send SET TIME.", scores={"vector": 0.8})
    assert likely("What does error code E-31 mean?", source, language="en") > 0.5
    assert likely("What does error code E-99 mean?", source, language="en") < 0.5


@pytest.mark.parametrize("model", [None, "another-model"])
def test_words_alone_tell_too(model: str | None) -> None:
    """Without vectors, or with those of a model whose cosines mean something else."""
    source = passage(ENGLISH, scores={"vector": 0.2} if model else {})
    assert likely("Who designed the bridge of Varna?", source, language="en", model=model) > 0.5
    assert likely("What is the capital of Mongolia?", source, language="en", model=model) < 0.5


@pytest.mark.parametrize(
    "changed",
    ["Who designed the bridge of Burgas?", "Who never designed the bridge of Varna?", "Who designed it in 1950?"],
)
def test_other_names_numbers_and_denials_make_it_less_likely(changed: str) -> None:
    source = passage(ENGLISH, scores=NEAR)
    asked = likely("Who designed the bridge of Varna?", source, language="en")
    assert likely(changed, source, language="en") < asked - 0.05


def test_title_and_file_name_count() -> None:
    named = passage("Building began in 1931.", filename="Varna bridge.pdf", title="The bridge of Varna")
    bare = passage("Building began in 1931.")
    question = "When did the building of the bridge of Varna begin?"
    assert likely(question, named, language="en") > likely(question, bare, language="en")


def test_across_languages_meaning_numbers_and_names_tell() -> None:
    near, far = (passage(CHINESE, language="zh", scores=scores) for scores in (NEAR, FAR))
    asked = "Who designed the bridge?"
    assert likely(asked, near, language="en") > 0.5 > likely(asked, far, language="en")
    assert likely("Who designed the bridge in 1950?", near, language="en") < likely(asked, near, language="en")


TABLE = passage(
    "In millions\n2018 2017\nNet sales 32,765 31,657\nPurchases of property, plant and equipment (1,577) (1,373)",
    scores=NEAR,
    filename="BESTBUY_2018_10K.pdf",
    title="Form 10-K",
)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("كم بلغت النفقات الرأسمالية في عام 2018؟", "ar"),
        ("百思买（Best Buy）2018年的资本支出是多少？", "zh"),
        ("What was Best Buy's revenue in 2018?", "en"),
        ("What was the revenue of BestBuy in FY2018?", "en"),
        ("What was the Real change in Sales, the Net Sales of 2018?", "en"),
        ("¿Cuáles fueron las ventas netas en 2018?", "es"),
    ],
)
def test_a_row_printed_for_what_is_asked_answers(question: str, language: str) -> None:
    assert likely(question, TABLE, language=language) > 0.5


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("苹果公司（Apple）2018年的资本支出是多少？", "zh"),
        ("¿Cuáles fueron los ingresos totales de Siemens en 2018?", "es"),
        ("What was Apple's revenue in 2018?", "en"),
    ],
)
def test_figures_of_somebody_else_do_not_answer(question: str, language: str) -> None:
    assert likely(question, TABLE, language=language) < 0.5


def test_a_question_without_words_and_language_is_left_to_its_vector() -> None:
    assert 0 < likely("???", passage(ENGLISH), language=None) < 1


@pytest.mark.parametrize(
    ("question", "language"), [("¿Cuántos empleados tiene Osprey?", "es"), ("Osprey有多少员工？", "zh")]
)
def test_a_count_of_what_the_passages_do_not_name_is_none_of_it(question: str, language: str) -> None:
    def told(text: str) -> float:
        return likely(question, passage(text, title="Osprey", language="en", scores={"vector": 0.9}), language=language)

    assert told("Osprey had 92,000 employees on March 31.") > 0.5
    assert told("Osprey signed indenture 4.5 of June 13, 2019, among five companies.") < 0.5


@pytest.mark.parametrize(
    ("language", "own", "of_another"),
    [
        ("en", "How many employees does Osprey have?", "How many employees does Heron have?"),
        ("en", "How many people work for OSPREY?", "How many people work for HERON?"),
        ("es", "¿Cuántos empleados tiene Osprey?", "¿Cuántos empleados tiene Heron?"),
    ],
)
def test_a_sentence_with_somebodys_figure_answers_for_nobody_else(language: str, own: str, of_another: str) -> None:
    staff = passage(
        "At the end of March, the Company employed approximately 92,000 people.",
        title="Osprey",
        language="en",
        scores={"vector": 0.85},
    )
    assert likely(own, staff, language=language) > 0.5 > likely(of_another, staff, language=language)
