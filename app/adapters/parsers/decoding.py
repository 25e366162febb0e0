"""Text files of any encoding, decoded as a stream of tidy lines."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import charset_normalizer

from app.logic.tidy import tidy
from app.models.domain import ParseWarning

_SAMPLE = 1 << 17
_PIECE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def warning(encoding: str) -> ParseWarning:
    """For a guess."""
    return ParseWarning("guessed_encoding", f"The file is not in UTF-8; it was read as {encoding}.")


def find_encoding(path: Path) -> tuple[str, bool]:
    """The file's encoding, and whether that is a guess."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        for mark, encoding in _BOMS:
            if sample.startswith(mark):
                return encoding, False
        file.seek(0)
        if b"\0" not in sample and _is_utf8(file):
            return "utf-8", False
    best = charset_normalizer.from_bytes(sample).best()
    return (best.encoding if best else "cp1252"), True


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """NFC lines without control characters, each with its "\\n"; a line longer than a piece comes in several."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    left = ""
    while piece := file.read(_PIECE):
        *lines, left = _unified(left + decoder.decode(piece)).split("\n")
        yield from (tidy(line) + "\n" for line in lines)
        if len(left) > _PIECE:
            yield tidy(left)
            left = ""
    if left := left + decoder.decode(b"", True):
        yield tidy(_unified(left))


def _unified(text: str) -> str:
    held = text.endswith("\r")  # its "\n" may be at the beginning of the next piece
    return text[: len(text) - held].replace("\r\n", "\n").replace("\r", "\n") + "\r" * held
