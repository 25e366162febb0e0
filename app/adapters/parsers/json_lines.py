"""JSON Lines of any encoding, streamed: every line is a record, and units are located by their numbers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.parsers.decoding import find_encoding, lines, warning
from app.adapters.parsers.json_file import decoded
from app.core.errors import DocumentTooLarge, EmptyFile, UnreadableDocument
from app.logic.json_records import json_records
from app.logic.records import Record, record_units
from app.models.domain import DocumentInfo, Locator, ParseEvent, ParseWarning, Source

_LONGEST = 16 << 20
_SHOWN = 5
_BYTES_A_UNIT = 8000


@dataclass(slots=True)
class _Broken:
    """Lines that are not JSON."""

    first: list[int] = field(default_factory=list)
    count: int = 0
    good: int = 0

    def add(self, number: int) -> None:
        self.count += 1
        if self.count <= _SHOWN:
            self.first.append(number)


def estimate(path: Path) -> int:
    """How many units a file of records makes, more or less."""
    return 1 + path.stat().st_size // _BYTES_A_UNIT


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo (its count is an estimate), then the records. Raises DocumentError's subclasses."""
    encoding, guessed = find_encoding(source.path)
    yield DocumentInfo(estimate(source.path), "jsonl", metadata={"encoding": encoding})
    if guessed:
        yield warning(encoding)
    broken, empty = _Broken(), True
    with source.path.open("rb") as file:
        for page in record_units(_records(lines(file, encoding), broken), _locate):
            empty = False
            yield page
    if broken.count and not broken.good:
        raise UnreadableDocument(f"No line of the file is JSON; the first that is not is line {broken.first[0]}.")
    if empty:
        raise EmptyFile("The file holds no text. Check that it was saved, and upload it again.")
    if broken.count:
        numbers = ", ".join(map(str, broken.first)) + ", …" * (broken.count > _SHOWN)
        yield ParseWarning("unreadable_records", f"Lines that are not JSON were left out: {numbers}.")


def _records(pieces: Iterator[str], broken: _Broken) -> Iterator[Record]:
    for number, line in enumerate(_whole(pieces), 1):
        if not line.strip():
            continue
        try:
            value = decoded(line)
            yield from json_records(value, (f"{number}",))
            broken.good += 1
        except (json.JSONDecodeError, RecursionError):
            broken.add(number)


def _whole(pieces: Iterator[str]) -> Iterator[str]:
    """Lines put together from their pieces. Raises DocumentTooLarge."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length > _LONGEST:
            raise DocumentTooLarge(f"A line of the file has more than {_LONGEST >> 20} million characters.")
        if piece.endswith("\n"):
            yield "".join(held)
            held, length = [], 0
    if held:
        yield "".join(held)


def _locate(first: Record, last: Record) -> Locator:
    one, other = first.path[0], last.path[0]
    return Locator("rows", f"record {one}" if one == other else f"records {one}–{other}")
