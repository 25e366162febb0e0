from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.reply import Reply


def reply(clear: Sequence[str] = (), passages: int = 9) -> Reply:
    """Passages are renumbered in order of first appearance; sentences with a word of `clear` are attributed to 9."""
    seen: list[int] = []

    def number(passage: int) -> int:
        if passage not in seen:
            seen.append(passage)
        return seen.index(passage) + 1

    return Reply(
        lambda claim, named: [number(n) for n in dict.fromkeys(named) if 1 <= n <= passages],
        lambda claim: [number(9)] if any(word in claim for word in clear) else [],
    )


def whole(text: str, **options: int) -> str:
    made = reply(**options)  # type: ignore[arg-type]
    shown = made.feed(text) + made.finish()
    assert shown == made.text
    return shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Revenue was 5 [3]. Costs were 2 [1].", "Revenue was 5 [1]. Costs were 2 [2]."),
        ("A [2][1]. B [1].", "A [1][2]. B [2]."),
        ("A [1, 2]. B [1;3].", "A [1][2]. B [1][3]."),
        ("A [1-3].", "A [1][2][3]."),
        ("A [1 and 2].", "A [1][2]."),
        ("A 【4】. B ［１］.", "A [1]. B [2]."),
        ("A 【4†source】.", "A [1]."),
        ("الإيرادات ٥ [٢]. ثم [١].", "الإيرادات ٥ [1]. ثم [2]."),
        ("राजस्व ५ था [२]।", "राजस्व ५ था [1]।"),
        ("收入为5[2]。成本为2【1】。", "收入为5[1]。成本为2[2]。"),
        ("A [Passage 2]. B [source 1].", "A [1]. B [2]."),
        ("A [^2].", "A [1]."),
        ("A [77].", "A."),
        ("A [77] and more.", "A and more."),
        ("A [77], more [0].", "A, more."),
        ("A [77][2].", "A [1]."),
        ("In [2019] and [see note] and [ and x[i].", "In [2019] and [see note] and [ and x[i]."),
        ("A. [1] B. [2]", "A. [1] B. [2]"),
        ("A [1] [1].", "A [1]."),
        ("  \n A [1]. \n", "A [1]."),
        ("<think>maybe [1]. NOT_FOUND</think>\n\nA [2].", "A [1]."),
        ("A is here [1", "A is here [1"),
        ("A [1]. <passage 2 key=71796ef6c5f0>", "A [1]."),
        ("<passage 1 key=7>\nA [1].\n</passage 1 key=7>\nB.", "A [1].\nB."),
        ("A <b> and a<b and 1 < 2 <pass", "A <b> and a<b and 1 < 2 <pass"),
    ],
)
def test_markers_are_resolved(said: str, shown: str) -> None:
    assert whole(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("[2] Revenue was 5. Costs fell.", "Revenue was 5 [1]. Costs fell."),
        ("- [2] Revenue was 5\n- [1] Costs fell", "- Revenue was 5 [1]\n- Costs fell [2]"),
        ("[2]收入为5。", "收入为5[1]。"),
    ],
)
def test_a_marker_before_its_sentence_moves_to_the_end_of_it(said: str, shown: str) -> None:
    assert whole(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Clearly 5. Other.", "Clearly 5 [1]. Other."),
        ("Other [2]. Clearly 5.", "Other [1]. Clearly 5 [2]."),
        ("Clearly 5", "Clearly 5 [1]"),
        ("Clearly 26.5 of the U.S. market. Other", "Clearly 26.5 of the U.S. market [1]. Other"),
        ("Clearly 5?! Other", "Clearly 5 [1]?! Other"),
        ("Clearly 5\n\nOther", "Clearly 5 [1]\n\nOther"),
        ("Clearly收入。其他。", "Clearly收入[1]。其他。"),
        ("Clearly these:\n- Clearly one\n- two", "Clearly these:\n- Clearly one [1]\n- two"),
        ("| Clearly | 5 |\n# Clearly", "| Clearly | 5 |\n# Clearly"),
        ("Clearly 5 [2]. Other", "Clearly 5 [1]. Other"),
        ("Clearly 5 [77]. Other", "Clearly 5 [1]. Other"),
    ],
)
def test_a_sentence_without_marker_gets_one_when_a_passage_clearly_says_it(said: str, shown: str) -> None:
    made = reply(clear=["Clearly"])
    assert made.feed(said) + made.finish() == shown


def test_sentences_know_their_place_their_claim_and_their_numbers() -> None:
    made = reply()
    said = made.feed("Revenue was 26.5 [3]. Costs fell, too. [1][2] Dr. Li left.\nबिक्री बढ़ी [3]।") + made.finish()
    assert [(said[s.start : s.end], s.claim, s.numbers) for s in made.sentences] == [
        ("Revenue was 26.5 [1].", "Revenue was 26.5.", (1,)),
        ("Costs fell, too. [2][3]", "Costs fell, too.", (2, 3)),
        ("Dr. Li left.", "Dr. Li left.", ()),
        ("बिक्री बढ़ी [1]।", "बिक्री बढ़ी।", (1,)),
    ]


def test_a_marker_in_mid_sentence_stands_for_the_words_before_it() -> None:
    claims: list[str] = []

    def cite(claim: str, named: Sequence[int]) -> list[int]:
        claims.append(claim)
        return list(named)

    made = Reply(cite, lambda claim: [])
    made.feed("Sales rose by five percent [1] and costs fell by two percent [2] each [3].")
    made.finish()
    assert [claim.strip() for claim in claims] == [
        "Sales rose by five percent",
        "and costs fell by two percent",
        "Sales rose by five percent and costs fell by two percent each",
    ]


@pytest.mark.parametrize("said", ["NOT_FOUND", " NOT_FOUND.", "**NOT_FOUND**\n", '"NOT_FOUND"', "NOT_FOUND [1]."])
def test_the_model_finds_nothing(said: str) -> None:
    made = reply()
    assert made.feed(said) + made.finish() == ""
    assert made.not_found
    assert made.sentences == []


def test_the_model_finds_a_part() -> None:
    made = reply()
    assert made.feed("Revenue was 5 [1]. NOT_FOUND") + made.finish() == "Revenue was 5 [1]."
    assert made.not_found


def test_words_are_shown_as_soon_as_they_are_certain() -> None:
    made = reply()
    pieces = ["Reve", "nue was", " 5 [", "2", "]. Co", "sts", " fell", ". NOT", " yet."]
    assert [made.feed(piece) for piece in pieces] == [
        "Reve",
        "nue was",
        " 5",
        "",
        " [1]",
        "",
        ". Costs fell",
        "",
        ". NOT yet",
    ]
    assert made.finish() == "."


PIECES = (
    "Revenue|Clearly| |  |\n|. |.|。|收入|26.5|[1]| [2]|[77]|【3】|[1, 2]|[|]|NOT_FOUND|NOT|U.S. |- |is"
    "|बिक्री|।|والدخل|؟ |?)|<think>|</think>|<|<passage 1>|</pass|age 2 key=3>|<passages>|รายได้ |(|, "
)
SAID = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join)


@given(SAID, st.lists(st.integers(1, 6), max_size=60))
def test_how_the_reply_is_cut_changes_nothing(said: str, cuts: list[int]) -> None:
    expected = reply(clear=["Clearly"])
    expected.feed(said)
    expected.finish()
    made = reply(clear=["Clearly"])
    shown, at = "", 0
    for cut in [*cuts, len(said)]:
        shown += made.feed(said[at : at + cut])
        at += cut
    shown += made.finish()
    assert shown == made.text == expected.text
    assert made.sentences == expected.sentences
    assert made.not_found == expected.not_found
