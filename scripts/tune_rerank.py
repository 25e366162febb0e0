"""Learns the weights of the embedded reranker from questions with known answers, and tells how they do on others.

`PYTHONPATH=. .venv/bin/python scripts/tune_rerank.py --data DIR --work DIR [--write]`. DIR is laid out as for
`scripts/bench retrieval`. WORK keeps the ingested collections and their vectors. Filings are held out by company,
paragraphs by article; `--write` stores what was learned from all of the training half.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings import build
from app.adapters.rerank import linear_weights
from app.bootstrap import open_services
from app.logic.relevance import CONFIDENCE, RerankWeights, confidence
from app.logic.rerank_features import FEATURES, features
from app.models.domain import Passage
from app.models.requests import SearchRequest
from app.services.retriever import RetrieverService
from scripts.benches.corpus import bench_settings, ended, upload, upload_paragraphs
from scripts.benches.kept_vectors import KeptVectors
from scripts.benches.questions import LANGUAGES, Question, paragraph_questions, pdf_questions
from scripts.fitting import Matrix, fit_chance, fit_order, recall
from scripts.searching import searching

FILINGS_WEIGHT, ENGLISH_WEIGHT, LANGUAGE_WEIGHT = 1.6, 1.0, 0.3
"""Of each set in the loss, however many questions it has."""
BEST = 5
FALSE_REFUSALS = 0.8
"""Added to the bias: collections are mostly asked what they can answer, and a wrong refusal costs more."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the features of its candidates."""

    group: str
    """What is held out together: a company, an article."""
    rows: Matrix
    right: NDArray[np.bool_]
    evidence: Matrix


class Recorder:
    """The Reranker port; keeps what the last search gave it."""

    def __init__(self) -> None:
        self.passages: Sequence[Passage] = ()
        self.rows: list[list[float]] = []

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        self.passages, self.rows = passages, features(question, passages)
        return [passage.score for passage in passages]


async def fill(data: Path, work: Path, kept: KeptVectors) -> None:
    """Ingest what is not there yet."""
    async with open_services(bench_settings(work / "docubot"), kept) as opened:
        there = {item.name for item in (await opened.collections.list(None, 100)).items}
        if "default" not in there:
            files = sorted((data / "pdf" / "documents").glob("*.pdf"))
            for outcome in [await upload(opened, file) for file in files]:
                await ended(opened, outcome)
        for name, folder in paragraph_sets(data).items():
            if name not in there:
                await upload_paragraphs(opened, name, folder)
    kept.save()


def paragraph_sets(data: Path) -> dict[str, Path]:
    return {"squad": data / "squad"} | {f"xquad-{code}": data / "xquad" / code for code in LANGUAGES}


async def cases(
    search: RetrieverService, recorder: Recorder, collection: str, questions: Sequence[Question]
) -> list[Case]:
    made: list[Case] = []
    for question in questions:
        recorder.passages = ()
        await search.search(SearchRequest(question.text, collection=collection))
        if recorder.passages:
            made.append(case_of(question, recorder))
    return made


def case_of(question: Question, recorder: Recorder) -> Case:
    rows = np.array(recorder.rows)
    right = [
        item.filename == question.document and not question.pages.isdisjoint(span.page for span in item.spans)
        for item in recorder.passages
    ]
    best = np.argsort(-rows.sum(axis=1))[:BEST].tolist()
    evidence = confidence(recorder.passages, recorder.rows, best)
    return Case(question.group, rows, np.array(right), np.array([evidence[name] for name in CONFIDENCE]))


async def run(data: Path, work: Path, *, write: bool) -> None:
    work.mkdir(parents=True, exist_ok=True)
    kept = KeptVectors(build.ensure(work, print), work / "vectors.npz")
    await fill(data, work, kept)
    questions = {name: paragraph_questions(folder) for name, folder in paragraph_sets(data).items()}
    filings = pdf_questions(data / "pdf")
    recorder = Recorder()
    async with searching(work / "docubot", kept, recorder) as search:
        pdf = await cases(search, recorder, "default", filings)
        texts = {name: await cases(search, recorder, name, asked) for name, asked in questions.items()}
        astray = [await cases(search, recorder, "default", questions[name]) for name in ("squad", "xquad-de")]
        astray.append(await cases(search, recorder, "squad", filings))
    halves = {name: split(made) for name, made in texts.items()}
    sets = [(FILINGS_WEIGHT, pdf)] + [
        (ENGLISH_WEIGHT if name == "squad" else LANGUAGE_WEIGHT, half[0]) for name, half in halves.items()
    ]
    report_filings(pdf, sets)
    order = fit_order(weighted(sets))
    for name, (_, held) in halves.items():
        print(f"{name:12} held out: {recall([(case.rows, case.right) for case in held], order)}")
    home = [case.evidence for made in (pdf, *texts.values()) for case in made]
    chance, bias = fit_chance(np.array(home), np.array([case.evidence for made in astray for case in made]))
    if write:
        store(order, chance, bias + FALSE_REFUSALS)


def split(made: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Every other article for training, the rest held out."""
    first = set(sorted({case.group for case in made})[::2])
    return [case for case in made if case.group in first], [case for case in made if case.group not in first]


def weighted(sets: Sequence[tuple[float, Sequence[Case]]]) -> list[tuple[float, Matrix, NDArray[np.bool_]]]:
    return [(weight / len(made), case.rows, case.right) for weight, made in sets for case in made if case.right.any()]


def report_filings(pdf: Sequence[Case], sets: Sequence[tuple[float, list[Case]]]) -> None:
    """Each company's questions ranked by weights that never saw one of its questions."""
    ranked = []
    for company in sorted({case.group for case in pdf}):
        others = (FILINGS_WEIGHT, [case for case in pdf if case.group != company])
        order = fit_order(weighted([others, *sets[1:]]))
        ranked += [(case.rows @ order, case.right) for case in pdf if case.group == company]
    print(f"{'filings':12} held out by company: {recall([(s[:, np.newaxis], r) for s, r in ranked], np.ones(1))}")


def store(order: Matrix, chance: Matrix, bias: float) -> None:
    weights = RerankWeights(
        {name: round(float(value), 2) for name, value in zip(FEATURES, order, strict=True)},
        {name: round(float(value), 2) for name, value in zip(CONFIDENCE, chance, strict=True)},
        round(bias, 2),
    )
    lines = [
        '"""Learned by `scripts/tune_rerank.py`; not edited by hand."""\n',
        "from app.logic.relevance import RerankWeights\n",
        "WEIGHTS = RerankWeights(",
        *_entries("order", weights.order),
        *_entries("confidence", weights.confidence),
        f"    bias={weights.bias},\n)\n",
    ]
    Path(linear_weights.__file__).write_text("\n".join(lines), encoding="utf-8")


def _entries(field: str, values: Mapping[str, float]) -> list[str]:
    return [f"    {field}={{", *(f'        "{name}": {value},' for name, value in values.items()), "    },"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.data, arguments.work, write=arguments.write))


if __name__ == "__main__":
    main()
