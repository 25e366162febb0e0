"""The parser that the application sees: every document is read in a child process that may die without harm."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.desk import GeometryDesk
from app.adapters.parsers.frames import decode_event, encode_source
from app.adapters.parsers.originals.font_files import font_files
from app.adapters.parsers.process import Child, Nursery
from app.adapters.parsers.rewriter import Rewriter
from app.adapters.parsers.unpacker import unpack
from app.core.errors import DocumentTooLarge, UnsupportedMediaType
from app.logic import translation_languages as languages
from app.logic.mediatype import PICTURES
from app.models.archives import ArchiveLimits, MemberEvent
from app.models.domain import Box, DocumentInfo, OcrProgress, OcrRules, Page, ParseEvent, Source
from app.models.originals import Setting, Unit, WriteEvent
from app.models.pictures import WrittenPage

_PDF = "application/pdf"
_DRAWN = frozenset({_PDF, *PICTURES})


class Budget:
    """What one document has cost, against its limits; counted here, as a child that went astray counts as it likes."""

    def __init__(self, limits: ParseLimits, ocr_pages: int) -> None:
        self._limits = limits
        self._most_ocr_pages = ocr_pages
        self._ocr_pages = 0
        self._waited = self._last = 0.0
        self._pages = self._characters = 0

    async def wait(self, child: Child) -> dict[str, Any]:
        """The child's next message. Raises ParserTimeout."""
        began = time.monotonic()
        message, _ = await child.receive(min(self._limits.page_seconds, self._limits.seconds - self._waited))
        self._last = time.monotonic() - began
        self._waited += self._last
        return message

    def forgive(self) -> None:
        """OCR takes its seconds a page: these are bounded by the longest silence and the most pages, not by a sum."""
        self._ocr_pages += 1
        if self._ocr_pages <= self._most_ocr_pages:
            self._waited -= self._last

    def count(self, event: ParseEvent) -> ParseEvent:
        """The event itself. Raises DocumentTooLarge."""
        if isinstance(event, Page):
            self._pages += 1
            self._characters += len(event.text)
        pages = event.page_count if isinstance(event, DocumentInfo) else self._pages
        if pages > self._limits.pages:
            raise DocumentTooLarge(f"The document claims {pages} pages; at most {self._limits.pages} are read.")
        if self._characters > self._limits.characters:
            raise DocumentTooLarge(f"The document holds more than {self._limits.characters} characters of text.")
        return event


class SandboxParser:
    """`app.ports.Parser` over child processes.

    A document gets a process of its own, which ends with it. Boxes and page images come from two that live on, so that
    a picture never holds up an answer.
    """

    def __init__(
        self, limits: ParseLimits | None = None, *, pdf_parser: str = "pdfium", ocr: OcrRules | None = None
    ) -> None:
        self._limits = limits or ParseLimits()
        self._ocr = ocr or OcrRules()
        self._pdf_parser = pdf_parser
        self._nursery = Nursery(self._limits)
        self._rewriter = Rewriter(self._nursery, self._limits)
        self._boxes = GeometryDesk(self._nursery, self._limits, pdf_parser)
        self._pictures = GeometryDesk(self._nursery, self._limits, pdf_parser)

    async def start(self) -> None:
        """Load the libraries now, not with the first document: some 300 ms. Not needed, but kind to who comes first."""
        await self._nursery.start()

    async def parse(self, source: Source) -> AsyncGenerator[ParseEvent]:
        """One DocumentInfo first, then pages in order, warnings between. Raises DocumentError's subclasses."""
        budget = Budget(self._limits, self._ocr.pages)
        child = await self._nursery.child(b"P")
        try:
            await child.send(self._request(source))
            while (message := await budget.wait(child)).get("is") != "end":
                event = decode_event(message)
                if isinstance(event, OcrProgress):
                    budget.forgive()
                else:
                    yield budget.count(event)
        finally:
            await child.kill()

    def _request(self, source: Source) -> dict[str, Any]:
        reader = self._pdf_parser if source.media_type == _PDF else None
        rules = self._ocr if source.ocr.pages else replace(self._ocr, pages=0)  # a dry run wants none
        return {**encode_source(replace(source, ocr=rules)), "reader": reader}

    def unpack(self, source: Source, bounds: ArchiveLimits) -> AsyncGenerator[MemberEvent]:
        """The files of a ZIP: a Member, its bytes in pieces, a MemberEnd. Raises DocumentError's subclasses."""
        return unpack(self._nursery, self._limits, source, bounds)

    def check_writable(self, media_type: str, setting: Setting) -> None:
        """Raises FontMissing: only PDFs carry the fonts that they are set in."""
        if media_type == _PDF:
            font_files(setting.language, languages.scripts(setting.language))

    async def units(self, source: Source) -> list[Unit]:
        """Paragraphs of a file that can stay in its format. Raises DocumentError's subclasses."""
        return await self._rewriter.units(source)

    def rewrite(self, source: Source, texts: Mapping[int, str], setting: Setting) -> AsyncGenerator[WriteEvent]:
        """The file with other texts. Raises DocumentError's subclasses."""
        return self._rewriter.rewrite(source, texts, setting)

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        """For each (page, start, end) in stored page text: boxes merged by line, in points of the shown page."""
        if source.media_type != _PDF or not spans:
            return [()] * len(spans)
        return await self._boxes.boxes(source, spans)

    async def render(
        self,
        source: Source,
        page: int,
        *,
        scale: float,
        highlight: Sequence[Box] = (),
        text: WrittenPage | None = None,
    ) -> bytes:
        """PNG of one page; `scale` 1.0 is 72 dpi. Raises PageNotFound, UnsupportedMediaType and DocumentErrors."""
        drawn = source.media_type in _DRAWN
        if not drawn and text is None:
            raise UnsupportedMediaType("Only pages of PDFs and pictures can be drawn.")
        return await self._pictures.render(source, page, scale, highlight, None if drawn else text)

    async def close(self) -> None:
        """End every child."""
        await self._boxes.close()
        await self._pictures.close()
        await self._nursery.close()
