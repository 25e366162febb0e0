import json
import struct
from pathlib import Path

import pytest

from app.adapters.parsers import MEDIA_TYPES, READERS, load
from app.adapters.parsers.frames import (
    HEADER,
    decode_error,
    decode_event,
    decode_source,
    encode_error,
    encode_event,
    encode_source,
    lengths,
    pack,
    unpack,
)
from app.core.errors import DocumentError, PageNotFound, ParserCrashed
from app.models.domain import Block, BlockKind, DocumentInfo, Locator, Page, ParseEvent, ParseWarning, Source

EVENTS: list[ParseEvent] = [
    DocumentInfo(3, "pdfium", "Título", {"Author": "日本"}),
    DocumentInfo(1, "text"),
    ParseWarning("no_text_layer", "The page is a scan.", 4),
    ParseWarning("guessed_encoding", "cp1252"),
    Page(1, "Heading\n€ text", (Block(BlockKind.HEADING, 0, 7, 2), Block(BlockKind.TEXT, 8, 14)), "iv", 595.0, 842.0),
    Page(2, "", locator=Locator("section", "A > B"), has_text_layer=False),
]


@pytest.mark.parametrize("event", EVENTS)
def test_events_arrive_as_they_were_sent(event: ParseEvent) -> None:
    packed = pack(encode_event(event))
    body, blob = lengths(packed[: HEADER.size])
    assert (body, blob) == (len(packed) - HEADER.size, 0)
    assert decode_event(unpack(packed[HEADER.size :])) == event


def test_half_a_character_does_not_stop_a_message() -> None:
    assert unpack(pack({"text": "a\ud800b"})[HEADER.size :]) == {"text": "a?b"}


def test_sources_arrive_with_an_absolute_path() -> None:
    source = Source(Path("/data/blob"), "application/pdf", "röport.pdf", "geheim")
    assert decode_source(encode_source(source)) == source
    assert decode_source(encode_source(Source(Path("blob"), "text/plain", "x"))).path.is_absolute()


@pytest.mark.parametrize("kind", [*DocumentError.__subclasses__(), PageNotFound])
def test_errors_keep_their_class_and_detail(kind: type[DocumentError]) -> None:
    error = decode_error(encode_error(kind("what was wrong")))
    assert (type(error), error.detail) == (kind, "what was wrong")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"is": "unknown"},
        {"is": "error", "code": "internal_error"},
        {"is": "page"},
        encode_event(EVENTS[4]) | {"blocks": [["text", 5, 3, 0]]},
        encode_event(EVENTS[4]) | {"blocks": [["text", 0, 999, 0]]},
        encode_event(EVENTS[4]) | {"blocks": [["text", 0, 6, 0], ["text", 3, 9, 0]]},
        encode_event(EVENTS[4]) | {"blocks": [["other", 0, 6, 0]]},
        encode_event(EVENTS[4]) | {"number": "one"},
        encode_event(EVENTS[0]) | {"metadata": 3},
    ],
)
def test_what_makes_no_sense_is_a_crash(message: dict[str, object]) -> None:
    with pytest.raises(ParserCrashed):
        decode_event(message)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_a_crash(body: bytes) -> None:
    with pytest.raises(ParserCrashed):
        unpack(body)


def test_a_message_that_claims_too_much_is_a_crash() -> None:
    with pytest.raises(ParserCrashed):
        lengths(struct.pack("!II", 1 << 31, 0))
    with pytest.raises(ParserCrashed):
        lengths(struct.pack("!II", 10, 1 << 31))


def test_every_reader_can_be_loaded_and_every_media_type_has_one() -> None:
    assert all(callable(load(name)) for name in READERS)
    assert set(MEDIA_TYPES.values()) <= set(READERS)
    assert json.dumps(MEDIA_TYPES)
