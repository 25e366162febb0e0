"""How fast documents become answers: pages a second by stage, beside a plain LangChain pipeline in the same run.

`scripts/bench ingest [FILE_OR_FOLDER ...]`: the same PDFs go through DocuBot and through PyPDFLoader, a recursive
splitter (1000/200), the same embedding model one call a batch, and Chroma. Default: the samples.
"""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from langchain_chroma import Chroma
from langchain_community.document_loaders import PyPDFLoader
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from app.adapters.embeddings import build
from app.adapters.embeddings.e5 import E5Session
from app.services.container import Services
from scripts.benches.corpus import ended, files_of, services, upload

INDEX = ("chunk", "keyword", "vector", "publish")


class PlainE5(Embeddings):
    """The same model as DocuBot's, called as a plain pipeline calls it: in this process, a batch at a time."""

    def __init__(self, folder: Path) -> None:
        self._session = E5Session(folder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._session.embed(text, "passage").tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._session.embed(text, "query").tolist()


async def ours(files: list[Path]) -> dict[str, float]:
    """Seconds by stage (summed over files), until all can be found by keyword, and until all are ready."""
    async with services() as opened:
        began = time.perf_counter()
        outcomes = [await upload(opened, file) for file in files]
        spent: dict[str, float] = defaultdict(float)
        for outcome in outcomes:
            await ended(opened, outcome)
        spent["all"] = time.perf_counter() - began
        searchable = 0.0
        for outcome in outcomes:
            stages = await _stages(opened, outcome.job_id or "")
            searchable = max(searchable, stages.pop("searchable_at") - began)
            for stage, seconds in stages.items():
                spent[stage] += seconds
        spent["searchable"] = searchable
        documents = (await opened.documents.list(None, None, None, None, 100)).items
        spent["pages"] = sum(document.page_count for document in documents)
        spent["chunks"] = sum(document.chunk_count for document in documents)
        return spent


async def _stages(opened: Services, job_id: str) -> dict[str, float]:
    """Seconds in each stage of a job; a stage lasts until the next event that names another."""
    offset = time.perf_counter() - time.time()
    spent: dict[str, float] = defaultdict(float)
    current, since = None, 0.0
    async for event in opened.jobs.events(job_id):
        moment = event.created_at.timestamp() - _utc_offset() + offset
        if event.type in ("stage", "finished"):
            if current is not None:
                spent[current] += moment - since
            if event.data.get("stage") == "embed":
                spent["searchable_at"] = moment
            current, since = event.data.get("stage"), moment
    return spent


def _utc_offset() -> float:
    """Job times are UTC without saying so; `timestamp()` takes them for local time."""
    return -time.localtime().tm_gmtoff


def plain(files: list[Path], model: Path) -> dict[str, float]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
        store = Chroma("plain", PlainE5(model), persist_directory=folder)
        began = time.perf_counter()
        pages = [page for file in files for page in PyPDFLoader(file).load()]
        parsed = time.perf_counter()
        chunks = splitter.split_documents(pages)
        for start in range(0, len(chunks), 100):
            store.add_documents(chunks[start : start + 100])
        done = time.perf_counter()
    return {"parse": parsed - began, "all": done - began, "pages": len(pages), "chunks": len(chunks)}


def show(files: list[Path], mine: dict[str, float], theirs: dict[str, float]) -> None:
    pages = mine["pages"]
    index = sum(mine[stage] for stage in INDEX)
    rows = [
        ("parse", mine["parse"], theirs["parse"]),
        ("chunk + keyword + vector index", index, None),
        ("embed (waiting for its turn included)", mine["embed"], None),
        ("all: found by keyword", mine["searchable"], None),
        ("all: ready", mine["all"], theirs["all"]),
    ]
    print(f"{len(files)} files, {pages:.0f} pages; chunks: {mine['chunks']:.0f} and {theirs['chunks']:.0f}")
    print(f"{'':40}{'DocuBot':>20}{'LangChain':>20}{'ratio':>8}")
    for name, own, other in rows:
        ratio = f"{other / own:.2f}" if other else ""
        print(f"{name:40}{_rate(pages, own):>20}{_rate(pages, other):>20}{ratio:>8}")


def _rate(pages: float, seconds: float | None) -> str:
    return "" if seconds is None else f"{pages / max(seconds, 1e-6):.1f} p/s, {seconds:.1f} s"


def main() -> None:
    files = files_of(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
        model = build.ensure(Path(folder), lambda _: None)
        mine = asyncio.run(ours(files))
        theirs = plain(files, model)
    show(files, mine, theirs)


if __name__ == "__main__":
    main()
