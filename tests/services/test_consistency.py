from pathlib import Path

import numpy as np
import pytest

from app.services.consistency import ConsistencyService
from tests.services.kit import REPORT, Kit, open_kit

pytestmark = pytest.mark.anyio


def service(kit: Kit) -> ConsistencyService:
    engines = kit.engines
    return ConsistencyService(kit.database, engines.blobs, engines.keywords, engines.vectors, kit.worker)


async def test_after_uploads_and_deletes_nothing_is_found(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        kept = await kit.ingested(REPORT)
        gone = await kit.ingested(b"A lighthouse.", "a.txt")
        assert kept.document is not None
        assert gone.document is not None
        await kit.documents.delete(gone.document.id)
        assert (await service(kit).check()).clean


async def test_every_kind_of_damage_is_counted_and_mended(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        document = await kit.documents.get(outcome.document.id)
        collection = await kit.collections.get("default")
        ids = sorted(await kit.engines.vectors.ids(collection.index_id))
        stranger = np.ones((1, 384), np.float32) / np.sqrt(384)
        await kit.engines.vectors.delete(collection.index_id, ids[:1])
        await kit.engines.vectors.upsert(collection.index_id, ["stranger"], stranger.astype(np.float32))
        await kit.engines.keywords.remove(collection.id, [document.live_version_id or ""])
        writer = await kit.uploads.writer()
        await writer.write(b"nobody's bytes")
        await writer.commit()
        found = await service(kit).check()
        [indexes] = found.collections
        assert (found.files_missing, found.files_orphaned) == (0, 1)
        assert (indexes.versions_missing_keywords, indexes.vectors_missing, indexes.vectors_orphaned) == (1, 1, 1)
        assert (await service(kit).repair()).clean
        assert set(ids) == await kit.engines.vectors.ids(collection.index_id)


async def test_a_lost_file_cannot_be_mended_and_goes_on_being_told(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        (await kit.documents.file(outcome.document.id, None)).path.unlink()
        assert (await service(kit).repair()).files_missing == 1
