"""What `docubot eval` asks of its figures: METRIC=VALUE."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from app.commands.endings import CommandError


@dataclass(frozen=True, slots=True)
class Gate:
    measure: str
    limit: float
    side: Literal["under", "over"]

    def problem(self, figures: Mapping[str, Mapping[str, Any]]) -> str | None:
        """What is wrong with these figures; a figure that could not be measured is wrong too."""
        found = figures.get(self.measure)
        if found is None:
            return f"{self.measure} could not be measured: the cases do not tell what it needs."
        value = found["value"]
        if value < self.limit if self.side == "under" else value > self.limit:
            return f"{self.measure} is {value:.4g}, {self.side} {self.limit:g}."
        return None


def gates(under: Sequence[str], over: Sequence[str]) -> list[Gate]:
    """Raises CommandError for one that cannot be understood."""
    return [*(_gate(text, "under") for text in under), *(_gate(text, "over") for text in over)]


def _gate(text: str, side: Literal["under", "over"]) -> Gate:
    from app.evaluation.metrics import MEASURES

    name, _, value = text.partition("=")
    if name not in MEASURES:
        near = get_close_matches(name, MEASURES, 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(MEASURES)}."
        raise CommandError(f"--fail-{side} {text}: there is no figure {name!r}. {hint}")
    try:
        limit = float(value)
    except ValueError:
        limit = math.nan
    if math.isnan(limit):
        raise CommandError(f"--fail-{side} {text}: write METRIC=NUMBER, such as {name}=0.8.")
    if MEASURES[name].unit == "share" and not 0 <= limit <= 1:
        raise CommandError(f"--fail-{side} {text}: {name} lies between 0 and 1.")
    return Gate(name, limit, side)
