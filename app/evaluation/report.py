"""A run as one HTML page: no scripts, nothing from elsewhere, light and dark, readable without seeing the plots.

All texts of questions, answers and documents are escaped; whoever wrote them cannot write into the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from app.evaluation.charts import Dot, curve, dots, histogram
from app.evaluation.metrics import AT, MEASURES
from app.evaluation.misses import misses
from app.evaluation.runs import cases_of
from app.evaluation.written import interval, signed, written

_TILES = ("page_recall@5", "mrr@10", "answer_contains", "citation_precision", "refusal_f1", "latency_p50")
_GROUPED = ("page_recall@5", "answer_contains", "refusal_f1")
"""The first of these that a group has is what its plot shows."""
_MOST_ROWS = 40
_NOTES = {
    "retrieval": "How often the evidence is among the first passages found. The band is the 95% interval.",
    "latency": "From the question to the whole answer, on the machine that ran this.",
    "refusal": "Questions that the documents answer, and those that they do not.",
    "changes": "Dots are differences with their 95% interval; coloured where p < 0.05 after Holm's correction.",
    "misses": "The evidence was not among the first five, the answer lacks what was expected, or a refusal was wrong.",
}


def render(run: Mapping[str, Any]) -> str:
    """The page of a run, as `record` or a stored run.json has it."""
    title = escape(f"{run['dataset']['name']} · DocuBot evaluation")
    style = files(__package__ or "app.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    body = "".join(
        (
            _header(run),
            _tiles(run["figures"]["overall"]),
            _changes(run),
            _pair(_retrieval(run), _latency(run)),
            _pair(_groups(run, "languages", "By language"), _refusals(run)),
            _groups(run, "documents", "By document"),
            _figures(run),
            _documents(run),
            _misses(run),
        )
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


def _header(run: Mapping[str, Any]) -> str:
    pages = sum(document["pages"] for document in run["documents"])
    facts = [
        f"{run['dataset']['cases']} questions",
        f"{len(run['documents'])} documents, {pages} pages",
        f"mode {run['mode']}",
        f"DocuBot {run['version']}",
        run["created_at"].replace("T", " "),
    ]
    settings = ", ".join(f"{name} {value}" for name, value in run["settings"].items())
    return (
        f'<header><p class="over">Evaluation</p><h1>{escape(run["dataset"]["name"])}</h1>'
        f'<p class="soft">{escape(" · ".join(facts))}<br><code>{escape(settings)}</code></p></header>'
    )


def _tiles(figures: Mapping[str, Any]) -> str:
    tiles = "".join(
        f'<div class="tile"><dt>{escape(MEASURES[name].label)}</dt><dd class="big">{written(name, found["value"])}</dd>'
        f'<dd class="range">{interval(name, found)}</dd></div>'
        for name in _TILES
        if (found := figures.get(name))
    )
    return f'<dl class="tiles">{tiles}</dl>'


def _retrieval(run: Mapping[str, Any]) -> str:
    figures = run["figures"]["overall"]
    points = [
        Dot(f"first {k}", found["value"], found["low"], found["high"], written(f"page_recall@{k}", found["value"]))
        for k in AT
        if (found := figures.get(f"page_recall@{k}"))
    ]
    if not points:
        return ""
    return _section("Finding the evidence", _NOTES["retrieval"], curve("Share of questions by depth", points))


def _latency(run: Mapping[str, Any]) -> str:
    times = [outcome.milliseconds for _, outcome in cases_of(run) if outcome.error is None]
    figures = run["figures"]["overall"]
    marks = [
        (figures[name]["value"], f"{text} {written(name, figures[name]['value'])}")
        for name, text in (("latency_p50", "median"), ("latency_p95", "95%"))
        if name in figures
    ]
    if not times or not marks:
        return ""
    return _section("How long it takes", _NOTES["latency"], histogram("Milliseconds of an answer", times, marks))


def _groups(run: Mapping[str, Any], group: str, heading: str) -> str:
    groups = run["figures"][group]
    name = next((name for name in _GROUPED if any(name in found for found in groups.values())), None)
    if name is None or len(groups) < 2:
        return ""
    rows = [
        Dot(key or "unknown", found["value"], found["low"], found["high"], written(name, found["value"]))
        for key, figures in groups.items()
        if (found := figures.get(name))
    ]
    rows = sorted(rows, key=lambda row: row.value)[:_MOST_ROWS]
    left_out = f" The {_MOST_ROWS} lowest of {len(groups)}." if len(groups) > _MOST_ROWS else ""
    plot = dots(f"{MEASURES[name].label}, {heading.lower()}", rows, wide=group == "documents")
    return _section(heading, f"{MEASURES[name].label}, with 95% intervals.{left_out}", plot)


def _refusals(run: Mapping[str, Any]) -> str:
    counts = {(told, kept): 0 for told in (True, False) for kept in (True, False)}
    for case, outcome in cases_of(run):
        if outcome.error is None:
            counts[case.answerable, outcome.refused] += 1
    if not counts[False, True] + counts[False, False]:
        return ""
    rows = "".join(
        f"<tr><td>{name}</td>"
        f'<td class="{"right" if told else "wrong"}">{counts[told, False]}</td>'
        f'<td class="{"wrong" if told else "right"}">{counts[told, True]}</td></tr>'
        for told, name in ((True, "Answerable"), (False, "Unanswerable"))
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("", "answered", "refused"))
    table = f'<table class="matrix"><tr>{heads}</tr>{rows}</table>'
    return _section("Knowing when to refuse", _NOTES["refusal"], table)


def _changes(run: Mapping[str, Any]) -> str:
    if not run["changes"]:
        return ""
    shares = [change for change in run["changes"] if MEASURES[change["measure"]].unit == "share"]
    reach = max((abs(change[side]) for change in shares for side in ("low", "high")), default=0.0) or 0.01
    tones = {"better": "good", "worse": "bad", "same": "quiet"}
    rows = []
    for change in shares:
        value, low, high = (0.5 + change[side] / reach / 2 for side in ("delta", "low", "high"))
        name = change["measure"]
        rows.append(Dot(name, value, low, high, signed(name, change["delta"]), tones[change["verdict"]]))
    ticks = [(0.0, f"−{reach:.0%}"), (0.5, "no change"), (1.0, f"+{reach:.0%}")]
    table = _table(
        ("Figure", "Before", "After", "Difference", "95% interval", "p", ""),
        (
            (
                escape(MEASURES[name := change["measure"]].label),
                written(name, change["before"]),
                written(name, change["after"]),
                signed(name, change["delta"]),
                interval(name, change),
                f"{change['p']:.3f}",
                "" if change["verdict"] == "same" else f'<span class="{change["verdict"]}">{change["verdict"]}</span>',
            )
            for change in run["changes"]
        ),
    )
    plot = dots("Differences between the two runs", rows, 0.5, ticks, wide=True) if rows else ""
    return _section(f"Since {run['compared_with']}", _NOTES["changes"], plot + table)


def _figures(run: Mapping[str, Any]) -> str:
    figures = run["figures"]["overall"]
    rows = (
        (
            f"{escape(measure.label)} <code>{name}</code>",
            written(name, found["value"]),
            interval(name, found),
            str(found["cases"]),
        )
        for name, measure in MEASURES.items()
        if (found := figures.get(name))
    )
    return _section("All figures", "", _table(("Figure", "Value", "95% interval", "Cases"), rows))


def _documents(run: Mapping[str, Any]) -> str:
    failed = [document for document in run["documents"] if document["document_id"] is None]
    rows = ((escape(item["name"]), escape(item["status"]), escape(item["error"] or "")) for item in failed)
    note = "Questions about them count as missed."
    return _section("Documents that could not be read", note, _table(("File", "Status", "Why"), rows)) if failed else ""


def _misses(run: Mapping[str, Any]) -> str:
    found, total = misses(run)
    return _section(f"Questions to look at ({total})", _NOTES["misses"], found) if total else ""


def _section(heading: str, note: str, body: str) -> str:
    said = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(heading)}</h2>{said}{body}</section>"


def _pair(*sections: str) -> str:
    return f'<div class="pair">{"".join(sections)}</div>' if any(sections) else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML."""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{top}</tr>{body}</table></div>'
