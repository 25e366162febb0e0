"""What a child process does to itself before it reads a byte that somebody else wrote."""

import os
import resource
import sys
from dataclasses import dataclass

_NICENESS = 5


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What one document may cost. Time is counted while the parent waits for the child, not while it is busy itself."""

    memory_mb: int = 768
    cpu_seconds: int = 900
    seconds: float = 900.0
    page_seconds: float = 60.0
    """Longest silence between two pages."""
    request_seconds: float = 20.0
    """Longest time to look up boxes or to draw a page."""
    pages: int = 20_000
    characters: int = 100_000_000


def confine(limits: ParseLimits, *, one_document: bool) -> None:
    """Limit memory and processor time, and leave no way to write a file or a core dump.

    A process that reads one document yields to those that answer questions, and its processor time is bounded.
    """
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_AS", limits.memory_mb << 20)
    if one_document:
        os.nice(_NICENESS)
        _limit("RLIMIT_CPU", limits.cpu_seconds)


def _limit(name: str, value: int) -> None:
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (wanted, hard if name == "RLIMIT_CPU" else wanted))
    except (ValueError, OSError):
        if sys.platform == "linux":  # macOS refuses RLIMIT_AS; there the other limits have to do
            raise


def allow_more_time(seconds: int) -> None:
    """Let this process go on for so many more seconds of processor; the parent's clock bounds it all the same."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        more = soft + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (more if hard == resource.RLIM_INFINITY else min(more, hard), hard))
