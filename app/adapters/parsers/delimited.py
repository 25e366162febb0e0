"""Delimited files (CSV, TSV) of any encoding and dialect, streamed: a unit is up to a hundred whole records."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from app.adapters.parsers.decoding import find_encoding, lines, warning
from app.core.errors import EmptyFile, UnreadableDocument
from app.logic.delimiters import declared, delimiter
from app.logic.flow import unit
from app.logic.grid import ROWS, Row, stretches
from app.models.domain import DocumentInfo, Locator, ParseEvent, Source

_SAMPLE_LINES = 60
_FIELD_CHARACTERS = 1 << 20
_PIECE = 1 << 20


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo (its count is an estimate), then the records. Raises EmptyFile, UnreadableDocument."""
    encoding, guessed = find_encoding(source.path)
    yield DocumentInfo(_estimate(source.path), "csv", metadata={"encoding": encoding})
    if guessed:
        yield warning(encoding)
    number = 0
    with source.path.open("rb") as file, _damage():
        rows = _rows(lines(file, encoding), tabs=source.media_type == "text/tab-separated-values")
        for number, stretch in enumerate(stretches(rows), 1):
            locator = Locator("rows", f"{stretch.first}-{stretch.last}")
            yield unit(number, stretch.elements, locator)
    if not number:
        raise EmptyFile("The file holds no text. Check that it was saved, and upload it again.")


def _rows(text: Iterator[str], *, tabs: bool) -> Iterator[Row]:
    sample = list(islice(text, _SAMPLE_LINES))
    said = declared(sample[0]) if sample else None
    mark = said or ("\t" if tabs else delimiter(sample))
    csv.field_size_limit(_FIELD_CHARACTERS)
    records = csv.reader(chain(sample[said is not None :], text), delimiter=mark)
    for number, record in enumerate(records, 1):
        cells = (" ".join(cell.split("\n")).strip() for cell in record)
        yield Row(number, {column: cell for column, cell in enumerate(cells, 1) if cell})


def _estimate(path: Path) -> int:
    with path.open("rb") as file:
        return 1 + sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b"")) // ROWS


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise UnreadableDocument("The file is no table: a quotation mark is opened and never closed.") from error
