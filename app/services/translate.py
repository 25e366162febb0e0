"""Texts as LibreTranslate's clients send them: recognized one by one, cut up, translated, put together again."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import chain

from app.core.errors import PayloadTooLarge, SuggestionsOff, TranslationFailed, Unprocessable
from app.db import translation_memory as rows
from app.db.session import Database
from app.logic import translation_languages as languages
from app.logic.language import candidates
from app.logic.translation_checks import fault
from app.logic.translation_html import cut_html
from app.logic.translation_masks import segment, without_marks
from app.logic.translation_memory import correction_key
from app.logic.translation_run import Work
from app.logic.translation_text import cut_text
from app.models.translation import (
    Detected,
    Done,
    Memory,
    Outcome,
    Pair,
    Segment,
    Template,
    TextTranslation,
    TranslationOptions,
)
from app.services.translator import Translator

_SURE = 0.5
"""Confidence from which the model is told the language that was recognized."""
_CERTAIN = 0.8
"""Confidence from which a text in the target language is left as it is."""
_SEEN = 50
"""Segments by which the language of a text is recognized."""
_TELLING = 200
"""Characters from which a page tells its own language."""
_CUTS: Mapping[str, Callable[[str], Template]] = {"text": cut_text, "html": cut_html}


@dataclass(frozen=True, slots=True)
class SegmentDone:
    """A segment of the text number `text`, in order; it stands at [start:end] of the translation."""

    text: int
    done: Done
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextsDone:
    texts: tuple[TextTranslation, ...]


TranslateEvent = SegmentDone | TextsDone


@dataclass(slots=True)
class _Draft:
    """A text on its way: its parts, each segment replaced as it is done."""

    template: Template
    pair: Pair
    detected: Detected | None
    finished: list[str] = field(default_factory=list)
    length: int = 0
    at: int = 0

    def copied(self) -> None:
        """Go on to the next segment, or to the end."""
        parts = self.template.parts
        while self.at < len(parts) and isinstance(part := parts[self.at], str):
            self._add(part)

    def put(self, done: Done) -> tuple[int, int]:
        self.copied()
        start = self.length
        self._add(done.text)
        end = self.length
        self.copied()
        return start, end

    def _add(self, text: str) -> None:
        self.finished.append(text)
        self.length += len(text)
        self.at += 1


class TranslateService:
    def __init__(self, database: Database, translator: Translator, *, suggestions: bool = False) -> None:
        self._database = database
        self._translator = translator
        self._suggestions = suggestions

    def detect(self, text: str) -> tuple[Detected, ...]:
        """Languages that a text may be in, best first, at least one."""
        found = [Detected(languages.wire(code, text), confidence) for code, confidence in candidates(text)]
        return tuple(found) or (languages.unknown(),)

    async def translate(
        self, texts: Sequence[str], options: TranslationOptions, memory: Memory
    ) -> AsyncGenerator[TranslateEvent, None]:
        """A SegmentDone for each segment in order, then TextsDone. Raises LLMNotConfigured, LLMUnavailable."""
        drafts = await asyncio.to_thread(self._drafts, texts, options)
        async with aclosing(self._events(drafts, options, memory)) as events:
            async for event in events:
                yield event

    async def _events(
        self, drafts: Sequence[_Draft], options: TranslationOptions, memory: Memory
    ) -> AsyncGenerator[TranslateEvent, None]:
        work = _work(drafts, options, memory)
        owners = [number for number, draft in enumerate(drafts) for _ in draft.template.segments]
        for draft in drafts:
            draft.copied()
        told: list[Done] = []
        async with aclosing(self._translator.translate(work)) as results:
            async for done in results:
                owner = owners[done.index]
                start, end = drafts[owner].put(done)
                told.append(done)
                yield SegmentDone(owner, done, start, end)
        finished = []
        for number, draft in enumerate(drafts):
            mine = [done for done in told if owners[done.index] == number]
            others = await self._alternatives(draft, mine, options.alternatives)
            missed = tuple(dict.fromkeys(chain.from_iterable(done.missed for done in mine)))
            failed = tuple(done for done in mine if done.outcome is Outcome.FAILED)
            finished.append(TextTranslation("".join(draft.finished), draft.detected, others, failed, missed))
        yield TextsDone(tuple(finished))

    async def whole(
        self, texts: Sequence[str], options: TranslationOptions, memory: Memory
    ) -> tuple[TextTranslation, ...]:
        """The texts at the end of `translate`; see `check_whole`."""
        return await at_the_end(self.translate(texts, options, memory))

    async def whole_template(self, template: Template, options: TranslationOptions, memory: Memory) -> TextTranslation:
        """A text that is cut up already."""
        return (await at_the_end(self._events([self._draft(template, options)], options, memory)))[0]

    async def segments(
        self, found: Sequence[tuple[int | None, Segment]], options: TranslationOptions, memory: Memory
    ) -> list[Done]:
        """What became of each segment of a document, by its page. Raises LLMNotConfigured, LLMUnavailable."""
        pairs = await asyncio.to_thread(self._pairs, found, options)
        work = Work([piece for _, piece in found], pairs, memory, options.glossary, options.title)
        async with aclosing(self._translator.translate(work)) as results:
            return [done async for done in results]

    async def suggest(self, source: str, target: str, pair: Pair, memory: Memory) -> None:
        """A person's translation of a text: from now on it goes before the model's.

        Raises SuggestionsOff, and Unprocessable when it cannot be the translation of that text.
        """
        if not self._suggestions:
            raise SuggestionsOff
        piece = segment(source.strip())
        proposed = segment(target.strip())
        if sorted(piece.kept) != sorted(proposed.kept) or not proposed.text:
            raise Unprocessable("The suggestion must keep the addresses, code and quantities of the text.")
        marked = _with_marks_of(piece, proposed)
        if reason := fault(piece, marked, pair):
            raise Unprocessable(f"The suggestion cannot be a translation of the text ({reason}).")
        key = correction_key(memory.scope, piece, pair)
        async with self._database.write() as connection:
            await rows.replace(connection, rows.Entry(key, memory.scope, None, piece.text, marked))

    # ------------------------------------------------------------ parts

    def _drafts(self, texts: Sequence[str], options: TranslationOptions) -> list[_Draft]:
        return [self._draft(_CUTS[options.format](text), options) for text in texts]

    def _draft(self, template: Template, options: TranslationOptions) -> _Draft:
        if options.source is not None:
            return _Draft(template, Pair(options.source, options.target), None)
        seen = " ".join(without_marks(piece.text) for piece in template.segments[:_SEEN])
        detected = self.detect(seen)[0]
        least = _CERTAIN if detected.language == options.target else _SURE
        source = detected.language if detected.confidence >= least else None
        return _Draft(template, Pair(source, options.target), detected)

    def _pairs(self, found: Sequence[tuple[int | None, Segment]], options: TranslationOptions) -> list[Pair]:
        """A page with enough text is recognized by itself, a shorter one goes from the whole document's language."""
        pages: dict[int | None, list[Segment]] = {}
        for page, piece in found:
            pages.setdefault(page, []).append(piece)
        whole = self._draft(Template(tuple(piece for _, piece in found)), options).pair
        pairs = dict.fromkeys(pages, whole)
        for page, pieces in pages.items():
            if sum(len(piece.text) for piece in pieces) >= _TELLING:
                own = self._draft(Template(tuple(pieces)), options).pair
                pairs[page] = whole if own.source is None else own
        return [pairs[page] for page, _ in found]

    async def _alternatives(self, draft: _Draft, done: Sequence[Done], count: int) -> tuple[str, ...]:
        """Whole texts: the first from the first alternative of each segment, and so on."""
        if not count or not any(item.outcome is not Outcome.KEPT for item in done):
            return ()
        lists = [
            await self._translator.alternatives(piece, item.text, draft.pair, count)
            if item.outcome in (Outcome.TRANSLATED, Outcome.REMEMBERED)
            else []
            for piece, item in zip(draft.template.segments, done, strict=True)
        ]
        made = []
        for number in range(max(map(len, lists), default=0)):
            chosen = iter(
                found[number] if number < len(found) else item.text for found, item in zip(lists, done, strict=True)
            )
            made.append("".join(part if isinstance(part, str) else next(chosen) for part in draft.template.parts))
        return tuple(made)


async def at_the_end(events: AsyncGenerator[TranslateEvent, None]) -> tuple[TextTranslation, ...]:
    """The texts that the events end with. Raises TranslationFailed where they do not."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, TextsDone):
                return event.texts
    raise TranslationFailed


def check_whole(texts: Sequence[TextTranslation]) -> None:
    """Raises TranslationFailed, saying how many segments failed and why, when any did."""
    check_done(list(chain.from_iterable(text.failures for text in texts)))


def check_done(failed: Sequence[Done]) -> None:
    """Raises TranslationFailed, saying why, when there are any."""
    if failed:
        reasons = ", ".join(sorted({done.reason or "" for done in failed}))
        raise TranslationFailed(
            f"{len(failed)} segment(s) could not be translated ({reasons}). What was translated is remembered: try "
            "again, or send `partial: true` to get the rest."
        )


def check_length(size: int, most: int, beyond: str = "") -> None:
    """`size`: characters of one request. Raises PayloadTooLarge in LibreTranslate's words."""
    if size > most:
        raise PayloadTooLarge(f"Invalid request: request ({size}) exceeds text limit ({most}){beyond}")


def _work(drafts: Sequence[_Draft], options: TranslationOptions, memory: Memory) -> Work:
    segments: list[Segment] = []
    pairs: list[Pair] = []
    for draft in drafts:
        segments += draft.template.segments
        pairs += [draft.pair] * len(draft.template.segments)
    return Work(segments, pairs, memory, options.glossary, options.title, connected=len(drafts) == 1)


def _with_marks_of(piece: Segment, proposed: Segment) -> str:
    """The proposed text with each thing that is kept under the number that it has in the original."""
    numbers = [index for index, _ in enumerate(piece.kept, 1)]
    text = proposed.text
    for index, kept in enumerate(proposed.kept, 1):
        number = next(n for n in numbers if piece.kept[n - 1] == kept)
        numbers.remove(number)
        text = text.replace(f"<x{index}/>", f"<x\0{number}/>", 1)
    return text.replace("\0", "")
