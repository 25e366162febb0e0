"""What a JSON value tells, record by record, with JSONPath (RFC 9535) to each."""

import re
from collections.abc import Iterator
from typing import Any

from app.logic.records import Record

_PLAIN_KEY = re.compile(r"[^\W\d]\w*\Z")
_MOST_INNER = 20
Path = tuple[str, ...]


def json_records(value: Any, path: Path = ("$",)) -> Iterator[Record]:
    """Depth first. Objects and lists of plain values belong to the record around them; every other one is a record.

    Values are strings, lists, dicts, booleans and None: numbers come as they are written.
    """
    fields: list[tuple[str, str]] = []
    inner: list[tuple[Any, Path]] = []
    for name, item, step in _items(value):
        if isinstance(item, dict) and name and len(item) <= _MOST_INNER and all(map(_is_plain, item.values())):
            fields += [(f"{name}.{key}", _told(one)) for key, one in item.items()]
        elif isinstance(item, list) and name and all(map(_is_plain, item)):
            fields.append((name, ", ".join(filter(None, map(_told, item)))))
        elif _is_plain(item):
            fields.append((name, _told(item)))
        else:
            inner.append((item, (*path, step)))
    if fields:
        yield Record(path, tuple(fields))
    for item, where in inner:
        yield from json_records(item, where)


def _items(value: Any) -> Iterator[tuple[str, Any, str]]:
    """Name, value and step of what is in `value`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item, f".{key}" if _PLAIN_KEY.match(key) else f'["{key}"]'
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield "", item, f"[{index}]"
    else:
        yield "", value, ""


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _told(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
