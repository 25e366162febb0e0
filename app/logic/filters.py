"""Metadata filters from the wire: the grammar of OpenAI's vector stores.

    {"type": eq|ne|gt|gte|lt|lte|in|nin, "key": text, "value": scalar or list}   or   {"type": and|or, "filters": [...]}

Source of the grammar: ComparisonFilter and CompoundFilter of OpenAI's published API description.
"""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from app.core.errors import InvalidFilter
from app.models.records import Comparison, Compound, Filter, Scalar
from app.models.scalars import clean_key, clean_scalar

MAX_DEPTH = 8
MAX_COMPARISONS = 100
MAX_VALUES = 1000
MAX_WEIGHT = 10_000

T = TypeVar("T")

_COMPARISONS = get_args(Comparison.__annotations__["type"])
_COMPOUNDS = get_args(Compound.__annotations__["type"])


def parse_filter(wire: Any) -> Filter:
    """The filter that a decoded JSON value spells.

    Raises InvalidFilter, naming the place in the filter, when it is not of the grammar or above the limits: 8 levels,
    100 comparisons, 1,000 values in one list, 10,000 in all.
    """
    parsed = _parse(wire, "filters", 1)
    if _comparisons(parsed) > MAX_COMPARISONS:
        raise InvalidFilter(f"filters: has at most {MAX_COMPARISONS} comparisons.")
    if parsed.weight > MAX_WEIGHT:
        raise InvalidFilter(f"filters: names at most {MAX_WEIGHT} values in all.")
    return parsed


def _parse(wire: Any, place: str, depth: int) -> Filter:
    if depth > MAX_DEPTH:
        raise InvalidFilter(f"filters: is nested at most {MAX_DEPTH} levels deep.")
    if not isinstance(wire, dict):
        raise InvalidFilter(f"{place}: a filter is an object.")
    kind = wire.get("type")
    if kind in _COMPOUNDS:
        return _compound(wire, place, depth)
    if kind in _COMPARISONS:
        return _comparison(wire, place)
    raise InvalidFilter(f"{place}.type: is one of {', '.join((*_COMPARISONS, *_COMPOUNDS))}.")


def _compound(wire: dict[str, Any], place: str, depth: int) -> Compound:
    _only(wire, {"type", "filters"}, place)
    parts = wire.get("filters")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_COMPARISONS:
        raise InvalidFilter(f"{place}.filters: is a list of 1 to {MAX_COMPARISONS} filters.")
    return Compound(
        wire["type"],
        tuple(_parse(part, f"{place}.filters[{index}]", depth + 1) for index, part in enumerate(parts)),
    )


def _comparison(wire: dict[str, Any], place: str) -> Comparison:
    _only(wire, {"type", "key", "value"}, place)
    kind = wire["type"]
    key = _checked(clean_key, wire.get("key"), f"{place}.key")
    if "value" not in wire:
        raise InvalidFilter(f"{place}.value: is missing.")
    return Comparison(kind, key, _value(kind, wire["value"], f"{place}.value"))


def _value(kind: str, value: Any, place: str) -> Scalar | tuple[Scalar, ...]:
    if kind in ("in", "nin"):
        if not isinstance(value, list) or len(value) > MAX_VALUES:
            raise InvalidFilter(f"{place}: `{kind}` takes a list of at most {MAX_VALUES} values.")
        return tuple(_checked(clean_scalar, item, f"{place}[{index}]") for index, item in enumerate(value))
    scalar = _checked(clean_scalar, value, place)
    if isinstance(scalar, bool) and kind not in ("eq", "ne"):
        raise InvalidFilter(f"{place}: `{kind}` compares text or numbers, not true or false.")
    return scalar


def _checked(check: Callable[[Any], T], value: Any, place: str) -> T:
    try:
        return check(value)
    except ValueError as error:
        raise InvalidFilter(f"{place}: {error}.") from None


def _only(wire: dict[str, Any], known: set[str], place: str) -> None:
    if unknown := sorted(set(wire) - known):
        raise InvalidFilter(f"{place}: does not know {unknown[0][:64]!a}.")


def _comparisons(filter_: Filter) -> int:
    return 1 if isinstance(filter_, Comparison) else sum(_comparisons(part) for part in filter_.filters)
