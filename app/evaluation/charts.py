"""Plots as SVG text: no scripts, colours by CSS classes, so that they follow the page's light or dark. Pure.

Each plot says in its `<title>` what it shows; the figures stand in tables beside it for who cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 640
_WIDE = 1000
_ROW = 26
_RIGHT = 76
_LETTER = 7.2
"""Width of a letter of a label."""
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure with its interval, all in 0..1 of the axis."""

    label: str
    value: float
    low: float
    high: float
    text: str
    tone: str = "main"
    """`main`, `good`, `bad` or `quiet`."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """From 0..1 to x, right of the labels."""

    width: int
    label: int

    def at(self, share: float) -> float:
        return self.label + min(1.0, max(0.0, share)) * (self.width - self.label - _RIGHT)


def dots(
    title: str, rows: Sequence[Dot], zero: float = 0.0, ticks: Sequence[tuple[float, str]] = (), *, wide: bool = False
) -> str:
    """One figure a row with its interval; a bar leads from `zero` to it. `ticks` default to percent."""
    ticks = ticks or [(tick, f"{tick:.0%}") for tick in _TICKS]
    axis = _Axis(_WIDE, 290) if wide else _Axis(_WIDTH, 130)
    height = len(rows) * _ROW + 26
    parts = [
        f'<line class="grid" x1="{axis.at(at):.1f}" x2="{axis.at(at):.1f}" y1="0" y2="{height - 22}"/>'
        f'<text class="tick" x="{axis.at(at):.1f}" y="{height - 6}" text-anchor="middle">{escape(text)}</text>'
        for at, text in ticks
    ]
    parts += [_row(row, (number + 0.5) * _ROW, axis, axis.at(zero)) for number, row in enumerate(rows)]
    return _svg(title, height, parts, axis.width)


def _row(row: Dot, y: float, axis: _Axis, origin: float) -> str:
    at = axis.at(row.value)
    return (
        f'<text class="label" x="{axis.label - 14}" y="{y + 4:.1f}" text-anchor="end">'
        f"{escape(_short(row.label, int((axis.label - 14) / _LETTER)))}</text>"
        f'<rect class="bar {row.tone}" x="{min(origin, at):.1f}" y="{y - 6:.1f}" width="{abs(at - origin):.1f}" '
        f'height="12" rx="2"/><line class="range {row.tone}" x1="{axis.at(row.low):.1f}" x2="{axis.at(row.high):.1f}" '
        f'y1="{y:.1f}" y2="{y:.1f}"/><circle class="dot {row.tone}" cx="{at:.1f}" cy="{y:.1f}" r="5"/>'
        f'<text class="value" x="{axis.width}" y="{y + 4:.1f}" text-anchor="end">{escape(row.text)}</text>'
    )


def curve(title: str, points: Sequence[Dot]) -> str:
    """Figures over ordered steps, with a band for their intervals."""
    height, top, left, right = 260, 16, 52, 10
    step = (_WIDTH - left - right) / max(1, len(points))
    xs = [left + (number + 0.5) * step for number in range(len(points))]

    def y(value: float) -> float:
        return top + (1 - value) * (height - top - 34)

    band = [f"{x:.1f},{y(point.high):.1f}" for x, point in zip(xs, points, strict=True)]
    band += [f"{x:.1f},{y(point.low):.1f}" for x, point in reversed(list(zip(xs, points, strict=True)))]
    line = " ".join(f"{x:.1f},{y(point.value):.1f}" for x, point in zip(xs, points, strict=True))
    parts = [
        f'<line class="grid" x1="{left}" x2="{_WIDTH - right}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text class="tick" x="{left - 10}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
        for tick in _TICKS
    ]
    parts.append(f'<polygon class="band" points="{" ".join(band)}"/><polyline class="curve" points="{line}"/>')
    for x, point in zip(xs, points, strict=True):
        above = y(point.value) - 12 if point.value < 0.93 else y(point.value) + 22
        parts.append(
            f'<circle class="dot main" cx="{x:.1f}" cy="{y(point.value):.1f}" r="5"/>'
            f'<text class="mark" x="{x:.1f}" y="{above:.1f}" text-anchor="middle">{escape(point.text)}</text>'
            f'<text class="tick" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{escape(point.label)}</text>'
        )
    return _svg(title, height, parts)


def histogram(title: str, values: Sequence[float], marks: Sequence[tuple[float, str]], bins: int = 40) -> str:
    """How often values are how large; the last bar holds all that are larger than 1.5 times the last mark."""
    height, top, bottom = 190, 30, 30
    reach = max(1.0, min(max(values), 1.5 * max(at for at, _ in marks)))
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / reach * bins))] += 1
    wide = _WIDTH / bins
    parts = []
    for number, count in enumerate(counts):
        tall = (height - top - bottom) * count / max(counts)
        parts.append(
            f'<rect class="column" x="{number * wide + 1:.1f}" y="{height - bottom - tall:.1f}" '
            f'width="{wide - 2:.1f}" height="{tall:.1f}" rx="1.5"/>'
        )
    parts.append(f'<line class="grid" x1="0" x2="{_WIDTH}" y1="{height - bottom}" y2="{height - bottom}"/>')
    for number, (at, text) in enumerate(marks):
        x = min(_WIDTH - 1.0, at / reach * _WIDTH)
        anchor = "end" if x > 0.6 * _WIDTH else "start"
        parts.append(
            f'<line class="cut" x1="{x:.1f}" x2="{x:.1f}" y1="{8 + 14 * number}" y2="{height - bottom}"/>'
            f'<text class="mark" x="{x + (-6 if anchor == "end" else 6):.1f}" y="{18 + 14 * number}" '
            f'text-anchor="{anchor}">{escape(text)}</text>'
        )
    for share in (0.0, 0.5, 1.0):
        anchor = ("start", "middle", "end")[int(2 * share)]
        more = "+" if share == 1 and max(values) > reach else ""
        parts.append(
            f'<text class="tick" x="{share * _WIDTH:.0f}" y="{height - 8}" text-anchor="{anchor}">'
            f"{share * reach:.0f} ms{more}</text>"
        )
    return _svg(title, height, parts)


def _short(label: str, most: int) -> str:
    """Both ends of a file's name tell more than its middle."""
    return label if len(label) <= most else f"{label[: most // 2]}…{label[len(label) - most // 2 + 1 :]}"


def _svg(title: str, height: float, parts: Sequence[str], width: int = _WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
