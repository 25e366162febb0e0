"""Server-sent events, read as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    type: str
    data: dict[str, Any]


def events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """Only what DocuBot sends: named events with JSON in them, and comments, which are passed over."""
    type_, data = "message", ""
    for line in _lines(pieces):
        name, _, value = line.partition(": ")
        if name == "event":
            type_ = value
        elif name == "data":
            data += value
        elif not line and data:
            yield Event(type_, json.loads(data))
            type_, data = "message", ""


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Ended by LF alone: `str.splitlines` would cut texts that hold one of Unicode's other line ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode().removesuffix("\r") for line in whole)
