"""What a single value sent by a client may be: text that every store can hold, numbers that survive a float column.

Raises ValueError with a message that never repeats the value; the edge turns it into a problem.
"""

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.models.records import Scalar

MAX_KEYS = 16
MAX_KEY = 64
MAX_TEXT = 512
# Beyond it a float skips integers, so two different numbers would compare as equal.
MAX_INTEGER = 2**53


def clean_text(text: str) -> str:
    """NFC. Raises ValueError on NUL (no PostgreSQL text holds it) and on lone surrogates (no UTF-8 does)."""
    if "\0" in text:
        raise ValueError("must not contain NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain lone surrogates") from None
    return unicodedata.normalize("NFC", text)


def clean_key(key: Any) -> str:
    """A metadata key: 1 to 64 characters, NFC."""
    if not isinstance(key, str):
        raise ValueError("a key is text")
    text = clean_text(key)
    if not 1 <= len(text) <= MAX_KEY or not text.strip():
        raise ValueError(f"a key has 1 to {MAX_KEY} characters")
    return text


def clean_scalar(value: Any) -> Scalar:
    """Text of at most 512 characters, a number within ±2^53, true or false; anything else raises ValueError."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = clean_text(value)
        if len(text) > MAX_TEXT:
            raise ValueError(f"text has at most {MAX_TEXT} characters")
        return text
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("a number is finite")
        if abs(value) > MAX_INTEGER:
            raise ValueError("a number lies within ±2^53; send a larger one as text")
        return value
    raise ValueError("a value is text, a number, true or false")


def clean_metadata(metadata: Any) -> dict[str, Scalar]:
    """A document's metadata: at most 16 keys, each with one scalar."""
    if not isinstance(metadata, Mapping):
        raise ValueError("metadata is a JSON object")
    if len(metadata) > MAX_KEYS:
        raise ValueError(f"metadata has at most {MAX_KEYS} keys")
    return {clean_key(key): clean_scalar(value) for key, value in metadata.items()}
