"""Times that a text names, each in one spelling: "Q2 of FY2024", "2024Q2" and "2Q24" are the same quarter.

A question's times are compared with those of file names and titles, so only what people write there is read: years,
quarters, halves and dates, in digits or with the month's name in the languages of `_MONTHS`.
"""

import re
from collections.abc import Iterator

_MONTHS = (
    "january januar janvier enero janeiro gennaio januari",
    "february février febrero februar fevereiro febbraio februari",
    "march mars marzo märz março maart",
    "april avril abril aprile",
    "may mai mayo maio maggio mei",
    "june juin junio juni junho giugno",
    "july juillet julio juli julho luglio",
    "august août agosto augustus",
    "september septembre septiembre setembro settembre",
    "october octobre octubre oktober outubro ottobre",
    "november novembre noviembre novembro",
    "december décembre diciembre dezember dezembro dicembre",
)
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH_NUMBER |= {name[:3]: number for name, number in _MONTH_NUMBER.items() if name.isascii() and name != "mars"}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_NUMBER, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ANY_YEAR = r"(?P<year>(?:19|20)\d\d|\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er|º)?"
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}

_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_./年](?P<month>\d{1,2})[-_./月](?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d){_DAY}\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+)?{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}(?!\d)",
    )
)
_LINK = r"[\s,_\-/']*(?:of|for|in|du|de|del|des)?[\s,_\-/']*(?:the\s+)?(?:fiscal\s+year|fiscal|year|fy)?[\s_\-/']*"
_PARTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![^\W_])(?P<kind>[qht])(?P<part>[1-4]){_LINK}{_ANY_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}[\s_\-/]*(?P<kind>[qht])(?P<part>[1-4])(?![^\W_])",
        rf"(?<![^\W_])(?P<part>[1-4])(?P<kind>[qht]){_LINK}{_ANY_YEAR}(?!\d)",
        rf"\b(?P<part>first|second|third|fourth)\s+(?P<kind>quarter|half){_LINK}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}\s*年第?(?P<part>[1-4一二三四])(?P<kind>季)",
    )
)
_BARE_PART = re.compile(r"(?<![^\W_])(?P<kind>[qh])(?P<part>[1-4])(?![^\W_])")
_KINDS = {"q": "q", "t": "q", "h": "h", "quarter": "q", "half": "h", "季": "q"}
_HAN = {"一": "1", "二": "2", "三": "3", "四": "4"}
_FISCAL = re.compile(r"(?<![^\W_])(?:fy|cy)[\s_'’\-]*(?P<year>\d{2}|(?:19|20)\d\d)(?!\d)")
_PLAIN_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)")
_ARABIC_INDIC = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)


def periods(text: str) -> frozenset[str]:
    """Years as "2024", quarters and halves as "2024q2", "q2" and "h1", dates as "2022-07-01"."""
    return frozenset(_found(text.lower().translate(_ARABIC_INDIC)))


def years(text: str) -> list[int]:
    """The years that a text names, each once, the latest first."""
    return sorted({int(item) for item in periods(text) if item.isdigit()}, reverse=True)


def _found(text: str) -> Iterator[str]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = _MONTH_NUMBER.get(match["month"]) or int(match["month"])
            yield f"{match['year']}-{month:02}-{int(match['day']):02}"
    for pattern in _PARTS:
        for match in pattern.finditer(text):
            part = _ORDINALS.get(match["part"]) or _HAN.get(match["part"]) or match["part"]
            name = f"{_KINDS[match['kind']]}{part}"
            yield from (name, f"{_full(match['year'])}{name}", _full(match["year"]))
    for match in _BARE_PART.finditer(text):
        yield f"{match['kind']}{match['part']}"
    for pattern in (_FISCAL, _PLAIN_YEAR):
        for match in pattern.finditer(text):
            yield _full(match["year"])


def _full(year: str) -> str:
    return year if len(year) == len("2024") else f"20{year}"
