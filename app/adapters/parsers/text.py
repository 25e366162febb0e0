"""Plain text and Markdown in any encoding. Units are sections; there are no pages to cite."""

from collections.abc import Iterator
from pathlib import Path

from app.adapters.parsers.decoding import find_encoding, lines, warning
from app.core.errors import EmptyFile
from app.logic.layout import lay_out
from app.logic.layout_lines import Sheet, plain_lines
from app.logic.prose import Section, markdown_blocks, sections
from app.models.domain import Block, DocumentInfo, Locator, Page, ParseEvent, Source


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises EmptyFile."""
    encoding, guessed = find_encoding(source.path)
    markdown = source.media_type == "text/markdown"
    count, title = 0, None
    for section in _sections(source.path, encoding, markdown):
        count += 1
        title = title or (section.headings[0] if section.headings else None)
    if not count:
        raise EmptyFile("The file holds no text. Check that it was saved, and upload it again.")
    yield DocumentInfo(count, "text", title, {"encoding": encoding})
    if guessed:
        yield warning(encoding)
    for number, section in enumerate(_sections(source.path, encoding, markdown), 1):
        blocks = tuple(markdown_blocks(section.text)) if markdown else _plain_blocks(section.text)
        yield Page(number, section.text, blocks, locator=_locator(section))


def _locator(section: Section) -> Locator:
    first, last = section.first_line, section.last_line
    numbers = f"lines {first}–{last}" if last > first else f"line {first}"
    return Locator("section", " > ".join(section.headings) or numbers)


def _plain_blocks(text: str) -> tuple[Block, ...]:
    sheet = Sheet(1, text, tuple(plain_lines(text)), 0.0, 0.0, typewritten=True)
    return next(blocks for _, blocks in lay_out([sheet]))


def _sections(path: Path, encoding: str, markdown: bool) -> Iterator[Section]:
    with path.open("rb") as file:
        yield from sections(lines(file, encoding), markdown=markdown)
