"""The page of a run: whole, by itself, and safe whatever the texts are."""

import re
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from app.core.config import load_settings
from app.evaluation.dataset import Case
from app.evaluation.misses import kind_of
from app.evaluation.outcomes import Outcome, Seen
from app.evaluation.record import Circumstances, record
from app.evaluation.report import render
from app.evaluation.results import Answered, changes, results
from app.evaluation.runner import Read

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def answered(right: int = 6) -> list[Answered]:
    made = []
    for number in range(12):
        language, document = ("zh", "海.pdf") if number % 2 else ("ar", f"{EVIL}.pdf")
        case = Case(str(number), f"ما هو {number}? {EVIL}", (EVIL,), document, (3,), language=language)
        seen = (Seen(document, 3, (0,) if number < right else ()),)
        quote = (Seen(document, 3, (0,), EVIL),)
        made.append((case, Outcome(str(number), 1, seen, quote, EVIL, EVIL, "answered", milliseconds=20.0 + number)))
    made.append(
        (Case("no", "谁?", answerable=False, language="zh"), Outcome("no", status="not_found", milliseconds=9.0))
    )
    made.append((Case("bad", "谁?", language="zh"), Outcome("bad", error=f"llm_unavailable: {EVIL}")))
    return made


def run_of(chosen: list[Answered], before: list[Answered] | None = None) -> dict[str, Any]:
    read = (Read("海.pdf", "d1", "ready", 4, 9), Read(f"{EVIL}.pdf", None, "failed", error=EVIL))
    circumstances = Circumstances(EVIL, "auto", load_settings(data_dir=Path("unused")), read, 1.0)
    run = record("run-1", circumstances, chosen, results(chosen), changes(before, chosen) if before else ())
    return {**run, "compared_with": EVIL} if before else run


@pytest.fixture(scope="module")
def page() -> str:
    return render(run_of(answered(), answered(2)))


def test_it_holds_no_script_and_nothing_from_elsewhere(page: str) -> None:
    tree = LexborHTMLParser(page)
    assert not tree.css("script, img, link, iframe, object, embed, base, form")
    assert not [node for node in tree.css("*") for name in node.attributes if name.startswith("on") or name == "href"]
    style = tree.css_first("style").text()
    assert not re.search(r"url\(|@import", style)
    assert (
        tree.css_first("meta[http-equiv=Content-Security-Policy]")
        .attributes["content"]
        .startswith("default-src 'none'")
    )


def test_it_shows_every_part(page: str) -> None:
    tree = LexborHTMLParser(page)
    headings = [node.text() for node in tree.css("h2")]
    assert headings[1:] == [
        "Finding the evidence",
        "How long it takes",
        "By language",
        "Knowing when to refuse",
        "By document",
        "All figures",
        "Documents that could not be read",
        "Questions to look at (7)",
    ]
    assert headings[0] == f"Since {EVIL}"
    assert tree.css_first("h1").text() == EVIL
    assert all(node.attributes["role"] == "img" and node.attributes["aria-label"] for node in tree.css("svg"))
    assert {node.attributes["scope"] for node in tree.css("th")} == {"col"}
    assert [node.text() for node in tree.css("table.matrix td")] == [
        "Answerable", "12", "0", "Unanswerable", "0", "1"
    ]  # fmt: skip


def test_the_figures_stand_in_it_as_computed(page: str) -> None:
    rows = {
        row.css_first("td").text(): [cell.text() for cell in row.css("td")]
        for row in LexborHTMLParser(page).css("tr")[1:]
        if row.css("td")
    }
    assert rows["Evidence among the first 1 page_recall@1"][1::2] == ["50.0%", "12"]
    assert rows["Quotes verbatim where they say quote_validity"][1] == "100.0%"
    assert rows["Evidence among the first 1"][1:3] == ["16.7%", "50.0%"]


def test_texts_of_any_script_keep_their_direction(page: str) -> None:
    question = LexborHTMLParser(page).css_first("details summary span")
    assert question.attributes["dir"] == "auto"


def test_a_run_of_nothing_much_is_a_page_too() -> None:
    alone = [(Case("1", "Why?"), Outcome("1", error="internal_error: x"))]
    page = render(run_of(alone))
    assert "Questions to look at (1)" in page
    assert "Since" not in page


@pytest.mark.parametrize(
    ("case", "outcome", "kind"),
    [
        (Case("1", "?"), Outcome("1", error="x"), "error"),
        (Case("1", "?", quotes=("a",)), Outcome("1", lost_quotes=("a",)), "quote not in the document"),
        (Case("1", "?", rejected=("a",)), Outcome("1", answer="A."), "rejected answer again"),
        (Case("1", "?"), Outcome("1", targets=1, passages=(Seen("a", 1),)), "evidence not found"),
        (Case("1", "?", answerable=False), Outcome("1", status="answered"), "should have refused"),
        (Case("1", "?"), Outcome("1", status="not_found"), "should have answered"),
        (Case("1", "?"), Outcome("1", 1, (*[Seen("a", 1)] * 5, Seen("a", 1, (0,))), status="partial"), "evidence low"),
        (Case("1", "?", ("12",)), Outcome("1", answer="In 2012.", status="answered"), "answer lacks it"),
        (
            Case("1", "?"),
            Outcome("1", 1, (Seen("a", 1, (0,)),), (Seen("a", 2),), status="answered"),
            "wrong page cited",
        ),
        (Case("1", "?", ("12",)), Outcome("1", answer="It was 12.", status="answered"), None),
        (Case("1", "?", answerable=False), Outcome("1", status="not_found"), None),
    ],
)
def test_what_went_wrong_is_named(case: Case, outcome: Outcome, kind: str | None) -> None:
    assert kind_of(case, outcome) == kind
