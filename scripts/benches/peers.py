"""What DocuBot's retrieval is compared with: the default pipelines of LangChain and LlamaIndex, and BM25 over pages.

Each pipeline runs twice: at its documented defaults, and with our embedding model. Those defaults name models of
OpenAI, which need a key; the nearest that works without is all-MiniLM-L6-v2, and stands in the table by that name.
Both return fewer passages by default (4 and 2); all are asked for as many as DocuBot, else they could not compete.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_community.document_loaders import PyPDFLoader
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from llama_index.core import Document, MockEmbedding, Settings, VectorStoreIndex

from scripts.benches.kept_vectors import KeptVectors, Kind

Found = list[tuple[str, frozenset[int]]]
"""File and pages of each passage, best first."""
Search = Callable[[str], Found]

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w+")


class _ForLangChain(Embeddings):
    def __init__(self, kept: KeptVectors) -> None:
        self._kept = kept

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._kept.embed_now(text, "passage") for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._kept.embed_now(text, "query")


class _ForLlamaIndex(MockEmbedding):
    """Its mock is the one embedding of its core that is whole but for the vectors."""

    def __init__(self, kept: KeptVectors) -> None:
        super().__init__(embed_dim=kept.dimension)
        self._kept = kept

    def _embed(self, text: str, kind: Kind) -> list[float]:
        return self._kept.embed_now(text, kind)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embed(text, "passage")

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embed(query, "query")


class Pages:
    """Every page's text as pypdf reads it, which both pipelines' PDF readers do."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.pages = [page for file in files for page in PyPDFLoader(file).load()]
        self.places = [(Path(page.metadata["source"]).name, page.metadata["page"] + 1) for page in self.pages]


def langchain(pages: Pages, kept: KeptVectors, folder: Path, k: int) -> Search:
    """As its tutorial for question answering: PyPDFLoader, a recursive splitter (1000/200), similarity search."""
    store = Chroma("plain", _ForLangChain(kept), persist_directory=str(folder))
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages.pages)
    for start in range(0, len(chunks), 100):
        store.add_documents(chunks[start : start + 100])
    kept.save()

    def search(question: str) -> Found:
        return [
            _place(item.metadata["source"], item.metadata["page"] + 1) for item in store.similarity_search(question, k)
        ]

    return search


def llamaindex(pages: Pages, kept: KeptVectors, _: Path, k: int) -> Search:
    """As its starter tutorial: a document a page, VectorStoreIndex with its sentence splitter (1024/20 tokens).

    A page's metadata are part of what it embeds, as its PDF reader fills them: the file's name and the page's label.
    """
    Settings.llm = None  # nothing is generated here; the default would want a key
    documents = [
        Document(text=page.page_content, metadata={"page_label": str(number), "file_name": name})
        for page, (name, number) in zip(pages.pages, pages.places, strict=True)
    ]
    index = VectorStoreIndex.from_documents(documents, embed_model=_ForLlamaIndex(kept))
    kept.save()
    retriever = index.as_retriever(similarity_top_k=k)

    def search(question: str) -> Found:
        found: list[Any] = retriever.retrieve(question)
        return [_place(item.node.metadata["file_name"], int(item.node.metadata["page_label"])) for item in found]

    return search


def bm25_over_pages(pages: Pages, k: int) -> Search:
    ranked = bm25([page.page_content for page in pages.pages])

    def search(question: str) -> Found:
        return [_place(*pages.places[i]) for i in ranked(question)[:k]]

    return search


def _place(file: str, page: int) -> tuple[str, frozenset[int]]:
    return Path(file).name, frozenset({page})


def bm25(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Texts ranked for a question by BM25 over lower-case words, best first."""
    counts = [Counter(_WORD.findall(text.lower())) for text in texts]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / max(1, len(lengths))
    bearers = Counter(word for count in counts for word in count)

    def score(words: set[str], i: int) -> float:
        length = _K1 * (1 - _B + _B * lengths[i] / mean)
        return sum(
            math.log(1 + (len(texts) - bearers[word] + 0.5) / (bearers[word] + 0.5))
            * counts[i][word] * (_K1 + 1) / (counts[i][word] + length)
            for word in words
            if counts[i][word]
        )  # fmt: skip

    def ranked(question: str) -> list[int]:
        words = set(_WORD.findall(question.lower()))
        scores = [score(words, i) for i in range(len(texts))]
        return sorted(range(len(texts)), key=lambda i: -scores[i])

    return ranked
