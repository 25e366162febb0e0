"""`docubot eval` as people run it: a process of its own, the real embedding model, a model server that may hang."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.server.process import ROOT, built_models, with_models

CASES = (
    {"question": "When does the harbour open?", "document": "harbour.txt", "quote": "opens at six", "answer": "six"},
    {"question": "海港几点开放?", "document": "harbour.txt", "quote": "opens at six", "language": "zh"},
    {"question": "Who was the king of Norway?", "answerable": False},
)
REPLY = Reply("The harbour opens at six [1].")


@pytest.fixture
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset, its documents, and a data folder with the embedding model."""
    with_models(tmp_path / "data", built_models(tmp_path_factory.getbasetemp().parent / "docubot-models"))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "harbour.txt").write_text("The harbour opens at six. Ships wait outside.", "utf-8")
    lines = "\n".join(json.dumps(case, ensure_ascii=False) for case in CASES)
    (tmp_path / "questions.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What a shell runs in the background ignores SIGINT, and so would all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def command(folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    own = {"DATA_DIR": str(folder / "data"), "EMBEDDING_WORKERS": "1", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "eval", *arguments],
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def done(folder: Path, *arguments: str, code: int = 0, **settings: str) -> tuple[str, str]:
    out, err = command(folder, *arguments, **settings).communicate(timeout=100)
    process_said = f"{out}\n{err}"
    assert "Traceback" not in process_said, process_said
    return out, err


def runs(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "data" / "evaluations").glob("*/run.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def with_model(fake: OpenAIServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": fake.base_url, "OPENAI_API_KEY": "key", "LLM_MODEL": "fake"}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("interruptible")
def test_stopped_half_way_it_goes_on_where_it_was_and_then_compares_and_gates(folder: Path) -> None:
    with running() as fake:
        fake.script(REPLY, Reply(hang=True))
        fake.default = REPLY
        process = command(folder, str(folder), **with_model(fake))
        assert wait_for_requests(fake, 2, process), process.communicate()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, ""), err
        assert "the same command goes on from here" in err
        assert "Traceback" not in err
        assert runs(folder) == []

        asked = len(fake.requests)
        out, _ = done(folder, str(folder), **with_model(fake))
        assert len(fake.requests) == asked + 2  # the first question was answered before
    [run] = runs(folder)
    assert [item["outcome"]["mode"] for item in run["cases"]] == ["generate"] * 3
    assert run["figures"]["overall"]["page_recall@5"]["value"] == 1
    assert set(run["figures"]["languages"]) == {"en", "zh"}
    assert run["figures"]["overall"]["quote_validity"]["value"] == 1
    assert run["figures"]["overall"]["prompt_tokens"]["value"] > 0
    assert "page_recall@5\t100.0%" in out
    report = Path(out.splitlines()[-1].removeprefix("Report: "))
    assert f"<h1>{folder.name}</h1>" in report.read_text(encoding="utf-8")
    assert sorted(path.name for path in report.parent.iterdir()) == [
        "cases.jsonl", "plan.json", "report.html", "run.json"
    ]  # fmt: skip
    # Nothing was written beside the runs: the data folder that people use stays as it was.
    assert sorted(path.name for path in (folder / "data").iterdir()) == ["evaluations", "models"]

    gated = command(
        folder, str(folder), "--compare", "last", "--fail-under", "page_recall@1=0.5", "--fail-under",
        "refusal_f1=1", "--fail-over", "latency_p50=0.001", "--mode", "extract",
    )  # fmt: skip
    out, err = gated.communicate(timeout=100)
    assert gated.returncode == 1, err
    assert f"Compared with {run['id']}" in out
    assert "latency_p50 is " in err
    assert "page_recall@1" not in err


def wait_for_requests(fake: OpenAIServer, count: int, process: subprocess.Popen[str]) -> bool:
    import time

    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        if len(fake.requests) >= count:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name the cases"),
        (["{}/questions.jsonl", "--from-feedback"], "one of the two"),
        (["{}/missing.jsonl"], "missing.jsonl cannot be read"),
        (["{}/wrong.jsonl"], "wrong.jsonl, line 2, field `pages`"),
        (["{}/questions.jsonl", "--documents", "{}/nowhere"], "There are no documents at"),
        (["{}/questions.jsonl", "--documents", "{}/empty"], "has no documents"),
        (["{}/questions.jsonl", "--documents", "{}/empty/other.txt"], "there is no document 'harbour.txt'"),
        (["{}/questions.jsonl", "--mode", "guess"], "--mode is"),
        (["{}/questions.jsonl", "--fail-under", "page_recal@5=0.8"], "Did you mean page_recall@5?"),
        (["{}/questions.jsonl", "--fail-under", "mrr@10=high"], "write METRIC=NUMBER"),
        (["{}/questions.jsonl", "--fail-under", "mrr@10=80"], "lies between 0 and 1"),
        (["{}/questions.jsonl", "--compare", "yesterday"], "yesterday is no run"),
        (["{}/questions.jsonl", "--compare", "last"], "no finished run of this dataset"),
    ],
)
def test_what_cannot_begin_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "harbour.txt").write_text("six", encoding="utf-8")
    if "other" in "".join(arguments):
        (tmp_path / "empty" / "other.txt").write_text("x", encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(json.dumps(CASES[0]), encoding="utf-8")
    (tmp_path / "wrong.jsonl").write_text('{"question": "?"}\n{"question": "?", "pages": "3"}', encoding="utf-8")
    result = CliRunner().invoke(app, ["eval", *(argument.format(tmp_path) for argument in arguments)])
    assert result.exit_code == 2
    assert told in result.output
    assert not list((tmp_path / "data").glob("evaluations/*"))
