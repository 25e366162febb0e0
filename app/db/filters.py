"""Metadata filters as SQL over `document_attributes`: exact and typed on every database.

A value compares only with attributes of its own kind: text with text, numbers with numbers, flags with flags. `ne` and
`nin` are the negations of `eq` and `in`, so a document without the key passes them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select

from app.core.errors import InvalidFilter
from app.models.records import Comparison, Filter, Scalar
from app.models.tables import document_attributes as attributes
from app.models.tables import documents

ORDERINGS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}

OWN: dict[str, ColumnElement[Any]] = {
    "document_id": documents.c.id,
    "filename": documents.c.filename,
    "language": func.coalesce(documents.c.language, ""),
    "media_type": documents.c.media_type,
}
"""A document's own fields, which can be filtered on like its metadata."""


def condition(filter_: Filter) -> ColumnElement[bool]:
    """A condition on rows of `documents`. Raises InvalidFilter when the values cannot be compared so."""
    if isinstance(filter_, Comparison):
        return _comparison(filter_)
    clauses = [condition(part) for part in filter_.filters]
    if not clauses:
        raise InvalidFilter(f"`{filter_.type}` needs at least one filter.")
    return and_(*clauses) if filter_.type == "and" else or_(*clauses)


def _comparison(comparison: Comparison) -> ColumnElement[bool]:
    key, value, kind = comparison.key, comparison.value, comparison.type
    if kind in ("in", "nin"):
        found = _has_any(key, value if isinstance(value, tuple) else (value,))
        return not_(found) if kind == "nin" else found
    if isinstance(value, tuple):
        raise InvalidFilter(f"`{kind}` takes one value; use `in` or `nin` for a list (key {key!r}).")
    return not_(_has(key, "eq", value)) if kind == "ne" else _has(key, kind, value)


def _has(key: str, kind: str, value: Scalar) -> ColumnElement[bool]:
    """Whether a document's attribute `key` stands in that relation to `value`."""
    found = _exists(attribute(key, kind, value))
    own = OWN.get(key) if isinstance(value, str) else None
    return found if own is None else or_(found, _compare(own, kind, value))


def _has_any(key: str, values: Sequence[Scalar]) -> ColumnElement[bool]:
    texts = [value for value in values if isinstance(value, str)]
    flags = [value for value in values if isinstance(value, bool)]
    numbers = [value for value in values if not isinstance(value, str | bool)]
    kinds = ((attributes.c.text, texts), (attributes.c.flag, flags), (attributes.c.number, numbers))
    found = [_exists(and_(attributes.c.key == key, column.in_(some))) for column, some in kinds if some]
    if key in OWN and texts:
        found.append(OWN[key].in_(texts))
    return or_(false(), *found)


def _exists(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = attributes.c.document_id == documents.c.id
    return select(attributes.c.document_id).where(mine, condition).correlate(documents).exists()


def attribute(key: str, kind: str, value: Scalar) -> ColumnElement[bool]:
    """A condition on rows of `document_attributes`; `kind` is "eq" or an ordering. Raises InvalidFilter."""
    column: ColumnElement[Any] = attributes.c.text if isinstance(value, str) else attributes.c.number
    if isinstance(value, bool):
        if kind != "eq":
            raise InvalidFilter(f"`{kind}` cannot compare true or false (key {key!r}).")
        column = attributes.c.flag
    return and_(attributes.c.key == key, _compare(column, kind, value))


def _compare(column: ColumnElement[Any], kind: str, value: Scalar) -> ColumnElement[bool]:
    return column == value if kind == "eq" else ORDERINGS[kind](column, value)
