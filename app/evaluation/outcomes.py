"""What one question came to: facts, from which every figure is computed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage or a citation: where it stands, which targets of the case it reaches, and (citations) its quote."""

    document: str
    page: int | None
    reached: tuple[int, ...] = ()
    quote: str = ""
    valid: bool = True
    """The quote stands in the stored text, character for character, where the citation says."""


@dataclass(frozen=True, slots=True)
class Outcome:
    case: str
    targets: int = 0
    """How many things were to be found."""
    passages: tuple[Seen, ...] = ()
    """As the search ranks them."""
    citations: tuple[Seen, ...] = ()
    answer: str = ""
    lead: str = ""
    """The first two sentences of the answer."""
    status: str = ""
    reason: str | None = None
    mode: str = ""
    milliseconds: float = 0.0
    """From the question to the whole answer."""
    first_token: float = 0.0
    search: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    fallback: bool = False
    """The model was to answer and did not."""
    lost_quotes: tuple[str, ...] = ()
    """Expected quotes that stand nowhere in the document."""
    error: str | None = None

    @property
    def refused(self) -> bool:
        return self.status == "not_found"


def pack(outcome: Outcome) -> dict[str, Any]:
    """As JSON has it."""
    return dataclasses.asdict(outcome)


def unpack(record: Mapping[str, Any]) -> Outcome:
    """Raises TypeError, KeyError or ValueError for what `pack` did not make."""
    values = dict(record)
    for name in ("passages", "citations"):
        values[name] = tuple(Seen(**{**seen, "reached": tuple(seen["reached"])}) for seen in values[name])
    values["lost_quotes"] = tuple(values["lost_quotes"])
    return Outcome(**values)
