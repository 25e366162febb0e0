"""Chunks by structure: whole paragraphs, sentences and table rows under their headings, near one size; no overlap,
unless it is asked for.

Small chunks are found more exactly and embedded faster; what an answer needs around them is read from their neighbours.
A chunk is embedded and indexed with its context (title, headings, a table's column headings), and quoted without it.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from app.logic.chunking_packing import pack
from app.logic.chunking_pieces import Measure, Piece, sections
from app.logic.folding import HAN_KANA, HANGUL
from app.logic.tokens import analyze
from app.models.domain import BlockKind, Chunk, KeywordEntry, Page, Span

MAX_TOKENS = 256
_CONTEXT_CHARACTERS = 240
_COLUMNS_CHARACTERS = 300
_NAMES_SOMETHING = re.compile(rf"[^\W\d_]{{3}}|[{HAN_KANA}{HANGUL}]{{2}}|(?<!\d)(?:19|20)\d\d(?!\d)")
"""A word, or a year."""
_NAME_SEPARATORS = re.compile(r"[_\s]+|(?<=\D)[.-](?=\D)")


def split(
    pages: Sequence[Page],
    count_tokens: Callable[[str], int],
    *,
    title: str | None = None,
    max_tokens: int = MAX_TOKENS,
    overlap: int = 0,
) -> list[Chunk]:
    """All text of `pages` but furniture, in order, each stretch in one chunk of at most `max_tokens`; with `overlap`
    (tokens, at most half of them) the end of each chunk once more at the beginning of the next.

    `count_tokens` counts a text as the embedding model does, without its special tokens; it is called about once a
    paragraph. A chunk may cross a page break, but not from one slide or sheet to the next. A heading that repeats
    `title` is text, but not part of the heading path.
    """
    overlap = min(overlap, max_tokens // 2)
    measure = Measure(count_tokens, max_tokens - overlap)
    drafts = pack(sections(pages, title, measure), measure, overlap)
    return [_chunk(ordinal, headings, pieces) for ordinal, (headings, pieces) in enumerate(drafts)]


def embedding_text(text: str, headings: Sequence[str], *, title: str | None, filename: str) -> str:
    """A chunk as it is embedded: one line that says where it stands, at most 240 characters, then its text.

    The file's name stands in for a missing title if it holds a word or a year: "p_0031" says nothing, and what says
    nothing costs questions in other languages the most. A heading that the text begins with is not said twice.
    """
    beginning = " ".join(text[:_CONTEXT_CHARACTERS].split())
    name = _spelled_out(filename)
    first = [title] if title else [name] if _NAMES_SOMETHING.search(name) else []
    path = [*first, *(h for h in headings if h != title and not beginning.startswith(h))]
    while len(path) > 2 and len(" > ".join(path)) > _CONTEXT_CHARACTERS:
        path.pop(1)  # the outermost headings say least
    return "\n".join(line for line in (" > ".join(path)[:_CONTEXT_CHARACTERS], text) if line)


def keyword_entry(
    text: str,
    headings: Sequence[str],
    *,
    chunk_id: str,
    version_id: str,
    document_id: str,
    title: str | None,
    filename: str,
    language: str | None,
) -> KeywordEntry:
    """A chunk's tokens for the keyword index; its context is file name, title and headings."""
    context = [_spelled_out(filename), title or "", *headings]
    return KeywordEntry(
        chunk_id=chunk_id,
        version_id=version_id,
        document_id=document_id,
        body=tuple(analyze(text, language)),
        context=tuple(analyze("\n".join(dict.fromkeys(context)), language)),
    )


def _spelled_out(filename: str) -> str:
    return _NAME_SEPARATORS.sub(" ", PurePath(filename).stem).strip()


def _chunk(ordinal: int, headings: tuple[str, ...], pieces: Sequence[Piece]) -> Chunk:
    spans: list[Span] = []
    texts: list[str] = []
    page: Page | None = None
    for piece in pieces:
        if page is piece.page and not page.text[spans[-1].end : piece.start].strip():
            spans[-1] = Span(page.number, spans[-1].start, piece.end)
            texts[-1] = page.text[spans[-1].start : piece.end]
        else:
            page = piece.page
            spans.append(Span(page.number, piece.start, piece.end))
            texts.append(piece.text)
    tokens = sum(piece.tokens for piece in pieces)
    tables = [piece for piece in pieces if piece.kind is BlockKind.TABLE]
    columns = tables[0].columns if tables else None
    heading = " ".join(columns.split())[:_COLUMNS_CHARACTERS].strip() if columns else ""
    cut_off = heading and heading not in " ".join(" ".join(texts).split())
    return Chunk(
        ordinal=ordinal,
        text="\n".join(texts),
        spans=tuple(spans),
        headings=(*headings, heading) if cut_off else headings,
        columns=columns,
        tokens=tokens,
        kind=BlockKind.TABLE if 2 * sum(piece.tokens for piece in tables) > tokens else BlockKind.TEXT,
    )
