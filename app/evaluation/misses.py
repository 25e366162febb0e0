"""The questions of a run that went wrong, as HTML, the worst first."""

from collections.abc import Mapping
from html import escape
from typing import Any

from app.evaluation import matching
from app.evaluation.dataset import Case
from app.evaluation.metrics import first_hit
from app.evaluation.outcomes import Outcome
from app.evaluation.runs import cases_of

_SHOWN = 200
_LONGEST = 600
"""Characters of an answer or a quote."""
_DEEP = 5
_KINDS = (
    "error",
    "quote not in the document",
    "rejected answer again",
    "evidence not found",
    "should have refused",
    "should have answered",
    "evidence low",
    "answer lacks it",
    "wrong page cited",
)


def misses(run: Mapping[str, Any]) -> tuple[str, int]:
    """The worst, and how many there are."""
    found = [(kind, case, outcome) for case, outcome in cases_of(run) if (kind := kind_of(case, outcome))]
    found.sort(key=lambda item: _KINDS.index(item[0]))
    return "".join(_details(*item) for item in found[:_SHOWN]), len(found)


def kind_of(case: Case, outcome: Outcome) -> str | None:
    """What went wrong, if anything did: the first of `_KINDS` that is true."""
    hit = first_hit(outcome.passages)
    lacks = bool(case.answers) and not matching.contains(outcome.answer, case.answers, case.language)
    checks = (
        outcome.error is not None,
        bool(outcome.lost_quotes),
        bool(case.rejected) and matching.exact(outcome.answer, case.rejected, case.language),
        outcome.targets > 0 and hit is None,
        not case.answerable and not outcome.refused,
        case.answerable and outcome.refused,
        outcome.targets > 0 and hit is not None and hit >= _DEEP,
        case.answerable and lacks,
        outcome.targets > 0 and bool(outcome.citations) and not any(seen.reached for seen in outcome.citations),
    )
    return next((kind for kind, wrong in zip(_KINDS, checks, strict=True) if wrong), None)


def _details(kind: str, case: Case, outcome: Outcome) -> str:
    hit = first_hit(outcome.passages)
    cited = "\n".join(f"{_place(seen.document, seen.page)}: “{_cut(seen.quote)}”" for seen in outcome.citations)
    found = "\n".join(_place(seen.document, seen.page) for seen in outcome.passages[:_DEEP])
    rows = (
        ("Expected", " / ".join(case.answers)),
        ("Evidence", _place(case.document or "", case.pages[0] if case.pages else None)),
        ("Quote", "\n".join(_cut(quote) for quote in case.quotes)),
        ("Not there", "\n".join(_cut(quote) for quote in outcome.lost_quotes)),
        (
            "Found at",
            "" if not outcome.targets else f"place {hit + 1}" if hit is not None else "not among the first ten",
        ),
        ("First passages", found),
        ("Answer", _cut(outcome.answer)),
        ("Cited", cited),
        ("Error", outcome.error or ""),
    )
    shown = "".join(f'<dt>{name}</dt><dd dir="auto">{escape(text)}</dd>' for name, text in rows if text)
    return (
        f'<details><summary><span dir="auto">{escape(case.question)}</span><span class="tag">{kind}</span></summary>'
        f'<dl class="case">{shown}</dl></details>'
    )


def _place(document: str, page: int | None) -> str:
    return f"{document}, page {page}" if page is not None else document


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
