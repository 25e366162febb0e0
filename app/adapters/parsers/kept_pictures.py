"""A `Parser` around another that keeps drawn pages on disk, the least recently seen leaving first."""

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from anyio import to_thread

from app.models.archives import ArchiveLimits, MemberEvent
from app.models.domain import Box, ParseEvent, Source
from app.models.originals import Setting, Unit, WriteEvent
from app.models.pictures import WrittenPage
from app.ports import Parser

_ENDING = ".png"


class PictureKeepingParser:
    """One folder per file, named like the stored bytes (by their SHA-256), so that all of it can go with them."""

    def __init__(
        self,
        parser: Parser,
        folder: Path,
        megabytes: int,
        observe: Callable[[int, int], None] = lambda hits, misses: None,
    ) -> None:
        """`observe` is told of each picture: hits and misses, one of them 1."""
        self._observe = observe
        self._parser = parser
        self._folder = folder
        self._limit = megabytes << 20
        self._sizes: OrderedDict[Path, int] = OrderedDict()
        self._total = 0
        for path in sorted(folder.glob(f"*/*{_ENDING}"), key=lambda one: one.stat().st_mtime):
            self._count(path, path.stat().st_size)

    def parse(self, source: Source) -> AsyncIterator[ParseEvent]:
        return self._parser.parse(source)

    def unpack(self, source: Source, bounds: ArchiveLimits) -> AsyncGenerator[MemberEvent]:
        return self._parser.unpack(source, bounds)

    def check_writable(self, media_type: str, setting: Setting) -> None:
        self._parser.check_writable(media_type, setting)

    async def units(self, source: Source) -> list[Unit]:
        return await self._parser.units(source)

    def rewrite(self, source: Source, texts: Mapping[int, str], setting: Setting) -> AsyncGenerator[WriteEvent]:
        return self._parser.rewrite(source, texts, setting)

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        return await self._parser.boxes(source, spans)

    async def render(
        self,
        source: Source,
        page: int,
        *,
        scale: float,
        highlight: Sequence[Box] = (),
        text: WrittenPage | None = None,
    ) -> bytes:
        written = None if text is None else asdict(text)
        what = json.dumps([source.media_type, source.password, page, scale, [list(box) for box in highlight], written])
        path = self._folder / source.path.name / (hashlib.sha256(what.encode()).hexdigest() + _ENDING)
        if path in self._sizes:
            with suppress(FileNotFoundError):
                picture = await to_thread.run_sync(path.read_bytes)
                self._sizes.move_to_end(path)
                self._observe(1, 0)
                return picture
        self._observe(0, 1)
        picture = await self._parser.render(source, page, scale=scale, highlight=highlight, text=text)
        if len(picture) <= self._limit:
            with suppress(OSError):  # a full disk is no reason to show nothing
                await to_thread.run_sync(_write, path, picture)
                self._count(path, len(picture))
            await self._shrink()
        return picture

    async def forget(self, sha256: str) -> None:
        """Remove every picture of a file whose bytes have gone."""
        folder = self._folder / sha256
        for path in [path for path in self._sizes if path.parent == folder]:
            self._total -= self._sizes.pop(path)
        await to_thread.run_sync(lambda: rmtree(folder, ignore_errors=True))

    async def close(self) -> None:
        await self._parser.close()

    def _count(self, path: Path, size: int) -> None:
        self._total += size - self._sizes.pop(path, 0)
        self._sizes[path] = size

    async def _shrink(self) -> None:
        leaving = []
        while self._total > self._limit:
            path, size = self._sizes.popitem(last=False)
            self._total -= size
            leaving.append(path)
        if leaving:
            await to_thread.run_sync(_remove, leaving)


def _write(path: Path, picture: bytes) -> None:
    """Whole or not at all: what is read has its final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{uuid4().hex}.part")
    try:
        temporary.write_bytes(picture)
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()  # only when it was the last
