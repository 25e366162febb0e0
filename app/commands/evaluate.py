"""`docubot eval`: questions with known answers, asked of a throw-away DocuBot with the settings in force."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.endings import CommandError, no
from app.commands.evaluate_display import Display, show_changes, show_figures
from app.commands.evaluate_gates import Gate, gates
from app.commands.printing import AsJson, print_json
from app.core.config import Settings, load_settings
from app.core.logging import configure_logging
from app.evaluation.dataset import DatasetError
from app.models.administration import EVALUATIONS

if TYPE_CHECKING:
    from app.evaluation.corpus import Corpus
    from app.evaluation.dataset import Case
    from app.evaluation.outcomes import Outcome
    from app.evaluation.runner import Mode, Read
    from app.evaluation.runs import RunFolder

_INTERRUPTED = 130
_OWN = {"database_url": "", "chroma_url": "", "queue_url": "", "files_url": "", "log_level": "error"}
"""What a throw-away DocuBot must not share with the one that people use."""


@dataclass(frozen=True, slots=True)
class _Set:
    """What is asked of what."""

    name: str
    cases: "list[Case]"
    corpus: "Corpus"


@dataclass(frozen=True, slots=True)
class _Options:
    mode: "Mode"
    at_once: int
    work: Path | None


def evaluate(
    data: Annotated[
        Path | None, typer.Argument(help="A JSONL file of cases, or a folder with questions.jsonl.")
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="A folder of files, or a passages.jsonl; else what lies beside the cases.")
    ] = None,
    from_feedback: Annotated[bool, typer.Option("--from-feedback", help="Ask what people have rated.")] = False,
    collection: Annotated[str, typer.Option("--collection", "-c", help="With --from-feedback: whose.")] = "default",
    mode: Annotated[str, typer.Option(help="auto, generate or extract.")] = "auto",
    sample: Annotated[int | None, typer.Option(min=1, help="Ask only so many, always the same ones.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Questions at a time; latencies suffer.")] = 1,
    compare: Annotated[str | None, typer.Option(help="A run's folder, file or name, or `last`.")] = None,
    fail_under: Annotated[list[str] | None, typer.Option(help="METRIC=VALUE; exit 1 if it is lower.")] = None,
    fail_over: Annotated[list[str] | None, typer.Option(help="METRIC=VALUE; exit 1 if it is higher.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where runs are kept; else DATA_DIR/evaluations.")] = None,
    work: Annotated[Path | None, typer.Option(help="Keep the documents, read, in this data folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers: recall of pages, answers, citations, refusals, latency; prints a table and writes a report.

    Ctrl-C stops it; the same command goes on. Exit 1: below what --fail-under asks for.
    """
    if mode not in ("auto", "generate", "extract"):
        raise CommandError("--mode is auto, generate or extract.")
    if (data is None) != from_feedback:
        raise CommandError("Name the cases (a JSONL file), or say --from-feedback; one of the two.")
    settings = load_settings()
    configure_logging("error", settings.log_format)
    try:
        asked = gates(fail_under or (), fail_over or ())
        root = out or settings.data_dir / EVALUATIONS
        chosen = asyncio.run(_feedback(settings, collection)) if data is None else _dataset(data, documents)
        chosen = replace(chosen, cases=_sampled(chosen.cases, sample))
        run = _run(settings, chosen, _Options(mode, at_once, work), root, compare)  # type: ignore[arg-type]
    except DatasetError as error:
        raise CommandError(error.detail) from None
    _finish(run, asked, root, as_json)


def _run(settings: Settings, chosen: _Set, options: _Options, root: Path, compare: str | None) -> dict[str, Any]:
    from app.evaluation.record import Circumstances, record, settings_of
    from app.evaluation.report import render
    from app.evaluation.results import changes, results
    from app.evaluation.runs import cases_of, digest_of, fingerprint, open_run, read_run

    before = read_run(compare, root, digest_of(chosen.cases)) if compare else None
    circumstances = (options.mode, str(settings_of(settings)), settings.openai_base_url, settings.embedding_base_url)
    folder = open_run(root, chosen.name, fingerprint(chosen.cases, chosen.corpus.files, *circumstances))
    began = time.monotonic()
    try:
        with folder.alone():
            read, outcomes = asyncio.run(_measured(settings, chosen, options, folder))
    except KeyboardInterrupt:
        typer.echo(f"Stopped; the same command goes on from here ({folder.path}).", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    answered = [(case, outcomes[case.id]) for case in chosen.cases]
    changed = changes(cases_of(before), answered) if before else []
    made = Circumstances(chosen.name, options.mode, settings, tuple(read), time.monotonic() - began)
    run = record(folder.path.name, made, answered, results(answered), changed)
    if before:
        run["compared_with"] = before["id"]
    folder.finish(run, chosen.cases, render(run))
    return run


async def _measured(
    settings: Settings, chosen: _Set, options: _Options, folder: "RunFolder"
) -> "tuple[list[Read], dict[str, Outcome]]":
    from app.bootstrap import open_services
    from app.evaluation.runner import Read, Runner

    work = options.work or folder.work
    _share_models(settings, work)
    own = settings.model_copy(update={**_OWN, "data_dir": work})
    outcomes = folder.outcomes()
    left = [case for case in chosen.cases if case.id not in outcomes]
    read: list[Read] = []
    with Display(len(chosen.corpus.files), len(chosen.cases)) as display:
        async with open_services(own) as services:
            runner = Runner(services, mode=options.mode)
            async for event in runner.ingest(chosen.corpus.files):
                display.document(event)
                if isinstance(event, Read):
                    read.append(event)
            documents = {item.name: item.document_id for item in read if item.document_id is not None}
            display.asked(len(outcomes))
            async for outcome in runner.ask(left, documents, options.at_once):
                folder.append(outcome)
                outcomes[outcome.case] = outcome
                display.asked(len(outcomes))
    return read, outcomes


def _dataset(data: Path, documents: Path | None) -> _Set:
    from app.evaluation.corpus import find_documents, read_corpus
    from app.evaluation.dataset import read_cases

    cases = read_cases(data)
    place = documents or find_documents(data)
    if place is None or not place.exists():
        raise DatasetError(f"There are no documents {'at ' + str(place) if place else 'beside ' + str(data)}. "
                           "Name a folder of files, or a passages.jsonl, with --documents.")  # fmt: skip
    corpus = read_corpus(place)
    return _Set(data.resolve().stem, [_spoken(case) for case in corpus.placed(cases, data)], corpus)


def _spoken(case: "Case") -> "Case":
    """With the language of its question, where the case does not tell and the question does."""
    from app.logic.language import detect

    found = None if case.language else detect(case.question)
    return replace(case, language=found[0]) if found else case


async def _feedback(settings: Settings, collection: str) -> _Set:
    from app.bootstrap import open_files
    from app.db.session import Database
    from app.evaluation.feedback import cases_from_feedback

    database = Database(settings.effective_database_url)
    try:
        cases, corpus = await cases_from_feedback(database, open_files(settings), collection)
    finally:
        await database.close()
    return _Set(f"feedback-{collection}", cases, corpus)


def _sampled(cases: "list[Case]", sample: int | None) -> "list[Case]":
    """Spread over the whole set, which is often sorted."""
    if sample is None or sample >= len(cases):
        return cases
    return [cases[number * len(cases) // sample] for number in range(sample)]


def _share_models(settings: Settings, work: Path) -> None:
    """The prepared embedding model is the same everywhere: it need not be made again for a throw-away folder."""
    models = settings.data_dir.resolve() / "models"
    try:
        work.mkdir(parents=True, exist_ok=True)
        models.mkdir(parents=True, exist_ok=True)
        if not (work / "models").exists():
            (work / "models").symlink_to(models)
    except OSError as error:
        raise DatasetError(f"{error.filename} cannot be written: {error.strerror}.") from None


def _finish(run: dict[str, Any], asked: Sequence[Gate], root: Path, as_json: bool) -> None:
    folder = root / run["id"]
    if as_json:
        print_json(run)
    else:
        show_figures(run)
        show_changes(run)
        typer.echo(f"Report: {folder / 'report.html'}")
    failed = [problem for gate in asked if (problem := gate.problem(run["figures"]["overall"]))]
    for problem in failed:
        typer.echo(problem, err=True)
    if failed:
        raise no()
