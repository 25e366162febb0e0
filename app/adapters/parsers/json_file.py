"""JSON of any encoding. Units are stretches of records, located by JSONPath."""

import json
from collections.abc import Iterator
from typing import Any

from app.adapters.parsers.decoding import find_encoding, lines, warning
from app.core.errors import DocumentTooLarge, EmptyFile, UnreadableDocument
from app.logic.json_records import json_records
from app.logic.records import by_path, record_units
from app.models.domain import DocumentInfo, ParseEvent, Source

_LARGEST = 64 << 20


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the records. Raises EmptyFile, UnreadableDocument, DocumentTooLarge."""
    if source.path.stat().st_size > _LARGEST:
        raise DocumentTooLarge(f"JSON files of more than {_LARGEST >> 20} MB are not read. Save it as JSON Lines.")
    encoding, guessed = find_encoding(source.path)
    with source.path.open("rb") as file:
        content = "".join(lines(file, encoding))
    try:
        pages = list(record_units(json_records(decoded(content)), by_path))
    except json.JSONDecodeError as error:
        raise UnreadableDocument(f"The file is not JSON: {error.msg}, line {error.lineno}.") from error
    except RecursionError as error:
        raise UnreadableDocument("The file is nested too deeply.") from error
    if not pages:
        raise EmptyFile("The file holds no text. Check that it was saved, and upload it again.")
    yield DocumentInfo(len(pages), "json", metadata={"encoding": encoding})
    if guessed:
        yield warning(encoding)
    yield from pages


def decoded(text: str) -> Any:
    """The value, with its numbers as they are written. Raises JSONDecodeError, RecursionError."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
