"""Names of uploaded files: what a browser, a script or an attacker sends, made fit to be shown and stored.

Names are only ever shown; bytes are stored under their hash.
"""

import re
import unicodedata

MAX_BYTES = 255
UNNAMED = "unnamed"
_MAX_SUFFIX = 16
# Overrides of writing direction make "fdp.exe" look like "exe.pdf". Joiners stay: Persian, Hindi and emoji need them.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean_filename(raw: str) -> str:
    """The base name in NFC without control characters, at most 255 bytes in UTF-8, never empty."""
    base = re.split(r"[/\\]", _unmangled(raw))[-1]
    kept = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"))
    name = unicodedata.normalize("NFC", _DIRECTION.sub("", kept)).strip()
    return UNNAMED if name in ("", ".", "..") else _fitted(name)


def _unmangled(raw: str) -> str:
    """Undo UTF-8 that was read as Latin-1 on its way ("rÃ©sumÃ©.pdf"): other text is hardly ever valid UTF-8 so."""
    if raw.isascii():
        return raw
    try:
        return raw.encode("latin-1").decode()
    except ValueError:
        return raw


def _fitted(name: str) -> str:
    """Cut the stem, keep the extension, never split a character."""
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    ending = f"{dot}{suffix}" if stem and len(suffix.encode()) <= _MAX_SUFFIX else ""
    room = MAX_BYTES - len(ending.encode())
    return (stem if ending else name).encode()[:room].decode(errors="ignore").rstrip() + ending
