"""Runs are folders: what has been asked so far, then the whole run with its report.

`run.json` stands there only when the run is whole. Until then `answers.jsonl` grows by a line a question, and the same
command goes on where it was stopped; `work/` is the throw-away data folder.
"""

import dataclasses
import fcntl
import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.evaluation.corpus import CorpusFile
from app.evaluation.dataset import Case, DatasetError
from app.evaluation.outcomes import Outcome, pack, unpack
from app.models.administration import REPORT_FILE, RUN_FILE, RUN_FORMAT

RUN, REPORT, CASES = RUN_FILE, REPORT_FILE, "cases.jsonl"
FORMAT = RUN_FORMAT
_ANSWERS, _PLAN, _WORK = "answers.jsonl", "plan.json", "work"
_LAST = "last"


class RunFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / _WORK

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps a second process out while this one works; ends with the process. Raises DatasetError."""
        with (self.path / _PLAN).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DatasetError(
                    f"The same evaluation runs already ({self.path}). Wait for it, or give this one another --out."
                ) from None
            yield

    def outcomes(self) -> dict[str, Outcome]:
        """Those of an earlier, stopped try, by case; questions that ended in an error are asked again."""
        found: dict[str, Outcome] = {}
        try:
            lines = (self.path / _ANSWERS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return found
        for line in lines:
            try:
                outcome = unpack(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue  # the line that was being written when the process was killed
            if outcome.error is None:
                found[outcome.case] = outcome
        _write(self.path / _ANSWERS, "".join(f"{_json(pack(outcome))}\n" for outcome in found.values()))
        return found

    def append(self, outcome: Outcome) -> None:
        with (self.path / _ANSWERS).open("a", encoding="utf-8") as file:
            file.write(f"{_json(pack(outcome))}\n")

    def finish(self, run: Mapping[str, Any], cases: Sequence[Case], report: str) -> None:
        """Write the run and its report, then let go of what only an unfinished one needs."""
        _write(self.path / CASES, "".join(f"{_json(packed(case))}\n" for case in cases))
        _write(self.path / REPORT, report)
        _write(self.path / RUN, json.dumps(run, ensure_ascii=False, indent=1))
        shutil.rmtree(self.work, ignore_errors=True)
        (self.path / _ANSWERS).unlink(missing_ok=True)


def open_run(root: Path, name: str, fingerprint: str) -> RunFolder:
    """The stopped run of the same cases, documents and settings, or a new one. Raises DatasetError."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        for plan in sorted(root.glob(f"*/{_PLAN}"), reverse=True):
            if plan.read_text(encoding="utf-8") == fingerprint and not (plan.parent / RUN).exists():
                return RunFolder(plan.parent)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        folder = root / f"{stamp}-{_slug(name)}"
        folder.mkdir()
        _write(folder / _PLAN, fingerprint)
    except OSError as error:
        raise DatasetError(f"{root} cannot be written: {error.strerror}. Name another folder with --out.") from None
    return RunFolder(folder)


def read_run(given: str, root: Path, dataset: str) -> dict[str, Any]:
    """A finished run: a file, a folder, the name of one below `root`, or `last`, the last one of this dataset.

    Raises DatasetError.
    """
    if given == _LAST:
        for file in sorted(root.glob(f"*/{RUN}"), reverse=True):
            if (run := _load(file))["dataset"]["sha256"] == dataset:
                return run
        raise DatasetError(f"{root} has no finished run of this dataset to compare with.")
    places = (Path(given), Path(given) / RUN, root / given / RUN)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise DatasetError(f"{given} is no run: neither a {RUN}, nor a folder that has one, here or in {root}.")
    return _load(path)


def cases_of(run: Mapping[str, Any]) -> list[tuple[Case, Outcome]]:
    """What was asked in a stored run, and what came."""
    return [(_unpacked(item["case"]), unpack(item["outcome"])) for item in run["cases"]]


def fingerprint(cases: Sequence[Case], files: Sequence[CorpusFile], *circumstances: str) -> str:
    """Of all that a run depends on; files by name, size and time of change."""
    digest = hashlib.sha256(digest_of(cases).encode())
    for file in files:
        facts = file.path.stat() if file.path else None
        digest.update(f"{file.name}\0{(facts.st_size, facts.st_mtime_ns) if facts else file.text}\0".encode())
    for circumstance in circumstances:
        digest.update(f"{circumstance}\0".encode())
    return digest.hexdigest()


def digest_of(cases: Sequence[Case]) -> str:
    return hashlib.sha256("\n".join(_json(packed(case)) for case in cases).encode()).hexdigest()


def packed(case: Case) -> dict[str, Any]:
    """Without what is not known, as people would write it."""
    values = dataclasses.asdict(case)
    del values["line"]
    return {name: value for name, value in values.items() if value not in (None, (), []) and value is not True}


def _unpacked(record: Mapping[str, Any]) -> Case:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    return Case(**values)


def _load(path: Path) -> dict[str, Any]:
    try:
        run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if run["format"] != FORMAT:
            raise DatasetError(f"{path} was written by another release (format {run['format']}). Run it anew.")
        cases_of(run)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path} is not a run that can be read ({type(error).__name__}). Run it anew.") from None
    return run


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _slug(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFKC", name)).strip("-")[:60] or "run"
