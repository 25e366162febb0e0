"""A page drawn as PNG, with quotes marked as with a highlighter, or in grey for OCR.

The encoder is the standard library's zlib.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence

import pypdfium2 as pdfium

from app.adapters.parsers.ocr import DPI, MOST_PIXELS, Picture
from app.models.domain import Box

MAX_PIXELS = 40_000_000
"""Of a drawn page."""
_COMPRESSION = 3
_POINTS = 72.0
_INK = tuple(bytes(level * share // 255 for level in range(256)) for share in (255, 232, 92))  # red, green, blue


def draw(document: pdfium.PdfDocument, number: int, scale: float, highlight: Sequence[Box]) -> bytes:
    """PNG of page `number` (1-based); a scale that asks for too many pixels is lowered."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=True, may_draw_forms=True)
        try:
            pixels = bytearray(bitmap.buffer)
            channels, stride = bitmap.n_channels, bitmap.stride
            mark(pixels, stride, (bitmap.width, bitmap.height), channels, scaled(highlight, scale))
            return _png(pixels, bitmap.width, bitmap.height, channels, stride)
        finally:
            bitmap.close()
    finally:
        page.close()


def grey(document: pdfium.PdfDocument, number: int) -> Picture:
    """Page `number` (1-based) as OCR wants it; a page larger than a poster is drawn coarser."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(DPI / _POINTS, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True, draw_annots=True, may_draw_forms=True)
        try:
            return Picture(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, scale * _POINTS)
        finally:
            bitmap.close()
    finally:
        page.close()


def scaled(boxes: Sequence[Box], scale: float) -> Iterator[Box]:
    """From points to pixels."""
    for x0, y0, x1, y1 in boxes:
        yield x0 * scale, y0 * scale, x1 * scale, y1 * scale


def mark(pixels: bytearray, stride: int, size: tuple[int, int], channels: int, boxes: Iterable[Box]) -> None:
    """Multiply the colour in, so that the text under it stays black. Boxes are in pixels."""
    for box in boxes:
        _mark(pixels, stride, size, channels, box)


def _mark(pixels: bytearray, stride: int, size: tuple[int, int], channels: int, box: Box) -> None:
    x0, y0, x1, y1 = (round(value) for value in box)
    x0, x1 = max(0, x0), min(size[0], x1)
    for row in range(max(0, y0), min(size[1], y1)):
        start, end = row * stride + x0 * channels, row * stride + x1 * channels
        for offset in range(min(channels, 3)):
            pixels[start + offset : end : channels] = pixels[start + offset : end : channels].translate(_INK[offset])


def _png(pixels: bytearray, width: int, height: int, channels: int, stride: int) -> bytes:
    colour = {1: 0, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    head = struct.pack("!IIBBBBB", width, height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, _COMPRESSION)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    name, data = chunk
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
