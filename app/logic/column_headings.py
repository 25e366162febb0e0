"""What heads the columns of figures in text that keeps a table's rows on lines but not its cells apart.

Only headings that can be told apart without doubt are read: years, quarters, dates, and the words for a change or a
total. A row is given them if it has exactly as many figures.
"""

import re
from functools import lru_cache

from app.logic.periods import periods

_MONTH = (
    r"(?:jan(?:uary?|vier)?|feb(?:ruary?)?|février|mar(?:ch)?|märz|mars|apr(?:il)?|avril|may|mai|june?|juni|juin|july?|"
    r"juli|juillet|aug(?:ust)?|août|sept?(?:ember|embre)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|"
    r"dec(?:ember)?|dez(?:ember)?|décembre)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\.?\s+{_MONTH}|{_MONTH})"
_ITEM = re.compile(
    rf"(?<![\w.,$€£])(?:{_DAY},?\s+{_YEAR}|(?:[QH][1-4]|[1-4][QH])[\s'’-]*(?:FY\s?)?(?:{_YEAR}|\d\d)|{_YEAR}[\s-]*[QH][1-4]|"
    rf"(?:FY|CY)[\s'’-]*(?:{_YEAR}|\d\d)|{_YEAR}\s?年?|(?:[%$]\s*)?(?:change|chg|variance|var|veränderung|variation)\b\.?|"
    r"total)(?![\w.,])",
    re.IGNORECASE,
)
_DATE = re.compile(rf"(?<!\w){_DAY},?(?!\w)", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:three|six|nine|twelve|first|second|third|fourth|\d{1,2})\s+(?:months?|weeks?|quarters?|half)(?:\s+ended)?"
    rf"(?:\s+{_DAY}(?!\d)(?![,\s]*{_YEAR}),?)?|\b(?:fiscal\s+)?(?:years?|quarters?)\s+ended(?:\s+{_DAY}(?!\d)(?![,\s]*{_YEAR}),?)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:[^\w\s]|\s|(?:in\s+)?(?:thousands?|millions?|billions?|mio|mrd|tsd|usd|eur|aud|gbp)\b)*", re.IGNORECASE
)
"""What may stand between headings: signs and units."""
_FIGURE = re.compile(r"\d")
_LEAST = 2
"""Columns; one heading above one figure may be anything."""


@lru_cache(maxsize=1 << 13)
def column_headings(lines: tuple[str, ...]) -> tuple[str, ...] | None:
    """The headings that stand in the last of these lines, with what the others above it say of them; None if the last
    is no line of headings.

    "Three Months Ended Six Months Ended" over "2023 2022 2023 2022" gives "Three Months Ended 2023", ...
    """
    line = lines[-1]
    items = [" ".join(item.split()) for item in _ITEM.findall(line)]
    lead = lead_of(line)
    if len(items) < _LEAST or not any(map(periods, items)) or _FIGURE.search(lead):
        return None
    if not _BETWEEN.fullmatch(_GROUP.sub(" ", _ITEM.sub(" ", line.removeprefix(lead)))):
        return None
    above = [line for line in lines[:-1] if not _FIGURE.search(_DATE.sub(" ", line))]
    for upper in (line, *reversed(above)):
        items = _dated(items, upper) or _grouped(items, upper) or items
    return tuple(_alike(items))


def heads_groups(line: str) -> bool:
    """ "Three Months Ended Six Months Ended" or "January 28, January 29,", and nothing else."""
    rest = _DATE.sub(" ", _GROUP.sub(" ", line))
    return rest != line and not re.search(r"\w", rest)


def lead_of(line: str) -> str:
    """What stands before the first heading of such a line: "(In millions) 2023 2022" has units there."""
    match = _ITEM.search(line)
    return line[: match.start()].rstrip() if match else ""


def _dated(items: list[str], upper: str) -> list[str] | None:
    """ "July 29, January 28," over "2023 2023"."""
    dates = _DATE.findall(upper)
    if len(dates) != len(items) or _GROUP.search(upper) or not all(item.isdigit() for item in items):
        return None
    return [f"{date} {item}" for date, item in zip(dates, items, strict=True)]


def _grouped(items: list[str], upper: str) -> list[str] | None:
    groups = [" ".join(match.group().rstrip(" ,").split()) for match in _GROUP.finditer(upper)]
    if len(groups) < _LEAST or len(items) % len(groups):
        return None
    each = len(items) // len(groups)
    return [f"{groups[index // each]} {item}" for index, item in enumerate(items)]


def _alike(items: list[str]) -> list[str]:
    """Where the first alone has a day ("31 December 2025 2024"), that day is every column's, and is left out."""
    first, others = items[0], items[1:]
    year = re.search(rf"{_YEAR}$", first)
    return [year.group(), *others] if year and all(item.isdigit() for item in others) else items
