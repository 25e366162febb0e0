"""A model's reply while it streams in: markers resolved, renumbered or removed, and each sentence given its citations.

What `feed` and `finish` return, joined, is the answer's final text: nothing that was shown changes later. So a stop is
held back until it is known whether a marker has to stand before it, and white space until it is known that the marker
behind it stays.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.logic.markers import space_before, written
from app.logic.scanner import Kind, Scanner, Token
from app.logic.sentences import sentences

_NOT_PROSE = re.compile(r"\s*(?:\||#|```|<)|.*[:：]\s*$", re.DOTALL)
_PUNCTUATION = re.compile(r"[.,;:!?。，、；：！？؟،।)\]]")
_WORD = re.compile(r"[^\W_]")
_OWN_CLAIM = 3
"""Words since the last marker from which on they are what the next marker stands for."""

Cite = Callable[[str, Sequence[int]], list[int]]
"""Final numbers for a sentence whose model named these passages; empty when they name nothing."""
Attribute = Callable[[str], list[int]]
"""Final numbers for a sentence without a marker; empty when no passage clearly says it."""


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """`text[start:end]` of the answer, `claim` the same without markers, and the numbers that stand in it."""

    start: int
    end: int
    claim: str
    numbers: tuple[int, ...]
    composed: bool = False
    """Made of the headings and the cell of a table's row, which are cited as they stand."""


class Reply:
    """Feed it what the model says; it returns what may be shown."""

    def __init__(self, cite: Cite, attribute: Attribute) -> None:
        self.text = ""
        self.sentences: list[ReplySentence] = []
        self.not_found = False
        """The model said that the passages do not answer."""
        self._cite, self._attribute = cite, attribute
        self._scanner = Scanner()
        self._stop = self._space = ""  # held back, in this order
        self._removed = False  # something vanished since the last character
        self._start: int | None = None  # where the open sentence begins
        self._claim = ""  # the open sentence without markers
        self._since_marker = 0  # where in it the words after the last marker begin
        self._numbers: list[int] = []
        self._leading: list[int] = []  # passages named before the sentence they support

    def feed(self, piece: str) -> str:
        """Take a piece of the reply; returns what may be shown now, often nothing."""
        return self._shown(self._scanner.feed(piece))

    def finish(self) -> str:
        """The reply has ended; returns the rest of the answer."""
        shown = self._shown(self._scanner.finish())
        before = len(self.text)
        self._close()
        return shown + self.text[before:]

    def _shown(self, tokens: Iterable[Token]) -> str:
        before = len(self.text)
        for token in tokens:
            _TAKE[token.kind](self, token)
        return self.text[before:]

    def _take_word(self, token: Token) -> None:
        if self._removed and _PUNCTUATION.match(token.text):
            self._space = ""
        if self._claim and self._ends_before(token.text):
            self._close()
        self._release()
        if self._start is None:
            self._start = len(self.text)
        self._say(token.text)

    def _take_space(self, token: Token) -> None:
        if self._removed:
            self._space = self._space or token.text[0]
        else:
            self._space += token.text
        if not self.text:
            self._space = ""

    def _take_stop(self, token: Token) -> None:
        if self._removed:
            self._space = ""
        if self._space:
            self._release()
        if _WORD.search(self._claim) or not self._removed:
            self._stop += token.text

    def _take_line(self, token: Token) -> None:
        self._close()
        if self.text:
            self._space = "" if self._removed else self._space
            self._space += token.text.lstrip(" \t") if self._removed else token.text

    def _take_marker(self, token: Token) -> None:
        if not _WORD.search(self._claim):
            self._leading += token.numbers
            self._removed = True
            return
        since = self._claim[self._since_marker :]
        claim = since if len(since.split()) >= _OWN_CLAIM else self._claim
        fresh = [n for n in self._cite(claim + self._stop, token.numbers) if not self.text.endswith(f"[{n}]")]
        if not fresh:
            self._removed = True
            return
        stop, space, self._stop, self._space = self._stop, self._space, "", ""
        self._say(stop)
        self.text += space + written(fresh)
        self._numbers += fresh
        self._since_marker = len(self._claim)

    def _take_not_found(self, token: Token) -> None:
        self.not_found = self._removed = True

    def _take_tag(self, token: Token) -> None:
        self._removed = True

    def _ends_before(self, word: str) -> bool:
        """Whether the open sentence ends before this word."""
        if not (self._stop or self._space) and self._claim[-1].isalnum():
            return False
        so_far = self._claim + self._stop + self._space
        spans = sentences(so_far + word)
        return bool(spans) and spans[-1][0] >= len(so_far.rstrip())

    def _say(self, text: str) -> None:
        self.text += text
        self._claim += text
        self._removed = False

    def _release(self) -> None:
        """Show what was held back."""
        if self._stop or self._space:
            stop, space, self._stop, self._space = self._stop, self._space, "", ""
            if self._start is None:
                self.text += stop + space
            else:
                self._say(stop + space)

    def _close(self) -> None:
        """End the open sentence, where its stop is still held back, if it has one."""
        if self._start is not None:
            self._mark_unmarked()
            stop, self._stop = self._stop, ""
            self._say(stop)
            end = len(self.text.rstrip())
            claim = self._claim.strip()
            if _WORD.search(claim):
                self.sentences.append(ReplySentence(self._start, end, claim, tuple(dict.fromkeys(self._numbers))))
        self._start, self._claim, self._since_marker = None, "", 0
        self._numbers, self._leading = [], []

    def _mark_unmarked(self) -> None:
        claim = self._claim + self._stop
        if self._leading:
            numbers = self._cite(claim, self._leading)
        elif self._numbers or _NOT_PROSE.match(claim):
            return
        else:
            numbers = self._attribute(claim)
        if numbers:
            self.text += space_before(self.text) + written(numbers)
            self._numbers += numbers


_TAKE: dict[Kind, Callable[[Reply, Token], None]] = {
    Kind.WORD: Reply._take_word,
    Kind.SPACE: Reply._take_space,
    Kind.LINE: Reply._take_line,
    Kind.STOP: Reply._take_stop,
    Kind.MARKER: Reply._take_marker,
    Kind.NOT_FOUND: Reply._take_not_found,
    Kind.TAG: Reply._take_tag,
}
