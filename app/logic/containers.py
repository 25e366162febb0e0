"""Which document a ZIP container holds, told from its beginning: its members' names and what stands in the first ones.

A container's table of contents is at its end; a local header before each member says its name (APPNOTE 4.3.7).
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

ZIP_BEGINNING = b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = OFFICE + "wordprocessingml.document"
PPTX = OFFICE + "presentationml.presentation"
XLSX = OFFICE + "spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
ARCHIVE = "application/zip"
"""A ZIP that is no document: each of its files may be one."""
EMPTY_ZIP = b"PK\x05\x06"

_HEADER = struct.Struct("<4s5H3I2H")
_DEFLATED = 8
_DESCRIPTOR = 24
_UNPACKED = 1 << 16
_FOLDERS = {"word/": DOCX, "ppt/": PPTX, "xl/": XLSX}
_CONTENT_TYPES = {
    b"wordprocessingml.document.main": DOCX,
    b"presentationml.presentation.main": PPTX,
    b"presentationml.slideshow.main": PPTX,
    b"spreadsheetml.sheet.main": XLSX,
    b"ms-word.document.macroEnabled.main": DOCX,
    b"ms-powerpoint.presentation.macroEnabled.main": PPTX,
    b"ms-excel.sheet.macroEnabled.main": XLSX,
}
_MIMETYPES = {ODT: ODT, EPUB: EPUB}
_SUFFIXES = {
    ".docx": DOCX,
    ".docm": DOCX,
    ".pptx": PPTX,
    ".pptm": PPTX,
    ".ppsx": PPTX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".odt": ODT,
    ".epub": EPUB,
}
_ARCHIVES = frozenset({".zip", ""})
_OFFICE_PARTS = ("[Content_Types].xml", "_rels/", "docProps/", "customXml/")
_EPUB_PARTS = ("META-INF/", "OEBPS/", "OPS/", "EPUB/")


class _Member(NamedTuple):
    name: str
    content: bytes
    """As much of it as there is, unpacked."""


def container(head: bytes, filename: str) -> str | None:
    """The media type of the document in a ZIP that begins with `head`, ARCHIVE where it is an ordinary one.

    Names of folders decide, or `mimetype` and `[Content_Types].xml` where they come first. The file's name is believed
    only when the members seen so far are those that any document of that family begins with. None: a document of a
    kind that is not read, or something else than its name says.
    """
    members = list(_members(head))
    for member in members:
        if member.name == "mimetype":
            return _MIMETYPES.get(member.content.decode("ascii", "replace").strip())
        if member.name == "[Content_Types].xml":
            for mark, kind in _CONTENT_TYPES.items():
                if mark in member.content:
                    return kind
        for folder, kind in _FOLDERS.items():
            if member.name.startswith(folder):
                return kind
    named = _SUFFIXES.get(PurePosixPath(filename.lower()).suffix)
    usual = _EPUB_PARTS if named == EPUB else _OFFICE_PARTS
    fits = bool(members) and all(member.name.startswith(usual) for member in members)
    if named:
        return named if fits and named != ODT else None
    is_office = any(member.name.startswith(_OFFICE_PARTS[0]) for member in members)
    return ARCHIVE if PurePosixPath(filename.lower()).suffix in _ARCHIVES and not is_office else None


def _members(head: bytes) -> Iterator[_Member]:
    """Those that begin within `head`, one after the other: what a stored member contains may be a container itself."""
    at = 0
    while head.startswith(ZIP_BEGINNING, at) and len(head) >= at + _HEADER.size:
        fields = _HEADER.unpack_from(head, at)
        method, size, name_length, extra_length = fields[3], fields[7], fields[9], fields[10]
        at += _HEADER.size
        name = head[at : at + name_length].decode("utf-8", "replace")
        at += name_length + extra_length
        data = head[at : at + size] if size else head[at:]
        content, used = _unpacked(data) if method == _DEFLATED else (data, len(data))
        yield _Member(name, content)
        at += size
        if not size and used < len(data):  # its size stands behind it, before the next header
            at = head.find(ZIP_BEGINNING, at + used, at + used + _DESCRIPTOR + len(ZIP_BEGINNING))


def _unpacked(data: bytes) -> tuple[bytes, int]:
    """The content, or what there is of it, and how many bytes it took."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(data, _UNPACKED)
    except zlib.error:
        return b"", len(data)
    return content, len(data) - len(unpacker.unused_data) if unpacker.eof else len(data)
