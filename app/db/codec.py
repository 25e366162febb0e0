"""Between JSON columns and domain values: blocks, spans, locators and warnings in their compact stored form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.models.domain import Block, BlockKind, Locator, Page, ParseWarning, Span, Word


def pack_blocks(blocks: Iterable[Block]) -> list[list[Any]]:
    return [[block.kind.value, block.start, block.end, block.level] for block in blocks]


def unpack_blocks(rows: Sequence[Sequence[Any]]) -> tuple[Block, ...]:
    return tuple(Block(BlockKind(kind), start, end, level) for kind, start, end, level in rows)


def pack_spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.page, span.start, span.end] for span in spans]


def unpack_spans(rows: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(page, start, end) for page, start, end in rows)


def pack_words(words: Iterable[Word]) -> list[list[float]] | None:
    """None for a page that was not read by OCR."""
    return [[word.start, word.end, *word.box] for word in words] or None


def unpack_words(rows: Sequence[Sequence[float]] | None) -> tuple[Word, ...]:
    return tuple(Word(int(start), int(end), (x0, y0, x1, y1)) for start, end, x0, y0, x1, y1 in rows or ())


def pack_locator(locator: Locator | None) -> dict[str, str] | None:
    return None if locator is None else {"kind": locator.kind, "value": locator.value}


def unpack_locator(row: Mapping[str, Any] | None) -> Locator | None:
    return None if row is None else Locator(row["kind"], row["value"])


def pack_warnings(warnings: Iterable[ParseWarning]) -> list[dict[str, Any]]:
    return [{"code": warning.code, "message": warning.message, "page": warning.page} for warning in warnings]


def unpack_warnings(rows: Iterable[Mapping[str, Any]]) -> tuple[ParseWarning, ...]:
    return tuple(ParseWarning(row["code"], row["message"], row.get("page")) for row in rows)


def unpack_page(row: Any) -> Page:
    """A row of `pages` as the value that the parser made it from, without the places of its words."""
    return Page(
        number=row.number,
        text=row.text,
        blocks=unpack_blocks(row.blocks),
        label=row.label,
        width=row.width,
        height=row.height,
        locator=unpack_locator(row.locator),
        has_text_layer=row.has_text_layer,
        language=row.language,
        ocr_confidence=row.ocr_confidence,
    )
