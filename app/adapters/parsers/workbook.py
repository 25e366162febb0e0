"""Excel workbooks (XLSX), streamed: a unit is up to a hundred whole rows of one sheet, under their column headings.

Values are shown as the file holds them, but dates, times and percentages, which are bare numbers there. Sheets are read
by expat, as libraries hold a sheet whole: 2 million cells (a file of 12 MB) took calamine 470 MB.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from app.adapters.parsers.archive import Archive, damage
from app.adapters.parsers.workbook_parts import Relations, SharedStrings, SheetRows, Styles, Workbook, column_letters
from app.adapters.parsers.xml_events import Handler, stream
from app.core.errors import EmptyFile
from app.logic.flow import heading, unit
from app.logic.grid import ROWS, Row, Stretch, stretches
from app.models.domain import DocumentInfo, Locator, Page, ParseEvent, Source

_ROOT = "_rels/.rels"
_ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s>]")
_PIECE = 1 << 20
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")

H = TypeVar("H", bound=Handler)


class _Sheet(NamedTuple):
    name: str
    part: str


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo (its count is an estimate), then the sheets' rows. Raises DocumentError's subclasses."""
    archive = Archive(source.path)
    main = _part("", _read(archive, _ROOT, Relations()).kinds.get("officeDocument", "xl/workbook.xml"))
    relations = _read(archive, f"{posixpath.dirname(main)}/_rels/{posixpath.basename(main)}.rels", Relations())
    book = _read(archive, main, Workbook())
    sheets = [_Sheet(name, _part(main, relations.targets.get(identity, ""))) for name, identity in book.sheets]
    sheets = [sheet for sheet in sheets if sheet.part in archive.names]
    yield DocumentInfo(sum(_estimate(archive, sheet.part) for sheet in sheets), "xlsx")
    strings = _read(archive, _part(main, relations.kinds.get("sharedStrings", "")), SharedStrings()).strings
    styles = _read(archive, _part(main, relations.kinds.get("styles", "")), Styles())
    number = 0
    for sheet in sheets:
        rows = SheetRows(strings, styles.meanings, from_1904=book.from_1904)
        for stretch in stretches(_rows(archive, sheet.part, rows)):
            number += 1
            yield _page(number, sheet.name, stretch)
    if not number:
        raise EmptyFile("The workbook's cells are all empty.")


def _part(base: str, target: str) -> str:
    """A relation's target as the name of a member."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target)).lstrip("/")


def _read(archive: Archive, part: str, handler: H) -> H:
    """A part that may well be missing."""
    if part in archive.names:
        with archive.open(part) as file:
            for _ in stream(file, handler):
                pass
    return handler


def _rows(archive: Archive, part: str, handler: SheetRows) -> Iterator[Row]:
    with archive.open(part) as file:
        for _ in stream(file, handler):
            yield from handler.found
            handler.found.clear()


def _estimate(archive: Archive, part: str) -> int:
    """How many units the sheet makes; all but its empty rows are counted."""
    rows, left = 0, b""
    with archive.open(part) as file, damage():
        while piece := file.read(_PIECE):
            rows += len(_ROW_TAG.findall(left + piece))
            left = piece[-1:] if piece.endswith(b"<") else b""
    return -(-rows // ROWS)


def _page(number: int, sheet: str, stretch: Stretch) -> Page:
    name = sheet if _PLAIN_NAME.fullmatch(sheet) else "'" + sheet.replace("'", "''") + "'"
    first = f"{column_letters(stretch.left)}{stretch.first}"
    last = f"{column_letters(stretch.right)}{stretch.last}"
    return unit(number, [heading(sheet, 1), *stretch.elements], Locator("sheet", f"{name}!{first}:{last}"))
