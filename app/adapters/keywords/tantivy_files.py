"""Whether the files of a tantivy index are whole, told without opening them in native code.

tantivy ends each file with a footer that holds the CRC-32 of what precedes it, but checks it only on demand, which its
Python package does not offer. A damaged file that is found here costs a refill; found later, it ends a search or lies.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_FOOTER_MAGIC = 1337
_TAIL = struct.Struct("<II")
_READ = 1 << 20


def intact(folder: Path) -> bool:
    """True if every file that the last commit refers to is there with its checksum; reads them all (1 GB/s)."""
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        return all(_checksum_holds(folder / name) for name in _files(meta))
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False


def _files(meta: dict[str, Any]) -> Iterator[str]:
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        yield from (f"{name}.{part}" for part in _PARTS)
        if deletes := segment["deletes"]:
            yield f"{name}.{deletes['opstamp']}.del"


def _checksum_holds(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(size - _TAIL.size)
        length, magic = _TAIL.unpack(file.read())
        body = size - _TAIL.size - length
        if magic != _FOOTER_MAGIC or body < 0:
            return False
        file.seek(body)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        actual = 0
        while body:
            block = file.read(min(body, _READ))
            actual = zlib.crc32(block, actual)
            body -= len(block)
    return bool(actual == expected)
