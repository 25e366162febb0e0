"""What a file is, told from its first bytes. The name only decides between kinds that begin alike."""

import codecs
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

from app.logic.containers import ARCHIVE, DOCX, EMPTY_ZIP, EPUB, ODT, PPTX, XLSX, ZIP_BEGINNING, container

SUPPORTED = {
    "application/pdf": "PDF",
    DOCX: "Word",
    PPTX: "PowerPoint",
    XLSX: "Excel",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
    "text/html": "HTML",
    EPUB: "EPUB",
    ODT: "OpenDocument text",
    "message/rfc822": "mail (EML)",
    "text/markdown": "Markdown",
    "application/rtf": "RTF",
    "application/json": "JSON",
    "application/jsonl": "JSON Lines",
    "application/xml": "XML",
    "text/plain": "plain text",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
}
"""Media types that can be read, with the names that people know them by."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff"})
"""What is read by OCR."""

HEAD_BYTES = 8192
"""How much of a file's beginning `sniff` wants to see."""

_PDF_HEADER_WITHIN = 1024  # as Acrobat has it (ISO 32000-2, annex I)
_TEXT_NAMES = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd"), "text/markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "text/html"),
    ".csv": "text/csv",
    ".eml": "message/rfc822",
    **dict.fromkeys((".tsv", ".tab"), "text/tab-separated-values"),
    **dict.fromkeys((".jsonl", ".ndjson"), "application/jsonl"),
}
_BEGINNINGS = {
    b"{\\rtf": "application/rtf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    **dict.fromkeys((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "image/tiff"),
}
_BINARY_BEGINNINGS = (b"\xd0\xcf\x11\xe0", b"%!PS", b"\x1f\x8b", b"GIF8")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->|<\?xml[^>]*\?>)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"<\?xml\s|<!DOCTYPE\s+\w")
_JSON = re.compile(r'\{\s*(?:"|\}|\Z)|\[\s*(?:[{\["\]]|-?\d+(?:\.\d+)?\s*,|\Z)')
_FIELD = re.compile(rb"^([!-9;-~]+):[ \t]", re.MULTILINE)
_MAIL_FIELDS = frozenset(
    {b"from", b"date", b"message-id", b"mime-version", b"received", b"return-path", b"subject", b"to"}
)
_MAIL_FIELDS_NEEDED = 4
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_TEXT_CONTROLS = frozenset("\t\n\r\f\x1b\x1a")
_FEW = 0.02


def sniff(head: bytes, filename: str) -> str | None:
    """The media type of a file that begins with `head`, or None where it is no supported type.

    Besides the types of SUPPORTED it may be ARCHIVE.
    """
    if head.startswith((ZIP_BEGINNING, EMPTY_ZIP)):
        kind = container(head, filename)
        return kind if kind in SUPPORTED or kind == ARCHIVE else None
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return "application/pdf"
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if head.startswith(_BINARY_BEGINNINGS) or not _is_text(head[:HEAD_BYTES]):
        return None
    named = _TEXT_NAMES.get(PurePosixPath(filename.lower()).suffix)
    return named or next((kind for kind, test in _TEXT_TESTS.items() if test(head)), "text/plain")


def _begun(head: bytes) -> str:
    """The beginning of a text file, without what stands before its first character."""
    encoding = "utf-16" if head.startswith(_UTF16_MARKS) or _looks_like_utf16(head) else "utf-8"
    if encoding == "utf-16" and not head.startswith(_UTF16_MARKS):
        encoding += "-be" if head[:1] == b"\0" else "-le"
    return head[: len(head) & ~1].decode(encoding, "replace").lstrip("\ufeff \t\r\n")


def _is_json(head: bytes) -> bool:
    return bool(_JSON.match(_begun(head)))


def _is_jsonl(head: bytes) -> bool:
    """Its first line is whole, and there is another that begins alike."""
    first, _, rest = _begun(head).partition("\n")
    if not (_JSON.match(first) and _JSON.match(rest.lstrip())):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _is_xml(head: bytes) -> bool:
    return bool(_XML.match(_begun(head)))


def _is_mail(head: bytes) -> bool:
    """It begins with header fields, several of which only a mail has (RFC 5322, 3.6)."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    names = {match.group(1).lower() for match in _FIELD.finditer(block)}
    return bool(_FIELD.match(head)) and len(names & _MAIL_FIELDS) >= _MAIL_FIELDS_NEEDED


def _is_text(head: bytes) -> bool:
    if head.startswith(_UTF32_MARKS):
        return _is_readable(head[: len(head) & ~3].decode("utf-32", "replace"))
    if head.startswith(_UTF16_MARKS) or _looks_like_utf16(head):
        encoding = "utf-16-be" if head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0" else "utf-16-le"
        return _is_readable(head[: len(head) & ~1].decode(encoding, "replace"))
    try:
        return _is_readable(codecs.getincrementaldecoder("utf-8")().decode(head))
    except UnicodeDecodeError:
        return _is_readable(head.decode("latin-1"))


def _looks_like_utf16(head: bytes) -> bool:
    """Without a mark: nearly every second byte of text in an alphabet of Europe is zero."""
    pairs = len(head) // 2
    zeros = head[0::2].count(0), head[1::2].count(0)
    return pairs > 1 and max(zeros) > 0.7 * pairs and min(zeros) == 0


def _is_readable(text: str) -> bool:
    if not text:
        return False
    strange = sum(
        unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") and character not in _TEXT_CONTROLS
        for character in text
    )
    return strange <= _FEW * len(text) and "\0" not in text


_TEXT_TESTS: dict[str, Callable[[bytes], object]] = {
    "text/html": _HTML.match,
    "application/xml": _is_xml,
    "application/jsonl": _is_jsonl,
    "application/json": _is_json,
    "message/rfc822": _is_mail,
}
