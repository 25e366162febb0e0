"""HTML cut into segments: one for each stretch of text between block tags, with its inline tags as marks.

Everything else is copied byte by byte: tags, attributes, comments, scripts. So what is valid before is valid after, and
what is not stays as it was. The scanner reads once from left to right, whatever the input.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from app.logic.translation_masks import is_worded, mask
from app.logic.translation_text import LONGEST, bounds, merged
from app.models.translation import Segment, Template

_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "del", "dfn", "em", "font", "i", "ins", "label", "mark"}
    | {"q", "rp", "rt", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u"}
)
_ALONE = frozenset({"br", "wbr", "img", "input"})
_COPIED = frozenset({"code", "kbd", "samp", "var", "math", "svg", "data"})
"""Inline elements whose text is not translated: each is one mark."""
_RAW = frozenset({"script", "style", "pre", "textarea", "template", "noscript", "iframe", "object"})
"""Elements that are copied whole and end a segment."""
_TAG = re.compile(r"""</?([A-Za-z][^\s/>]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_UNTRANSLATED = re.compile(r"""translate\s*=\s*["']?no\b|class\s*=\s*["'][^"'<>]*\bnotranslate\b""", re.IGNORECASE)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """text, open, close, alone (a mark by itself), copied (an inline element that is not translated), block."""
    raw: str
    name: str = ""


def cut_html(markup: str) -> Template:
    parts: list[str | Segment] = []
    run: list[_Token] = []
    for token in _tokens(markup):
        if token.kind == "block":
            parts += [*_stretch(run), token.raw]
            run = []
        else:
            run.append(token)
    return Template(tuple(merged([*parts, *_stretch(run)])))


# ---------------------------------------------------------------- tokens


def _tokens(markup: str) -> Iterator[_Token]:
    position = start = 0
    while (at := markup.find("<", position)) >= 0:
        token = _token_at(markup, at)
        if token is None:  # a bare <: text
            position = at + 1
            continue
        if start < at:
            yield _Token("text", markup[start:at])
        yield token
        position = start = at + len(token.raw)
    if start < len(markup):
        yield _Token("text", markup[start:])


def _token_at(markup: str, at: int) -> _Token | None:
    if markup.startswith("<!--", at):
        return _Token("alone", markup[at : _after(markup, "-->", at + 4)], "!--")
    if markup.startswith(("<!", "<?"), at):
        return _Token("block", markup[at : _after(markup, ">", at)])
    tag = _TAG.match(markup, at)
    if tag is None:
        return None
    name, raw = tag[1].lower(), tag.group()
    if raw.startswith("</"):
        return _Token("close" if name in _INLINE else "block", raw, name)
    if name not in _VOID and (name in _RAW or name in _COPIED or _UNTRANSLATED.search(raw)):
        inline = name in _COPIED or name in _INLINE
        return _Token("copied" if inline else "block", markup[at : _end_of(markup, name, tag.end())], name)
    if name in _ALONE:
        return _Token("alone", raw, name)
    return _Token("open" if name in _INLINE and not raw.endswith("/>") else "block", raw, name)


def _after(markup: str, mark: str, start: int) -> int:
    at = markup.find(mark, start)
    return len(markup) if at < 0 else at + len(mark)


def _end_of(markup: str, name: str, start: int) -> int:
    """Behind the closing tag of the element `name` that was opened before `start`; the end where it never closes."""
    depth = 1
    for match in re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE).finditer(markup, start):
        depth += -1 if match[1] else 1
        if depth == 0 or (name in ("script", "style", "textarea") and match[1]):
            return _after(markup, ">", match.end())
    return len(markup)


# ---------------------------------------------------------------- segments


def _stretch(tokens: list[_Token]) -> Iterator[str | Segment]:
    """One segment, or several where the text is long: cut between sentences that stand outside of inline tags."""
    partners = _partners(tokens)
    run: list[_Token] = []
    length = depth = 0
    for index, token in enumerate(tokens):
        depth += (token.kind == "open" and index in partners) - (token.kind == "close" and index in partners)
        for piece in _pieces(token) if depth == 0 and token.kind == "text" else [token]:
            if depth == 0 and run and length + len(piece.raw) > LONGEST:
                yield from _run(run)
                run, length = [], 0
            run.append(piece)
            length += len(piece.raw)
    yield from _run(run)


def _pieces(token: _Token) -> Iterator[_Token]:
    """A text as tokens no longer than a segment may be."""
    starts = [start for start, _ in bounds(token.raw)] or [0]
    starts[0] = 0
    for start, end in pairwise([*starts, len(token.raw)]):
        yield _Token("text", token.raw[start:end])


@dataclass(slots=True)
class _Run:
    """A stretch between two blocks, as it is put together."""

    kept: list[tuple[str, ...]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def alone(self, raw: str) -> None:
        self.kept.append((raw,))
        self.text.append(f"<x{len(self.kept)}/>")


def _run(tokens: list[_Token]) -> Iterator[str | Segment]:
    """Tokens without a word are copied; so are those before the first and after the last that matters."""
    first, last = _edges(tokens)
    yield "".join(token.raw for token in tokens[:first])
    if first < last:
        middle = tokens[first:last]
        raw = "".join(token.raw for token in middle)
        space = len(raw) - len(raw.lstrip())
        end = len(raw.rstrip())
        yield raw[:space]
        yield _segment(raw[space:end], middle)
        yield raw[end:]
    yield "".join(token.raw for token in tokens[last:])


def _edges(tokens: list[_Token]) -> tuple[int, int]:
    """The tokens from `first` up to `last` hold all words, and each tag among them has its partner there."""
    worded = [i for i, token in enumerate(tokens) if token.kind == "text" and is_worded(html.unescape(token.raw))]
    if not worded:
        return 0, 0
    first, last = worded[0], worded[-1] + 1
    partners = _partners(tokens)
    changed = True
    while changed:
        reach = [partners[i] for i in range(first, last) if i in partners]
        low, high = min([first, *reach]), max([last - 1, *reach]) + 1
        changed = (low, high) != (first, last)
        first, last = low, high
    return first, last


def _partners(tokens: list[_Token]) -> dict[int, int]:
    """Index of the closing tag for that of the opening one, and the other way round. Strays have none."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    names: Counter[str] = Counter()  # of those that wait: a stray, of which there may be millions, looks no further
    for index, token in enumerate(tokens):
        if token.kind == "open":
            waiting.append(index)
            names[token.name] += 1
        elif token.kind == "close" and names[token.name]:
            opened = -1
            while opened < 0 or tokens[opened].name != token.name:
                opened = waiting.pop()
                names[tokens[opened].name] -= 1
            found[index], found[opened] = opened, index
    return found


def _segment(raw: str, tokens: list[_Token]) -> Segment:
    made = _Run()
    numbers: dict[int, int] = {}
    partners = _partners(tokens)
    for index, token in enumerate(tokens):
        partner = partners.get(index)
        if token.kind == "text":
            words = " ".join(re.split(r"[ \t\n\r\f]+", html.unescape(token.raw)))
            made.text.append(mask(words, made.kept, lambda kept: html.escape(kept, quote=False)))
        elif partner is None:
            made.alone(token.raw)
        elif token.kind == "open":
            made.kept.append((token.raw, tokens[partner].raw))
            numbers[partner] = len(made.kept)
            made.text.append(f"<g{len(made.kept)}>")
        else:
            made.text.append(f"</g{numbers[index]}>")
    return Segment(raw, "".join(made.text).strip(), tuple(made.kept), markup=True)
