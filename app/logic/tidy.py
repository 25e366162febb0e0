"""Text as it is stored: NFC, without control characters and marks that turn the direction of what follows."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[ \t]+")
_AROUND_BREAKS = re.compile(r" ?\n ?")


def tidy(line: str) -> str:
    """One line (or lines with "\\n") in NFC; tabs and line breaks stay, other control characters go."""
    return unicodedata.normalize("NFC", _CONTROLS.sub("", line))


def paragraph(text: str) -> str:
    """A paragraph of a format that has paragraphs: runs of blanks become one, line breaks stay, ends are trimmed."""
    return _AROUND_BREAKS.sub("\n", _BLANKS.sub(" ", tidy(_ENDS.sub("\n", text)))).strip()


def one_line(text: str) -> str:
    """A heading, a table's cell, a name: a paragraph on one line."""
    return " ".join(paragraph(text).split("\n"))
