"""Character errors and seconds per page of OCR, on drawn pages of given PDFs and on texts set in other scripts.

`scripts/bench ocr DIR [--pages N] [--font FILE --text FILE --language CODE]...` draws pages at 200 dpi and compares
what Tesseract reads with what the PDFs hold. Each `--font`, `--text`, `--language` sets a text in another script as
pages; their language data lie in `--tessdata`. Errors are edits over characters after NFKC, white space aside.
"""

import argparse
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from app.adapters.parsers.ocr import Ocr, Picture, open_ocr, what_is_missing
from app.adapters.parsers.pdf_document import open_document
from app.adapters.parsers.pdf_page import PdfPage
from app.adapters.parsers.pdf_pypdf import SecondOpinion
from app.adapters.parsers.picture import grey
from app.models.domain import OcrRules, Source

DPI = 200
WIDTH, MARGIN, LINE, SIZE = 1654, 150, 52, 32
LEAST = 400
"""Characters: emptier pages tell little."""


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def edits(one: str, other: str) -> int:
    """Levenshtein's distance, row by row."""
    before = list(range(len(other) + 1))
    for number, character in enumerate(one, 1):
        row = [number]
        for column, against in enumerate(other, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (character != against)))
        before = row
    return before[-1]


def printed_pages(path: Path, most: int) -> Iterator[tuple[str, Picture]]:
    """Pages of a PDF with enough good text of one column of reading, spread over the file."""
    source = Source(path, "application/pdf", path.name)
    document = open_document(source)
    second = SecondOpinion(source)
    found = 0
    for index in range(0, len(document), max(1, len(document) // (2 * most))):
        page = PdfPage(document, index, second)
        text, quality = page.text, page.quality
        page.close()
        if quality == "good" and len(plain(text)) >= LEAST and found < most:
            found += 1
            yield text, grey(document, index + 1)


def set_pages(font_file: Path, text_file: Path, most: int) -> Iterator[tuple[str, Picture]]:
    """A text set in lines, as pages of A4; words of right-to-left scripts in visual order when the font engine can."""
    font = ImageFont.truetype(font_file, SIZE)
    words = text_file.read_text(encoding="utf-8").split()
    for _ in range(most):
        image = Image.new("L", (WIDTH, round(WIDTH * 1.414)), 255)
        pen = ImageDraw.Draw(image)
        shown, y = [], MARGIN
        while words and y < image.height - MARGIN:
            line = [words.pop(0)]
            while words and font.getlength(" ".join([*line, words[0]])) < WIDTH - 2 * MARGIN:
                line.append(words.pop(0))
            pen.text((MARGIN, y), " ".join(line), fill=0, font=font)
            shown.append(" ".join(line))
            y += LINE
        if not shown:
            return
        yield "\n".join(shown), Picture(image.tobytes(), image.width, image.height, image.width, DPI)


def measure(name: str, ocr: Ocr, pages: Iterator[tuple[str, Picture]]) -> None:
    wrong = characters = count = 0
    seconds, confidence = 0.0, 0.0
    for text, picture in pages:
        began = time.process_time()
        reading = ocr.read(picture)
        seconds += time.process_time() - began
        expected = plain(text)
        wrong, characters = wrong + edits(expected, plain(reading.text)), characters + len(expected)
        confidence += reading.confidence
        count += 1
    if count:
        print(
            f"{name[:50]:50} {count:3} pages  errors {wrong / characters:6.2%}  {seconds / count:5.2f} s of CPU a page"
            f"  confidence {confidence / count:.2f}",
            flush=True,
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--pages", type=int, default=2, help="of each file")
    options.add_argument("--tessdata", default="", help="folder with more language data")
    for name in ("font", "text"):
        options.add_argument(f"--{name}", type=Path, action="append", default=[])
    options.add_argument("--language", action="append", default=[])
    chosen = options.parse_args()
    jobs = [("eng", path.name, printed_pages(path, chosen.pages)) for path in sorted(chosen.folder.rglob("*.pdf"))]
    for font, text, language in zip(chosen.font, chosen.text, chosen.language, strict=True):
        jobs.append((language, f"{language}: {text.name}", set_pages(font, text, chosen.pages)))
    for language, name, pages in jobs:
        rules = OcrRules((language,), chosen.tessdata, 10_000)
        ocr = open_ocr(rules)
        if ocr is None:
            print(f"{name[:50]:50} {what_is_missing(rules)}")
            continue
        try:
            measure(name, ocr, pages)
        except pdfium.PdfiumError as error:
            print(f"{name[:50]:50} {error}")
        ocr.close()


if __name__ == "__main__":
    main()
