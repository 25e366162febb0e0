"""Web pages (HTML) of any encoding. Units are sections under headings."""

import codecs
import re
from collections.abc import Iterator

from app.adapters.parsers.decoding import find_encoding, lines, warning
from app.adapters.parsers.markup import parse
from app.core.errors import DocumentTooLarge, EmptyFile
from app.logic.flow import first_heading, units
from app.models.domain import DocumentInfo, ParseEvent, Source

_LARGEST = 64 << 20
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_WITHIN = 4096


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises EmptyFile, DocumentTooLarge."""
    if source.path.stat().st_size > _LARGEST:
        raise DocumentTooLarge(f"Web pages of more than {_LARGEST >> 20} MB are not read. Split it.")
    encoding, guessed = find_encoding(source.path)
    if guessed and (declared := _declared(source)):
        encoding, guessed = declared, False
    with source.path.open("rb") as file:
        title, elements = parse("".join(lines(file, encoding)))
    pages = list(units(elements))
    if not pages:
        raise EmptyFile("The page shows no text; perhaps a script writes it. Save it as PDF, and upload that.")
    yield DocumentInfo(len(pages), "html", title or first_heading(pages), {"encoding": encoding})
    if guessed:
        yield warning(encoding)
    yield from pages


def _declared(source: Source) -> str | None:
    """The encoding that the page names, if there is one of that name."""
    with source.path.open("rb") as file:
        match = _DECLARED.search(file.read(_DECLARED_WITHIN))
    if match is None:
        return None
    name = match.group(1).decode("ascii", "replace")
    try:
        "".encode(name)  # refuses names like "hex", which are no encodings of text
    except LookupError:
        return None
    return codecs.lookup(name).name
