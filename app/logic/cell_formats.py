"""What a spreadsheet's number means by its format: a date, a time, a percentage, or just itself (ECMA-376, 18.8.30)."""

import re
from datetime import datetime, timedelta
from enum import Enum


class Meaning(Enum):
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DURATION = "duration"
    PERCENT = "percent"


_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), Meaning.DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), Meaning.TIME),
    **dict.fromkeys((9, 10), Meaning.PERCENT),
    22: Meaning.DATE_TIME,
    46: Meaning.DURATION,
}
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_DAY_SECONDS = 86_400


def meaning(number: int, code: str | None) -> Meaning:
    """Of a number format: its id, and its code where the file defines one ("dd/mm/yyyy")."""
    if code is None:
        return _BUILT_IN.get(number, Meaning.NUMBER)
    bare = _LITERALS.sub("", code.split(";")[0])
    if _ELAPSED.search(bare):
        return Meaning.DURATION
    bare = _BRACKETS.sub("", bare).lower()
    if "general" in bare:
        return Meaning.NUMBER
    day, hour = re.search("[yd]", bare), re.search("[hs]", bare)
    if day or hour:
        return Meaning.DATE_TIME if day and hour else Meaning.DATE if day else Meaning.TIME
    return Meaning.DATE if "mm" in bare else Meaning.PERCENT if "%" in bare else Meaning.NUMBER


def shown(value: str, kind: Meaning, *, from_1904: bool = False) -> str:
    """A cell's number in its meaning; times to the second, figures to the 15 digits that a spreadsheet calculates with.

    What is no number, or a date out of the calendar, is returned as it is.
    """
    try:
        number = float(value)
        return _SHOWN[kind](number, from_1904)
    except (ValueError, OverflowError):
        return value


def _moment(number: float, from_1904: bool) -> datetime:
    return _EPOCHS[from_1904] + timedelta(seconds=round(number * _DAY_SECONDS))


def _date_time(number: float, from_1904: bool) -> str:
    moment = _moment(number, from_1904)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.time() != datetime.min.time() else f"{moment:%Y-%m-%d}"


def _duration(number: float, _: bool) -> str:
    seconds = round(number * _DAY_SECONDS)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_SHOWN = {
    Meaning.NUMBER: lambda number, _: f"{number:.15g}",
    Meaning.PERCENT: lambda number, _: f"{number * 100:.12g}%",
    Meaning.DATE: _date_time,
    Meaning.DATE_TIME: _date_time,
    Meaning.TIME: lambda number, from_1904: f"{_moment(number, from_1904):%H:%M:%S}",
    Meaning.DURATION: _duration,
}
