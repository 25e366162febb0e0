from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.models.domain import ParseWarning
from app.models.jobs import DocumentStatus
from app.models.records import Comparison
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


async def test_a_document(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add(
        filename="年报.pdf",
        status=DocumentStatus.READY_WITH_WARNINGS,
        warnings=(ParseWarning("no_text", "No text on this page.", 17),),
    )
    response = await client.get(f"/documents/{document.id}")
    assert response.json() == {
        "id": document.id,
        "collection": "default",
        "filename": "年报.pdf",
        "title": None,
        "media_type": "application/pdf",
        "status": "ready_with_warnings",
        "language": None,
        "metadata": {"year": 2023, "audited": True, "rate": 0.5, "部门": "财务"},
        "version": 1,
        "latest_version": 1,
        "sha256": "0" * 64,
        "bytes": 3,
        "page_count": 2,
        "chunk_count": 5,
        "warnings": [{"code": "no_text", "message": "No text on this page.", "page": 17}],
        "error": None,
        "job_id": document.job_id,
        "created_at": "2026-11-22T12:00:00Z",
        "updated_at": "2026-11-22T12:00:00Z",
    }


async def test_a_failed_document_says_why(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add(error_code="unreadable_document", error_message="Damaged.")
    body = (await client.get(f"/documents/{document.id}")).json()
    assert body["error"] == {"code": "unreadable_document", "message": "Damaged."}


async def test_listing(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.documents.add()
    cursor = new_id()
    query: dict[str, Any] = {
        "collection": "年报",
        "status": "ready",
        "filters": '{"type": "gte", "key": "year", "value": 2020}',
        "cursor": cursor,
        "limit": 7,
    }
    body = (await client.get("/documents", params=query)).json()
    assert len(body["items"]) == 1
    assert body["next_cursor"]
    [call] = services.documents.calls
    assert call == ("list", "年报", DocumentStatus.READY, Comparison("gte", "year", 2020), cursor, 7, None)


@pytest.mark.parametrize("filters", ["{", "[" * 5000, '{"type": "like"}', "3"])
async def test_filters_that_are_none(client: httpx.AsyncClient, filters: str) -> None:
    assert_problem(await client.get("/documents", params={"filters": filters}), 400, "invalid_filter")


async def test_changing_metadata_and_name(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    path = f"/documents/{document.id}"
    body = (await client.patch(path, json={"metadata": {"year": 2024}, "filename": "../new\u202e.pdf"})).json()
    assert (body["metadata"], body["filename"]) == ({"year": 2024}, "new.pdf")
    wrong_ones: list[Any] = [{"metadata": {"k": []}}, {"metadata": {"k": None}}, {"filename": ""}, {"status": "ready"}]
    for wrong in wrong_ones:
        assert_problem(await client.patch(path, json=wrong), 422, "unprocessable")


async def test_delete_answers_a_receipt(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    assert (await client.delete(f"/documents/{document.id}")).json() == {
        "document_id": document.id,
        "versions": 1,
        "files": 1,
        "pages": 2,
        "chunks": 5,
        "vectors": 5,
        "keyword_rows": 5,
        "translations": 0,
        "cached_answers": 0,
    }


async def test_retry(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    response = await client.post(f"/documents/{document.id}/retry")
    assert (response.status_code, response.json()["document_id"]) == (202, document.id)


async def test_the_original(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add(filename="年报 2023.pdf")
    response = await client.get(f"/documents/{document.id}/file")
    assert response.content.startswith(b"%PDF-1.7")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline; filename*=utf-8''%E5%B9%B4%E6%8A%A5")
    assert response.headers["etag"] == f'"{document.sha256}"'
    assert response.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert response.headers["x-content-type-options"] == "nosniff"
    part = await client.get(f"/documents/{document.id}/file", headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "text/markdown", "application/octet-stream"])
async def test_an_uploaded_page_never_runs_as_ours(
    client: httpx.AsyncClient, services: FakeServices, media_type: str
) -> None:
    services.documents.media_type = media_type
    document = services.documents.add(filename="x.html")
    headers = (await client.get(f"/documents/{document.id}/file")).headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_page(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    body = (await client.get(f"/documents/{document.id}/pages/2")).json()
    assert body["text"] == "हिन्दी में €100 — “quote” தமிழ்"
    assert (body["number"], body["label"], body["width"], body["locator"]) == (2, "iv", 612.0, None)
    for number in (3, 0, -1, 2**31, 10**30):
        assert_problem(await client.get(f"/documents/{document.id}/pages/{number}"), 404, "page_not_found")


async def test_a_page_image_with_highlights(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    path = f"/documents/{document.id}/pages/1/image"
    query: Any = [("highlight", "72,301.5,268.4,313.2"), ("highlight", "1,2,3,4"), ("scale", "1.5"), ("version", "1")]
    query.append(("quote", "12,34"))
    response = await client.get(path, params=query)
    assert (response.headers["content-type"], response.content) == ("image/png", b"\x89PNG")
    boxes = [(72.0, 301.5, 268.4, 313.2), (1.0, 2.0, 3.0, 4.0)]
    expected = {"version": 1, "scale": 1.5, "highlight": boxes, "quotes": [(12, 34)]}
    assert services.documents.calls == [("page_image", document.id, 1, expected)]
    for wrong in (
        "highlight=1,2,3",
        "highlight=a,b,c,d",
        "highlight=nan,0,1,1",
        "highlight=inf,0,1,1",
        "scale=99",
        "quote=1",
        "quote=-1,4",
    ):
        assert_problem(await client.get(f"{path}?{wrong}"), 422, "unprocessable")


async def test_chunks(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    path = f"/documents/{document.id}/chunks"
    body = (await client.get(f"{path}?cursor=41&limit=2")).json()
    assert services.documents.calls == [("chunks", 41, 2)]
    assert body["next_cursor"] == "7"
    [chunk] = body["items"]
    assert chunk == {
        "id": chunk["id"],
        "ordinal": 7,
        "text": "text",
        "spans": [{"page": 1, "start": 0, "end": 4}],
        "headings": ["Item 7"],
        "tokens": 2,
        "kind": "table",
        "columns": None,
    }
    for cursor in ("x", "-1", "1.0", "9" * 30, "٣", "%00"):
        assert_problem(await client.get(f"{path}?cursor={cursor}"), 400, "invalid_cursor")


async def test_the_parse_report(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    body = (await client.get(f"/documents/{document.id}/report?version=3")).json()
    assert (body["version"], body["parser"], body["pages_without_text"]) == (3, "pdfium", [2])
    assert body["pages"][0]["characters"] == 40
    assert_problem(await client.get(f"/documents/{document.id}/report?version=0"), 422, "unprocessable")
