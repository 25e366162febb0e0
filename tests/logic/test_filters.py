import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidFilter
from app.logic.filters import MAX_COMPARISONS, MAX_DEPTH, MAX_VALUES, parse_filter
from app.models.records import Comparison, Compound


def eq(key: str = "year", value: Any = 2023) -> dict[str, Any]:
    return {"type": "eq", "key": key, "value": value}


def nested(depth: int) -> dict[str, Any]:
    wire = eq()
    for _ in range(depth - 1):
        wire = {"type": "and", "filters": [wire]}
    return wire


def test_every_comparison_of_the_grammar() -> None:
    kinds: tuple[Any, ...] = ("eq", "ne", "gt", "gte", "lt", "lte")
    for kind in kinds:
        assert parse_filter({"type": kind, "key": "year", "value": 2023}) == Comparison(kind, "year", 2023)
    for kind in ("in", "nin"):
        assert parse_filter({"type": kind, "key": "k", "value": ["a", 1, 2.5, True]}) == Comparison(
            kind, "k", ("a", 1, 2.5, True)
        )


def test_compounds_keep_order_and_nesting() -> None:
    wire = {"type": "or", "filters": [eq("a", 1), {"type": "and", "filters": [eq("b", "x"), eq("c", False)]}]}
    assert parse_filter(wire) == Compound(
        "or",
        (
            Comparison("eq", "a", 1),
            Compound("and", (Comparison("eq", "b", "x"), Comparison("eq", "c", False))),
        ),
    )


def test_types_of_values_survive() -> None:
    parsed = [parse_filter(eq(value=value)) for value in (1, 1.0, True, "1")]
    assert [type(item.value) for item in parsed if isinstance(item, Comparison)] == [int, float, bool, str]


@pytest.mark.parametrize("key", ["部门", "विभाग", "القسم", "แผนก"])
def test_keys_of_any_script(key: str) -> None:
    assert parse_filter(eq(key, "x")) == Comparison("eq", key, "x")


def test_keys_and_texts_are_compared_in_nfc() -> None:
    assert parse_filter(eq("caf\u0065\u0301", "re\u0301sume\u0301")) == Comparison("eq", "café", "résumé")


def test_an_empty_list_is_a_filter_that_nothing_passes() -> None:
    assert parse_filter({"type": "in", "key": "k", "value": []}) == Comparison("in", "k", ())


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        (None, "filters:"),
        ([], "filters:"),
        ("eq", "filters:"),
        ({}, "filters.type"),
        ({"type": "like", "key": "k", "value": "x"}, "filters.type"),
        ({"type": ["eq"], "key": "k", "value": "x"}, "filters.type"),
        ({"type": "eq", "key": "", "value": 1}, "filters.key"),
        ({"type": "eq", "key": "  ", "value": 1}, "filters.key"),
        ({"type": "eq", "key": "k" * 65, "value": 1}, "filters.key"),
        ({"type": "eq", "key": 7, "value": 1}, "filters.key"),
        ({"type": "eq", "value": 1}, "filters.key"),
        ({"type": "eq", "key": "a\0", "value": 1}, "filters.key"),
        ({"type": "eq", "key": "k"}, "filters.value"),
        ({"type": "eq", "key": "k", "value": None}, "filters.value"),
        ({"type": "eq", "key": "k", "value": [1]}, "filters.value"),
        ({"type": "eq", "key": "k", "value": {"a": 1}}, "filters.value"),
        ({"type": "eq", "key": "k", "value": "x" * 513}, "filters.value"),
        ({"type": "eq", "key": "k", "value": "\ud800"}, "filters.value"),
        ({"type": "eq", "key": "k", "value": float("nan")}, "filters.value"),
        ({"type": "eq", "key": "k", "value": float("inf")}, "filters.value"),
        ({"type": "eq", "key": "k", "value": 2**53 + 1}, "filters.value"),
        ({"type": "gt", "key": "k", "value": True}, "filters.value"),
        ({"type": "in", "key": "k", "value": "abc"}, "filters.value"),
        ({"type": "in", "key": "k", "value": [1, None]}, "filters.value[1]"),
        ({"type": "in", "key": "k", "value": [1] * (MAX_VALUES + 1)}, "filters.value"),
        ({"type": "eq", "key": "k", "value": 1, "extra": 2}, "filters:"),
        ({"type": "and", "filters": [], "key": "k"}, "filters:"),
        ({"type": "and", "filters": []}, "filters.filters"),
        ({"type": "and"}, "filters.filters"),
        ({"type": "or", "filters": {"type": "eq"}}, "filters.filters"),
        ({"type": "or", "filters": [{"type": "eq", "key": "k", "value": 1}, 3]}, "filters.filters[1]"),
    ],
)
def test_what_is_not_of_the_grammar_is_refused_with_its_place(wire: Any, place: str) -> None:
    with pytest.raises(InvalidFilter) as caught:
        parse_filter(wire)
    assert caught.value.detail.startswith(place)


def test_depth_is_limited() -> None:
    parse_filter(nested(MAX_DEPTH))
    with pytest.raises(InvalidFilter, match="levels deep"):
        parse_filter(nested(MAX_DEPTH + 1))
    with pytest.raises(InvalidFilter, match="levels deep"):
        parse_filter(nested(800))


def test_size_is_limited_over_the_whole_tree() -> None:
    half = {"type": "or", "filters": [eq()] * (MAX_COMPARISONS // 2)}
    parse_filter({"type": "and", "filters": [half, half]})
    with pytest.raises(InvalidFilter, match="comparisons"):
        parse_filter({"type": "and", "filters": [half, half, eq()]})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "key", "value", "filters"]) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_any_json_is_a_filter_or_an_invalid_filter(wire: Any) -> None:
    try:
        parsed = parse_filter(json.loads(json.dumps(wire)))
    except InvalidFilter:
        return
    assert isinstance(parsed, Comparison | Compound)
