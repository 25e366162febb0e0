"""Which way the pieces of a line run: Unicode's bidirectional algorithm (UAX 9) without explicit embeddings."""

import unicodedata
from itertools import groupby

_STRONG = {"L": "L", "R": "R", "AL": "R"}
_BETWEEN_NUMBERS = frozenset({"ES", "CS"})


def visual_runs(text: str, *, right_to_left: bool) -> list[tuple[int, int, bool]]:
    """(start, end, right to left) of the runs of one line, from left to right on the paper."""
    levels = _levels(text, 1 if right_to_left else 0)
    runs: list[tuple[int, int, int]] = []
    at = 0
    for level, group in groupby(levels):
        size = len(list(group))
        runs.append((at, at + size, level))
        at += size
    for level in range(max(levels, default=0), 0, -1):  # L2
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][2] >= level:
                end += 1
            runs[start:end] = reversed(runs[start:end])
            start = end + 1
    return [(start, end, bool(level % 2)) for start, end, level in runs]


def _levels(text: str, base: int) -> list[int]:
    kinds = _resolved(text, "R" if base else "L")
    deeper = {"L": base + base % 2, "R": base + 1 - base % 2, "N": base + 2 - base % 2}
    levels = [deeper[kind] for kind in kinds]
    for index in range(len(text) - 1, -1, -1):  # L1
        if not text[index].isspace():
            break
        levels[index] = base
    return levels


def _resolved(text: str, base: str) -> list[str]:
    """L, R or N (a number among right-to-left text) for each character: rules W1 to W7, N1 and N2."""
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    strong, number = base, False
    found: list[str] = []
    for index, kind in enumerate(kinds):
        if kind == "NSM":
            found.append(found[-1] if found else base)
            continue
        if kind in _STRONG:
            strong, number = _STRONG[kind], False
            found.append(strong)
        elif kind in ("EN", "AN"):
            number = True
            found.append("L" if strong == "L" and kind == "EN" else "N")
        elif kind in _BETWEEN_NUMBERS and number and index + 1 < len(kinds) and kinds[index + 1] in ("EN", "AN"):
            found.append(found[-1])
        elif kind == "ET" and (number or (index + 1 < len(kinds) and kinds[index + 1] == "EN")):
            found.append("L" if strong == "L" else "N")
        else:
            number = False
            found.append("?")
    return _neutrals(found, base)


def _neutrals(kinds: list[str], base: str) -> list[str]:
    done = list(kinds)
    at = 0
    while at < len(done):
        if done[at] != "?":
            at += 1
            continue
        end = at
        while end < len(done) and done[end] == "?":
            end += 1
        before = _side(done[at - 1]) if at else base
        after = _side(done[end]) if end < len(done) else base
        done[at:end] = [before if before == after else base] * (end - at)
        at = end
    return done


def _side(kind: str) -> str:
    return "R" if kind == "N" else kind
