from collections.abc import Sequence

import httpx
import pytest

from app.core.errors import EmbeddingMismatch, PasswordRequired, UnreadableDocument
from app.models.estimates import DryOutcome, Estimate
from app.models.requests import ReceivedFile, UploadOptions
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
READ = Estimate(pages=3, characters=900, tokens=300, chunks=2, ocr_pages=1, price=0.5, seconds=1.5)


class FakeEstimates:
    """Reads what is named "good…" or "known…"."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], UploadOptions]] = []
        self.failure: Exception | None = None

    async def estimate(self, files: Sequence[ReceivedFile], options: UploadOptions) -> list[DryOutcome]:
        self.asked.append(([file.filename for file in files], options))
        if self.failure is not None:
            raise self.failure
        return [self._outcome(file) for file in files]

    def _outcome(self, file: ReceivedFile) -> DryOutcome:
        if file.filename.startswith("locked"):
            return DryOutcome(file.filename, error=PasswordRequired())
        if not file.filename.startswith(("good", "known")):
            return DryOutcome(file.filename, error=UnreadableDocument())
        known = file.filename.startswith("known")
        return DryOutcome(file.filename, bytes=7, media_type="application/pdf", duplicate=known, estimate=READ)


@pytest.fixture
def estimates(services: FakeServices) -> FakeEstimates:
    services.estimates = FakeEstimates()  # type: ignore[attr-defined]
    return services.estimates  # type: ignore[attr-defined, no-any-return]


def files(*names: str) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", (name, b"%PDF-1.7 " + name.encode())) for name in names]


async def test_it_tells_of_each_file_and_of_what_would_be_new(
    client: httpx.AsyncClient, services: FakeServices, estimates: FakeEstimates
) -> None:
    sent = files("good.pdf", "known.pdf", "locked.pdf", "goodé.pdf")
    response = await client.post("/upload?dry_run=true", files=sent, data={"collection": "年报"})
    assert response.status_code == 200
    body = response.json()
    assert [item["error"] and item["error"]["code"] for item in body["documents"]] == [
        None, None, "password_required", None,
    ]  # fmt: skip
    assert body["documents"][0]["estimate"]["ocr_pages"] == 1
    assert body["documents"][1]["duplicate"] is True
    assert (body["total"]["pages"], body["total"]["price"], body["total"]["seconds"]) == (6, 1.0, 3.0)
    assert services.uploads.accepted == []
    [(names, options)] = estimates.asked
    assert names[-1] == "goodé.pdf"
    assert options.collection == "年报"


async def test_when_no_file_can_be_read_the_answer_is_the_first_problem(
    client: httpx.AsyncClient, estimates: FakeEstimates
) -> None:
    response = await client.post("/upload?dry_run=true", files=files("locked.pdf", "broken.pdf"))
    body = assert_problem(response, 422, "password_required")
    assert [item["error"]["code"] for item in body["documents"]] == ["password_required", "unreadable_document"]
    estimates.failure = EmbeddingMismatch()
    assert_problem(await client.post("/upload?dry_run=true", files=files("good.pdf")), 409, "embedding_mismatch")


async def test_it_uses_up_no_idempotency_key(client: httpx.AsyncClient, estimates: FakeEstimates) -> None:
    key = {"Idempotency-Key": "k-1"}
    assert (await client.post("/upload?dry_run=true", files=files("good.pdf"), headers=key)).status_code == 200
    assert (await client.post("/upload?dry_run=false", files=files("good.pdf"), headers=key)).status_code == 202
    assert (await client.post("/upload?dry_run=1", files=files("good.pdf"), headers=key)).status_code == 200
    assert len(estimates.asked) == 2


async def test_a_word_that_is_no_truth_value_is_refused(client: httpx.AsyncClient, services: FakeServices) -> None:
    assert_problem(await client.post("/upload?dry_run=perhaps", files=files("good.pdf")), 422, "unprocessable")
    assert services.uploads.accepted == []
