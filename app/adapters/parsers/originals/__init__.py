"""Documents written again in their own format, with other text: one file per format. All runs in a confined child.

Each module has a class `Original(source)`: `units()` takes the text out, `write(texts, setting, put)` gives the file
with other text, through `put` in pieces. Units are numbered in their order; the same file has the same ones each time.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Protocol

from app.logic.containers import DOCX, PPTX
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit

ORIGINALS = {DOCX: "word", PPTX: "slides", "application/pdf": "pdf"}
"""Module by media type."""


class Original(Protocol):
    def units(self) -> Iterable[Unit]:
        """Those that hold words. Raises DocumentError's subclasses."""
        ...

    def write(self, texts: Mapping[int, str], setting: Setting, put: Callable[[bytes], None]) -> Iterable[Misfit]:
        """The file with these units' texts in place of theirs; the others stay as they are."""
        ...


def load(media_type: str) -> Callable[[Source], Original]:
    made: Callable[[Source], Original] = import_module(f"{__name__}.{ORIGINALS[media_type]}").Original
    return made
