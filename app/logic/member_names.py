"""Names of files in a ZIP: of any encoding, of any system, and perhaps of an attacker; made fit to be shown.

Nothing is ever written under them: bytes are stored under their hash.
"""

import re
import struct
import zlib

from app.logic.filenames import UNNAMED, clean_filename

_UTF8_FLAG = 0x800  # APPNOTE 4.4.4, bit 11
_UNICODE_PATH = 0x7075  # APPNOTE 4.6.9
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.(?!\.?(?:/|$))|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_LONGEST = 1024
_NOWHERE = frozenset({"", ".", "..", UNNAMED})


def raw_name(shown: str, flags: int, extra: bytes, guessed: str) -> str:
    """The name as it was meant. `shown` is what the standard library made of it: UTF-8, or else code page 437."""
    if flags & _UTF8_FLAG:
        return shown
    given = shown.encode("cp437", "replace")
    told = _unicode_path(extra, given)
    if told is not None:
        return told
    return given.decode(guessed, "replace")


def _unicode_path(extra: bytes, given: bytes) -> str | None:
    """Info-ZIP's field with the name in UTF-8, if it belongs to this name."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        content = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(content) > 5 and content[1:5] == struct.pack("<I", zlib.crc32(given)):
            return content[5:].decode("utf-8", "replace")
        at += 4 + size
    return None


def member_path(name: str) -> str:
    """`folder/file.pdf` without drives, roots, ways upwards and control characters; never empty."""
    parts = [clean_filename(part) for part in re.split(r"[/\\]", name.split("\0")[0])]
    kept = [part for part in parts if part not in _NOWHERE and not re.fullmatch(r"[A-Za-z]:", part)]
    path = "/".join(kept) or UNNAMED
    return path if len(path) <= _LONGEST else kept[-1]


def is_litter(name: str) -> bool:
    """What systems put into archives by themselves, and what is hidden."""
    return bool(_LITTER.search(name.replace("\\", "/")))
