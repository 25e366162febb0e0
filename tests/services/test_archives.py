import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.models.archives import ArchiveLimits
from app.models.jobs import JobStatus
from app.models.requests import UploadOptions, UploadOutcome
from tests.services.kit import REPORT, Kit, open_kit

pytestmark = pytest.mark.anyio


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


async def accepted(kit: Kit, data: bytes, name: str = "files.zip") -> list[UploadOutcome]:
    return await kit.uploads.accept([await kit.received(data, name)], UploadOptions())


def codes(outcomes: list[UploadOutcome]) -> list[str | None]:
    return [outcome.error and outcome.error.code for outcome in outcomes]


async def test_each_file_becomes_a_document_and_the_rest_says_why_not(tmp_path: Path) -> None:
    inner = packed({"a.txt": b"deep"})
    files = {
        "2025/report.pdf": REPORT.read_bytes(),
        "हिन्दी/टिप्पणी.txt": "हिन्दी में €100".encode(),
        "__MACOSX/._report.pdf": b"litter",
        "setup.exe": b"MZ\x90\0\x03" * 50,
        "inner.zip": inner,
        "empty.txt": b"",
        "../../up.md": b"# Up\n\nUp it goes.",
    }
    async with open_kit(tmp_path) as kit:
        outcomes = await accepted(kit, packed(files))
        assert [outcome.path for outcome in outcomes] == [
            "2025/report.pdf",
            "हिन्दी/टिप्पणी.txt",
            "setup.exe",
            "inner.zip",
            "empty.txt",
            "up.md",
        ]
        wrong = "unsupported_media_type"
        assert codes(outcomes) == [None, None, wrong, wrong, "empty_file", None]
        assert {outcome.archive for outcome in outcomes} == {"files.zip"}
        assert outcomes[0].filename == "report.pdf"
        for outcome in outcomes:
            if outcome.error is None:
                assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED
        assert len(await kit.engines.blobs.hashes()) == 3
        assert await kit.engines.blobs.unkept() == set()


async def test_the_same_archive_again_brings_nothing_new(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        data = packed({"a.txt": b"one", "b.txt": b"two"})
        first, again = await accepted(kit, data), await accepted(kit, data)
        assert [outcome.duplicate for outcome in again] == [True, True]
        assert [one.document and one.document.id for one in first] == [
            one.document and one.document.id for one in again
        ]


async def test_an_office_file_is_no_archive(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        office = packed({"[Content_Types].xml": b"<Types/>", "visio/document.xml": b"<x/>"})
        assert codes(await accepted(kit, office)) == ["unsupported_media_type"]
        sheet = packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED)
        assert codes(await accepted(kit, sheet, "table.zip")) == ["unsupported_media_type"]


@pytest.mark.parametrize(
    ("files", "bounds"),
    [
        ({f"{number}.txt": b"x" for number in range(11)}, ArchiveLimits(10, 1 << 20)),
        ({"a.txt": b"a" * 600, "b.txt": b"b" * 600}, ArchiveLimits(10, 1000)),
        ({"a.txt": b"first", "bomb.txt": b"\0" * (40 << 20)}, ArchiveLimits(10, 1 << 30)),
    ],
    ids=["files", "bytes", "ratio"],
)
async def test_bombs_leave_nothing(tmp_path: Path, files: dict[str, bytes], bounds: ArchiveLimits) -> None:
    async with open_kit(tmp_path, bounds=bounds) as kit:
        assert codes(await accepted(kit, packed(files))) == ["archive_too_large"]
        assert await kit.engines.blobs.hashes() == set()
        assert [path for path in (tmp_path / "files").rglob("*") if path.is_file() and path.stat().st_size] == []


async def test_a_claim_of_size_that_is_a_lie_is_found_out(tmp_path: Path) -> None:
    data = bytearray(packed({"a.txt": b"\0" * (2 << 20)}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    async with open_kit(tmp_path, bounds=ArchiveLimits(10, 1000)) as kit:
        [outcome] = await accepted(kit, bytes(data))
        assert outcome.error is not None
        assert outcome.error.code in ("archive_too_large", "unreadable_document")
        assert await kit.engines.blobs.hashes() == set()


async def test_several_archives_share_the_limits_of_one_upload(tmp_path: Path) -> None:
    async with open_kit(tmp_path, bounds=ArchiveLimits(3, 1 << 20)) as kit:
        one, two = packed({"a.txt": b"a", "b.txt": b"b"}), packed({"c.txt": b"c", "d.txt": b"d"})
        received = [await kit.received(one, "one.zip"), await kit.received(two, "two.zip")]
        outcomes = await kit.uploads.accept(received, UploadOptions())
        assert codes(outcomes) == [None, None, "archive_too_large"]


async def test_damage_and_secrets_are_told_file_by_file(tmp_path: Path) -> None:
    whole = packed({"a.txt": b"one " * 100, "b.txt": b"two " * 100})
    async with open_kit(tmp_path) as kit:
        [cut] = await accepted(kit, whole[:-30])
        assert cut.error is not None
        assert cut.error.code == "unreadable_document"
        secret = bytearray(whole)
        secret[secret.index(b"PK\x01\x02") + 8] |= 1
        assert codes(await accepted(kit, bytes(secret))) == ["unreadable_document", None]
        assert codes(await accepted(kit, packed({}))) == ["empty_file"]
