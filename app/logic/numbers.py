"""Numbers as texts write them, and whether two of them say the same: grouping, scale words, rounding, units."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from app.logic.folding import normalize, strip_accents

_SCALES = {
    3: "thousand tsd tausend mille mil mila тыс тысяч тысячи ألف الف हजार พัน 千 천",
    4: "万 萬 만 หมื่น",
    5: "lakh लाख แสน",
    6: "million millions mn mio millionen millon millones milhao milhoes milioni млн миллион миллионов миллиона "
    "مليون ล้าน 百万 百萬",
    7: "crore crores करोड",
    8: "亿 億 억",
    9: "billion billions bn milliarde milliarden mrd milliard milliards miliardi bilhao bilhoes млрд миллиард "
    "миллиардов миллиарда مليار अरब 십억 十亿 十億",
    12: "trillion trillions 兆 조 трлн",
}
_POWER = {strip_accents(normalize(word)): power for power, words in _SCALES.items() for word in words.split()}
_FAMILIES = (3, 6, 9, 12), (4, 8, 12), (5, 7)
"""Powers in which one text counts: European, East Asian, South Asian."""
_SCALE = "|".join(sorted(map(re.escape, _POWER), key=len, reverse=True))
_UNITS = {
    "%": "% percent percentage prozent pourcent porcento",
    "$": "$ usd dollar dollars",
    "€": "€ eur euro euros",
    "£": "£ gbp",
    "¥": "¥ cny jpy rmb yuan yen 元 円",
    "₹": "₹ inr rupees",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NAMED = "|".join(sorted(map(re.escape, _UNIT), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<before>[$€£¥₹]|\b(?:usd|eur|gbp|inr)\b)?\s?(?<![\d.,])(?P<digits>\d+(?:[.,'’]\d+)*)"
    rf"(?P<thousands>k(?![a-z]))?(?:[\s-]?(?P<scale>{_SCALE})(?![a-z]))?(?:\s?(?P<after>{_NAMED})(?![a-z]))?"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,'’])\d{3}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number's size without its sign; `power` is that of the scale word beside it (million: 6), 0 without one."""

    value: Decimal
    digits: int
    """Significant digits, as far as it was written."""
    power: int = 0
    unit: str | None = None


@lru_cache(maxsize=1 << 12)
def find_numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text in order; "1,577" and "1.577" are both read as grouped thousands."""
    found = []
    for match in _NUMBER.finditer(strip_accents(normalize(text))):
        plain = _plain(match["digits"])
        power = 3 if match["thousands"] else _POWER.get(match["scale"] or "", 0)
        unit = _UNIT.get(match["before"] or "") or _UNIT.get(match["after"] or "")
        digits = len(plain.replace(".", "").lstrip("0").rstrip("0" if "." not in plain else "")) or 1
        found.append(Number(Decimal(plain).scaleb(power), digits, power, unit))
    return tuple(found)


def without_numbers(text: str) -> str:
    """The text, normalized, without its numbers and the scale words and units beside them."""
    return _NUMBER.sub(" ", normalize(text))


def _plain(written: str) -> str:
    """Digits with a decimal point at most: the last separator is one unless it groups thousands."""
    separators = [c for c in written if not c.isdigit()]
    if not separators:
        return written
    whole, _, last = written.rpartition(separators[-1])
    grouping = separators.count(separators[-1]) > 1 or _GROUPED.fullmatch(written)
    bare = re.sub(r"\D", "", whole)
    return bare + last if grouping else f"{bare}.{last}"


def same(claim: Number, evidence: Number) -> bool:
    """Whether evidence says what the claim says.

    A scale word may stand elsewhere (a table "in millions"), so a number that has one equals the plain number times any
    power of its family; and it may be rounded to the digits that it shows. Units differ only if both are written.
    """
    if claim.unit and evidence.unit and claim.unit != evidence.unit:
        return False
    if claim.value == evidence.value:
        return True
    if not claim.value or not evidence.value or not (claim.power or evidence.power):
        return False
    shown = min(claim.digits, evidence.digits)
    if _rounded(claim.value, shown) == _rounded(evidence.value, shown):
        return True
    if bool(claim.power) == bool(evidence.power):
        return False
    left, right = _rounded(claim.value, shown), _rounded(evidence.value, shown)
    shift = abs(left.adjusted() - right.adjusted())
    together = {power for family in _FAMILIES if (claim.power or evidence.power) in family for power in family}
    return shift in together and left.scaleb(-left.adjusted()) == right.scaleb(-right.adjusted())


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_UP)


def missing(claimed: Iterable[Number], evidence: Iterable[Number]) -> list[Number]:
    """The claimed numbers that the evidence does not hold."""
    held = tuple(evidence)
    return [number for number in claimed if not any(same(number, other) for other in held)]
