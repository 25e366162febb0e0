"""XLM-RoBERTa's tokenizer on SentencePiece: 250,002 pieces of some hundred languages.

`Tokenizer` holds a path and loads on first use (0.4 s, 56 MB), so that it pickles small and idle processes stay small.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sentencepiece import SentencePieceProcessor

WINDOW = 16
"""Characters per token to look at first when only a prefix is wanted; nearly all text has fewer than 6."""


class Tokenizer:
    """Counts are of the text alone; `encode` adds the marks of begin and end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def _pieces(self) -> SentencePieceProcessor:
        return _load(self.path)

    def count(self, text: str) -> int:
        """How many tokens the text has; 0 for nothing but spaces."""
        return len(self._ids(text))

    def encode(self, text: str, limit: int) -> list[int]:
        """At most `limit` ids with the two marks: what does not fit is cut from the end."""
        room = limit - 2
        window = limit * WINDOW
        ids = self._ids(text[:window])
        while len(ids) <= room and window < len(text):  # long runs of spaces make no tokens
            window *= 4
            ids = self._ids(text[:window])
        return [self._pieces.bos_id(), *ids[:room], self._pieces.eos_id()]

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Where each token stands in the (NFC) text, in characters."""
        mapping = self._pieces.encode(_valid(text), return_type="offset_mapping")
        return [(start, end) for start, end in mapping["offsets"]]

    def truncate(self, text: str, tokens: int) -> str:
        """The longest prefix of the (NFC) text that ends with its token number `tokens`."""
        places = self.offsets(text)
        return text if len(places) <= tokens else text[: places[tokens][0]]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._pieces.encode(_valid(text))
        return ids


@lru_cache(maxsize=2)
def _load(path: Path) -> SentencePieceProcessor:
    """Once a process: a worker is sent another copy of the same tokenizer with every call."""
    return SentencePieceProcessor(model_file=str(path))


def _valid(text: str) -> str:
    """NFC, which the table of the model's own normalization takes for granted, and no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return unicodedata.normalize("NFC", text)
