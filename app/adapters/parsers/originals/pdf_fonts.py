"""Fonts that cover the script of a text: shaped by HarfBuzz, and put into a PDF with the glyphs that are used alone."""

import ctypes
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdf
import uharfbuzz as hb

from app.adapters.parsers.originals.font_files import font_files

_BOLD, _REGULAR = 700, 400
_FEATURES = {"kern": False}
"""Without it most glyphs of a line stand where their widths put them, and are one object."""
_MOST_CODES = 100
_NOTHING = "\u200b"
"""Of a glyph that is only a part of what others say."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """In units of the font's em, from where the glyph before it ended."""

    number: int
    advance: float
    x: float
    y: float


@dataclass(slots=True)
class Face:
    """One font in one weight."""

    path: Path
    bold: bool
    font: Any = None
    face: Any = None
    covered: frozenset[int] = frozenset()
    said: dict[int, str] = field(default_factory=dict)
    """Text by glyph, of those that were used."""
    widths: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.face = hb.Face(hb.Blob.from_file_path(str(self.path)))
        self.font = hb.Font(self.face)
        self.font.set_variations({"wght": self.weight})
        self.covered = frozenset(self.face.unicodes)

    @property
    def weight(self) -> int:
        return _BOLD if self.bold else _REGULAR

    def shape(self, text: str, *, right_to_left: bool, language: str) -> list[Glyph]:
        """Glyphs from left to right."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right_to_left else "ltr"
        buffer.language = language
        hb.shape(self.font, buffer, _FEATURES)
        em = self.face.upem
        self._tell(text, [(info.cluster, info.codepoint) for info in buffer.glyph_infos], right_to_left)
        glyphs = []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            self.widths.setdefault(info.codepoint, self.font.get_glyph_h_advance(info.codepoint) / em)
            glyphs.append(Glyph(info.codepoint, place.x_advance / em, place.x_offset / em, place.y_offset / em))
        return glyphs

    def _tell(self, text: str, shaped: list[tuple[int, int]], right_to_left: bool) -> None:
        """Note what the glyphs say: in a cluster one by one, its last glyph all that is left."""
        logical = shaped[::-1] if right_to_left else shaped
        starts = sorted({cluster for cluster, _ in logical})
        ends = dict(pairwise([*starts, len(text)]))
        for cluster, group in groupby(logical, key=lambda one: one[0]):
            numbers = [number for _, number in group]
            said = text[cluster : ends[cluster]]
            for at, number in enumerate(numbers):
                part = said[at:] if at == len(numbers) - 1 else said[at : at + 1]
                if not self.said.get(number) or self.said[number] == _NOTHING:
                    self.said[number] = part or _NOTHING

    def loaded(self, document: Any, tag: str) -> Any:
        """The font in a document, with the glyphs that were shaped; `tag`, a letter, tells it from the others."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(self.said)
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
        wanted.pin_all_axes_to_default(self.face)
        wanted.pin_axis_location(self.face, "wght", self.weight)
        data = bytes(hb.subset(self.face, wanted).blob.data)
        for encoding in ("utf-16-be", "ascii"):  # readers take fonts of one name for one font
            data = data.replace("Noto".encode(encoding), f"{tag}oto".encode(encoding))
        same = b"".join(number.to_bytes(2, "big") for number in range(max(self.said, default=0) + 1))
        return pdf.FPDFText_LoadCidType2Font(
            document, _array(data), len(data), ctypes.create_string_buffer(self._to_unicode()), _array(same), len(same)
        )

    def _to_unicode(self) -> bytes:
        """A CMap (ISO 32000-2, 9.10.3), so that the text can be searched and copied."""
        pairs = [
            f"<{number:04X}> <{text.encode('utf-16-be').hex().upper()}>" for number, text in self.said.items() if text
        ]
        blocks = [pairs[at : at + _MOST_CODES] for at in range(0, len(pairs), _MOST_CODES)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\n"
            "CMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode()


class FontShelf:
    """The faces for one language, in the order in which they are tried."""

    def __init__(self, language: str, scripts: frozenset[str]) -> None:
        """Raises FontMissing."""
        self.language = language
        self._paths = font_files(language, scripts)
        self._faces: dict[tuple[Path, bool], Face] = {}

    def faces(self, *, bold: bool) -> list[Face]:
        return [self._face(path, bold) for path in self._paths]

    @property
    def used(self) -> list[Face]:
        return [face for face in self._faces.values() if face.said]

    def covers(self, text: str) -> bool:
        return all(
            any(ord(character) in face.covered for face in self.faces(bold=False))
            for character in text
            if not character.isspace() and character.isprintable()
        )

    def _face(self, path: Path, bold: bool) -> Face:
        if (path, bold) not in self._faces:
            self._faces[path, bold] = Face(path, bold)
        return self._faces[path, bold]


def _array(data: bytes) -> Any:
    return (ctypes.c_ubyte * len(data)).from_buffer_copy(data)
