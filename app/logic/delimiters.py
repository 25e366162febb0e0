"""Which character parts the cells of a delimited file."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

_CANDIDATES = (",", ";", "\t", "|")
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def declared(line: str) -> str | None:
    """What a first line `sep=;` says, as Excel writes and reads it."""
    match = _DECLARED.fullmatch(line)
    return match.group(1) if match else None


def delimiter(lines: Sequence[str]) -> str:
    """The one that cuts most of these lines into the same number of cells, and into more than one; else a comma.

    `csv.Sniffer` counts characters without regard to quotes, and fails on files of one column.
    """
    return max(_CANDIDATES, key=lambda candidate: _agreement(lines, candidate))


def _agreement(lines: Sequence[str], candidate: str) -> tuple[float, int]:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate) if row)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 0
    width = max(several, key=lambda one: several[one])
    return round(several[width] / widths.total(), 2), width
