"""Tables: lines in a row that end with columns of figures, and the column headings above them."""

from collections.abc import Iterator, Set

from app.logic.layout_lines import Sheet

_STRONG, _WEAK, _ENOUGH = 3, 2, 5  # two rows of several figures, three of one
_WIDE_GAP = 1.5
_HOLE = 3
_HEADING_ROWS = 6
_ROW_STEP = 2.2
_UNITS = ("(", "（")
_WORDS_IN_LABEL, _WORDS_IN_ROW_LABEL = 14, 5
_FULL = 0.75
_CENTRED = 0.03
_INDENT = 0.15
_ROW_ENDS = tuple(".;。")
_PROSE_ENDS = (*_ROW_ENDS, ":")


def table_lines(sheet: Sheet, furniture: Set[int]) -> frozenset[int]:
    """Indices of the lines that belong to tables."""
    marks = {index: _weight(sheet, index) for index in range(len(sheet.lines)) if index not in furniture}
    found: set[int] = set()
    for first, last in _runs(sheet, marks):
        top = _top(sheet, marks, first, last)
        rows = sum(marks.get(index, 0) for index in range(first, last + 1))
        if rows + _WEAK * (top < first) >= _ENOUGH:
            found.update(index for index in range(top, last + 1) if index in marks)
    return frozenset(found)


def _weight(sheet: Sheet, index: int) -> int:
    line = sheet.lines[index]
    if line.figures > 1:
        return _STRONG
    return _WEAK if line.figures and line.gap > _WIDE_GAP * line.size else 0


def _runs(sheet: Sheet, marks: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Stretches from a row to a row, with at most a few lines between them that are no prose."""
    first = last = -1
    for index, weight in marks.items():
        if not weight:
            if first >= 0 and (index - last > _HOLE or _is_prose(sheet, index, _ROW_ENDS)):
                yield first, last
                first = -1
            continue
        if first < 0:
            first = index
        last = index
    if first >= 0:
        yield first, last


def _top(sheet: Sheet, marks: dict[int, int], first: int, last: int) -> int:
    """The first line of the column headings over a table whose first row is `first`."""
    left = min(sheet.lines[index].x0 for index in range(first, last + 1))
    indent = left + _INDENT * (max(line.x1 for line in sheet.lines[first : last + 1]) - left)
    top = first
    for index in range(first - 1, max(-1, first - 1 - _HEADING_ROWS), -1):
        line, below = sheet.lines[index], sheet.lines[index + 1]
        near = abs(below.y0 - line.y0) < _ROW_STEP * max(below.size, line.size)
        if index not in marks or not near or _is_prose(sheet, index, _PROSE_ENDS) or _is_title(sheet, index):
            break
        if line.x0 > indent or sheet.line(index).startswith(_UNITS) or sheet.is_sparse(index):
            top = index  # what stands left between these and the rows heads a group of rows
    return top


def _is_prose(sheet: Sheet, index: int, ends: tuple[str, ...]) -> bool:
    line, text = sheet.lines[index], sheet.line(index)
    if sheet.is_sparse(index):
        return False
    words, width = len(text.split()), sheet.right - sheet.left
    full = line.x1 - line.x0 > _FULL * width
    begins_left = line.x0 < sheet.left + _INDENT * width
    return (full and words > _WORDS_IN_LABEL) or (begins_left and words > _WORDS_IN_ROW_LABEL and text.endswith(ends))


def _is_title(sheet: Sheet, index: int) -> bool:
    """A table's title in the middle of the page, as opposed to the headings of its columns."""
    line, middle = sheet.lines[index], (sheet.left + sheet.right) / 2
    centred = abs((line.x0 + line.x1) / 2 - middle) < _CENTRED * (sheet.right - sheet.left)
    return centred and not sheet.is_sparse(index) and not any(map(str.isdigit, sheet.line(index)))
