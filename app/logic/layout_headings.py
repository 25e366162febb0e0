"""Headings: short lines that are larger or bolder than the body, numbered like sections, or named by the outline."""

import re
from collections.abc import Container, Iterator, Set

from app.logic.layout_lines import Body, Line, Sheet

_LONGEST = 160
_MOST_LINES = 3
_WORDS_IN_TITLE = 12
_LARGER = 1.12
_RATIOS = ((1.75, 1), (1.35, 2), (_LARGER, 3))
_BOLD_LEVEL, _SLIGHT_LEVEL, _LOWEST = 4, 5, 6
_PART = re.compile(r"(?:part|book|volume|teil|partie|parte|часть)\s+(?:[ivx]+|\d+)\b", re.IGNORECASE)
_ITEM = re.compile(
    r"(?:item|chapter|article|section|note|appendix|annex|kapitel|anhang|chapitre|annexe|capítulo|глава)\s+"
    r"(?:\d+[a-z]?|[ivxlc]+|[a-z])\b[.:—–-]?|第\s*[\d一二三四五六七八九十百]+\s*[章节節条條部]",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s+[^\W\d_]")
_NO_LETTERS = re.compile(r"[\W_]+")
_RUNS_ON = tuple(",;，、；-–—")
_STOPS = tuple(".。:：!?！？")


def heading_levels(sheet: Sheet, body: Body, taken: Set[int]) -> dict[int, int]:
    """Level by index of each heading's first line; 0 for the lines that continue it."""
    named = {_folded(title): level for title, level in sheet.outline}
    levels: dict[int, int] = {}
    free = [index for index in range(len(sheet.lines)) if index not in taken]
    for run in _runs(sheet, free, body, named):
        text = " ".join(sheet.line(index) for index in run)
        level = (named and named.get(_folded(text))) or _level(sheet, body, run, text)
        if level:
            levels.update(dict.fromkeys(run, 0))
            levels[run[0]] = level
    return levels if len(levels) * 2 <= max(4, len(free)) else _only_larger(sheet, body, levels)


def _only_larger(sheet: Sheet, body: Body, levels: dict[int, int]) -> dict[int, int]:
    """On a page that seems to be all headings (a cover, a form), bold type alone means nothing."""
    kept: dict[int, int] = {}
    keeping = False
    for index, level in levels.items():
        if level:
            larger = sheet.lines[index].size >= _LARGER * body.size
            keeping = larger or bool(_ITEM.match(sheet.line(index)) or _PART.match(sheet.line(index)))
        if keeping:
            kept[index] = level
    return kept


def _runs(sheet: Sheet, free: list[int], body: Body, named: Container[str]) -> Iterator[list[int]]:
    """Lines that would make one heading together: of one type, one under the other."""
    run: list[int] = []
    for index in free:
        joined = run and index == run[-1] + 1 and _same_type(sheet, run[-1], index, body)
        if joined and not any(_folded(sheet.line(one)) in named for one in (run[-1], index)):
            run.append(index)
            continue
        if run:
            yield run
        run = [index]
    if run:
        yield run


def _same_type(sheet: Sheet, index: int, following: int, body: Body) -> bool:
    one, other = sheet.lines[index], sheet.lines[following]
    set_off = one.size >= _LARGER * body.size or (one.bold and not body.bold)
    alike = one.bold == other.bold and abs(one.size - other.size) < 0.08 * one.size
    below = 0 < other.y0 - one.y0 < 1.9 * one.size
    fresh = _ITEM.match(sheet.line(following)) or _DECIMAL.match(sheet.line(following))
    return set_off and alike and below and not fresh


def _level(sheet: Sheet, body: Body, run: list[int], text: str) -> int:
    line = sheet.lines[run[0]]
    if len(run) > _MOST_LINES or len(text) > _LONGEST or not _is_title_like(text):
        return 0
    ratio = line.size / body.size if body.size else 1.0
    level = next((level for least, level in _RATIOS if ratio >= least), 0)
    bold = line.bold and not body.bold
    if level and not bold and text.endswith(_STOPS) and len(text.split()) > _WORDS_IN_TITLE:
        return 0
    if not level and bold:
        level = _BOLD_LEVEL
    if not level and _stands_alone(sheet, run) and not text.endswith(_STOPS):
        slight = line.italic or _is_capitals(text) or _ITEM.match(text) or _is_deep(text)
        level = _SLIGHT_LEVEL if slight else 0
    return _numbered(text, level) if level else 0


def _numbered(text: str, level: int) -> int:
    if _PART.match(text):
        return min(level, 1)
    if _ITEM.match(text):
        return min(level, 2)
    match = _DECIMAL.match(text)
    if match and (level < _BOLD_LEVEL or "." in match.group()):  # else it may be "1 year" over a column
        return min(_LOWEST, 2 + match.group(1).count("."))
    return level


def _is_title_like(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        letters > 1
        and letters * 2 > len(text.replace(" ", ""))
        and not text[0].islower()
        and not text.endswith(_RUNS_ON)
    )


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > 3


def _is_deep(text: str) -> bool:
    match = _DECIMAL.match(text)
    return bool(match and "." in match.group(1))


def _stands_alone(sheet: Sheet, run: list[int]) -> bool:
    """Whether white space is over and under a line that does not fill its column."""
    line = sheet.lines[run[0]]
    before = sheet.lines[run[0] - 1] if run[0] else None
    after = sheet.lines[run[0] + 1] if run[0] + 1 < len(sheet.lines) else None
    room = 1.25 * sheet.leading
    short = line.x1 - line.x0 < 0.75 * (sheet.right - sheet.left)
    return len(run) == 1 and short and _apart(before, line, room) and _apart(line, after, 0.9 * room)


def _apart(upper: Line | None, lower: Line | None, room: float) -> bool:
    return upper is None or lower is None or not 0 < lower.y0 - upper.y0 < room


def _folded(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())
