"""XML read as a stream, in constant memory. Entities that a file declares are refused: they only serve to explode."""

from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from app.adapters.parsers.archive import damage
from app.core.errors import UnreadableDocument

_PIECE = 1 << 16
DEPTH = 500
"""Elements within elements, at most."""


class Handler(Protocol):
    """What happens at each element; names come without their prefixes."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def stream(file: Readable, handler: Handler, encoding: str | None = None) -> Iterator[None]:
    """Feed the file to the handler, and yield after each piece, so that the caller can pass on what was found.

    `encoding` goes before the one that the file declares.
    Raises UnreadableDocument for what is not well formed, declares entities, or is nested too deeply.
    """
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise UnreadableDocument(f"The file is nested more than {DEPTH} levels deep.")
        handler.start(name[name.find(":") + 1 :], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name[name.find(":") + 1 :])

    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = _refuse
    with damage():
        while piece := file.read(_PIECE):
            _feed(parser, piece)
            yield
        _feed(parser, b"", final=True)
        yield


def _feed(parser: expat.XMLParserType, piece: bytes, *, final: bool = False) -> None:
    try:
        parser.Parse(piece, final)
    except expat.ExpatError as error:
        raise UnreadableDocument(f"The file's XML is not well formed, line {error.lineno}.") from error


def _refuse(*_: object) -> None:
    raise UnreadableDocument("The file declares XML entities, which are not read. Save it without them.")
