"""Pictures of text, drawn small and plain so that reading them takes a blink."""

import io
from collections.abc import Sequence

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

DPI = 150
WIDTH, HEIGHT = 620, 300


def page(*lines: str, size: int = 28) -> Image.Image:
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        pen.text((40, 40 + 56 * index), line, fill=0, font=ImageFont.load_default(size))
    return image


def saved(images: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": list(images[1:])} if len(images) > 1 else {}
    images[0].save(stream, kind, **(more | {"dpi": (DPI, DPI)} | options))
    return stream.getvalue()


def pdf(images: Sequence[Image.Image]) -> bytes:
    """Pages that are pictures and nothing else."""
    document = pdfium.PdfDocument.new()
    for image in images:
        width, height = image.width * 72 / DPI, image.height * 72 / DPI
        sheet = document.new_page(width, height)
        picture = pdfium.PdfImage.new(document)
        picture.set_bitmap(pdfium.PdfBitmap.from_pil(image.convert("RGB")))
        picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
        sheet.insert_obj(picture)
        sheet.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
