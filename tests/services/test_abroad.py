from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from app.core.errors import EmbeddingsUnavailable
from app.db.search import FoundChunk
from app.logic.selection import Ranked
from app.models.domain import BlockKind, Span
from app.models.records import StoredChunk
from app.services.abroad import AcrossLanguages
from app.services.candidates import Candidates
from app.services.second_opinion import SecondOpinion
from tests.fakes.meanings import Encoder, Meanings

pytestmark = pytest.mark.anyio

ASKED = "工程是什么时候开始的？"
TEXTS = {
    "famous": "The bridge is famous. Ships pass below it.",
    "began": "The bridge has towers. Building began in 1931. Nobody paid.",
    "cost": "The bridge was dear. It cost four millions.",
}
COSINES = {"famous": 0.86, "began": 0.84, "cost": 0.80}


def meanings(error: Exception | None = None) -> Meanings:
    return Meanings("began", "开始", error=error)


def found(
    language: str | None = "en", vector: dict[str, float] | None = None, keyword: dict[str, float] | None = None
) -> tuple[Candidates, list[Ranked]]:
    """Candidates in the order of TEXTS, as a reranker that knows words alone might leave them: the last one first."""
    chunks = {
        name: StoredChunk(
            id=name,
            version_id="v",
            ordinal=n,
            text=text,
            spans=(Span(1, 0, len(text)),),
            headings=(),
            tokens=9,
            kind=BlockKind.TEXT,
        )
        for n, (name, text) in enumerate(TEXTS.items())
    }
    held = {
        name: FoundChunk(chunk=chunk, document_id="d", version=1, filename="a.txt", media_type="text/plain",
                         title=None, language=language)
        for name, chunk in chunks.items()
    }  # fmt: skip
    ranked = [Ranked(chunks[name], score) for name, score in (("cost", 0.9), ("famous", 0.7), ("began", 0.5))]
    cosines = COSINES if vector is None else vector
    vectors = {name: np.array([cosine, (1 - cosine**2) ** 0.5], np.float32) for name, cosine in cosines.items()}
    return Candidates(held, dict.fromkeys(TEXTS, 0.5), keyword or {}, cosines, vectors=vectors), ranked


async def by_meaning(
    embedder: Meanings,
    question: str,
    candidates: Candidates,
    ranked: Sequence[Ranked],
    second: Encoder | None = None,
) -> list[Ranked]:
    return await AcrossLanguages(embedder, SecondOpinion(second, {"en", "zh"})).by_meaning(question, candidates, ranked)


def names(ranked: Sequence[Ranked]) -> list[str]:
    return [item.chunk.id for item in ranked]


async def test_the_nearest_sentence_decides_across_languages() -> None:
    candidates, ranked = found()
    ordered = await by_meaning(meanings(), ASKED, candidates, ranked)
    assert names(ordered) == ["began", "famous", "cost"]
    assert [item.score for item in ordered] == [0.9, 0.7, 0.5]


@pytest.mark.parametrize(("language", "question"), [("zh", ASKED), (None, ASKED), ("en", "???")])
async def test_within_a_language_or_where_none_is_known_nothing_changes(language: str | None, question: str) -> None:
    candidates, ranked = found(language)
    embedder = meanings()
    assert await by_meaning(embedder, question, candidates, ranked) == ranked
    assert embedder.embedded == []


@pytest.mark.parametrize(("question", "known"), [("桥梁公司有多少员工？", True), ("2018年的资本支出是多少？", False)])
async def test_where_a_passage_prints_what_is_asked_for_its_words_tell(question: str, known: bool) -> None:
    candidates, ranked = found()
    told = replace(candidates.chunks["cost"].chunk, text="The bridge company had 412 employees. It was dear.")
    chunks = {**candidates.chunks, "cost": replace(candidates.chunks["cost"], chunk=told)}
    ordered = await by_meaning(meanings(), question, replace(candidates, chunks=chunks), ranked)
    assert (names(ordered) == names(ranked)) is known


async def test_without_vectors_the_order_stays() -> None:
    candidates, ranked = found(vector={})
    assert await by_meaning(meanings(), ASKED, candidates, ranked) == ranked
    assert await by_meaning(meanings(), ASKED, candidates, []) == []


async def test_when_the_model_fails_the_vectors_of_passages_decide() -> None:
    candidates, ranked = found()
    ordered = await by_meaning(meanings(EmbeddingsUnavailable()), ASKED, candidates, ranked)
    assert names(ordered) == ["famous", "began", "cost"]


async def test_a_name_that_stands_there_as_it_is_decides_between_equals() -> None:
    candidates, ranked = found(vector={"famous": 0.8, "cost": 0.8}, keyword={"cost": 9.0, "began": 8.0})
    ordered = await by_meaning(meanings(), ASKED, candidates, ranked)
    assert names(ordered)[1:] == ["cost", "famous"]


async def test_long_passages_do_not_take_the_sentences_of_short_ones() -> None:
    candidates, ranked = found()
    long = replace(candidates.chunks["famous"].chunk, text=" ".join(f"Ship {n} passed." for n in range(99)))
    chunks = {**candidates.chunks, "famous": replace(candidates.chunks["famous"], chunk=long)}
    ranked = [replace(item, chunk=chunks[item.chunk.id].chunk) for item in ranked]
    embedder = meanings()
    ordered = await by_meaning(embedder, ASKED, replace(candidates, chunks=chunks), ranked)
    assert names(ordered)[0] == "began"
    assert "Nobody paid." in embedder.embedded
    assert sum(text.startswith("Ship ") for text in embedder.embedded) < 32


async def test_what_two_models_find_near_is_nearer() -> None:
    candidates, ranked = found(vector={"famous": 0.83, "began": 0.84, "cost": 0.86})
    encoder = Encoder("four millions")
    alone = await by_meaning(Meanings(), ASKED, candidates, ranked)
    ordered = await by_meaning(Meanings(), ASKED, candidates, ranked, encoder)
    assert (names(alone)[0], names(ordered)[0]) == ("famous", "cost")
    assert encoder.encoded[0] == ASKED
    assert "It cost four millions." in encoder.encoded


@pytest.mark.parametrize(("question", "language"), [("पुल का निर्माण कब शुरू हुआ?", "en"), (ASKED, "hi")])
async def test_of_languages_that_it_does_not_know_the_second_model_is_not_asked(question: str, language: str) -> None:
    candidates, ranked = found(language)
    encoder = Encoder("four millions")
    asked_alone = await by_meaning(Meanings(), question, candidates, ranked)
    assert await by_meaning(Meanings(), question, candidates, ranked, encoder) == asked_alone
    assert encoder.encoded == []


async def test_when_the_second_model_fails_the_first_one_decides() -> None:
    candidates, ranked = found()
    encoder = Encoder("four millions", EmbeddingsUnavailable())
    ordered = await by_meaning(meanings(), ASKED, candidates, ranked, encoder)
    assert names(ordered) == ["began", "famous", "cost"]
