import pytest

from app.logic.telling_sentences import telling_sentences
from tests.fakes.passages import passage


def test_the_sentence_with_most_of_the_questions_words_is_taken() -> None:
    bridge = passage("The bridge is old. Building of the bridge began in 1931. Ships pass below.")
    river = passage("The river is wide. It freezes in January.")
    told = telling_sentences("When did building of the bridge begin?", [bridge, river], [0, 1])
    assert {place: telling.sentence for place, telling in told.items()} == {0: "Building of the bridge began in 1931."}


def test_rare_words_count_more_than_those_that_all_have() -> None:
    passages = [passage(f"The harbour bridge of town {n} is painted grey.") for n in range(5)]
    passages.append(passage("The harbour bridge was opened. Nobody knows the toll."))
    told = telling_sentences("What is the toll of the harbour bridge?", passages, [5])
    assert told[5].sentence == "Nobody knows the toll."


def test_sentences_and_pairs_of_neighbours_come_by_how_much_of_the_question_they_hold() -> None:
    bridge = passage("The bridge is old. It opened in 1931. Ships pass below.")
    told = telling_sentences("When was the bridge opened?", [bridge, passage("Nothing.")], [0])
    assert told[0].others == (
        "The bridge is old. It opened in 1931.",
        "It opened in 1931.",
        "It opened in 1931. Ships pass below.",
        "Ships pass below.",
    )


@pytest.mark.parametrize(
    ("language", "text", "question", "sentence"),
    [
        ("zh", "大桥很有名。工程于1931年开始。船从下面经过。", "工程是什么时候开始的？", "工程于1931年开始。"),
        ("ar", "الجسر مشهور. بدأ البناء عام 1931. تمر السفن تحته.", "متى بدأ البناء؟", "بدأ البناء عام 1931."),
        ("hi", "पुल प्रसिद्ध है। निर्माण 1931 में शुरू हुआ। जहाज़ नीचे से गुज़रते हैं।", "निर्माण कब शुरू हुआ?", "निर्माण 1931 में शुरू हुआ।"),
    ],
)
def test_in_every_script(language: str, text: str, question: str, sentence: str) -> None:
    others = [passage("…", language=language)] * 3
    [told] = telling_sentences(question, [passage(text, language=language), *others], [0]).values()
    assert told.sentence == sentence


def test_what_is_no_sentence_is_cut() -> None:
    [told] = telling_sentences("Where is the toll?", [passage("toll " * 900), passage("Nothing.")], [0]).values()
    assert len(told.sentence) <= 300


def test_tables_of_figures_have_no_sentences() -> None:
    table = passage("(Dollars in millions) 2023 2022\nTolls 1,204 1,188\nRepairs 377 402\nNet income 827 786")
    assert telling_sentences("What were the tolls?", [table, passage("Nothing.")], [0]) == {}
