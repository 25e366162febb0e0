from typing import Any

import pytest

from app.models.scalars import clean_metadata, clean_text


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
def test_text_that_no_store_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must not contain"):
        clean_text(text)


def test_text_is_nfc_and_otherwise_untouched() -> None:
    assert clean_text("e\u0301 हिन्दी में €100 — “quote” தமிழ் ไทย") == "é हिन्दी में €100 — “quote” தமிழ் ไทย"


def test_metadata_of_every_kind() -> None:
    given = {"year": 2023, "rate": 0.5, "audited": True, "部门": "财务"}
    clean = clean_metadata(given)
    assert clean == given
    assert [type(value) for value in clean.values()] == [int, float, bool, str]


@pytest.mark.parametrize(
    "metadata",
    [
        [],
        "x",
        None,
        {str(n): n for n in range(17)},
        {"": 1},
        {"k" * 65: 1},
        {1: "x"},
        {"k": None},
        {"k": []},
        {"k": {}},
        {"k": "x" * 513},
        {"k": float("nan")},
        {"k": 1e300},
        {"k": 2**53 + 1},
        {"k": "\0"},
    ],
)
def test_what_metadata_may_not_be(metadata: Any) -> None:
    with pytest.raises(ValueError, match=r"metadata|key|value|text|number|integer|NUL"):
        clean_metadata(metadata)
