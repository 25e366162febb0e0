import json
from pathlib import Path
from typing import Any

import pytest

from app.evaluation.corpus import CorpusFile
from app.evaluation.dataset import Case, DatasetError, read_cases
from app.evaluation.outcomes import Outcome, Seen
from app.evaluation.runs import CASES, RUN, cases_of, digest_of, fingerprint, open_run, packed, read_run

CASE = Case("1", "什么时候?", ("六点",), "海.pdf", (3,), ("六点开放",), language="zh", line=4)
OUTCOME = Outcome(
    "1", targets=1, passages=(Seen("海.pdf", 3, (0,)),), lost_quotes=("x",), answer="六点", status="answered"
)
BROKEN = Outcome("2", error="llm_unavailable: no")


def run_of(*answered: tuple[Case, Outcome]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "format": 1,
        "id": "a",
        "dataset": {"sha256": digest_of([case for case, _ in answered])},
        "cases": [{"case": packed(case), "outcome": asdict(outcome)} for case, outcome in answered],
    }


def test_a_stopped_run_goes_on_and_a_whole_one_does_not(tmp_path: Path) -> None:
    first = open_run(tmp_path, "my set / 海", "print")
    assert first.outcomes() == {}
    first.append(OUTCOME)
    first.append(BROKEN)
    assert open_run(tmp_path, "my set", "another").path != first.path
    again = open_run(tmp_path, "my set / 海", "print")
    assert again.path == first.path
    # What ended in an error is asked again.
    assert again.outcomes() == {"1": OUTCOME}
    again.work.mkdir()
    again.finish(run_of((CASE, OUTCOME)), [CASE], "<html>")
    assert sorted(path.name for path in again.path.iterdir()) == ["cases.jsonl", "plan.json", "report.html", "run.json"]
    assert open_run(tmp_path, "my set", "print").path != first.path


def test_two_at_once_do_not_share_a_run(tmp_path: Path) -> None:
    first, second = open_run(tmp_path, "a", "print"), open_run(tmp_path, "a", "print")
    with first.alone(), pytest.raises(DatasetError, match="runs already"), second.alone():
        pass
    with second.alone():
        pass


def test_a_line_that_was_half_written_is_forgotten(tmp_path: Path) -> None:
    run = open_run(tmp_path, "a", "print")
    run.append(OUTCOME)
    file = run.path / "answers.jsonl"
    file.write_text(file.read_text(encoding="utf-8") + '{"case": "2", "targ', encoding="utf-8")
    assert run.outcomes() == {"1": OUTCOME}
    run.append(Outcome("3"))
    assert run.outcomes() == {"1": OUTCOME, "3": Outcome("3")}


def test_a_stored_run_tells_what_was_asked_and_what_came(tmp_path: Path) -> None:
    run = open_run(tmp_path, "a", "print")
    run.finish(run_of((CASE, OUTCOME)), [CASE], "")
    stored = read_run("last", tmp_path, digest_of([CASE]))
    [(case, outcome)] = cases_of(stored)
    assert (packed(case), outcome) == (packed(CASE), OUTCOME)
    for given in (str(run.path), str(run.path / RUN), run.path.name):
        assert read_run(given, tmp_path, "") == stored
    # What a run leaves can be asked again.
    assert packed(read_cases(run.path / CASES)[0]) == packed(CASE)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"format": 1}', '{"format": 2}', '{"format": 1, "cases": [{"case": 3}]}']
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / RUN).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match="Run it anew"):
        read_run(str(tmp_path), tmp_path, "")


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is no run"):
        read_run("yesterday", tmp_path, "")
    with pytest.raises(DatasetError, match="no finished run of this dataset"):
        read_run("last", tmp_path, "x")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="--out"):
        open_run(tmp_path / "file" / "runs", "a", "print")


def test_whatever_a_run_depends_on_is_in_its_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    files = [CorpusFile("a.txt", file), CorpusFile("b.md", text="b")]
    base = fingerprint([CASE], files, "auto")
    assert fingerprint([CASE], files, "auto") == base
    others = [
        fingerprint([], files, "auto"),
        fingerprint([CASE], files[:1], "auto"),
        fingerprint([CASE], [files[0], CorpusFile("b.md", text="c")], "auto"),
        fingerprint([CASE], files, "extract"),
    ]
    file.write_text("aa", encoding="utf-8")
    others.append(fingerprint([CASE], files, "auto"))
    assert len({base, *others}) == 6


def test_cases_are_kept_as_people_write_them() -> None:
    line = json.dumps(packed(Case("1", "Why?", answerable=False)))
    assert line == '{"id": "1", "question": "Why?", "answerable": false}'
    assert packed(Case("1", "Why?")) == {"id": "1", "question": "Why?"}
