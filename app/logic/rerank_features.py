"""What tells a passage that answers from one that only shares words with the question: numbers from 0 to 1.

All are computed from the candidates of one search, so that no statistics of the collection are needed: a word's rarity
among the candidates ranked as well as its rarity in the whole collection.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median

from app.logic.fusion import scaled
from app.logic.intent import Intent, read
from app.logic.thesaurus import contains, fold, words
from app.logic.tokens import STEM, analyze, analyze_query
from app.models.domain import Passage

FEATURES = ("keyword", "vector", "document", "page", "words", "stems", "window", "pairs", "printed", "title", "figures")

_WINDOW = 24
"""Forms; about a sentence."""
_NEAR = 3
"""Forms between two words of the question that still count as together, by half."""
_UNKNOWN_WORD = 0.1
"""What a word that only asks weighs in a pair."""
_PREFIX = 0.6
"""Of a word: what inflections, compounds and related languages must share from its beginning."""
_SHORTEST_PREFIX = 4
_PREFIX_WORTH = 0.8
_TITLE_LINES = 3
_LONGEST_TITLE = 14
_LONGEST_LINE = 200
_DENSE = 0.2
"""Digits among the characters of a table of figures."""
_ALONE_ON_PAGE = 0.5
_TRUSTED = 0.6
"""Share of the question's words that some passage must have for keyword search to count in full: of a question in
another language it knows stray numbers and names only, and its best hit is no better for being the best."""
_OF_A_PAGE = 3

Words = tuple[str, ...]


class Text:
    """A passage's text as the features read it; what only some questions need is made when one does.

    Its words are kept as one string each, since thousands of texts are remembered: as sets they would take ten times
    the memory, and the garbage collector, who walks through sets, would stop the event loop.
    """

    def __init__(self, text: str, headings: tuple[str, ...], language: str | None) -> None:
        tokens = analyze(text, language)
        forms = tokens[: bisect_left(tokens, True, key=_is_stem)]  # stems come after all forms
        self.joined = spaced(forms)
        self.stems = spaced(tokens[len(forms) :])
        self._text = text
        self._headings = headings

    def places(self, wanted: Collection[str]) -> dict[str, list[int]]:
        """Each wanted form that occurs to where it stands, counted in forms."""
        found: dict[str, list[int]] = {}
        for place, form in enumerate(self.joined.split()):
            if form in wanted:
                found.setdefault(form, []).append(place)
        return found

    @cached_property
    def folded(self) -> str:
        """The forms with plurals folded."""
        return fold(self.joined)

    @cached_property
    def titles(self) -> tuple[Words, ...]:
        """Its innermost headings and first lines."""
        lines = [line for line in self._text.split("\n", 2 * _TITLE_LINES) if line.strip()][:_TITLE_LINES]
        titles = (words(line) for line in (*self._headings[-_TITLE_LINES:], *lines) if len(line) < _LONGEST_LINE)
        return tuple(title for title in titles if 0 < len(title) <= _LONGEST_TITLE)

    @cached_property
    def digits(self) -> float:
        return min(1.0, sum(map(str.isdigit, self._text)) / max(1, len(self._text)) / _DENSE)


def _is_stem(token: str) -> bool:
    return token.startswith(STEM)


@lru_cache(maxsize=4096)
def read_text(text: str, headings: tuple[str, ...], language: str | None) -> Text:
    """Remembered, since the passages of a collection that are found once are found again."""
    return Text(text, headings, language)


def features(question: str, passages: Sequence[Passage]) -> list[list[float]]:
    """One row for each passage, in the order of FEATURES; `passage.scores` holds what the searches made of it."""
    texts = [read_text(passage.text, passage.headings, passage.language) for passage in passages]
    languages = tuple(dict.fromkeys(passage.language for passage in passages))
    asked = _Asked.of(read(question), texts, languages)
    keyword = scaled([passage.scores.get("keyword", 0.0) for passage in passages], 0.0)
    known = [passage.scores["vector"] for passage in passages if "vector" in passage.scores]
    middle = median(known) if known else 0.0
    vector = scaled([passage.scores.get("vector", middle) for passage in passages], middle)
    told = [asked.of_text(text) for text in texts]
    trust = min(1.0, max((max(row[:2]) for row in told), default=0.0) / _TRUSTED)
    keyword = [trust * score for score in keyword]
    pages = _page_support(passages, keyword)
    return [
        [keyword[i], vector[i], passage.scores.get("document", 0.0), pages[i], *told[i]]
        for i, passage in enumerate(passages)
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, each word weighed by its rarity among the texts that it is compared with."""

    forms: Mapping[str, float]
    stems: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    wanted: frozenset[str]
    """All forms of the question, those that nearly every text has too."""
    printed: tuple[str, ...]
    statements: tuple[Words, ...]
    numeric: bool

    @classmethod
    def of(cls, intent: Intent, texts: Sequence[Text], languages: Sequence[str | None]) -> "_Asked":
        forms, stems = rarities(intent, texts, languages)
        sequence = [form for form in analyze(intent.core, None) if not form.startswith(STEM)]
        names = () if intent.explains else [words(name) for name in intent.expansion.statements]
        in_titles = {word for text in texts for title in text.titles for word in title} if names else set()
        return cls(
            forms=forms,
            stems=stems,
            pairs={
                (one, other): forms.get(one, _UNKNOWN_WORD) + forms.get(other, _UNKNOWN_WORD)
                for one, other in pairwise(sequence)
            },
            wanted=frozenset((*forms, *sequence)),
            printed=tuple(spaced(words(phrase)) for phrase in intent.expansion.phrases),
            statements=tuple(name for name in names if in_titles.issuperset(name)),
            numeric=intent.numeric,
        )

    def of_text(self, text: Text) -> list[float]:
        """words, stems, window, pairs, printed, title, figures."""
        places = text.places(self.wanted)
        return [
            self._words(text, places),
            _share((stem for stem in self.stems if _stands(stem, text.stems)), self.stems),
            self._window(places),
            self._pairs(places),
            sum(phrase in text.folded for phrase in self.printed) / max(1, len(self.printed)),
            max((_likeness(title, name) for name in self.statements for title in text.titles), default=0.0),
            text.digits if self.numeric else 0.0,
        ]

    def _words(self, text: Text, places: Collection[str]) -> float:
        """The share of the question's words that occur, by weight; a word of which the beginning occurs counts less."""
        total = sum(self.forms.values())
        found = 0.0
        for form, weight in self.forms.items():
            if form in places:
                found += weight
            elif not form.isdigit():
                found += weight * _prefix_found(form, text.joined)
        return found / total if total else 0.0

    def _window(self, places: Mapping[str, Sequence[int]]) -> float:
        """The share of the question's words, by weight, that stand within one stretch of a sentence's length."""
        total = sum(self.forms.values())
        met = sorted((place, form) for form in self.forms for place in places.get(form, ()))
        inside: Counter[str] = Counter()
        best = current = 0.0
        first = 0
        for place, form in met:
            inside[form] += 1
            current += self.forms[form] if inside[form] == 1 else 0.0
            while met[first][0] < place - _WINDOW:
                left = met[first][1]
                inside[left] -= 1
                current -= self.forms[left] if inside[left] == 0 else 0.0
                first += 1
            best = max(best, current)
        return best / total if total else 0.0

    def _pairs(self, places: Mapping[str, Sequence[int]]) -> float:
        """The share of the question's neighbouring words that are so in the text; by half where they are near."""
        total = sum(self.pairs.values())
        found = sum(
            weight * _together(places[one], places[other])
            for (one, other), weight in self.pairs.items()
            if one in places and other in places
        )
        return found / total if total else 0.0


def spaced(forms: Iterable[str]) -> str:
    """As texts keep their forms: a run of them is looked for as it is."""
    return f" {' '.join(forms)} "


def _stands(term: str, spaced: str) -> bool:
    return f" {term} " in spaced


def _together(ones: Sequence[int], others: Sequence[int]) -> float:
    after = set(others)
    if any(place + 1 in after for place in ones):
        return 1.0
    near = (*range(-_NEAR, 0), *range(2, _NEAR + 1))
    return 0.5 if any(place + distance in after for place in ones for distance in near) else 0.0


def _prefix_found(form: str, joined: str) -> float:
    """How much of a word's beginning occurs anywhere, as 0 to 0.8."""
    shortest = max(_SHORTEST_PREFIX, math.ceil(_PREFIX * len(form)))
    for length in range(len(form), shortest - 1, -1):
        if form[:length] in joined:
            return _PREFIX_WORTH * (length / len(form)) ** 2
    return 0.0


def _likeness(title: Words, name: Words) -> float:
    """Dice's coefficient of a title and a name that it contains whole, else 0."""
    return 2 * len(name) / (len(title) + len(name)) if contains(title, name) else 0.0


def _share(found: Iterable[str], weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(weights[term] for term in found) / total if total else 0.0


def rarities(
    intent: Intent, texts: Sequence[Text], languages: Sequence[str | None]
) -> tuple[dict[str, float], dict[str, float]]:
    """The forms and the stems of a question, each with its rarity among the texts."""
    terms = analyze_query(intent.core, *languages).terms
    forms = _rarities([term for term in terms if not term.startswith(STEM)], [text.joined for text in texts])
    stems = _rarities([term for term in terms if term.startswith(STEM)], [text.stems for text in texts])
    return forms, stems


def _rarities(terms: Iterable[str], texts: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency, as BM25 has it, in texts of spaced terms."""
    bearers = {term: sum(_stands(term, text) for text in texts) for term in terms}
    return {term: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5)) for term, count in bearers.items()}


def _page_support(passages: Sequence[Passage], keyword: Sequence[float]) -> list[float]:
    """How well the candidates of a passage's page do together: a table is often cut into several."""
    pages = [(passage.version_id, passage.spans[0].page if passage.spans else 0) for passage in passages]
    scores: dict[tuple[str, int], list[float]] = defaultdict(list)
    for page, score in zip(pages, keyword, strict=True):
        scores[page].append(score)
    support = {
        page: sum(sorted(found, reverse=True)[:_OF_A_PAGE])
        / min(_OF_A_PAGE, len(found))
        * (_ALONE_ON_PAGE if len(found) == 1 else 1.0)
        for page, found in scores.items()
    }
    return [support[page] for page in pages]
