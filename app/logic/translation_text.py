"""Plain text and Markdown cut into segments; what lies between them (space, bullets, code, table bars) is copied."""

import re
from collections.abc import Callable, Iterable, Iterator

from app.logic.sentences import sentences
from app.logic.translation_masks import is_worded, mask, segment
from app.models.translation import Segment, Template

LONGEST = 1200
"""Characters of a segment; a longer paragraph is cut between sentences."""
_WRAPPED = 40
"""Characters from which a line is one that may have been broken by its width alone."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LEAD = re.compile(r"[ \t]*(?:(?:>[ \t]?)+|#{1,6}[ \t]+|(?:[-*+•◦▪‣●–—]|\(?\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)*")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*\n?")
_CELL = re.compile(r"(?<!\\)(\|)")
_TITLE = r"(?:[ \t]+\"[^\"\n]*\")?"
_SPAN = re.compile(
    rf"(?P<code>`[^`\n]+`)|(?P<open>!?\[)(?P<label>[^\[\]\n]+)(?P<close>\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?{_TITLE}\))"
    r"|(?P<stars>\*\*|__)(?=\S)(?P<strong>[^*_\n]+)(?<=\S)(?P=stars)"
)
_Make = Callable[[str], Segment]
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def cut_text(text: str) -> Template:
    """Each line is a paragraph, save that a long one whose next goes on in lower case is joined with it."""
    return Template(tuple(merged(_lines(text, segment))))


def cut_markdown(text: str) -> Template:
    """As plain text, but front matter and fenced code are copied and a table's cells are segments of their own."""
    parts: list[str | Segment] = []
    front = _FRONT_MATTER.match(text)
    if front:
        parts.append(front.group())
    waiting: list[str] = []
    fence = ""
    for line in _LINE.findall(text, front.end() if front else 0):
        opened = _FENCE.match(line)
        if fence or opened or _TABLE_ROW.fullmatch(line):
            parts += _lines("".join(waiting), segment_markdown)
            waiting = []
            parts += [line] if fence or opened else _row(line)
            if opened and (not fence or (opened[1].startswith(fence) and not line.strip(" \t\n`~"))):
                fence = "" if fence else opened[1]
        else:
            waiting.append(line)
    return Template(tuple(merged([*parts, *_lines("".join(waiting), segment_markdown)])))


def segment_markdown(raw: str) -> Segment:
    """A segment whose links and strong words are marks around their text."""
    kept: list[tuple[str, ...]] = []
    return Segment(raw, _marked(raw, kept), tuple(kept))


def _marked(text: str, kept: list[tuple[str, ...]]) -> str:
    put: list[str] = []
    position = 0
    for match in _SPAN.finditer(text):
        put.append(mask(text[position : match.start()], kept))
        if match["code"]:
            kept.append((match["code"],))
            put.append(f"<x{len(kept)}/>")
        else:
            around = (match["open"], match["close"]) if match["open"] else (match["stars"], match["stars"])
            kept.append(around)
            number = len(kept)
            put.append(f"<g{number}>{_marked(match['label'] or match['strong'], kept)}</g{number}>")
        position = match.end()
    return "".join([*put, mask(text[position:], kept)])


def _row(line: str) -> Iterator[str | Segment]:
    for cell in _CELL.split(line):
        yield from framed(cell, segment_markdown)


def _lines(text: str, make: _Make) -> Iterator[str | Segment]:
    """Paragraphs with their bullets and line breaks copied around them."""
    waiting = ""
    for line in _LINE.findall(text):
        if waiting and _goes_on(waiting, line):
            waiting = waiting.rstrip("\n") + " " + line.lstrip(" \t>")
            continue
        yield from _paragraph(waiting, make)
        waiting = line
    yield from _paragraph(waiting, make)


def _goes_on(line: str, following: str) -> bool:
    """Whether `line` was broken by its width: nothing ends there, and the next line begins in lower case."""
    opens = following.lstrip(" \t>")[:1]
    last = line.rstrip()
    return len(last) >= _WRAPPED and last[-1:] not in ".!?:;|。！？" and opens.islower()


def _paragraph(line: str, make: _Make) -> Iterator[str | Segment]:
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    yield line[:start]
    yield from framed(line[start:], make)


def framed(text: str, make: _Make) -> Iterator[str | Segment]:
    """A text with the space around it copied, cut where it is too long."""
    inner = text.strip()
    first = text.find(inner)
    yield text[:first]
    position = 0
    for start, end in bounds(inner):
        yield inner[position:start]
        made = make(inner[start:end])
        yield made if is_worded(made.text) else made.raw
        position = end
    yield inner[position:]
    yield text[first + len(inner) :]


def bounds(text: str, longest: int = LONGEST) -> list[tuple[int, int]]:
    """(start, end) of the pieces of one paragraph: the whole if it is short enough, else as many sentences as fit."""
    if len(text) <= longest:
        return [(0, len(text))] if text else []
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        for first, last in _short(text, start, end, longest):
            if found and last - found[-1][0] <= longest:
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
    return found


def _short(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """A sentence that is itself too long (encoded data, a list without stops), cut at a space or anywhere."""
    while end - start > longest:
        at = text.rfind(" ", start + 1, start + longest)
        at = start + longest if at < 0 else at
        yield start, at
        start = at + 1 if text[at] == " " else at
    if start < end:
        yield start, end


def merged(parts: Iterable[str | Segment]) -> Iterator[str | Segment]:
    """Strings side by side made one, empty ones left out."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text
