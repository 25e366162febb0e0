"""What commands print: JSON for programs, columns for people, lines with tabs where nobody looks."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Most = Annotated[int, typer.Option("--limit", min=1, help="How many at most.")]


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns on a terminal; elsewhere one line a row, its cells between tabs, without heads."""
    cells = [[plain("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            typer.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(*heads, box=SIMPLE_HEAD)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_fields(value: dict[str, Any]) -> None:
    """One `name: value` a line; nested values as JSON."""
    for name, field in value.items():
        text = field if isinstance(field, str) else json.dumps(field, ensure_ascii=False)
        typer.echo(f"{name}: {plain(text)}")


def plain(text: str) -> str:
    """Without control characters: what stands in a document must not steer the terminal that shows it."""
    return "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) != "Cc")
