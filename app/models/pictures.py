"""Pages of files that have none to draw: their text is drawn in place of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenPage:
    text: str
    language: str | None
    quotes: tuple[tuple[int, int], ...] = ()
    """Stretches of the text that are marked, (start, end) in characters."""
