"""ZIP containers (Office, OpenDocument, EPUB) read within limits. Their own claims of size bound what is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.core.errors import DocumentTooLarge, PasswordRequired, UnreadableDocument

_MEMBERS = 50_000
_DOM_BYTES = 128 << 20
"""Of markup that becomes a tree in memory, at some five times its size."""
_BOMB_BYTES, _BOMB_RATIO = 32 << 20, 300  # a sheet of empty rows unpacks to a hundred times its size, seldom to more
_MARKUP = re.compile(r"\.(xml|rels|xhtml|html?|opf|ncx)\Z", re.IGNORECASE)
_SMALLER = "Export it anew, or split it."
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OSError)


class Archive:
    """One open container. Every method raises UnreadableDocument for damage, DocumentTooLarge for bombs."""

    def __init__(self, path: Path) -> None:
        with damage():
            self._zip = zipfile.ZipFile(path)
        members = self._zip.infolist()
        if len(members) > _MEMBERS:
            raise DocumentTooLarge(f"The file holds {len(members)} parts; at most {_MEMBERS} are read. {_SMALLER}")
        if any(member.flag_bits & 1 for member in members):
            raise PasswordRequired("The document is encrypted. Save it without a password, and upload that.")
        self.names = frozenset(member.filename for member in members)

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream; wrap what reads from it in `damage`."""
        with damage():
            member = self._zip.getinfo(name)
            if member.file_size > max(_BOMB_BYTES, _BOMB_RATIO * member.compress_size):
                raise DocumentTooLarge(f"A part unpacks to {member.file_size} bytes of almost nothing. {_SMALLER}")
            return self._zip.open(member)

    def read(self, name: str) -> bytes:
        """A member that becomes a tree in memory."""
        with damage(), self.open(name) as stream:
            content = stream.read(_DOM_BYTES + 1)
        if len(content) > _DOM_BYTES:
            raise DocumentTooLarge(f"A part of the file unpacks to more than {_DOM_BYTES >> 20} MB. {_SMALLER}")
        return content

    def slim(self, keep: Callable[[str], object] = _MARKUP.search) -> io.BytesIO:
        """The same container in memory with only its markup; pictures and films are there, but empty."""
        copy = io.BytesIO()
        left = _DOM_BYTES
        with zipfile.ZipFile(copy, "w") as target:
            for name in sorted(self.names):
                content = self.read(name) if keep(name) else b""
                left -= len(content)
                if left < 0:
                    raise DocumentTooLarge(f"Its markup unpacks to more than {_DOM_BYTES >> 20} MB. {_SMALLER}")
                target.writestr(name, content)
        copy.seek(0)
        return copy


@contextmanager
def damage() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise UnreadableDocument(f"{UnreadableDocument.advice} ({type(error).__name__})") from error
