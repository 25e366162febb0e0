"""Thumbs become cases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest

from app.adapters.blobs.local import LocalBlobs
from app.core.errors import CollectionNotFound
from app.core.ids import new_id
from app.evaluation.dataset import DatasetError
from app.evaluation.feedback import cases_from_feedback
from tests.services.kit import Kit, open_kit

pytestmark = pytest.mark.anyio
TEXT = b"The harbour opens at six. " * 20


@pytest.fixture
async def kit(tmp_path: Path) -> AsyncIterator[Kit]:
    async with open_kit(tmp_path) as opened:
        yield opened


async def rated(
    kit: Kit, question: str, rating: Literal["up", "down"] | None, answer: dict[str, Any], standalone: str | None = None
) -> str:
    message_id = new_id()
    await kit.conversations.store(
        None, message_id, collection="default", question=question, standalone=standalone, answer=answer
    )
    if rating:
        await kit.conversations.feedback(message_id, rating, "a note")
    return message_id


def answered(*cited: tuple[str, str]) -> dict[str, Any]:
    return {
        "status": "answered",
        "answer": "It opens at six [1].",
        "citations": [{"document_id": document, "quote": quote} for document, quote in cited],
    }


async def test_each_kind_of_judgement(kit: Kit, tmp_path: Path) -> None:
    first = (await kit.ingested(TEXT, "harbour.txt")).document
    second = (await kit.ingested(TEXT + b"!", "harbour.txt")).document
    third = (await kit.ingested(TEXT + b"?", "海.txt")).document
    assert first
    assert second
    assert third
    up = await rated(kit, "And when?", "up", answered((third.id, "opens at six")), "When does the harbour open?")
    two = await rated(
        kit, "什么时候开放?", "up", answered((first.id, "at six"), (third.id, "opens"), (third.id, "opens"))
    )
    refused = await rated(kit, "Who owns it?", "up", {"status": "not_found", "answer": "The documents do not say."})
    bad = await rated(kit, "When does it close?", "down", answered((third.id, "opens at six")))
    missed = await rated(kit, "Is it open?", "down", {"status": "not_found", "answer": "The documents do not say."})
    await rated(kit, "Unjudged?", None, answered((third.id, "opens at six")))

    found, corpus = await cases_from_feedback(kit.database, LocalBlobs(tmp_path / "files"), "default")
    cases = {case.id: case for case in found}
    assert set(cases) == {up, f"{two}-1", f"{two}-2", refused, bad, missed}
    assert (cases[up].question, cases[up].document, cases[up].quotes) == (
        "When does the harbour open?", "海.txt", ("opens at six",)
    )  # fmt: skip
    assert (cases[f"{two}-1"].document, cases[f"{two}-1"].language) == (f"{first.id}/harbour.txt", "zh")
    assert cases[f"{two}-2"].quotes == ("opens",)
    assert (cases[refused].answerable, cases[refused].document) == (False, None)
    assert (cases[bad].answerable, cases[bad].rejected) == (True, ("It opens at six [1].",))
    assert (cases[missed].answerable, cases[missed].rejected) == (True, ())
    names = {f"{first.id}/harbour.txt": TEXT, f"{second.id}/harbour.txt": TEXT + b"!", "海.txt": TEXT + b"?"}
    assert {file.name: b"".join(file.pieces()) for file in corpus.files} == names


async def test_good_answers_from_documents_that_are_gone_are_no_cases(kit: Kit, tmp_path: Path) -> None:
    document = (await kit.ingested(TEXT, "harbour.txt")).document
    assert document
    await rated(kit, "When?", "up", answered((document.id, "at six")))
    await kit.documents.delete(document.id)
    with pytest.raises(DatasetError, match="all gone"):
        await cases_from_feedback(kit.database, LocalBlobs(tmp_path / "files"), "default")


async def test_nothing_judged_yet(kit: Kit, tmp_path: Path) -> None:
    await kit.ingested(TEXT, "harbour.txt")
    with pytest.raises(DatasetError, match="Nobody has rated"):
        await cases_from_feedback(kit.database, LocalBlobs(tmp_path / "files"), "default")
    with pytest.raises(CollectionNotFound):
        await cases_from_feedback(kit.database, LocalBlobs(tmp_path / "files"), "elsewhere")
