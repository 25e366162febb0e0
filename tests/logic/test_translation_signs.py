import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.translation_masks import restore
from app.logic.translation_signs import cut_unit, parse, plain, sign, spelled
from app.models.translation import Segment

G1, NOT_G1 = sign("g", 1), sign("g", 1, closing=True)
BOLD = f"Press {G1}Start{NOT_G1} twice."


def whole(text: str) -> str:
    return "".join(part if isinstance(part, str) else part.raw for part in cut_unit(text).parts)


def test_formatting_becomes_a_pair_of_marks_and_comes_back() -> None:
    [piece] = cut_unit(BOLD).segments
    assert piece.text == "Press <g1>Start</g1> twice."
    assert restore(piece, "Drücken Sie zweimal <g1>Start</g1>.") == f"Drücken Sie zweimal {G1}Start{NOT_G1}."


def test_things_at_the_ends_are_copied_and_those_inside_are_marks() -> None:
    text = f"{sign('x', 1)} See{sign('x', 2)} the note {G1}7{NOT_G1} there {sign('x', 3)}"
    [piece] = cut_unit(text).segments
    assert piece.text == "See<x1/> the note <x2/> there"
    assert whole(text) == text


def test_tabs_and_breaks_part_segments() -> None:
    text = f"Name{sign('c', 1)}Ada{sign('c', 2)}42{sign('c', 3)}"
    assert [piece.text for piece in cut_unit(text).segments] == ["Name", "Ada"]
    assert whole(text) == text


def test_a_long_paragraph_is_cut_between_sentences_and_never_inside_formatting() -> None:
    sentence = "The quick brown fox jumps over the lazy dog again and again. "
    text = sentence * 15 + G1 + sentence * 15 + NOT_G1 + sentence * 15
    pieces = cut_unit(text).segments
    assert len(pieces) > 1
    assert all(piece.raw.count(G1) == piece.raw.count(NOT_G1) for piece in pieces)
    assert whole(text) == text


@pytest.mark.parametrize("text", ["12.50", "", "  ", sign("x", 1), f"{G1}2{NOT_G1}", "— … —"])
def test_nothing_to_translate(text: str) -> None:
    assert cut_unit(text).segments == []
    assert whole(text) == text


@pytest.mark.parametrize("text", [NOT_G1 + "a", G1 + "a", f"{G1}a{sign('g', 2)}b{NOT_G1}c", "a\x02g\x03\x00\ufffeb"])
def test_signs_that_make_no_sense_do_no_harm(text: str) -> None:
    assert plain(spelled(parse(text))).replace("\x02g\x03", "") in ("a", "abc", "agb")


@given(st.lists(st.sampled_from([G1, NOT_G1, sign("x", 2), sign("c", 3), "A word. ", " ", "1", "字。"]), max_size=30))
def test_nothing_is_lost_or_doubled(parts: list[str]) -> None:
    sound = spelled(parse("".join(parts)))
    assert whole(sound) == sound
    for piece in cut_unit(sound).parts:
        if isinstance(piece, Segment):
            assert restore(piece, piece.text) == piece.raw
