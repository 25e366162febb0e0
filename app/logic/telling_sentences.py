"""Which sentence of a passage may be the one that answers: the one with the most of the question's words, rare ones
counting more."""

from collections.abc import Mapping, Sequence

from app.logic.intent import read
from app.logic.rerank_features import Text, rarities, read_text
from app.logic.sentences import sentences
from app.logic.tokens import analyze
from app.models.domain import Passage

_LONGEST = 300
"""Characters of a sentence that are looked at: what is longer is a table or a list."""
_FIGURES = 0.15
"""Of a passage's forms; with more numbers it is a table, whose rows say little by themselves."""


def telling_sentences(question: str, passages: Sequence[Passage], places: Sequence[int]) -> dict[int, str]:
    """For the passages at `places` that have one; tables of figures have none. `passages` are all candidates, among
    which words are rare or not."""
    texts = [read_text(passage.text, passage.headings, passage.language) for passage in passages]
    languages = tuple(dict.fromkeys(passage.language for passage in passages))
    forms, stems = rarities(read(question), texts, languages)
    told = {place: _telling(passages[place], forms | stems) for place in places if not _is_table(texts[place])}
    return {place: sentence for place, sentence in told.items() if sentence}


def _is_table(text: Text) -> bool:
    forms = text.joined.split()
    return sum(map(str.isdigit, forms)) >= _FIGURES * len(forms)


def _telling(passage: Passage, weights: Mapping[str, float]) -> str | None:
    """The first of those with most, None when none has any."""
    best, most = None, 0.0
    for start, end in sentences(passage.text):
        sentence = passage.text[start : min(end, start + _LONGEST)]
        found = sum(weights.get(token, 0.0) for token in set(analyze(sentence, passage.language)))
        if found > most:
            best, most = sentence, found
    return best
