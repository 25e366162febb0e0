"""Pictures that are documents (PNG, JPEG, TIFF of many pages): measured before they are decoded, read page by page."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from app.adapters.parsers.ocr import DPI, MOST_PIXELS, Picture
from app.adapters.parsers.picture import MAX_PIXELS, mark, scaled
from app.core.errors import DocumentTooLarge, PageNotFound, UnreadableDocument
from app.models.domain import Box, Source

_FORMATS = ("PNG", "JPEG", "TIFF")
_LARGEST = 80_000_000
"""Pixels: A3 at 600 dpi. Decoded in colour they take four bytes each."""
_POINTS = 72.0
_LEAST_DPI, _MOST_DPI = 100, 1200
_SCREEN_DPI = 96.0
_PAGE_INCHES = 11.7
_COARSE = 150
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError)

Image.MAX_IMAGE_PIXELS = None  # ours is the limit, and it counts each page


@dataclass(frozen=True, slots=True)
class Frame:
    """One page of a picture: upright, on white, and how many of its pixels make an inch of paper."""

    image: Image.Image
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """In points."""
        return self.image.width * _POINTS / self.dpi, self.image.height * _POINTS / self.dpi


@contextmanager
def opened(source: Source) -> Iterator[Image.Image]:
    """The file, not decoded yet. Raises UnreadableDocument."""
    with _damage():
        image = Image.open(source.path, formats=_FORMATS)
    with image:
        yield image


def count(image: Image.Image) -> int:
    with _damage():
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def frame(image: Image.Image, number: int) -> Frame:
    """Page `number` (1-based), decoded. Raises PageNotFound, DocumentTooLarge, UnreadableDocument."""
    if not 1 <= number <= count(image):
        raise PageNotFound
    with _damage():
        image.seek(number - 1)
        if image.width * image.height > _LARGEST:
            raise DocumentTooLarge(
                f"The picture has {image.width} by {image.height} pixels; at most {_LARGEST:,} in all are read."
            )
        dpi = _dpi(image)
        return Frame(_on_white(ImageOps.exif_transpose(image)), dpi)


def for_ocr(page: Frame) -> Picture:
    """Grey, and of the size that Tesseract reads well: small print on screens is enlarged, posters are reduced."""
    image = page.image.convert("L")
    scale = DPI / page.dpi if page.dpi < _COARSE else 1.0
    scale = min(scale, (MOST_PIXELS / (image.width * image.height)) ** 0.5)
    if scale != 1.0:
        image = image.resize(_sized(image, scale), Image.Resampling.LANCZOS)
    return Picture(image.tobytes(), image.width, image.height, image.width, page.dpi * scale)


def draw(source: Source, number: int, scale: float, highlight: Sequence[Box]) -> bytes:
    """PNG of a page; `scale` 1.0 is 72 dpi, lowered where it asks for too many pixels."""
    with opened(source) as image:
        page = frame(image, number)
    width, height = page.size
    scale = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    shown = page.image.convert("RGB").resize(_sized(page.image, scale * _POINTS / page.dpi), Image.Resampling.LANCZOS)
    pixels = bytearray(shown.tobytes())
    mark(pixels, 3 * shown.width, shown.size, 3, scaled(highlight, scale))
    stream = io.BytesIO()
    Image.frombytes("RGB", shown.size, bytes(pixels)).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _sized(image: Image.Image, scale: float) -> tuple[int, int]:
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _dpi(image: Image.Image) -> float:
    """What the file says, if that can be; else a page is taken for A4, and a small one for a screen."""
    said = image.info.get("dpi", (0, 0))
    try:
        told = float(said[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        told = 0.0
    if _LEAST_DPI <= told <= _MOST_DPI:
        return told
    return max(_SCREEN_DPI, max(image.size) / _PAGE_INCHES)


def _on_white(image: Image.Image) -> Image.Image:
    """Without its transparency: black letters on nothing would be black on black."""
    if image.mode.startswith("I") or image.mode == "F":
        return ImageOps.autocontrast(image.convert("F").point(lambda value: value / 257).convert("L"))
    if "A" in image.getbands() or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("RGB")
    image.load()
    return image.copy()


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except UnidentifiedImageError as error:
        raise UnreadableDocument("The picture is of no kind that can be read, or damaged at its beginning.") from error
    except _DAMAGE as error:
        raise UnreadableDocument(f"The picture is damaged: {type(error).__name__}.") from error
