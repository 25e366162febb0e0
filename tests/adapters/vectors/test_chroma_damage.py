"""The files of embedded Chroma may be cut off, zeroed or gone: the start goes on, and nothing is lost silently."""

import itertools
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from app.adapters.vectors.chroma import ChromaIndex
from app.adapters.vectors.chroma_layout import CONFIGURATION, collection_name
from app.adapters.vectors.chroma_seal import Seal
from app.core.errors import VectorIndexUnavailable
from app.ports import Vectors

pytestmark = pytest.mark.anyio

DIMENSION = 8
WRITTEN = CONFIGURATION["hnsw"]["sync_threshold"]
COUNT = WRITTEN + 50
"""So that some vectors are in the files of the index and some still in the log."""
IDS = [f"version:{number}" for number in range(COUNT)]
NAMES = ("big", "small")
FILES = (
    "chroma.sqlite3",
    "docubot-seal.json",
    "header.bin",
    "data_level0.bin",
    "length.bin",
    "link_lists.bin",
    "index_metadata.pickle",
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


def vectors() -> Vectors:
    rows = np.random.default_rng(0).normal(size=(COUNT, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[ChromaIndex]:
    index = ChromaIndex(folder)
    try:
        yield index
    finally:
        await index.close()


async def fill(index: ChromaIndex) -> None:
    await index.upsert("big", IDS, vectors())
    await index.upsert("small", IDS[:10], vectors()[:10])


async def answers(index: ChromaIndex) -> list[list[str]]:
    found = [await index.search(name, row, 5) for name in NAMES for row in vectors()[::100]]
    return [[hit.chunk_id for hit in hits] for hits in found]


def signal_process_of(folder: Path, number: signal.Signals) -> None:
    for child in psutil.Process().children(recursive=True):
        if any(str(folder) in argument for argument in child.cmdline()):
            child.send_signal(number)


def kill_process_of(folder: Path) -> None:
    signal_process_of(folder, signal.SIGKILL)


@pytest.fixture(scope="module")
async def closed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[str]]]:
    """A filled folder that was closed in order, and what it answered."""
    folder = tmp_path_factory.mktemp("closed") / "chroma"
    async with opened(folder) as index:
        for name in NAMES:
            await index.open(name, DIMENSION)
        await fill(index)
        expected = await answers(index)
    assert {path.name for path in folder.rglob("*") if path.is_file()} == set(FILES)
    return folder, expected


@pytest.fixture(scope="module")
async def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled folder whose process was killed."""
    folder = tmp_path_factory.mktemp("killed") / "chroma"
    async with opened(folder) as index:
        for name in NAMES:
            await index.open(name, DIMENSION)
        await fill(index)
        kill_process_of(folder)
    return folder


def copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "chroma"))  # keeps the files' times


def find(folder: Path, name: str) -> Path:
    """A file of the whole folder, or that of the big collection."""
    big = max(folder.rglob("data_level0.bin"), key=lambda path: path.stat().st_size).parent
    return big / name if (big / name).exists() else folder / name


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


DAMAGES: tuple[Callable[[Path], None], ...] = (cut, empty, zero, Path.unlink)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
async def test_every_damage_is_noticed(
    closed: tuple[Path, list[list[str]]], killed: Path, tmp_path: Path, file: str, damage: Callable[[Path], None]
) -> None:
    for number, filled in enumerate((closed[0], killed)):
        folder = copy(filled, tmp_path / str(number))
        damage(find(folder, file))
        verdict = Seal(folder).inspect()
        assert not verdict.whole or verdict.broken == {collection_name("big")}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_lost_writes_of_a_killed_process_are_noticed(
    killed: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = copy(killed, tmp_path)
    damage(folder / "chroma.sqlite3-wal")
    assert not Seal(folder).inspect().whole


@pytest.mark.parametrize(("file", "damage"), list(zip(FILES, itertools.cycle(DAMAGES), strict=False)))
async def test_a_damaged_file_costs_a_refill_and_nothing_else(
    closed: tuple[Path, list[list[str]]], tmp_path: Path, file: str, damage: Callable[[Path], None]
) -> None:
    folder, expected = copy(closed[0], tmp_path), closed[1]
    damage(find(folder, file))
    async with opened(folder) as index:
        counts = [await index.open(name, DIMENSION) for name in NAMES]
        assert counts[0] == 0
        assert counts[1] in (0, 10)  # kept where the damage is in the other's files
        await fill(index)
        assert await answers(index) == expected


async def test_a_removed_index_folder_is_noticed(closed: tuple[Path, list[list[str]]], tmp_path: Path) -> None:
    folder = copy(closed[0], tmp_path)
    shutil.rmtree(find(folder, "header.bin").parent)
    async with opened(folder) as index:
        assert [await index.open(name, DIMENSION) for name in NAMES] == [0, 10]


async def test_what_was_closed_in_order_is_kept(closed: tuple[Path, list[list[str]]], tmp_path: Path) -> None:
    async with opened(copy(closed[0], tmp_path)) as index:
        assert [await index.open(name, DIMENSION) for name in NAMES] == [COUNT, 10]
        assert await answers(index) == closed[1]


async def test_what_was_killed_between_writes_is_kept(
    closed: tuple[Path, list[list[str]]], killed: Path, tmp_path: Path
) -> None:
    async with opened(copy(killed, tmp_path)) as index:
        assert [await index.open(name, DIMENSION) for name in NAMES] == [COUNT, 10]
        assert await answers(index) == closed[1]


async def test_a_power_cut_is_not_trusted(killed: Path, tmp_path: Path) -> None:
    folder = copy(killed, tmp_path)
    seal = folder / "docubot-seal.json"
    seal.write_text(json.dumps(json.loads(seal.read_bytes()) | {"boot": "of another day"}), encoding="utf-8")
    assert not Seal(folder).inspect().whole


@pytest.mark.parametrize(("file", "damage"), [("header.bin", cut), ("data_level0.bin", zero)])
async def test_damage_with_a_valid_seal_is_found_by_reading(
    closed: tuple[Path, list[list[str]]], tmp_path: Path, file: str, damage: Callable[[Path], None]
) -> None:
    """The first brings the process down with SIGSEGV; the second finds other vectors than those sought."""
    folder, expected = copy(closed[0], tmp_path), closed[1]
    damage(find(folder, file))
    Seal(folder).update(clean=True)
    async with opened(folder) as index:
        assert [await index.open(name, DIMENSION) for name in NAMES] == [0, 10]
        await fill(index)
        assert await answers(index) == expected


async def test_a_process_that_dies_is_started_again(killed: Path, tmp_path: Path) -> None:
    folder = copy(killed, tmp_path)
    async with opened(folder) as index:
        await index.open("small", DIMENSION)
        kill_process_of(folder)
        with pytest.raises(VectorIndexUnavailable):  # at once: a question does not wait for the start
            await index.search("small", vectors()[3], 1)
        assert await index.open("small", DIMENSION) == 10
        (hit,) = await index.search("small", vectors()[3], 1)
        assert hit.chunk_id == IDS[3]


async def test_a_process_that_hangs_is_killed_and_started_again(killed: Path, tmp_path: Path) -> None:
    folder = copy(killed, tmp_path)
    index = ChromaIndex(folder, longest_call=1.0)
    await index.open("small", DIMENSION)
    signal_process_of(folder, signal.SIGSTOP)
    with pytest.raises(VectorIndexUnavailable):
        await index.search("small", vectors()[3], 1)
    assert await index.open("small", DIMENSION) == 10
    await index.close()


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("in the way", encoding="utf-8")
    async with opened(tmp_path / "chroma") as index:
        with pytest.raises(VectorIndexUnavailable):
            await index.open("small", DIMENSION)


async def test_a_process_killed_again_and_again_while_it_writes_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    folder, acknowledged = tmp_path / "chroma", set[str]()

    async def write(index: ChromaIndex) -> None:
        for start in range(0, COUNT, 50):
            await index.upsert("big", IDS[start : start + 50], vectors()[start : start + 50])
            acknowledged.update(IDS[start : start + 50])

    for pause in (0.05, 0.5):
        async with opened(folder) as index:
            if await index.open("big", DIMENSION) == 0:
                acknowledged.clear()  # cut off in the middle of a write of its files: known, and filled again
            assert acknowledged <= await index.ids("big")
            async with anyio.create_task_group() as group:
                group.start_soon(unless_unavailable, write, index)
                await anyio.sleep(pause)
                kill_process_of(folder)
    async with opened(folder) as index:
        await index.open("big", DIMENSION)
        await write(index)
        assert await index.ids("big") == set(IDS)
        for row in range(0, COUNT, 50):
            assert (await index.search("big", vectors()[row], 1))[0].chunk_id == IDS[row]


async def unless_unavailable(write: Callable[[ChromaIndex], Awaitable[None]], index: ChromaIndex) -> None:
    with suppress(VectorIndexUnavailable):
        await write(index)


async def test_folders_of_nobody_are_removed(closed: tuple[Path, list[list[str]]], tmp_path: Path) -> None:
    folder = copy(closed[0], tmp_path)
    stray = folder / "0b3b0f0e-0000-4000-8000-000000000000"
    stray.mkdir()
    async with opened(folder) as index:
        await index.open("small", DIMENSION)
    assert not stray.exists()
