"""Learns which sentences answer and which questions are answered at all, and tells how that does on others.

`PYTHONPATH=. .venv/bin/python scripts/tune_answers.py --data DIR --work DIR [--write]`: DIR and WORK as for
`tune_rerank.py`. Passages are those that the retriever finds. Questions without an answer are of four kinds: written to
sound answerable, asked of other documents, and answered ones without the passage that answers them, in the question's
language or another. Every figure is of articles (of companies, for filings) that the weights were not fitted to.
"""

import argparse
import asyncio
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings import build
from app.adapters.rerank.linear import LinearReranker
from app.logic import answer_features, answer_weights, answerability, language
from app.logic.evidence import read_evidence
from app.logic.extract import extract
from app.logic.intent import read
from app.logic.question import Question
from app.models.domain import Passage
from app.models.requests import SearchRequest
from app.services.close_calls import CloseCalls
from app.services.retriever import RetrieverService
from scripts.benches.kept_vectors import KeptVectors
from scripts.benches.questions import LANGUAGES
from scripts.fitting import Matrix, area, fit_order, fit_weighted_chance, interval
from scripts.searching import searching
from scripts.tune_rerank import fill

FOLDS = 6
FALSE_REFUSALS = 0.15
"""Of answerable questions in another language than the passages: nothing there tells well enough to refuse more."""
Record = dict[str, Any]
Search = Callable[[str, str], Any]
SHARES = {"answered": 1.0, "written": 1.0, "elsewhere": 0.3, "taken": 0.15, "astray": 0.15, "filings": 0.1}
"""What each kind of question weighs in the loss, however many there are."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was found for it."""

    kind: str
    """A key of SHARES."""
    group: str
    """What is held out together."""
    sentences: Matrix
    right: NDArray[np.bool_]
    """Of each sentence: it holds the answer."""
    whole: Matrix
    foreign: bool
    shown: bool
    """The answer stands in the first two sentences of what is shown."""

    @property
    def answerable(self) -> bool:
        return self.kind in ("answered", "elsewhere", "filings")


def plan(data: Path) -> Iterator[tuple[str, str, Sequence[Record], Mapping[str, Sequence[str]]]]:
    """(kind, collection, questions, answers in the passages' language by question) of each set."""
    squad, filings = _lines(data / "squad"), _lines(data / "pdf")
    texts = {code: _lines(data / "xquad" / code) for code in LANGUAGES}
    answers = {code: {line["id"]: line["answers"] for line in lines} for code, lines in texts.items()}
    yield "written", "squad", squad, {}
    yield "filings", "default", filings, {}
    yield "astray", "squad", filings, {}
    yield "astray", "default", squad[::8], {}
    for code, lines in texts.items():
        yield "elsewhere", f"xquad-{code}", lines[::5], {}
        yield "astray", "default", lines[::24], {}
        if code != "en":
            yield "elsewhere", "xquad-en", lines[1::8], answers["en"]
            yield "elsewhere", f"xquad-{code}", texts["en"][2::8], answers[code]
            yield "astray", f"xquad-{code}", filings, {}


def _lines(folder: Path) -> list[Record]:
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


async def collect(data: Path, search: RetrieverService, kept: KeptVectors) -> list[Case]:
    """Every question once; every third answered one again without the passage that answers it."""
    cases: list[Case] = []
    for kind, collection, records, answers in plan(data):
        for number, record in enumerate(records):
            result = await search.search(SearchRequest(record["question"], collection=collection))
            own = {**record, "answers": answers.get(record["id"], record["answers"])}
            named = "answered" if kind == "written" and record["answerable"] else kind
            cases += case_of(named, own, result.passages, kept)
            if named in ("answered", "elsewhere") and number % 3 == 0:
                others = [passage for passage in result.passages if passage.filename != f"{record['passage_id']}.txt"]
                cases += case_of("taken", {**own, "answers": []}, others, kept)
    return cases


def case_of(kind: str, record: Record, passages: Sequence[Passage], kept: KeptVectors) -> Iterator[Case]:
    spoken = language.detect(record["question"])
    question = Question(read(record["question"]).core, spoken[0] if spoken else None)
    evidence = read_evidence(passages)
    picks = extract(evidence, question)
    if not picks:
        return
    best = picks[0].unit
    heard = evidence.passages[best.passage].language
    foreign = bool(question.language and heard and question.language != heard)
    cosine = np.dot(kept.embed_now(question.text, "query"), kept.embed_now(best.text, "passage"))
    meaning = answerability.Meaning(kept.model, float(cosine))
    values = (answerability.abroad if foreign else answerability.features)(evidence, question, best, meaning)
    rows = answer_features.features(evidence, question)
    answers = [_plain(answer) for answer in record["answers"]] if kind in ("answered", "elsewhere") else []
    holds = [any(answer in _plain(unit.text) for answer in answers) for unit in evidence.units]
    home = [evidence.passages[unit.passage].filename == f"{record.get('passage_id')}.txt" for unit in evidence.units]
    yield Case(
        kind=kind,
        group=str(record.get("passage_id") or record["document"]).rpartition("_")[0] + record["language"][:2],
        sentences=np.array([[row[name] for name in answer_weights.SENTENCES] for row in rows]),
        right=np.array(holds) & np.array(home),
        whole=np.array(list(values.values())),
        foreign=foreign,
        shown=any(answer in _plain(pick.unit.text) for answer in answers for pick in islice(picks, 2)),
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_of(case: Case) -> int:
    return sha256(case.group.encode()).digest()[0] % FOLDS


def sentence_weights(cases: Sequence[Case]) -> Matrix:
    chosen = [(1.0, case.sentences, case.right) for case in cases if case.right.any() and not case.foreign]
    return fit_order(chosen, penalty=1e-3)


def chance_weights(cases: Sequence[Case]) -> Matrix:
    """The last one is the bias."""
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        counts[case.kind] += 1
    shares = np.array([SHARES[case.kind] / counts[case.kind] for case in cases])
    return fit_weighted_chance(
        np.array([case.whole for case in cases]), np.array([case.answerable for case in cases]), shares
    )


def held_out(cases: Sequence[Case]) -> Matrix:
    """The logit of each case by weights that never saw its group."""
    logits = np.zeros(len(cases))
    for fold in range(FOLDS):
        weights = chance_weights([case for case in cases if fold_of(case) != fold])
        for index, case in enumerate(cases):
            if fold_of(case) == fold:
                logits[index] = case.whole @ weights[:-1] + weights[-1]
    return logits


def report_sentences(cases: Sequence[Case]) -> None:
    kept, held = ([case for case in cases if (fold_of(case) % 2 == 0) is even] for even in (True, False))
    weights = sentence_weights(kept)
    asked = [case for case in held if case.kind in ("answered", "elsewhere") and not case.foreign]
    for count in (1, 2):
        hits = [case.right[np.argsort(-case.sentences @ weights, kind="stable")[:count]].any() for case in asked]
        print(f"held out: the answer stands in the best {count}: {interval(hits)} of {len(hits)}")


def report_refusals(cases: Sequence[Case], logits: Matrix, floor: float) -> None:
    """What refusing below `floor` does to each kind, and on the questions that people wrote to sound answerable."""
    refused = logits < floor
    for kind in SHARES:
        chosen = [refused[index] for index, case in enumerate(cases) if case.kind == kind]
        if chosen:
            print(f"  {kind:10}{len(chosen):5} refused {interval(chosen)}")
    told = [index for index, case in enumerate(cases) if case.kind in ("answered", "written")]
    if len({cases[index].kind for index in told}) < 2:
        return
    answerable = np.array([cases[index].answerable for index in told])
    shown = np.array([cases[index].shown for index in told])
    print(f"  area under the curve, answered against written: {area(logits[told], answerable):.3f}")
    print(f"  refusal F1 {interval(np.column_stack([refused[told], ~answerable]), f1)}", end="")
    print(f", answered in the first two sentences {interval((shown & ~refused[told])[answerable])}")


def f1(rows: NDArray[np.bool_]) -> float:
    """Of columns said and true."""
    return float(2 * (rows[:, 0] & rows[:, 1]).sum() / max(1, rows.sum()))


def floor_for(cases: Sequence[Case], logits: Matrix, least: float) -> float:
    """The highest floor that leaves `least` of the answered ones with their answer in the first two sentences."""
    shown = sorted(logit for case, logit in zip(cases, logits, strict=True) if case.kind == "answered" and case.shown)
    total = sum(case.kind == "answered" for case in cases)
    return float(shown[max(0, len(shown) - round(least * total))])


async def run(data: Path, work: Path, least: float, *, write: bool) -> None:
    work.mkdir(parents=True, exist_ok=True)
    kept = KeptVectors(build.ensure(work, print), work / "vectors.npz")
    await fill(data, work, kept)
    async with searching(work / "docubot", kept, CloseCalls(LinearReranker(), kept)) as search:
        cases = await collect(data, search, kept)
    kept.save()
    report_sentences(cases)
    same, foreign = ([case for case in cases if case.foreign is abroad] for abroad in (False, True))
    told, abroad = held_out(same), held_out(foreign)
    floors = floor_for(same, told, least), floor_abroad(foreign, abroad)
    print(f"one language, floor {floors[0]:.2f}")
    report_refusals(same, told, floors[0])
    print(f"question and passage in different languages, floor {floors[1]:.2f}")
    report_refusals(foreign, abroad, floors[1])
    if write:
        store(sentence_weights(cases), chance_weights(same), chance_weights(foreign), floors)


def floor_abroad(cases: Sequence[Case], logits: Matrix) -> float:
    """The floor that refuses FALSE_REFUSALS of the answerable ones."""
    answerable = np.array([case.answerable for case in cases])
    return float(np.quantile(logits[answerable], FALSE_REFUSALS))


def store(sentences: Matrix, same: Matrix, foreign: Matrix, floors: tuple[float, float]) -> None:
    """Both biases are moved so that a chance of one half is the floor."""
    same[-1] -= floors[0]
    foreign[-1] -= floors[1]
    tables = {
        "SENTENCES": dict(zip(answer_weights.SENTENCES, sentences, strict=True)),
        "SAME": dict(zip(answer_weights.SAME, same, strict=True)),
        "FOREIGN": dict(zip(answer_weights.FOREIGN, foreign, strict=True)),
    }
    lines = ['"""Learned by `scripts/tune_answers.py`; not edited by hand."""\n']
    for name, table in tables.items():
        lines += [f"{name} = {{", *(f'    "{key}": {round(float(value), 2)},' for key, value in table.items()), "}"]
    Path(answer_weights.__file__).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--least", type=float, default=0.76, help="share of answerable questions to leave answered")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.data, arguments.work, arguments.least, write=arguments.write))


if __name__ == "__main__":
    main()
