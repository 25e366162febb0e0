"""What a key may store and have a model say, and how much of it is used. Sums of everything that counts against it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit."""

    documents: int | None = None
    pages: int | None = None
    bytes: int | None = None
    """Of the files behind its documents, replaced versions too until they leave, and of files of `/v1`."""
    tokens_a_day: int | None = None
    """Read and written by the language model since midnight UTC."""


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Use:
    """Documents and pages are those that can be seen or are on their way there."""

    documents: int = 0
    pages: int = 0
    bytes: int = 0
    tokens_today: int = 0
