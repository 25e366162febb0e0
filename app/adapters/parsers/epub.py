"""E-books (EPUB): the chapters in the order of the spine, each cut into sections under its headings."""

import posixpath
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import unquote

from app.adapters.parsers.archive import Archive
from app.adapters.parsers.markup import parse
from app.adapters.parsers.xml_events import Handler, stream
from app.core.errors import EmptyFile, PasswordRequired, UnreadableDocument
from app.logic.flow import Element, units
from app.logic.tidy import one_line
from app.models.domain import DocumentInfo, ParseEvent, Source

_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/rights.xml"
_CHAPTERS = frozenset({"application/xhtml+xml", "text/html"})
_SELF_CLOSED = re.compile(r"<(a|b|div|em|i|iframe|p|script|span|strong|style|td|th|title)\b([^<>]*)/>", re.IGNORECASE)


class _Container:
    """Where the package document is."""

    def __init__(self) -> None:
        self.package: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rootfile" and self.package is None:
            self.package = attributes.get("full-path")

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class _Package:
    """The book's title, its chapters and their order."""

    def __init__(self) -> None:
        self.title = ""
        self.spine: list[str] = []
        self.chapters: dict[str, str] = {}
        self._in_title = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "item" and attributes.get("media-type") in _CHAPTERS:
            self.chapters[attributes.get("id", "")] = unquote(attributes.get("href", ""))
        elif name == "itemref":
            self.spine.append(attributes.get("idref", ""))
        self._in_title = name == "title" and not self.title

    def text(self, data: str) -> None:
        self.title += data if self._in_title else ""

    def end(self, name: str) -> None:
        self._in_title = False


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises DocumentError's subclasses."""
    archive = Archive(source.path)
    if _RIGHTS in archive.names:
        raise PasswordRequired("The book is protected by its seller. Upload a copy without that protection.")
    container, package = _Container(), _Package()
    _follow(archive, _CONTAINER, container)
    if container.package is None:
        raise UnreadableDocument("The book does not say what belongs to it.")
    _follow(archive, container.package, package)
    folder = posixpath.dirname(container.package)
    parts = [posixpath.normpath(posixpath.join(folder, package.chapters.get(one, ""))) for one in package.spine]
    pages = list(units(chain.from_iterable(_chapter(archive, part) for part in parts if part in archive.names)))
    if not pages:
        raise EmptyFile("The book holds no text.")
    yield DocumentInfo(len(pages), "epub", one_line(package.title) or None)
    yield from pages


def _follow(archive: Archive, part: str, handler: Handler) -> None:
    with archive.open(part) as file:
        for _ in stream(file, handler):
            pass


def _chapter(archive: Archive, part: str) -> Iterator[Element]:
    """XHTML read as HTML, where `<title/>` would go on to the end of the page."""
    html = archive.read(part).decode("utf-8-sig", "replace")
    yield from parse(_SELF_CLOSED.sub(r"<\1\2></\1>", html))[1]
