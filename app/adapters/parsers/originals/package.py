"""An Office file (OPC, ISO 29500-2) as its parts: some are trees that change, all others are copied byte for byte."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from app.adapters.parsers.archive import Archive, damage
from app.core.errors import UnreadableDocument
from app.models.domain import Source

_PIECE = 1 << 18
_CONTENTS = "[content_types].xml"  # names of parts are the same in any case (ISO 29500-2, 6.2.2.3)
_OLDEST = (1980, 1, 1, 0, 0, 0)


class Package:
    """Raises UnreadableDocument and DocumentTooLarge."""

    def __init__(self, source: Source) -> None:
        self._path = source.path
        self._archive = Archive(source.path)
        with damage(), zipfile.ZipFile(source.path) as opened:
            self.names = [member.filename for member in opened.infolist() if not member.is_dir()]
        if _CONTENTS not in map(str.lower, self.names):
            raise UnreadableDocument

    def tree(self, name: str) -> Any:
        """The root of a part. Raises UnreadableDocument."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self._archive.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument from error

    def write(self, changed: Mapping[str, Any], put: Callable[[bytes], None]) -> None:
        """The package with other trees for some parts, as a stream: nothing is kept whole in memory."""
        sink = io.BufferedWriter(_Sink(put), _PIECE)
        with zipfile.ZipFile(sink, "w") as target:
            for name in dict.fromkeys(self.names):
                # Pictures too: a part that is stored, of a length that comes after it, ends nowhere for some readers.
                info = zipfile.ZipInfo(name, _OLDEST)
                info.compress_type = zipfile.ZIP_DEFLATED
                with damage(), target.open(info, "w") as member:
                    for piece in self._pieces(name, changed):
                        member.write(piece)
        sink.flush()

    def _pieces(self, name: str, changed: Mapping[str, Any]) -> Iterator[bytes]:
        if name in changed:
            yield etree.tostring(changed[name], xml_declaration=True, encoding="UTF-8", standalone=True)
            return
        with self._archive.open(name) as stream:
            while piece := stream.read(_PIECE):
                yield piece


class _Sink(io.RawIOBase):
    """A stream that can only be written to, for a child that may not write files."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        super().__init__()
        self._put = put

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._put(bytes(data))
        return len(data)
