"""Figures as people read them: shares in percent, milliseconds and tokens as they are."""

from collections.abc import Mapping

from app.evaluation.metrics import MEASURES


def written(name: str, value: float) -> str:
    unit = MEASURES[name].unit
    return f"{100 * value:.1f}%" if unit == "share" else f"{value:.1f} ms" if unit == "ms" else f"{value:.0f}"


def signed(name: str, value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{written(name, abs(value))}"


def interval(name: str, found: Mapping[str, float]) -> str:
    """The 95% interval of a figure, or of a difference; the unit stands once."""
    write = signed if found["low"] < 0 else written
    return f"{write(name, found['low']).rstrip('% ms')} to {write(name, found['high'])}"
