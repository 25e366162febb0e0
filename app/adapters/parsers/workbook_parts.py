"""The XML parts of a workbook (ECMA-376, 18.3 to 18.8), each a handler that keeps what is needed of it."""

from typing import NamedTuple

from app.core.errors import UnreadableDocument
from app.logic.cell_formats import Meaning, meaning, shown
from app.logic.grid import Row
from app.logic.tidy import one_line

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_TRUE = ("1", "true")
_A = ord("A") - 1


class Relations:
    """Where parts are, by relation id and by kind."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
            self.kinds.setdefault(attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", ""))

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class Workbook:
    """The sheets' names with the ids of their relations, and the calendar."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((one_line(attributes.get("name", "")), identity))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in _TRUE

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class SharedStrings:
    """Every text that cells refer to by number, without the pronunciations of Japanese ones."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._silent = 0
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._silent += name == "rPh"
        self._reading = name == "t" and not self._silent

    def text(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._reading = False
        self._silent -= name == "rPh"
        if name == "si":
            self.strings.append(one_line("".join(self._pieces)))
            self._pieces.clear()


class Styles:
    """What numbers mean, by the style of their cell."""

    def __init__(self) -> None:
        self.meanings: list[Meaning] = []
        self._codes: dict[str, str] = {}
        self._in_cell_formats = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cell_formats = True
        elif name == "xf" and self._in_cell_formats:
            number = attributes.get("numFmtId", "0")
            self.meanings.append(meaning(_natural(number, 1 << 16), self._codes.get(number)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_formats = False

    def text(self, data: str) -> None: ...


class _Cell(NamedTuple):
    column: int
    kind: str
    style: int


class SheetRows:
    """Rows with any text, collected in `found` until somebody takes them."""

    def __init__(self, strings: list[str], meanings: list[Meaning], *, from_1904: bool) -> None:
        self.found: list[Row] = []
        self._strings, self._meanings, self._from_1904 = strings, meanings, from_1904
        self._row = 0
        self._column = 0
        self._cells: dict[int, str] = {}
        self._cell = _Cell(0, "n", 0)
        self._pieces: list[str] = []
        self._reading = False
        self._silent = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self._column = _column(place) if place else _bounded(self._column + 1, _MAX_COLUMN)
            self._cell = _Cell(self._column, attributes.get("t", "n"), int(attributes.get("s", 0)))
        elif name == "row":
            self._row = _natural(attributes["r"], _MAX_ROW) if "r" in attributes else _bounded(self._row + 1, _MAX_ROW)
            self._column = 0
        else:
            self._silent += name == "rPh"
            self._reading = name in ("v", "t") and not self._silent

    def text(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._reading = False
        if name == "c" and self._pieces:
            if value := self._value("".join(self._pieces)):
                self._cells[self._cell.column] = value
            self._pieces.clear()
        elif name == "row" and self._cells:
            self.found.append(Row(self._row, self._cells))
            self._cells = {}
        elif name == "rPh":
            self._silent -= 1

    def _value(self, content: str) -> str:
        kind, style = self._cell.kind, self._cell.style
        if kind == "s":
            number = _natural(content, 1 << 31)
            return self._strings[number] if number < len(self._strings) else ""
        if kind == "n":
            means = self._meanings[style] if 0 <= style < len(self._meanings) else Meaning.NUMBER
            return shown(content, means, from_1904=self._from_1904)
        if kind == "b":
            return "TRUE" if content in _TRUE else "FALSE"
        return one_line(content)


def column_letters(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _column(place: str) -> int:
    column = 0
    for character in place:
        if character.isdigit():
            break
        column = _bounded(column * 26 + ord(character) - _A, _MAX_COLUMN)
    return column


def _natural(digits: str, most: int) -> int:
    if not digits.isdecimal() or len(digits) > 10:
        raise UnreadableDocument("The workbook numbers its rows or cells in a way that makes no sense.")
    return _bounded(int(digits), most)


def _bounded(number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise UnreadableDocument("The workbook has more rows or columns than a sheet can have.")
    return number
