"""Nearest chunks under filters of every width."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.errors import VectorIndexUnavailable
from app.db import search
from app.services.vector_search import VectorSearch
from tests.fakes.library import Library

pytestmark = pytest.mark.anyio

TOPICS = ("bridges", "rivers", "trains", "castles")


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Library]:
    library = await Library.at(tmp_path)
    await library.add_collection()
    for topic in TOPICS:
        await library.add(f"{topic}.pdf", *(f"Chapter {n} tells of {topic}." for n in range(3)))
    yield library
    await library.database.close()


async def opened(library: Library) -> tuple[VectorSearch, search.Scope, list[search.LiveDocument]]:
    """The documents in the order of `TOPICS`, which is that of their ids: SQL promises none."""
    async with library.database.read() as connection:
        scope = await search.scope_of(connection, "default")
        documents = await search.live_documents(connection, scope.collection_id)
    documents.sort(key=lambda document: document.id)
    return VectorSearch(library.database, library.index, library.embedder.model), scope, documents


async def texts(library: Library, chunk_ids: list[str]) -> list[str]:
    async with library.database.read() as connection:
        found = await search.load_chunks(connection, chunk_ids)
    return [found[chunk_id].chunk.text for chunk_id in chunk_ids]


async def test_without_a_filter_the_index_answers(shelf: Library) -> None:
    vectors, scope, _ = await opened(shelf)
    [query] = await shelf.embedder.embed(["Chapter 1 tells of trains."], "query")
    hits = await vectors.nearest(scope, query, 2, None)
    assert (await texts(shelf, [hit.chunk_id for hit in hits]))[0] == "Chapter 1 tells of trains."
    assert shelf.index.searched == 1


async def test_a_narrow_filter_is_scanned_exactly_without_the_index(shelf: Library) -> None:
    vectors, scope, documents = await opened(shelf)
    shelf.index.down = True
    [query] = await shelf.embedder.embed(["Chapter 1 tells of trains."], "query")
    hits = await vectors.nearest(scope, query, 10, documents[:1])
    found = sorted(await texts(shelf, [hit.chunk_id for hit in hits]))
    assert found == [f"Chapter {n} tells of bridges." for n in range(3)]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_what_is_scanned_is_read_from_sql_once(shelf: Library) -> None:
    vectors, _, documents = await opened(shelf)
    [query] = await shelf.embedder.embed(["trains"], "query")
    first = await vectors.scan(documents, query, 5)
    async with shelf.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM chunk_vectors")
    assert await vectors.scan(documents, query, 5) == first


async def test_a_wide_filter_picks_out_of_a_deeper_search(shelf: Library) -> None:
    vectors, scope, documents = await opened(shelf)
    wide = [search.LiveDocument(item.id, item.version_id, 4000, item.vectors_ready) for item in documents[:3]]
    large = search.Scope(
        scope.collection_id, scope.embedding_model, scope.dimension, scope.index_id, 4, 16_000, None, 4
    )
    [query] = await shelf.embedder.embed(["Chapter 2 tells of castles."], "query")
    hits = await vectors.nearest(large, query, 3, wide)
    found = await texts(shelf, [hit.chunk_id for hit in hits])
    assert len(found) == 3
    assert not any("castles" in text for text in found)
    assert shelf.index.searched > 0


async def test_a_wide_filter_that_lets_little_through_is_scanned_in_the_end(shelf: Library) -> None:
    vectors, scope, documents = await opened(shelf)
    wide = [search.LiveDocument(item.id, item.version_id, 4000, item.vectors_ready) for item in documents[:3]]
    large = search.Scope(
        scope.collection_id, scope.embedding_model, scope.dimension, scope.index_id, 4, 16_000, None, 4
    )
    shelf.index.vectors.clear()
    [query] = await shelf.embedder.embed(["Chapter 2 tells of rivers."], "query")
    hits = await vectors.nearest(large, query, 3, wide)
    assert (await texts(shelf, [hit.chunk_id for hit in hits]))[0] == "Chapter 2 tells of rivers."


async def test_documents_whose_vectors_are_being_made_have_none(shelf: Library) -> None:
    await shelf.add("early.pdf", "Chapter 9 tells of early things.", vectors_ready=False)
    vectors, _, documents = await opened(shelf)
    [query] = await shelf.embedder.embed(["Chapter 9 tells of early things."], "query")
    hits = await vectors.scan(documents, query, 50)
    assert len(hits) == 3 * len(TOPICS)


async def test_an_index_that_is_down_says_so(shelf: Library) -> None:
    vectors, scope, _ = await opened(shelf)
    shelf.index.down = True
    [query] = await shelf.embedder.embed(["trains"], "query")
    with pytest.raises(VectorIndexUnavailable):
        await vectors.nearest(scope, query, 3, None)
