"""Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made.

Twelve bits tell the part of the millisecond (its section 6.2, method 3): lists page by id, and rows of one transaction
often share a millisecond.
"""

import os
import time
import uuid

ID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def new_id() -> str:
    """A fresh UUIDv7 as its 36-character text."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(8), "big")
    value |= 0x7 << 76 | (rest * 4096 // 1_000_000) << 64
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether `text` is spelled as `new_id` spells ids; anything else can name nothing we stored."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def prefixed(prefix: str, identity: str) -> str:
    """One of our ids as OpenAI's wire spells ids: `file-` or `vs_`, then 32 hexadecimal digits."""
    return prefix + identity.replace("-", "")


def unprefixed(prefix: str, text: str) -> str | None:
    """The id behind `prefixed`; None for any other text."""
    digits = text.removeprefix(prefix)
    if not text.startswith(prefix) or len(digits) != 32:
        return None
    spelled = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return spelled if is_id(spelled) else None
