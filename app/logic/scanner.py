"""A model's reply, as it streams in, cut into words, spaces, stops and markers.

Reasoning is left out, and so are the lines around passages, which small models repeat from their prompt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from app.logic.markers import MARKER, numbers_of, unfinished

NOT_FOUND = "NOT_FOUND"
"""What a model is told to say when the passages do not answer."""

_THINK_OPEN, _THINK_CLOSE = "<think>", "</think>"
_TERMINATORS = ".!?。！？؟۔।॥…"
_TOKEN = re.compile(
    rf"(?P<line>[^\S\n]*\n\s*)|(?P<space>\s+)|(?P<stop>[{_TERMINATORS}]+[\"'”’»」』）)*_]*)"
    rf"|(?P<bracket>[\[［【〔])|(?P<tag></?passage\b[^>\n]*>?)|(?P<word>(?:<|[^\s\[［【〔<{_TERMINATORS}]+))"
)
_TAGS = "<passage", "</passage"
_DECORATION = "*_\"'`(“"
_NOT_FOUND = re.compile(rf"[{_DECORATION}]*{NOT_FOUND}[*_\"'`)”:,]*")


class Kind(Enum):
    WORD = auto()
    SPACE = auto()
    LINE = auto()
    STOP = auto()
    MARKER = auto()
    NOT_FOUND = auto()
    TAG = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    numbers: tuple[int, ...] = ()
    """Of a marker: the passages it names, 1-based."""


class Scanner:
    """Keeps back what more text could turn into something else: an open bracket, the beginning of NOT_FOUND, and the
    word after a stop, which tells whether the stop ended a sentence."""

    def __init__(self) -> None:
        self._buffer = ""
        self._thinking: bool | None = None  # None: the reply has not begun
        self._after_stop = False
        self._in_word = False  # the last token was a word, so the next may go on with it

    def feed(self, piece: str) -> Iterator[Token]:
        self._buffer += piece
        return self._tokens(final=False)

    def finish(self) -> Iterator[Token]:
        return self._tokens(final=True)

    def _tokens(self, *, final: bool) -> Iterator[Token]:
        while self._begun(final) and self._buffer:
            token = self._next(final)
            if token is None:
                return
            self._buffer = self._buffer[len(token.text) :]
            self._in_word = token.kind is Kind.WORD
            self._after_stop = token.kind is Kind.STOP or (self._after_stop and token.kind is not Kind.WORD)
            yield token

    def _begun(self, final: bool) -> bool:
        """Whether the answer has begun; models that reason in the open do so before it."""
        if self._thinking is None:
            self._buffer = self._buffer.lstrip()
            if not final and _THINK_OPEN.startswith(self._buffer):
                return False
            self._thinking = self._buffer.startswith(_THINK_OPEN)
        if self._thinking:
            _, closed, rest = self._buffer.partition(_THINK_CLOSE)
            if not closed:
                return False
            self._thinking, self._buffer = False, rest.lstrip()
        return True

    def _next(self, final: bool) -> Token | None:
        """The token that the buffer begins with; None while it is open."""
        match = _TOKEN.match(self._buffer)
        kind = match.lastgroup if match else None
        text = match.group() if match else self._buffer
        if kind == "bracket":
            return self._bracket(text, final)
        if kind == "tag":
            return Token(Kind.TAG, text) if final or text != self._buffer or text.endswith(">") else None
        if kind == "word":
            return self._word(text, final)
        if kind == "stop" and not final and text == self._buffer:
            return None  # quotation marks or more stops may belong to it
        return Token(_PLAIN[kind or "space"], text)

    def _bracket(self, text: str, final: bool) -> Token | None:
        marker = MARKER.match(self._buffer)
        if marker:
            return Token(Kind.MARKER, marker.group(), tuple(numbers_of(marker)))
        if not final and unfinished(self._buffer, 0):
            return None
        return Token(Kind.WORD, text)

    def _word(self, text: str, final: bool) -> Token | None:
        if text == "<" and not final and any(tag.startswith(self._buffer) for tag in _TAGS):
            return None
        if self._in_word:
            return Token(Kind.WORD, text)
        open_ended = not final and text == self._buffer
        if open_ended and (self._after_stop or NOT_FOUND.startswith(text.lstrip(_DECORATION))):
            return None
        said = _NOT_FOUND.match(text)
        return Token(Kind.NOT_FOUND, said.group()) if said else Token(Kind.WORD, text)


_PLAIN = {"line": Kind.LINE, "space": Kind.SPACE, "stop": Kind.STOP}
