"""Documents are read, questions asked, and what came is judged against the stored text."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.adapters.llm.openai import OpenAILLM
from app.evaluation.corpus import CorpusFile
from app.evaluation.dataset import Case
from app.evaluation.outcomes import Outcome
from app.evaluation.runner import Mode, Read, Reading, Runner
from app.services.llm import LLMService
from tests.evaluation.kit import Bench, open_bench
from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.services.kit import REPORT, SAMPLES

MANUAL = SAMPLES / "tide-gauge-manual.pdf"
NOTES = CorpusFile("notes/海.txt", text="潮汐由月球引起。每天有两次高潮。\n\nThe harbour opens at six.")
PLACES = (
    Case("page", "What was research and development expense in 2024?", document=REPORT.name, pages=(3,)),
    Case("elsewhere", "What was research and development expense in 2024?", document=REPORT.name, pages=(1,)),
    Case(
        "quote",
        "What was research and development expense?",
        document=REPORT.name,
        quotes=("Research and development expense",),
    ),
    Case("lost", "Who pays?", document=REPORT.name, quotes=("The moon pays.",)),
    Case("document", "潮汐由什么引起?", document=NOTES.name),
    Case("nothing", "潮汐由什么引起?"),
)
pytestmark = pytest.mark.anyio


@asynccontextmanager
async def model_at(fake: OpenAIServer) -> AsyncIterator[LLMService]:
    model = OpenAILLM(model="fake", api_key="key", base_url=fake.base_url)
    try:
        yield LLMService(model)
    finally:
        await model.close()


async def read_all(runner: Runner, *files: CorpusFile) -> dict[str, Read]:
    events = [event async for event in runner.ingest(files)]
    assert any(isinstance(event, Reading) and event.stage == "parse" for event in events)
    return {event.name: event for event in events if isinstance(event, Read)}


async def asked(bench: Bench, *cases: Case, mode: Mode = "auto", at_once: int = 1) -> dict[str, Outcome]:
    runner = Runner(bench, mode=mode)
    read = await read_all(runner, CorpusFile(REPORT.name, REPORT), CorpusFile(MANUAL.name, MANUAL), NOTES)
    documents = {name: item.document_id for name, item in read.items() if item.document_id}
    return {outcome.case: outcome async for outcome in runner.ask(cases, documents, at_once)}


async def test_pages_quotes_and_documents_are_recognized(tmp_path: Path) -> None:
    with running() as fake:
        fake.default = Reply("Research and development expense was (24.8) [1].")
        async with model_at(fake) as llm, open_bench(tmp_path, llm) as bench:
            found = await asked(bench, *PLACES, mode="generate")
    assert found["page"].passages[0].page == 3
    assert 0 in found["page"].passages[0].reached
    assert found["page"].citations[0].reached == (0,)
    assert all(seen.valid for outcome in found.values() for seen in outcome.citations)
    assert found["elsewhere"].citations[0].reached == ()
    assert (found["quote"].targets, found["quote"].lost_quotes) == (1, ())
    assert any(seen.reached for seen in found["quote"].passages)
    assert found["lost"].lost_quotes == ("The moon pays.",)
    assert not any(seen.reached for seen in found["lost"].passages)
    assert [seen.document for seen in found["document"].passages if seen.reached] == ["海.txt"]
    assert (found["nothing"].targets, found["nothing"].passages[0].reached) == (0, ())


async def test_a_citation_of_a_format_without_pages_is_checked_too(tmp_path: Path) -> None:
    case = Case("1", "When does the harbour open?", document=NOTES.name, quotes=("harbour opens at six",))
    with running() as fake:
        fake.default = Reply("The harbour opens at six [1].")
        async with model_at(fake) as llm, open_bench(tmp_path, llm) as bench:
            runner = Runner(bench)
            read = await read_all(runner, NOTES)
            [outcome] = [item async for item in runner.ask([case], {NOTES.name: read[NOTES.name].document_id or ""})]
    cited = outcome.citations[0]
    assert (cited.document, cited.page, cited.reached, cited.valid) == ("海.txt", 1, (0,), True)
    assert "six" in cited.quote
    assert outcome.answer.startswith(outcome.lead)
    assert outcome.milliseconds > 0


async def test_what_is_wrong_with_a_file_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    missing = CorpusFile("picture.bin", text="\0\1\2\3" * 40)
    async with open_bench(tmp_path) as bench:
        runner = Runner(bench)
        read = await read_all(
            runner, missing, CorpusFile("empty.txt"), NOTES, CorpusFile("broken.pdf", text="%PDF-1.7\n")
        )
        assert {name: item.document_id is not None for name, item in read.items()} == {
            "picture.bin": False,
            "empty.txt": False,
            NOTES.name: True,
            "broken.pdf": False,
        }
        assert all(item.error for item in read.values() if item.document_id is None)
        [outcome] = [
            item async for item in runner.ask([Case("1", "?", document="broken.pdf", pages=(1, 2))], {}, at_once=1)
        ]
    assert (outcome.targets, outcome.error) == (2, None)
    assert not any(seen.reached for seen in outcome.passages)


async def test_documents_that_are_there_already_are_not_read_again(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        first = await read_all(Runner(bench), NOTES)
        jobs = (await bench.jobs.list(None, None, None, None, 100)).items
        again = await read_all(Runner(bench), NOTES)
        assert first == again
        assert (await bench.jobs.list(None, None, None, None, 100)).items == jobs


async def test_a_model_writes_and_is_counted(tmp_path: Path) -> None:
    with running() as fake:
        fake.default = Reply("The harbour opens at six [1].", delay=0.1)
        async with model_at(fake) as llm, open_bench(tmp_path, llm) as bench:
            cases = [
                Case(str(number), f"When does the harbour open? {number}", document=NOTES.name) for number in range(6)
            ]
            found = await asked(bench, *cases, mode="generate", at_once=3)
        assert 1 < fake.most_active <= 3
    assert len(found) == 6
    for outcome in found.values():
        assert (outcome.mode, outcome.status, outcome.fallback) == ("generate", "answered", False)
        assert outcome.prompt_tokens > outcome.completion_tokens > 0


async def test_a_model_that_fails_is_told_case_by_case(tmp_path: Path) -> None:
    with running() as fake:
        fake.default = Reply(status=401)
        async with model_at(fake) as llm, open_bench(tmp_path, llm) as bench:
            case = Case("1", "When does the harbour open?", document=NOTES.name)
            broken = await asked(bench, case, mode="generate")
            fallen = await asked(bench, case, mode="auto")
    assert (broken["1"].error or "").startswith("llm_unavailable: ")
    assert (fallen["1"].fallback, fallen["1"].mode, fallen["1"].error) == (True, "extract", None)
