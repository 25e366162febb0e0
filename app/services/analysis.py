"""What happens to a parsed document's text, as pure functions that run in another process (see ports.Compute)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.logic import chunking
from app.logic.language import detect
from app.logic.titles import honest_title
from app.models.domain import Chunk, KeywordEntry, Page
from app.models.records import StoredChunk


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of a stretch of whole pages: a document, or a part of a very long one."""

    chunks: tuple[Chunk, ...]
    page_languages: tuple[str | None, ...]
    characters: Mapping[str, int]
    """By language."""
    title: str | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the largest chunk, and of what two chunks share; both in tokens of the embedding model."""

    chunk: int
    overlap: int = 0


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What the entries of one version share."""

    version_id: str
    document_id: str
    title: str | None
    filename: str
    language: str | None


STRETCH = 4_000_000
"""Characters of pages that are analysed at once: some 1,300 pages of a book. Longer documents are read by stretches, so
that none fills the memory."""
_SAMPLE = 2000  # characters of a page that tell its language


def analyze(pages: Sequence[Page], count_tokens: Callable[[str], int], title: str | None, sizes: Sizes) -> Analysis:
    """Cut pages into chunks, tell their languages and the document's title; `title` is what the file claims."""
    found = [detect(page.text[:_SAMPLE]) for page in pages]
    codes = [None if one is None else one[0] for one in found]
    weight: dict[str, int] = {}
    for page, code in zip(pages, codes, strict=True):
        if code is not None:
            weight[code] = weight.get(code, 0) + len(page.text)
    claimed = honest_title(title)
    chunks = chunking.split(pages, count_tokens, title=claimed, max_tokens=sizes.chunk, overlap=sizes.overlap)
    return Analysis(tuple(chunks), tuple(codes), weight, claimed or honest_title(None, *_first_headings(chunks)))


def warm(count_tokens: Callable[[str], int]) -> None:
    """Load what `analyze` works with."""
    count_tokens("one")
    detect("The models are loaded with the first text that they see.")


@dataclass(frozen=True, slots=True)
class Weight:
    chunks: int
    tokens: int
    """Of all that would be embedded, context included."""


def weigh(
    pages: Sequence[Page], count_tokens: Callable[[str], int], title: str | None, filename: str, max_tokens: int
) -> Weight:
    """How much embedding a document would take."""
    made = analyze(pages, count_tokens, title, Sizes(max_tokens))
    texts = (chunking.embedding_text(c.text, c.headings, title=made.title, filename=filename) for c in made.chunks)
    return Weight(len(made.chunks), sum(map(count_tokens, texts)))


def _first_headings(chunks: Sequence[Chunk]) -> list[str]:
    """Of the first page that has text."""
    first = chunks[:1] and chunks[0].spans[0].page
    return [chunk.headings[0] for chunk in chunks[:3] if chunk.headings and chunk.spans[0].page == first]


def entries(chunks: Sequence[StoredChunk], context: EntryContext) -> list[KeywordEntry]:
    """The keyword index's form of stored chunks."""
    return [
        chunking.keyword_entry(
            chunk.text,
            chunk.headings,
            chunk_id=chunk.id,
            version_id=context.version_id,
            document_id=context.document_id,
            title=context.title,
            filename=context.filename,
            language=context.language,
        )
        for chunk in chunks
    ]


def embedding_texts(chunks: Sequence[StoredChunk], title: str | None, filename: str) -> list[str]:
    """What is embedded for each chunk: where it stands, then what it says."""
    return [chunking.embedding_text(chunk.text, chunk.headings, title=title, filename=filename) for chunk in chunks]
