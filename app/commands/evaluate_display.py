"""What `docubot eval` shows: bars while it works, then the figures."""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from app.commands.printing import plain, print_table

if TYPE_CHECKING:
    from app.evaluation.runner import Read, Reading

_GROUPS = ("languages", "documents")
_BY_GROUP = ("page_recall@1", "page_recall@5", "mrr@10", "answer_contains", "citation_precision", "refusal_f1")
"""Columns of the tables by language and by document."""
_ROWS = 40


class Display:
    """Bars on the error output; where nobody looks, a line for each document that failed, and no more."""

    def __init__(self, documents: int, cases: int) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        hidden = not sys.stderr.isatty()
        self._progress = Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True)
        self._documents = self._progress.add_task("reading", total=documents)
        self._cases = self._progress.add_task("asking", total=cases)
        self._read = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def document(self, event: "Reading | Read") -> None:
        from app.evaluation.runner import Reading

        if isinstance(event, Reading):
            said = plain(f"{event.name}: {event.stage}")
            self._progress.update(self._documents, description=said, completed=self._read)
            return
        self._read += 1
        self._progress.update(self._documents, description="reading", completed=self._read)
        if event.document_id is None:
            line = plain(f"{event.name}: {event.status}: {event.error or 'no reason is known'}")
            self._progress.console.print(line, markup=False) if sys.stderr.isatty() else typer.echo(line, err=True)

    def asked(self, done: int) -> None:
        self._progress.update(self._cases, completed=done)


def show_figures(run: Mapping[str, Any]) -> None:
    from app.evaluation.metrics import MEASURES
    from app.evaluation.written import interval, written

    figures = run["figures"]["overall"]
    typer.echo(f"{run['dataset']['name']}: {run['dataset']['cases']} questions, {len(run['documents'])} documents")
    print_table(
        ("figure", "value", "95% interval", "cases"),
        (
            (name, written(name, found["value"]), interval(name, found), found["cases"])
            for name in MEASURES
            if (found := figures.get(name))
        ),
    )
    for group in _GROUPS:
        rows = run["figures"][group]
        if 1 < len(rows) <= _ROWS:
            columns = [name for name in _BY_GROUP if any(name in found for found in rows.values())]
            cells = (
                (key or "unknown", *(written(name, found[name]["value"]) if name in found else "" for name in columns))
                for key, found in rows.items()
            )
            print_table((group.removesuffix("s"), *columns), cells)


def show_changes(run: Mapping[str, Any]) -> None:
    from app.evaluation.written import interval, signed, written

    if not run["changes"]:
        return
    typer.echo(f"Compared with {run['compared_with']} (p after Holm's correction):")
    print_table(
        ("figure", "before", "after", "difference", "95% interval", "p", ""),
        (
            (
                name := change["measure"],
                written(name, change["before"]),
                written(name, change["after"]),
                signed(name, change["delta"]),
                interval(name, change),
                f"{change['p']:.3f}",
                "" if change["verdict"] == "same" else change["verdict"],
            )
            for change in run["changes"]
        ),
    )
