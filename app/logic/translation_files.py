"""Which files are translated while the client waits, and whether one is what its name says."""

from collections.abc import Mapping
from pathlib import PurePath

from app.core.errors import PasswordRequired, UnsupportedMediaType
from app.logic.containers import DOCX, PPTX, ZIP_BEGINNING
from app.logic.mediatype import HEAD_BYTES, SUPPORTED, sniff

PDF = "application/pdf"
FORMATS: Mapping[str, str] = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".docx": DOCX,
    ".pptx": PPTX,
    ".pdf": PDF,
}
"""Media type by ending."""
ORIGINALS = frozenset({DOCX, PPTX, PDF})
"""What is read and written by the document parsers; the others are text."""
ELSEWHERE = "POST /upload and then POST /documents/{id}/translate"
LONGER = f". For longer files, {ELSEWHERE}."
LOCKED = f"The file is protected by a password. Send it without one; or {ELSEWHERE}: the upload takes a `password`."
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a protected Office file (MS-OFFCRYPTO 1.3.2)


def recognized(content: bytes, filename: str) -> str:
    """Its media type. Raises UnsupportedMediaType where name and content are not of one format, PasswordRequired."""
    named = FORMATS.get(PurePath(filename).suffix.lower())
    if named is None:
        known = ", ".join(FORMATS)
        raise UnsupportedMediaType(f"Files of these formats can be translated here: {known}. For others, {ELSEWHERE}.")
    found = sniff(content[:HEAD_BYTES], filename)
    # A text may speak of what a PDF begins with, and is none.
    is_text = found not in ORIGINALS or not content.startswith((ZIP_BEGINNING, b"%PDF-"))
    if found == named or (named not in ORIGINALS and is_text):
        return named
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise PasswordRequired(LOCKED)
    by_content = SUPPORTED.get(found or "", "of no format known here")
    raise UnsupportedMediaType(
        f"By its name the file is {SUPPORTED[named]}, by its content {by_content}. Export it anew, or name it right."
    )
