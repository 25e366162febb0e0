"""RTF read as paragraphs, headings and tables (Rich Text Format specification 1.9.1). No recursion, one pass."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from app.logic import rtf_codes as codes
from app.logic.flow import Element, furniture, text
from app.logic.rtf_flow import Flow, joined

DEEPEST = 5000
"""Groups within groups, at most."""
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<plain>[^\\{}\r\n\x00]+)|(?P<stray>\\)",
    re.DOTALL,
)
_STYLE_NAME = re.compile(r"(?:heading|überschrift|titre|título|titolo|заголовок|标题|見出し)\s*(\d)", re.IGNORECASE)
_BODY_LEVEL = 9


class NestedTooDeeply(ValueError):
    """More groups within groups than any document has."""


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it and gives back at its end."""

    sink: str = "body"
    """Where text goes: body, note, furniture, fonts, styles, info, title, or nowhere."""
    encoding: str = "cp1252"
    unicode_skip: int = 1
    hidden: bool = False
    level: int = 0
    in_table: bool = False
    listed: bool = False
    starred: bool = False
    fresh: bool = True
    """Nothing of the group was read yet: a word now may name its destination."""


class RtfReader:
    """`elements` once; then `title`, if the document names one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, int] = {}
        self._font = self._style = 0
        self._style_level = 0
        self._bytes = bytearray()
        self._skip = 0
        self._side: list[str] = []
        self._flow = Flow()
        self.title = ""

    def elements(self) -> Iterator[Element]:
        """Raises NestedTooDeeply."""
        at = 0
        while at < len(self._data) and (match := _TOKEN.match(self._data, at)):
            at = match.end()
            if match["word"]:
                at = self._word(match["word"].decode("ascii"), match["number"], at)
            elif match["brace"]:
                self._group(opens=match["brace"] == b"{")
            elif match["symbol"]:
                self._symbol(match["symbol"].decode("latin-1"))
            elif match["hex"]:
                self._raw(bytes.fromhex(match["hex"].decode("ascii")))
            elif match["plain"]:
                self._raw(match["plain"])
            yield from self._flow.take()
        self._flush()
        yield from self._flow.finish()

    # ------------------------------------------------------------ tokens

    def _group(self, *, opens: bool) -> None:
        self._flush()
        if opens:
            if len(self._stack) >= DEEPEST:
                raise NestedTooDeeply
            self._stack.append(self._state)
            self._state = replace(self._state, fresh=True, starred=False)
        elif self._stack:
            ended, self._state = self._state, self._stack.pop()
            if ended.sink != self._state.sink:
                self._end_side(ended.sink)
        self._skip = 0

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state = replace(self._state, starred=True)
        elif symbol in "\r\n":
            self._flush()
            self.end_paragraph(None)
        else:
            self._put(codes.SYMBOLS.get(symbol, ""))

    def _raw(self, data: bytes) -> None:
        if self._skip:  # what older readers show in place of the Unicode character before
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _put(self, content: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._flush()
        self._say(content)

    def _word(self, word: str, number: bytes | None, at: int) -> int:
        """Obey a control word; returns where the next token begins."""
        value = int(number) if number else None
        state = self._state
        fresh, starred = state.fresh, state.starred
        if fresh:
            self._state = state = replace(state, fresh=False)
        if fresh and self._is_destination(word, starred=starred):
            return at
        if word == "u" and value is not None:
            self._flush()
            self._say(chr(value & 0xFFFF))
            self._skip = state.unicode_skip
        elif word == "bin":
            at += max(0, value or 0)
        elif word in codes.CHARACTERS:
            self._put(codes.CHARACTERS[word])
        elif word in _WORDS:
            self._flush()
            self._skip = 0
            _WORDS[word](self, value)
        elif self._skip:
            self._skip -= 1
        return at

    def _is_destination(self, word: str, *, starred: bool) -> bool:
        self._flush()
        sink = _SINKS.get(word)
        if word in codes.FURNITURE:
            sink = "furniture"
        elif word in codes.UNREAD or (starred and word not in codes.READ_ALTHOUGH_STARRED and sink is None):
            sink = "nowhere"
            if word in codes.LISTED and self._stack:
                self._stack[-1] = replace(self._stack[-1], listed=True)
        if sink is None:
            return False
        if self._state.sink != "nowhere" and (sink != "title" or self._state.sink == "info"):
            self._state = replace(self._state, sink=sink)
        return True

    def _flush(self) -> None:
        if self._bytes:
            content = self._bytes.decode(self._state.encoding, "replace")
            self._bytes.clear()
            self._say(content)

    def _say(self, content: str) -> None:
        sink = self._state.sink
        if sink == "body":
            self._flow.say("" if self._state.hidden else content)
        elif sink == "styles" and ";" in content:
            named = _STYLE_NAME.search("".join(self._side) + content)
            self._styles[self._style] = int(named[1]) if named else self._style_level
            self._side.clear()
            self._style = self._style_level = 0
        elif sink not in _SILENT:
            self._side.append(content)

    def _end_side(self, sink: str) -> None:
        content = joined(self._side)
        self._side.clear()
        if sink == "title":
            self.title = self.title or content.strip()
        elif sink in ("furniture", "note"):
            self._flow.beside(furniture(content) if sink == "furniture" else text(content))

    # ------------------------------------------------------------ control words

    def end_paragraph(self, _: int | None) -> None:
        state = self._state
        if state.sink == "body":
            self._flow.end_paragraph(level=state.level, in_table=state.in_table, listed=state.listed)
            self._state = replace(state, listed=False)
        elif state.sink not in _SILENT:
            self._side.append("\n")

    def end_cell(self, _: int | None) -> None:
        if self._state.sink == "body":
            self._flow.end_cell()

    def end_row(self, _: int | None) -> None:
        if self._state.sink == "body":
            self._flow.end_row()

    def plain_paragraph(self, _: int | None) -> None:
        self._state = replace(self._state, level=0, in_table=False, listed=False)

    def set_style(self, value: int | None) -> None:
        if self._state.sink == "styles":
            self._style = value or 0
        else:
            self._state = replace(self._state, level=self._styles.get(value or 0, 0))

    def set_level(self, value: int | None) -> None:
        level = (value or 0) + 1 if (value or 0) < _BODY_LEVEL else 0
        if self._state.sink == "styles":
            self._style_level = level
        else:
            self._state = replace(self._state, level=level)

    def set_font(self, value: int | None) -> None:
        if self._state.sink == "fonts":
            self._font = value or 0
        else:
            self._state = replace(self._state, encoding=self._fonts.get(value or 0, self._default))

    def set_charset(self, value: int | None) -> None:
        if self._state.sink == "fonts" and (encoding := codes.charset(value or 0)):
            self._fonts[self._font] = encoding

    def set_font_code_page(self, value: int | None) -> None:
        if self._state.sink == "fonts" and (encoding := codes.code_page(value or 0)):
            self._fonts[self._font] = encoding

    def set_code_page(self, value: int | None) -> None:
        self._default = codes.code_page(value or 1252) or self._default
        self._state = replace(self._state, encoding=self._default)

    def set_skip(self, value: int | None) -> None:
        self._state = replace(self._state, unicode_skip=min(max(0, 1 if value is None else value), 16))

    def set_hidden(self, value: int | None) -> None:
        self._state = replace(self._state, hidden=value != 0)

    def set_in_table(self, _: int | None) -> None:
        self._state = replace(self._state, in_table=True)


_SILENT = frozenset({"nowhere", "fonts", "styles", "info"})
_SINKS = {"fonttbl": "fonts", "stylesheet": "styles", "title": "title", "info": "info", "footnote": "note"}
_WORDS: dict[str, Callable[[RtfReader, int | None], None]] = {
    **dict.fromkeys(("par", "sect", "page", "column"), RtfReader.end_paragraph),
    **dict.fromkeys(("cell", "nestcell"), RtfReader.end_cell),
    **dict.fromkeys(("row", "nestrow"), RtfReader.end_row),
    **dict.fromkeys(("v", "deleted"), RtfReader.set_hidden),
    "ansicpg": RtfReader.set_code_page,
    "cpg": RtfReader.set_font_code_page,
    "f": RtfReader.set_font,
    "fcharset": RtfReader.set_charset,
    "intbl": RtfReader.set_in_table,
    "mac": lambda reader, _: reader.set_code_page(10000),
    "outlinelevel": RtfReader.set_level,
    "pard": RtfReader.plain_paragraph,
    "pc": lambda reader, _: reader.set_code_page(437),
    "pca": lambda reader, _: reader.set_code_page(850),
    "plain": lambda reader, _: reader.set_hidden(0),
    "s": RtfReader.set_style,
    "uc": RtfReader.set_skip,
}
