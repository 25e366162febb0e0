"""What is tantivy's own: durability, damage, many collections."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from app.adapters.keywords.tantivy_index import TantivyKeywordIndex
from app.core.errors import StorageUnavailable
from app.models.domain import KeywordEntry, KeywordQuery

pytestmark = pytest.mark.anyio

WORD = KeywordQuery(terms=("word",))


def entries(count: int, version: str = "v") -> list[KeywordEntry]:
    return [KeywordEntry(f"{version}-{i}", version, "d", ("word", "~word"), ()) for i in range(count)]


async def filled(path: Path) -> None:
    index = TantivyKeywordIndex(path)
    await index.replace("c", "v", entries(20))
    await index.replace("c", "w", entries(5, "w"))
    await index.replace("c", "v", entries(19))
    await index.remove("c", ["w"])
    await index.close()


async def test_survives_reopening(tmp_path: Path) -> None:
    await filled(tmp_path)
    index = TantivyKeywordIndex(tmp_path)
    assert await index.counts("c") == {"v": 19}
    assert len(await index.search("c", WORD, 100)) == 19
    await index.close()


@pytest.mark.parametrize("damage", ["truncate", "zero", "remove", "flip"])
async def test_any_damaged_file_empties_the_index_and_it_can_be_filled_again(tmp_path: Path, damage: str) -> None:
    await filled(tmp_path / "good")
    names = [path.name for path in (tmp_path / "good" / "c").iterdir() if path.stat().st_size]
    outcomes = set()
    for name in names:
        broken = tmp_path / f"{damage}-{name}"
        shutil.copytree(tmp_path / "good", broken)
        _damage(broken / "c" / name, damage)
        index = TantivyKeywordIndex(broken)
        counts = await index.counts("c")
        assert counts in ({}, {"v": 19}), name
        assert len(await index.search("c", WORD, 100)) == sum(counts.values()), name
        await index.replace("c", "v", entries(3))
        assert await index.counts("c") == {"v": 3}, name
        outcomes.add(bool(counts))
        await index.close()
    assert False in outcomes


def _damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    match how:
        case "truncate":
            path.write_bytes(content[:middle])
        case "zero":
            path.write_bytes(bytes(len(content)))
        case "flip":
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "remove":
            path.unlink()


async def test_removed_folder_is_opened_empty(tmp_path: Path) -> None:
    await filled(tmp_path)
    shutil.rmtree(tmp_path / "c")
    index = TantivyKeywordIndex(tmp_path)
    assert await index.counts("c") == {}
    await index.close()


async def test_index_of_another_format_is_emptied(tmp_path: Path) -> None:
    await filled(tmp_path)
    (tmp_path / "c" / "format").write_text("0", encoding="utf-8")
    index = TantivyKeywordIndex(tmp_path)
    assert await index.counts("c") == {}
    await index.close()


_WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from app.adapters.keywords.tantivy_index import TantivyKeywordIndex
from app.models.domain import KeywordEntry

async def main():
    index = TantivyKeywordIndex(Path(sys.argv[1]))
    for i in range(100_000):
        entries = [KeywordEntry(f"v{i}-{j}", f"v{i}", "d", ("word",), ()) for j in range(3)]
        await index.replace("c", f"v{i}", entries)
        print(f"v{i}", flush=True)

asyncio.run(main())
"""


def _killed_after(acknowledged: int, root: Path) -> set[str]:
    """Versions that a writer acknowledged before it was killed."""
    command = [sys.executable, "-c", _WRITE_UNTIL_KILLED, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as writer:
        assert writer.stdout
        told = [writer.stdout.readline().strip() for _ in range(acknowledged)]
        writer.kill()
        return {*told, *writer.stdout.read().split()}


async def test_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    for acknowledged in (1, 4, 9):
        root = tmp_path / str(acknowledged)
        told = await to_thread.run_sync(_killed_after, acknowledged, root)
        index = TantivyKeywordIndex(root)
        counts = await index.counts("c")
        assert told <= counts.keys()
        assert set(counts.values()) == {3}
        await index.replace("c", "after", entries(1, "after"))
        await index.close()


_FILL_A_DISK = """
import asyncio, resource, sys
from pathlib import Path
from app.adapters.keywords.tantivy_index import TantivyKeywordIndex
from app.core.errors import StorageUnavailable
from app.models.domain import KeywordEntry

def entries(version, count):
    return [KeywordEntry(f"{version}-{i}", version, "d", (f"word{i}",), ()) for i in range(count)]

async def main():
    index = TantivyKeywordIndex(Path(sys.argv[1]))
    await index.replace("c", "v", entries("v", 3))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        await index.replace("c", "w", entries("w", 20_000))
    except StorageUnavailable:
        print("refused")
    print(sorted((await index.counts("c")).items()))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await index.replace("c", "w", entries("w", 5))
    print(sorted((await index.counts("c")).items()))
    await index.close()

asyncio.run(main())
"""


def test_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _FILL_A_DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.splitlines() == ["refused", "[('v', 3)]", "[('v', 3), ('w', 5)]"], done.stderr


async def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    index = TantivyKeywordIndex(tmp_path / "file")
    with pytest.raises(StorageUnavailable):
        await index.search("c", WORD, 1)


async def test_a_write_whose_caller_was_cancelled_has_ended_before_the_next_begins(tmp_path: Path) -> None:
    index = TantivyKeywordIndex(tmp_path)
    many = entries(5000)
    for _ in range(3):
        writing = asyncio.create_task(index.replace("c", "v", many))
        await asyncio.sleep(0.02)
        writing.cancel()
        await index.remove("c", ["v"])
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert await index.counts("c") == {}
    await index.close()


async def test_concurrent_writes_and_searches_over_more_collections_than_writers(tmp_path: Path) -> None:
    index = TantivyKeywordIndex(tmp_path)

    async def fill(collection: str) -> None:
        for version in ("a", "b", "c"):
            await index.replace(collection, version, entries(4, version))
            await index.search(collection, WORD, 5)

    async with anyio.create_task_group() as group:
        for i in range(7):
            group.start_soon(fill, f"c{i}")
    for i in range(7):
        assert await index.counts(f"c{i}") == {"a": 4, "b": 4, "c": 4}
    await index.close()
