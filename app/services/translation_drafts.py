"""What a document is translated from, and how its file is written: from its stored text, or from the file itself."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from app.core.errors import OutputNotPossible, UnreadableDocument
from app.db.versions import Version
from app.logic import translation_languages as languages
from app.logic.containers import DOCX, PPTX
from app.logic.mediatype import SUPPORTED
from app.logic.translation_outputs import Said, Sheet, aligned, to_bilingual_html, to_html, to_markdown
from app.logic.translation_pages import Piece, outline, segments
from app.logic.translation_signs import cut_unit, plain
from app.models.domain import BlockKind, Page, Source
from app.models.originals import Misfit, Setting, Unit
from app.models.translation import (
    AlignedBlock,
    AlignedCell,
    AlignedPage,
    DocumentTranslation,
    Done,
    FailedSegment,
    Outcome,
    Output,
    Segment,
    Template,
)
from app.ports import BlobStore, Compute, Parser

_WRITERS: Mapping[str, tuple[Callable[[Sheet], str], str, str]] = {
    "markdown": (to_markdown, ".md", "text/markdown; charset=utf-8"),
    "html": (to_html, ".html", "text/html; charset=utf-8"),
    "bilingual_html": (to_bilingual_html, ".bilingual.html", "text/html; charset=utf-8"),
}
_OWN: Mapping[str, str] = {"docx": DOCX, "pptx": PPTX, "pdf": "application/pdf"}
"""Forms that a document keeps, by what it must be."""


class Draft(Protocol):
    @property
    def found(self) -> Sequence[tuple[int | None, Segment]]:
        """Every segment in order, with its page."""
        ...

    def written(self, done: Sequence[Done]) -> AsyncGenerator[bytes]:
        """The file in pieces. Afterwards `unplaced` tells what is not in it."""
        ...

    async def beside(self, done: Sequence[Done]) -> Sequence[AlignedPage]:
        """Source and translation as plain text."""
        ...

    @property
    def unplaced(self) -> Sequence[FailedSegment]: ...


class TranslationDrafts:
    def __init__(self, blobs: BlobStore, parser: Parser, compute: Compute) -> None:
        self._blobs, self._parser, self._compute = blobs, parser, compute

    def form(self, version: Version, output: Output, target: str) -> tuple[str, str]:
        """Ending and media type of the file that there would be. Raises OutputNotPossible, FontMissing."""
        form = form_of(version, output)
        if output in _OWN:
            self._parser.check_writable(version.media_type, _setting(target))
        return form

    async def open(self, asked: DocumentTranslation, version: Version, pages: Sequence[Page]) -> Draft:
        """Raises OutputNotPossible, FontMissing, UnreadableDocument and what parsing raises."""
        if asked.output not in _OWN:
            pieces: Sequence[Piece] = await self._compute.run(outline, pages)
            return _Outline(self._compute, asked, version, pieces)
        form_of(version, asked.output)
        try:
            path = await self._blobs.local_path(version.sha256)
        except FileNotFoundError:
            raise UnreadableDocument("The stored file is missing from the data folder. Upload it again.") from None
        return await self.of_file(Source(path, version.media_type, version.filename, version.password), asked.target)

    async def of_file(self, source: Source, target: str) -> Draft:
        """A file that stays of its kind: docx, pptx or pdf. Raises FontMissing, and what parsing raises."""
        self._parser.check_writable(source.media_type, _setting(target))  # before anything is paid for
        units = await self._parser.units(source)
        templates = await self._compute.run(_cut, [unit.text for unit in units])
        return _Original(self._parser, source, target, units, templates)


def form_of(version: Version, output: Output) -> tuple[str, str]:
    """Ending and media type of a version's translation in that form. Raises OutputNotPossible."""
    if output not in _OWN:
        _, ending, media_type = _WRITERS[output]
        return ending, media_type
    if version.media_type != _OWN[output]:
        own = next((name for name, media_type in _OWN.items() if media_type == version.media_type), None)
        others = ", ".join([*_WRITERS, *([own] if own else [])])
        raise OutputNotPossible(
            f"`{output}` is for {SUPPORTED[_OWN[output]]} documents, and this one is "
            f"{SUPPORTED.get(version.media_type, version.media_type)}. Ask for {others}."
        )
    return PurePath(version.filename).suffix or f".{output}", version.media_type


def _setting(target: str) -> Setting:
    return Setting(target, languages.right_to_left(target))


def _cut(texts: Sequence[str]) -> list[Template]:
    return [cut_unit(text) for text in texts]


class _Outline:
    """From the stored text, into a form of ours."""

    unplaced: Sequence[FailedSegment] = ()

    def __init__(self, compute: Compute, asked: DocumentTranslation, version: Version, pieces: Sequence[Piece]) -> None:
        self._compute, self._asked, self._version, self._pieces = compute, asked, version, pieces
        self.found = segments(pieces)

    async def written(self, done: Sequence[Done]) -> AsyncGenerator[bytes]:
        yield (await self._compute.run(_WRITERS[self._asked.output][0], self._sheet(done))).encode()

    async def beside(self, done: Sequence[Done]) -> Sequence[AlignedPage]:
        return await self._compute.run(aligned, self._sheet(done))

    def _sheet(self, done: Sequence[Done]) -> Sheet:
        return Sheet(
            pieces=tuple(self._pieces),
            said={item.index: Said(item.text, item.outcome is Outcome.FAILED) for item in done},
            title=self._version.title or self._version.filename,
            source=source_of(self._asked, self._version),
            target=self._asked.target,
        )


@dataclass
class _Original:
    """From the file, into a file of the same kind."""

    parser: Parser
    source: Source
    target: str
    units: Sequence[Unit]
    templates: Sequence[Template]
    unplaced: list[FailedSegment] = field(default_factory=list)

    found: Sequence[tuple[int | None, Segment]] = ()

    def __post_init__(self) -> None:
        self.found = [
            (unit.page, piece)
            for unit, template in zip(self.units, self.templates, strict=True)
            for piece in template.segments
        ]

    async def written(self, done: Sequence[Done]) -> AsyncGenerator[bytes]:
        texts, firsts = await asyncio.to_thread(self._texts, done)
        async with aclosing(self.parser.rewrite(self.source, texts, _setting(self.target))) as events:
            async for event in events:
                if isinstance(event, Misfit):
                    if event.unit in texts:
                        text = plain(texts[event.unit])
                        page = self.units[event.unit].page
                        self.unplaced.append(FailedSegment(firsts[event.unit], page, text, event.reason))
                else:
                    yield event

    async def beside(self, done: Sequence[Done]) -> Sequence[AlignedPage]:
        return await asyncio.to_thread(self._beside, done)

    def _beside(self, done: Sequence[Done]) -> list[AlignedPage]:
        found: dict[int, list[AlignedBlock]] = {}
        said = iter(done)
        for unit, template in zip(self.units, self.templates, strict=True):
            target, failed = "", False
            for part in template.parts:
                if isinstance(part, str):
                    target += part
                else:
                    item = next(said)
                    target += item.text
                    failed = failed or item.outcome is Outcome.FAILED
            cell = AlignedCell(plain(unit.text), plain(target), failed)
            found.setdefault(unit.page or 1, []).append(AlignedBlock(BlockKind.TEXT, ((cell,),)))
        return [AlignedPage(number, tuple(blocks)) for number, blocks in sorted(found.items())]

    def _texts(self, done: Sequence[Done]) -> tuple[dict[int, str], list[int]]:
        """Texts of the units that changed, and the index of each unit's first segment."""
        texts: dict[int, str] = {}
        firsts: list[int] = []
        at = 0
        for number, (unit, template) in enumerate(zip(self.units, self.templates, strict=True)):
            firsts.append(at)
            said = ""
            for part in template.parts:
                if isinstance(part, str):
                    said += part
                else:
                    said += done[at].text
                    at += 1
            if said != unit.text:
                texts[number] = said
        return texts, firsts


def source_of(asked: DocumentTranslation, version: Version) -> str | None:
    """The language asked for, or the document's own where it is known."""
    return asked.source or (None if version.language is None else languages.known(version.language))
