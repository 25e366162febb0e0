"""The web page in Chromium against a real server: the stories of web/e2e, and the checks of its sources."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.web.stage import ROOT, Stage, guarded, staged

STORIES = ("upload", "answer", "document", "translate", "glossary", "looks", "views", "smooth", "resume", "elsewhere")
GUARDED = ("key", "people", "issuer", "admin")
_RESTART = "::restart-server::"
_FIRST_LOAD_BYTES = 250_000
_EXAMPLE_LINES = 60


def _missing() -> str | None:
    """Why these tests cannot run here."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "Node.js is not installed"
    return None if Path(chromium).exists() else f"{chromium} is not installed (CHROMIUM names another)"


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of the built page."""
    if reason := _missing():
        if os.environ.get("DOCUBOT_TESTS_NEED_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Test processes beside this one build it too.
    with (ROOT / "web" / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([ROOT / "scripts" / "web"], check=True, cwd=ROOT)
    return ROOT / "web" / "dist"


@pytest.fixture(scope="module")
def stage(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("story", STORIES)
def test_story(story: str, stage: Stage, built: Path) -> None:
    _play(story, stage, built)


@pytest.fixture(scope="module")
def door(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    with guarded(tmp_path_factory.mktemp("guarded")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("story", GUARDED)
def test_story_behind_a_door(story: str, door: tuple[Stage, str], built: Path) -> None:
    stage, key = door
    _play(story, stage, built, {"DOCUBOT_KEY": key})


def _play(story: str, stage: Stage, built: Path, more: Mapping[str, str] | None = None) -> None:
    environment = {
        **os.environ,
        "DOCUBOT_URL": stage.url,
        "DOCUBOT_OTHER_ORIGIN": stage.other_origin,
        "DOCUBOT_BUILT_PAGE": str(built),
        "DOCUBOT_SAMPLES": str(ROOT / "data" / "samples"),
        "DOCUBOT_SHOTS": str(ROOT / "artifacts" / "web"),
        **(more or {}),
    }
    command = ["node", "e2e/run.mjs", story]
    with subprocess.Popen(
        command,
        cwd=ROOT / "web",
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        bufsize=1,
    ) as playing:
        assert playing.stdin is not None
        assert playing.stdout is not None
        told = []
        for line in playing.stdout:
            told.append(line)
            if line.strip() == _RESTART:
                stage.restart()
                playing.stdin.write("restarted\n")
                playing.stdin.flush()
        playing.stdin.close()
    assert playing.returncode == 0, "".join(told)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_sources_hold_their_rules(built: Path) -> None:
    """Types, lint rules and unit tests of web/."""
    _succeeds(ROOT / "scripts" / "web", "--check")


def test_the_documented_example_compiles(built: Path) -> None:
    web = ROOT / "web"
    [example] = re.findall(r"```tsx\n(.*?)```", (ROOT / "docs" / "web.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example.count("\n") < _EXAMPLE_LINES
    with tempfile.TemporaryDirectory(dir=web, prefix=".example-") as folder:
        (Path(folder) / "app.tsx").write_text(example.replace('"./client"', '"../src/client"'), encoding="utf-8")
        settings = {"extends": "../tsconfig.json", "include": ["app.tsx", "../src/vite-env.d.ts"]}
        (Path(folder) / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        _succeeds(web / "node_modules" / ".bin" / "tsc", "-p", folder)


def test_types_are_made_from_the_api_as_it_is() -> None:
    _succeeds(sys.executable, ROOT / "scripts" / "openapi", "--check")


def _succeeds(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_first_load_is_small(built: Path) -> None:
    """Compressed, with the one font file that a page in English loads."""
    index = (built / "index.html").read_text(encoding="utf-8")
    first = [path for path in (built / "assets").iterdir() if path.name in index or "inter-latin-wght" in path.name]
    assert {path.suffix for path in first} == {".js", ".css", ".woff2"}
    sizes = {
        path.name: len(subprocess.run(["gzip", "-9c", path], capture_output=True, check=True).stdout) for path in first
    }
    assert sum(sizes.values()) < _FIRST_LOAD_BYTES, sizes


def test_page_runs_under_a_strict_policy(built: Path) -> None:
    """No inline script or style, nothing from elsewhere: the server's Content-Security-Policy has no exception."""
    index = (built / "index.html").read_text(encoding="utf-8")
    assert "<style" not in index
    assert index.count("<script") == index.count('<script type="module" crossorigin src="./assets/')
    assert "http" not in index.replace('content="https://docs.example.com"', "")
