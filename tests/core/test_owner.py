import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import app
from app.core.errors import StartupError
from app.core.owner import DataFolder

HOLD = """
import sys
from pathlib import Path
from app.core.owner import DataFolder
with DataFolder(Path(sys.argv[1]), address="http://127.0.0.1:8000"):
    print("held", flush=True)
    sys.stdin.read()
"""
HOLD_WITH_WORKERS = """
import asyncio, sys, time
from pathlib import Path
from app.adapters.compute import ProcessCompute
from app.core.owner import DataFolder

async def main():
    compute = ProcessCompute(1)
    await compute.run(abs, 1)
    print("working", flush=True)
    await compute.run(time.sleep, 600)

if __name__ == "__main__":
    with DataFolder(Path(sys.argv[1])):
        asyncio.run(main())
"""


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    root = Path(app.__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def test_a_second_process_is_told_who_holds_the_folder_and_what_to_do(tmp_path: Path) -> None:
    with process("-c", HOLD, str(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StartupError) as refused, DataFolder(tmp_path):
            pass
    for part in (str(tmp_path), f"process {child.pid} on ", "http://127.0.0.1:8000", "since 2", "CHROMA_URL"):
        assert part in refused.value.detail


def test_within_one_process_too(tmp_path: Path) -> None:
    with DataFolder(tmp_path), pytest.raises(StartupError, match=f"process {os.getpid()} "), DataFolder(tmp_path):
        pass


def test_the_folder_is_made_and_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with DataFolder(tmp_path / "new" / "folder"):
            assert (tmp_path / "new" / "folder" / "owner.lock").is_file()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with process("-c", HOLD, str(tmp_path)) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.kill()
        child.wait()
        with DataFolder(tmp_path):
            pass


def test_children_do_not_keep_the_lock_of_a_killed_parent_and_die_with_it(tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(HOLD_WITH_WORKERS, encoding="utf-8")
    with process(str(script), str(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "working\n"
        child.kill()
        child.wait()
        with DataFolder(tmp_path):
            pass
        assert child.stdout.read() == ""  # ends when the last process that holds it does


def test_a_lock_whose_holder_has_not_signed_yet(tmp_path: Path) -> None:
    with DataFolder(tmp_path):
        (tmp_path / "owner.lock").write_bytes(b"")
        with pytest.raises(StartupError, match="has not signed yet"), DataFolder(tmp_path):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartupError, match=r"DATA_DIR=.*file"), DataFolder(tmp_path / "file"):
        pass


def test_processes_that_own_nothing_share_the_folder_with_each_other_only(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path, shared=True),
        DataFolder(tmp_path, shared=True),
        pytest.raises(StartupError, match="is in use by another DocuBot"),
        DataFolder(tmp_path),
    ):
        pass
    with DataFolder(tmp_path), pytest.raises(StartupError, match="QUEUE_URL"), DataFolder(tmp_path, shared=True):
        pass
