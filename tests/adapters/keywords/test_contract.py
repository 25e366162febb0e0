"""What every keyword index promises, held against each of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.keywords import BACKENDS, load
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.keywords.postgres import PostgresKeywordIndex
from app.adapters.keywords.tantivy_index import TantivyKeywordIndex
from app.db.session import Database
from app.logic.tokens import analyze, analyze_query
from app.models.domain import KeywordEntry, KeywordQuery
from app.ports import KeywordIndex
from tests.postgres import fresh_database

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["tantivy", "memory", "postgres"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[KeywordIndex]:
    if request.param == "postgres":
        async with fresh_database() as url:
            database = Database(url)
            made = PostgresKeywordIndex(database)
            await made.start()
            yield made
            await database.close()
        return
    opened: KeywordIndex = MemoryKeywordIndex() if request.param == "memory" else TantivyKeywordIndex(tmp_path)
    yield opened
    await opened.close()


def entry(chunk_id: str, text: str, *, document: str = "d1", context: str = "", language: str = "en") -> KeywordEntry:
    return KeywordEntry(
        chunk_id=chunk_id,
        version_id=f"{document}-v1",
        document_id=document,
        body=tuple(analyze(text, language)),
        context=tuple(analyze(context, language)),
    )


async def found(
    index: KeywordIndex, question: str, *, language: str = "en", k: int = 10, documents: frozenset[str] | None = None
) -> list[str]:
    return [hit.chunk_id for hit in await index.search("c", analyze_query(question, language), k, documents)]


def test_every_name_loads() -> None:
    assert {name: load(name).__name__ for name in BACKENDS} == {
        "tantivy": "TantivyKeywordIndex",
        "postgres": "PostgresKeywordIndex",
        "memory": "MemoryKeywordIndex",
    }


async def test_best_match_comes_first_and_k_limits(index: KeywordIndex) -> None:
    texts = ["net revenue grew", "net revenue of the segment grew, and net revenue of the region fell", "costs fell"]
    await index.replace("c", "d1-v1", [entry(str(i), text) for i, text in enumerate(texts)])
    hits = await index.search("c", analyze_query("net revenue", "en"), 10)
    assert sorted(hit.chunk_id for hit in hits) == ["0", "1"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(await found(index, "net revenue", k=1)) == 1


async def test_a_version_may_be_put_in_by_portions(index: KeywordIndex) -> None:
    await index.replace("c", "d1-v1", [entry("old", "revenue")])
    await index.replace("c", "d1-v1", [entry("0", "revenue")])
    await index.add("c", "d1-v1", [entry("1", "revenue"), entry("2", "costs")])
    assert sorted(await found(index, "revenue")) == ["0", "1"]
    assert await index.counts("c") == {"d1-v1": 3}


async def test_finds_each_script(index: KeywordIndex) -> None:
    texts = {
        "zh": "公司的净利润在二零二二年大幅增长。",
        "ar": "ارتفعت الإيرادات في المدرسة الجديدة",
        "hi": "कंपनी की आय में हिन्दी भाषा का योगदान",
        "th": "ประเทศไทยมีเจ็ดสิบเจ็ดจังหวัด",
    }
    entries = [entry(language, text, language=language) for language, text in texts.items()]
    await index.replace("c", "d1-v1", entries)
    assert await found(index, "净利润是多少？", language="zh") == ["zh"]
    assert await found(index, "مدرسه", language="ar") == ["ar"]
    assert await found(index, "हिन्दी", language="hi") == ["hi"]
    assert await found(index, "จังหวัด", language="th") == ["th"]


async def test_a_term_counts_by_its_weight(index: KeywordIndex) -> None:
    await index.replace("c", "d1-v1", [entry("cats", "cats and tea"), entry("dogs", "dogs and tea")])
    for weights, first in (((1.0, 0.1), "cats"), ((0.1, 1.0), "dogs")):
        hits = await index.search("c", KeywordQuery(("cats", "dogs"), weights=weights), 10)
        assert hits[0].chunk_id == first


async def test_context_is_searched_too(index: KeywordIndex) -> None:
    await index.replace("c", "d1-v1", [entry("a", "total 42", context="Balance sheet"), entry("b", "total 42")])
    assert await found(index, "balance sheet total") == ["a", "b"]


async def test_phrase_must_occur_whole(index: KeywordIndex) -> None:
    await index.replace(
        "c",
        "d1-v1",
        [entry("whole", "the operating income rose"), entry("apart", "income from operating leases and income")],
    )
    assert await found(index, '"operating income"') == ["whole"]
    assert await found(index, '"operating income" leases') == ["whole"]
    assert sorted(await found(index, "operating income")) == ["apart", "whole"]


async def test_preferred_phrase_ranks_higher_and_is_not_needed(index: KeywordIndex) -> None:
    texts = {
        "apart": "income of the year from operating leases",
        "whole": "operating income of the year",
        "other": "leases of the year",
    }
    await index.replace("c", "d1-v1", [entry(chunk_id, text) for chunk_id, text in texts.items()])
    query = KeywordQuery(terms=("operating", "income", "leases"), preferred=(("operating", "income"),))
    hits = await index.search("c", query, 10)
    assert [hit.chunk_id for hit in hits][:2] == ["whole", "apart"]
    assert len(hits) == 3
    plain = await index.search("c", KeywordQuery(terms=query.terms), 10)
    assert plain[0].chunk_id == "apart"


async def test_phrase_may_stand_in_the_context(index: KeywordIndex) -> None:
    await index.replace(
        "c", "d1-v1", [entry("a", "42", context="Operating income"), entry("b", "operating the income")]
    )
    assert await found(index, '"operating income"') == ["a"]


async def test_document_filter_holds_with_terms_and_phrases(index: KeywordIndex) -> None:
    for document in ("d1", "d2", "d3"):
        await index.replace("c", f"{document}-v1", [entry(f"{document}c", "net revenue grew", document=document)])
    assert sorted(await found(index, "revenue", documents=frozenset({"d1", "d3"}))) == ["d1c", "d3c"]
    assert await found(index, '"net revenue" grew', documents=frozenset({"d2"})) == ["d2c"]
    assert await found(index, "nothing alike", documents=frozenset({"d2"})) == []
    assert await found(index, "revenue", documents=frozenset()) == []
    assert await found(index, "revenue", documents=frozenset({"unknown"})) == []


@pytest.mark.parametrize("others", [1, 20, 40])
async def test_wide_filter_holds_however_many_better_hits_it_excludes(index: KeywordIndex, others: int) -> None:
    entries = [entry(f"x{i}c", "net revenue net revenue", document=f"x{i}") for i in range(others)]
    await index.replace("c", "x-v1", entries)
    for document in ("d1", "d2"):
        await index.replace("c", f"{document}-v1", [entry(f"{document}c", "the revenue grew again", document=document)])
    wide = frozenset({"d1", "d2", *(f"unknown{i}" for i in range(1500))})
    assert sorted(await found(index, "net revenue", documents=wide, k=2)) == ["d1c", "d2c"]
    assert sorted(await found(index, "net revenue", documents=wide, k=5)) == ["d1c", "d2c"]


async def test_filter_does_not_change_scores(index: KeywordIndex) -> None:
    for document in ("d1", "d2"):
        await index.replace("c", f"{document}-v1", [entry(f"{document}c", "net revenue grew", document=document)])
    query = analyze_query("revenue", "en")
    everywhere = {hit.chunk_id: hit.score for hit in await index.search("c", query, 10)}
    [narrow] = await index.search("c", query, 10, frozenset({"d1"}))
    assert narrow.score == pytest.approx(everywhere["d1c"])


async def test_replace_is_idempotent_and_whole(index: KeywordIndex) -> None:
    for _ in range(2):
        await index.replace("c", "d1-v1", [entry("a", "old words"), entry("b", "old words")])
    assert await index.counts("c") == {"d1-v1": 2}
    await index.replace("c", "d1-v1", [entry("c", "new words")])
    assert await found(index, "old") == []
    assert await found(index, "new") == ["c"]
    await index.replace("c", "d1-v1", [])
    assert await index.counts("c") == {}


async def test_remove_takes_only_the_named_versions(index: KeywordIndex) -> None:
    for document in ("d1", "d2", "d3"):
        await index.replace("c", f"{document}-v1", [entry(document, "shared word", document=document)])
    await index.remove("c", ["d1-v1", "d3-v1", "never-there"])
    assert await index.counts("c") == {"d2-v1": 1}
    assert await found(index, "shared") == ["d2"]


async def test_collections_are_apart_and_drop_empties(index: KeywordIndex) -> None:
    await index.replace("c", "d1-v1", [entry("a", "word")])
    await index.replace("other", "d1-v1", [entry("b", "word")])
    assert await found(index, "word") == ["a"]
    await index.drop("c")
    assert await index.counts("c") == {}
    assert await found(index, "word") == []
    assert await index.counts("other") == {"d1-v1": 1}


async def test_no_terms_or_unknown_collection_find_nothing(index: KeywordIndex) -> None:
    assert await found(index, "word") == []
    await index.replace("c", "d1-v1", [entry("a", "word")])
    assert await found(index, "?!") == []
    assert await found(index, "word", k=0) == []
