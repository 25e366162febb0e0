"""What a search finds, what it hides, and why it finds nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import event

from app.core.errors import CollectionNotFound, EmbeddingMismatch, InvalidFilter
from app.models.domain import Hit, Passage, SearchResult
from app.models.records import Comparison, Compound, Scalar
from app.models.requests import SearchRequest
from app.ports import Vectors
from tests.fakes.library import Library, ScanIndex

pytestmark = pytest.mark.anyio

CATS = "Cats sleep for most of the day and hunt at dusk."
SHIPS = "The harbour took in forty container ships in March."
BREAD = "Bread rises because yeast makes gas out of sugar."


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    made = await Library.at(tmp_path)
    yield made
    await made.database.close()


@pytest.fixture
async def shelf(library: Library) -> Library:
    await library.add_collection()
    await library.add("cats.pdf", CATS, metadata={"kind": "animal", "year": 2021})
    await library.add("ships.pdf", SHIPS, metadata={"kind": "trade", "year": 2022, "draft": True})
    await library.add("bread.pdf", BREAD, metadata={"kind": "food", "year": 2023})
    return library


async def search(library: Library, question: str, **values: object) -> SearchResult:
    request = SearchRequest(question, **values)  # type: ignore[arg-type]
    return await library.retriever().search(request)


def names(result: SearchResult) -> list[str]:
    return [passage.filename for passage in result.passages]


class Preferring:
    """A Reranker that knows which file answers."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self.scores: list[float] = []

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        self.scores = [passage.score for passage in passages]
        return [float(passage.filename == self._filename) for passage in passages]


async def test_the_passage_that_answers_comes_first_with_its_place(shelf: Library) -> None:
    result = await search(shelf, "How many ships did the harbour take in?")
    first = result.passages[0]
    assert (first.filename, first.text, first.version) == ("ships.pdf", SHIPS, 1)
    assert [(span.page, span.start, span.end) for span in first.spans] == [(1, 0, len(SHIPS))]
    assert first.page_labels == {1: "p1"}
    assert {"keyword", "vector", "fused", "rerank"} <= first.scores.keys()
    assert 0 <= first.score <= 1
    assert (result.reason, result.degraded) == (None, False)
    assert {"scope", "retrieve", "rerank", "select", "total"} <= result.timings.keys()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("长城在明朝时重建，全长两万多公里。", "长城有多长？"),
        ("كان أول قطار في مصر بين الإسكندرية والقاهرة.", "أين كان أول قطار في مصر؟"),
        ("हिमालय की सबसे ऊँची चोटी एवरेस्ट है।", "हिमालय की सबसे ऊँची चोटी कौन सी है?"),
        ("แม่น้ำเจ้าพระยาไหลผ่านกรุงเทพมหานคร", "แม่น้ำอะไรไหลผ่านกรุงเทพมหานคร"),
    ],
)
async def test_questions_in_other_scripts(shelf: Library, text: str, question: str) -> None:
    await shelf.add("other.pdf", text, language="zh")
    assert (await search(shelf, question)).passages[0].text == text


async def test_top_k_bounds_the_passages(shelf: Library) -> None:
    assert len((await search(shelf, "cats ships bread", top_k=2)).passages) == 2


async def test_document_ids_hold_exactly(shelf: Library) -> None:
    document_id = await shelf.add("cats-again.pdf", "Cats sleep in the sun.")
    result = await search(shelf, "When do cats sleep?", document_ids=(document_id,))
    assert names(result) == ["cats-again.pdf"]


@pytest.mark.parametrize(
    ("kind", "key", "value", "expected"),
    [
        ("eq", "kind", "trade", {"ships.pdf"}),
        ("ne", "kind", "trade", {"cats.pdf", "bread.pdf"}),
        ("gt", "year", 2021, {"ships.pdf", "bread.pdf"}),
        ("gte", "year", 2021.0, {"cats.pdf", "ships.pdf", "bread.pdf"}),
        ("lt", "year", 2022, {"cats.pdf"}),
        ("lte", "year", 2022, {"cats.pdf", "ships.pdf"}),
        ("in", "kind", ("food", "trade"), {"ships.pdf", "bread.pdf"}),
        ("nin", "kind", ("food", "trade"), {"cats.pdf"}),
        ("eq", "draft", True, {"ships.pdf"}),
        ("ne", "draft", True, {"cats.pdf", "bread.pdf"}),
        ("eq", "year", "2021", set()),
    ],
)
async def test_filters_hold_exactly(
    shelf: Library, kind: str, key: str, value: Scalar | tuple[Scalar, ...], expected: set[str]
) -> None:
    filters = Comparison(kind, key, value)  # type: ignore[arg-type]
    assert set(names(await search(shelf, "cats ships bread", filters=filters))) == expected


async def test_filters_nest(shelf: Library) -> None:
    either = Compound("or", (Comparison("eq", "kind", "food"), Comparison("eq", "kind", "animal")))
    both = Compound("and", (either, Comparison("gt", "year", 2021)))
    assert names(await search(shelf, "cats ships bread", filters=both)) == ["bread.pdf"]


@pytest.mark.parametrize(
    "filters", [Comparison("gt", "draft", True), Comparison("eq", "kind", ("a", "b")), Compound("and", ())]
)
async def test_a_filter_that_cannot_be_compared_is_refused(shelf: Library, filters: Comparison | Compound) -> None:
    with pytest.raises(InvalidFilter):
        await search(shelf, "cats", filters=filters)


async def test_only_live_documents_are_seen(shelf: Library) -> None:
    await shelf.add("early.pdf", "Cats sleep on ships.", live=False)
    gone = await shelf.add("gone.pdf", "Cats sleep at noon.")
    await shelf.change(gone, status="deleting")
    assert not {"early.pdf", "gone.pdf"} & set(names(await search(shelf, "When do cats sleep?")))


async def test_a_document_without_all_its_vectors_is_found_by_keyword_alone(shelf: Library) -> None:
    await shelf.add("zebra.pdf", "Zebra stripes confuse flies.", vectors_ready=False)
    result = await search(shelf, "What do zebra stripes do?")
    found = next(passage for passage in result.passages if passage.filename == "zebra.pdf")
    assert "keyword" in found.scores
    assert "vector" not in found.scores


async def test_while_no_vectors_are_made_yet_the_index_is_not_asked(library: Library) -> None:
    await library.add_collection()
    await library.add("zebra.pdf", "Zebra stripes confuse flies.", vectors_ready=False)
    result = await search(library, "What do zebra stripes do?")
    assert (names(result), result.degraded, library.index.searched) == (["zebra.pdf"], False, 0)


async def test_without_the_vector_index_keyword_search_goes_on(shelf: Library) -> None:
    shelf.index.down = True
    result = await search(shelf, "How many ships did the harbour take in?")
    assert (result.passages[0].filename, result.degraded) == ("ships.pdf", True)


async def test_the_default_collection_is_empty_before_the_first_upload(library: Library) -> None:
    assert (await search(library, "anything")).reason == "empty_collection"
    await library.add_collection()
    assert (await search(library, "anything")).reason == "empty_collection"


async def test_reasons_tell_why_there_is_nothing(shelf: Library) -> None:
    assert (await search(shelf, "cats", document_ids=("unknown",))).reason == "filtered_out"
    strict = shelf.retriever(score_floor=1.0)
    low = await strict.search(SearchRequest("cats"))
    assert (low.reason, low.passages) == ("low_score", ())
    shelf.index.vectors.clear()
    shelf.index.down = True
    assert (await search(shelf, "xylophone")).reason == "no_match"


async def test_an_unknown_collection_is_an_error(shelf: Library) -> None:
    with pytest.raises(CollectionNotFound):
        await search(shelf, "cats", collection="elsewhere")


async def test_a_collection_of_another_model_is_refused(library: Library) -> None:
    await library.add_collection(model="another-model")
    with pytest.raises(EmbeddingMismatch):
        await search(library, "cats")


async def test_the_document_that_is_meant_is_preferred_but_hides_nothing(library: Library) -> None:
    await library.add_collection()
    for year in (2019, 2020, 2021):
        await library.add(f"ACME_{year}_annual.pdf", f"Revenue grew. {year}", "Staff costs fell.")
    await library.add("BETA_2020_annual.pdf", "Revenue of Beta grew. 2020")
    result = await search(library, "How did ACME's revenue grow in 2020?")
    assert names(result)[0] == "ACME_2020_annual.pdf"
    assert "BETA_2020_annual.pdf" in names(result)


async def test_a_renamed_document_is_meant_by_its_new_name(library: Library) -> None:
    await library.add_collection()
    first = await library.add("alpha.pdf", "The fee is nine.")
    await library.add("beta.pdf", "The fee is nine .")
    retriever = library.retriever()
    assert (await retriever.search(SearchRequest("fee of alpha"))).passages[0].filename == "alpha.pdf"
    await library.change(first, filename="gamma.pdf")
    assert (await retriever.search(SearchRequest("fee of gamma"))).passages[0].filename == "gamma.pdf"


async def test_a_search_reads_no_table_whole(shelf: Library) -> None:
    engine, said = shelf.database.engine, list[tuple[str, Any]]()

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        said.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert (await search(shelf, "How many ships did the harbour take in?")).passages
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    async with shelf.database.read() as connection:
        for statement, parameters in said:
            if statement.startswith("SELECT"):
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                for row in plan:
                    assert not re.match(r"SCAN (chunks|chunk_vectors|pages)\b", row.detail), statement


async def test_many_searches_at_once_take_turns_and_all_find(shelf: Library) -> None:
    class Crowded(ScanIndex):
        active = most = 0

        async def search(self, index_id: str, vector: Vectors, k: int) -> list[Hit]:
            self.active += 1
            self.most = max(self.most, self.active)
            with anyio.move_on_after(1):
                while self.most <= 16:
                    await anyio.sleep(0.01)
            self.active -= 1
            return await super().search(index_id, vector, k)

    index = shelf.index = Crowded()
    retriever = shelf.retriever()
    asked = [SearchRequest(f"How many ships did the harbour take in by day {day}?") for day in range(60)]
    results = await asyncio.gather(*map(retriever.search, asked))
    assert {names(result)[0] for result in results} == {"ships.pdf"}
    assert 1 < index.most <= 16


@pytest.mark.parametrize("question", ["How many ships did the harbour take in?", "三月份港口接收了多少艘集装箱船？"])
async def test_a_second_look_has_the_last_word_in_every_language(shelf: Library, question: str) -> None:
    second = Preferring("cats.pdf")
    result = await shelf.retriever(second_look=second).search(SearchRequest(question))
    assert result.passages[0].filename == "cats.pdf"
    assert second.scores == sorted(second.scores, reverse=True)
    assert second.scores[0] > 0
