"""Rich text (RTF), also of other alphabets' code pages. Units are sections under headings."""

from collections.abc import Iterator

from app.core.errors import DocumentTooLarge, EmptyFile, UnreadableDocument
from app.logic.flow import first_heading, units
from app.logic.rtf import NestedTooDeeply, RtfReader
from app.logic.tidy import one_line
from app.models.domain import DocumentInfo, ParseEvent, Source

_LARGEST = 128 << 20


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises EmptyFile, UnreadableDocument, DocumentTooLarge."""
    if source.path.stat().st_size > _LARGEST:
        raise DocumentTooLarge(f"RTF files of more than {_LARGEST >> 20} MB are not read. Split it.")
    reader = RtfReader(source.path.read_bytes())
    try:
        pages = list(units(reader.elements()))
    except NestedTooDeeply as error:
        raise UnreadableDocument("The file is nested too deeply.") from error
    if not pages:
        raise EmptyFile("The document holds no text. Check that it was saved, and upload it again.")
    yield DocumentInfo(len(pages), "rtf", one_line(reader.title) or first_heading(pages))
    yield from pages
