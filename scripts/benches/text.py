"""Share of the words that poppler's pdftotext finds on each page which our stored text holds too.

`scripts/bench text DIR [--missing N]` (needs poppler-utils). Words are runs of letters, marks and digits
after NFKC. A word of pdftotext's that stands in ours in adjacent pieces ("Filtrete TM", "non-GAAP" for "FiltreteTM",
"nonGAAP") is there; one that ours glues to its neighbour is missing.
"""

import argparse
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.adapters.parsers import load
from app.models.domain import Page, Source

_PIECES = 4


def words(text: str) -> Iterator[str]:
    word = ""
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] in "LMN":
            word += character
        elif word:
            yield word
            word = ""
    if word:
        yield word


def missed(expected: list[str], ours: list[str]) -> Counter[str]:
    """The words that are not in `ours`, neither whole nor as adjacent pieces."""
    lost = Counter(expected) - Counter(ours)
    pieces = Counter("".join(ours[at : at + size]) for size in range(2, _PIECES + 1) for at in range(len(ours)))
    return lost - pieces


def pdftotext(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").split("\f")[:-1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--parser", default="pdfium")
    options.add_argument("--missing", type=int, default=0, help="print the N words that are missed most")
    chosen = options.parse_args()
    missing: Counter[str] = Counter()
    pages = full = total = found = 0
    for path in sorted(chosen.folder.rglob("*.pdf")):
        theirs = pdftotext(path)
        ours = (
            event
            for event in load(chosen.parser)(Source(path, "application/pdf", path.name))
            if isinstance(event, Page)
        )
        low = []
        for page, expected in zip(ours, map(words, theirs), strict=True):
            wanted = list(expected)
            lost = missed(wanted, list(words(page.text)))
            missing.update(lost)
            share = 1 - lost.total() / max(1, len(wanted))
            pages, full = pages + 1, full + (share >= 0.99)
            total, found = total + len(wanted), found + len(wanted) - lost.total()
            if share < 0.99:
                low.append(f"{page.number}: {share:.1%}")
        print(f"{path.name[:60]:60} {len(theirs):5} pages  {len(low):4} under 99%  {', '.join(low[:8])}")
    print(
        f"{pages} pages, {full / max(1, pages):.2%} of them with 99% or more; {found / max(1, total):.3%} of all words"
    )
    if chosen.missing:
        print(missing.most_common(chosen.missing))


if __name__ == "__main__":
    main()
