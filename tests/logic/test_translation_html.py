import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from app.logic.translation_html import cut_html
from app.logic.translation_masks import restore
from app.models.translation import Segment


def raw(markup: str) -> str:
    return "".join(part if isinstance(part, str) else part.raw for part in cut_html(markup).parts)


def shouted(markup: str) -> str:
    """Translated by writing the words in capitals, which leaves marks as they are."""
    return "".join(
        part
        if isinstance(part, str)
        else restore(part, part.text.upper().replace("<X", "<x").replace("<G", "<g").replace("</G", "</g"))
        for part in cut_html(markup).parts
    )


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>One <b>two</b> three</p><p>four</p>", ["One <g1>two</g1> three", "four"]),
        ("<b>One</b> two", ["<g1>One</g1> two"]),
        ('<a href="/a"><b>One</b></a>', ["One"]),
        ("one<br>two", ["one<x1/>two"]),
        ("<p>a &amp; b &lt; c &eacute;</p>", ["a & b < c é"]),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", ["one", "two"]),
        ("<p>Run <code>x = 1</code> now</p>", ["Run <x1/> now"]),
        ('<p translate="no">Keep</p><p class="a notranslate">Keep</p>go', ["go"]),
        ("<script>var a = 'words';</script><style>p{}</style><pre>as it is</pre>", []),
        ("<!-- a comment -->word<!-- another -->", ["word"]),
        ("<p>unclosed <b>bold<p>next", ["unclosed <x1/>bold", "next"]),
        ("</b>stray</i> closers", ["stray<x1/> closers"]),
        ("1 < 2 and 3", ["1 < 2 and 3"]),
        ("<table><tr><td>a</td><td>7</td></tr></table>", ["a"]),
        ("<!doctype html><title>T</title>", ["T"]),
        ("<p>नमस्ते <em>दुनिया</em></p>", ["नमस्ते <g1>दुनिया</g1>"]),
    ],
)
def test_segments(markup: str, texts: list[str]) -> None:
    assert [piece.text for piece in cut_html(markup).segments] == texts
    assert raw(markup) == markup


def test_translated_it_has_the_same_elements_and_attributes() -> None:
    markup = (
        '<div id=a data-x="1 > 0"><h1>Rules &amp; rates</h1><p>Pay <b>now <i>or</i></b> <a href="?a=1&amp;b=2">later</a>'  # noqa: E501
        '<img src=x alt="a b"></p><script>if (a < b && c) { }</script></div>'
    )
    done = shouted(markup)
    assert "RULES &amp; RATES" in done
    assert '<b>NOW <i>OR</i></b> <a href="?a=1&amp;b=2">LATER</a>' in done

    def shape(text: str) -> list[tuple[str | None, dict[str, str | None]]]:
        return [(node.tag, node.attributes) for node in LexborHTMLParser(text).css("*")]

    assert shape(done) == shape(markup)


def test_a_long_paragraph_is_cut_between_sentences_outside_of_tags() -> None:
    markup = "<p>" + "The <b>ship</b> sails on for many days. It is far. " * 100 + "</p>"
    pieces = cut_html(markup).segments
    assert len(pieces) > 2
    assert all(len(piece.raw) < 2500 for piece in pieces)
    assert raw(markup) == markup


@given(st.text(alphabet="<>/ab&;\"'=! -\n", max_size=80) | st.text(max_size=60))
def test_nothing_is_lost_of_any_markup(markup: str) -> None:
    assert raw(markup) == markup
    for piece in cut_html(markup).segments:
        assert isinstance(piece, Segment)


@pytest.mark.timeout(60)  # a cost that grows with the square is minutes
@pytest.mark.parametrize(
    "evil", ["<a " * 30_000, "<!--" * 20_000, '<a "' * 20_000, "<code>" * 10_000, "<b>" * 20_000 + "x", "<b>x" * 8_000]
)
def test_hostile_markup_is_read_to_its_end(evil: str) -> None:
    cut_html(evil)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("markup", ["Hello " + "<b>" * 60_000 + "</i>" * 60_000, "<b>a " * 60_000 + "</i>" * 60_000])
def test_tags_without_partners_cost_no_more_than_others(markup: str) -> None:
    assert raw(markup) == markup
