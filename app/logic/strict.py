"""An answer without the sentences that its passages do not support."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.logic.citations import Cited
from app.logic.markers import space_before
from app.logic.reply import ReplySentence

SUPPORTED = 0.45
"""Support below which a sentence is removed. Above what is left of full word coverage when a number is nowhere in the
passage, or one side denies what the other says; below what a sentence in another language than the passage gets."""
_MARKER = re.compile(r"\[(\d+)\]")
_LEADS_IN = (":", "：")


@dataclass(frozen=True, slots=True)
class Strict:
    text: str
    sentences: tuple[ReplySentence, ...]
    cited: tuple[Cited, ...]
    removed: int
    """Sentences."""


def supported_only(
    text: str, sentences: Sequence[ReplySentence], cited: Sequence[Cited], support: Callable[[ReplySentence], float]
) -> Strict:
    """What is left of an answer when each sentence has to be supported; quotes are numbered anew. A sentence that only
    leads in ("The manual says:") stays with the one that it leads to."""
    stays: list[bool] = []
    for index in range(len(sentences) - 1, -1, -1):
        leads = sentences[index].claim.endswith(_LEADS_IN) and not sentences[index].numbers
        stays.insert(0, stays[0] if leads and stays else not leads and support(sentences[index]) >= SUPPORTED)
    kept = [sentence for sentence, stay in zip(sentences, stays, strict=True) if stay]
    used = dict.fromkeys(number for sentence in kept for number in sentence.numbers)
    renumbered = {old: new for new, old in enumerate(used, 1)}
    out, said, end = "", [], 0
    for sentence in kept:
        between = text[end : sentence.start]
        out += _gap(out, between) if out else ""
        start = len(out)
        out += _MARKER.sub(lambda found: _number(found, renumbered), text[sentence.start : sentence.end])
        said.append(
            replace(sentence, start=start, end=len(out), numbers=tuple(renumbered[n] for n in sentence.numbers))
        )
        end = sentence.end
    quotes = {item.number: item for item in cited}
    return Strict(
        out,
        tuple(said),
        tuple(replace(quotes[old], number=new) for old, new in renumbered.items()),
        len(sentences) - len(kept),
    )


def _gap(before: str, between: str) -> str:
    """What parted two sentences, or parts them now that something between is gone."""
    if not between.strip():
        return between
    return "\n" if "\n" in between else space_before(before)


def _number(found: re.Match[str], renumbered: dict[int, int]) -> str:
    number = renumbered.get(int(found[1]))
    return found[0] if number is None else f"[{number}]"
