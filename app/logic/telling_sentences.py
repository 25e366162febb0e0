"""What of a passage may be the answer: its sentences, and pairs of neighbouring ones, by how much of the question they
hold, rare words counting more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.logic.intent import read
from app.logic.rerank_features import Text, rarities, read_text
from app.logic.sentences import sentences
from app.logic.tokens import analyze
from app.models.domain import Passage

_LONGEST = 300
"""Characters of a sentence that are looked at: what is longer is a table or a list."""
_FIGURES = 0.15
"""Of a passage's forms; with more numbers it is a table, whose rows say little by themselves."""


@dataclass(frozen=True, slots=True)
class Telling:
    sentence: str
    """The first of those with most of the question's words."""
    others: tuple[str, ...]
    """All other sentences, and pairs of neighbours, those with most of its words first."""


def telling_sentences(question: str, passages: Sequence[Passage], places: Sequence[int]) -> dict[int, Telling]:
    """For the passages at `places` that hold any word of the question; tables of figures have none. `passages` are all
    candidates, among which words are rare or not."""
    texts = [read_text(passage.text, passage.headings, passage.language) for passage in passages]
    languages = tuple(dict.fromkeys(passage.language for passage in passages))
    forms, stems = rarities(read(question), texts, languages)
    told = {place: _telling(passages[place], forms | stems) for place in places if not _is_table(texts[place])}
    return {place: telling for place, telling in told.items() if telling}


def _is_table(text: Text) -> bool:
    forms = text.joined.split()
    return sum(map(str.isdigit, forms)) >= _FIGURES * len(forms)


def _telling(passage: Passage, weights: Mapping[str, float]) -> Telling | None:
    cut = [(start, min(end, start + _LONGEST)) for start, end in sentences(passage.text)]
    single = {span: weights.keys() & analyze(passage.text[slice(*span)], passage.language) for span in cut}
    pairs = {
        (first[0], min(second[1], first[0] + 2 * _LONGEST)): single[first] | single[second]
        for first, second in pairwise(cut)
    }
    worth = {span: sum(weights[token] for token in held) for span, held in (single | pairs).items()}
    best = max(cut, key=lambda span: worth[span], default=None)
    if best is None or not worth[best]:
        return None
    others = sorted((span for span in worth if span != best), key=lambda span: -worth[span])
    return Telling(passage.text[slice(*best)], tuple(passage.text[slice(*span)] for span in others))
