"""Files and vector stores as the official SDK drives them, and as the native API sees the same things."""

import io
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import openai
import pytest

from tests.fakes.openai_server import Reply
from tests.fakes.openai_server import running as model
from tests.server.process import SAMPLES, Served, ServerProcess
from tests.server.sdk import sdk

MANUAL = SAMPLES / "tide-gauge-manual.pdf"
REPORT = SAMPLES / "aurora-annual-report-2025.pdf"


@pytest.fixture
def client(running: Served) -> Iterator[openai.OpenAI]:
    with sdk(running) as made:
        yield made


def text_file(name: str, text: str) -> tuple[str, io.BytesIO]:
    return name, io.BytesIO(text.encode())


def native(server: Served, collection: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.http.get("/documents", params={"collection": collection}).json()["items"]
    return items


def test_from_file_to_search(running: Served, client: openai.OpenAI) -> None:
    before = running.documents()
    file = client.files.create(file=MANUAL, purpose="assistants")
    assert (file.object, file.filename, file.bytes) == ("file", MANUAL.name, MANUAL.stat().st_size)
    assert running.documents() == before
    assert client.files.content(file.id).read() == MANUAL.read_bytes()

    store = client.vector_stores.create(name="Handbücher", metadata={"team": "运维"})
    attached = client.vector_stores.files.create_and_poll(
        vector_store_id=store.id, file_id=file.id, attributes={"year": 2024, "draft": False, "部门": "财务"}
    )
    assert (attached.status, attached.id, attached.last_error) == ("completed", file.id, None)
    assert attached.attributes == {"year": 2024, "draft": False, "部门": "财务"}

    [document] = native(running, "Handbücher")
    assert (document["filename"], document["metadata"]) == (MANUAL.name, attached.attributes)
    store = client.vector_stores.retrieve(store.id)
    assert (store.status, store.file_counts.completed, store.file_counts.total) == ("completed", 1, 1)
    assert store.metadata == {"team": "运维"}

    found = client.vector_stores.search(store.id, query="How often must the battery be replaced?", max_num_results=3)
    assert found.data[0].file_id == file.id
    assert "battery" in found.data[0].content[0].text
    assert found.data[0].attributes == attached.attributes
    assert (found.data[0].model_extra or {})["page"]
    none = {"type": "eq", "key": "year", "value": 1999}
    assert client.vector_stores.search(store.id, query="battery", filters=none).data == []  # type: ignore[arg-type]


def test_what_was_uploaded_natively_is_a_file_of_a_store(running: Served, client: openai.OpenAI) -> None:
    document = running.upload(REPORT.name, REPORT.read_bytes(), collection="native", metadata='{"year": 2025}')
    running.settled()
    [store] = [item for item in client.vector_stores.list() if item.name == "native"]
    [file] = list(client.vector_stores.files.list(store.id))
    assert file.id.removeprefix("file-") == document["id"].replace("-", "")
    assert file.attributes == {"year": 2025}
    assert file.id in [item.id for item in client.files.list()]
    assert client.files.retrieve(file.id).bytes == REPORT.stat().st_size

    other = client.vector_stores.create(name="other", file_ids=[file.id])
    assert client.vector_stores.files.poll(file.id, vector_store_id=other.id).status == "completed"
    gone = client.vector_stores.files.delete(file.id, vector_store_id=store.id)
    assert (gone.deleted, native(running, "native")) == (True, [])
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.files.retrieve(file.id, vector_store_id=store.id)
    assert client.files.content(file.id).read() == REPORT.read_bytes()
    assert len(native(running, "other")) == 1
    client.files.delete(file.id)
    assert native(running, "other") == []
    with pytest.raises(openai.NotFoundError) as caught:
        client.files.retrieve(file.id)
    assert caught.value.code == "file_not_found"


def test_a_batch_uploads_polls_lists_and_pages(running: Served, client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="batch")
    files = [text_file(f"note-{n}.txt", f"Lighthouse {n} stands on rock {n * 7}.") for n in range(5)]
    batch = client.vector_stores.file_batches.upload_and_poll(store.id, files=files)
    assert (batch.status, batch.file_counts.completed, batch.file_counts.total) == ("completed", 5, 5)
    ids = [item.id for item in client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id)]
    assert len(set(ids)) == 5

    first = client.vector_stores.files.list(store.id, limit=2, order="asc")
    walked = [item.id for item in first]
    assert walked == ids[::-1]
    assert first.has_more
    after = client.vector_stores.files.list(store.id, limit=2, order="asc", after=walked[1])
    assert [item.id for item in after.data] == walked[2:4]
    before = client.vector_stores.files.list(store.id, limit=2, order="asc", before=walked[4])
    assert [item.id for item in before.data] == walked[2:4]
    assert client.vector_stores.files.list(store.id, filter="failed").data == []
    content = client.vector_stores.files.content(walked[0], vector_store_id=store.id)
    [page] = content.data
    assert page.text is not None
    assert page.text.startswith("Lighthouse ")

    with pytest.raises(openai.NotFoundError):
        client.vector_stores.file_batches.create(store.id, file_ids=[walked[0], "file-" + "0" * 32])
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.file_batches.retrieve("vsfb_" + "0" * 32, vector_store_id=store.id)
    again = client.vector_stores.file_batches.create(store.id, file_ids=walked[:2])
    assert again.file_counts.total == 2
    assert len(native(running, "batch")) == 5


def test_a_batch_is_cancelled_where_it_is_not_done(client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="cancelled")
    names = [text_file(f"c{n}.txt", f"Keeper {n}. " * 3000) for n in range(6)]
    ids = [client.files.create(file=item, purpose="assistants").id for item in names]
    batch = client.vector_stores.file_batches.create(store.id, file_ids=ids)
    client.vector_stores.file_batches.cancel(batch.id, vector_store_id=store.id)
    done = client.vector_stores.file_batches.poll(batch.id, vector_store_id=store.id)
    assert done.status == "cancelled"
    assert done.file_counts.cancelled + done.file_counts.completed == 6
    assert done.file_counts.cancelled >= 1


def test_a_file_that_cannot_be_read_says_why(client: openai.OpenAI) -> None:
    store = client.vector_stores.create()
    file = client.files.create(file=("torn.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40), purpose="user_data")
    failed = client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id)
    assert failed.status == "failed"
    assert failed.last_error is not None
    assert failed.last_error.code == "invalid_file"
    assert client.vector_stores.retrieve(store.id).file_counts.failed == 1


@pytest.mark.parametrize(
    ("file", "purpose", "code"),
    [
        (("a.txt", b""), "assistants", "empty_file"),
        (("a.exe", b"MZ\x90\x00" + bytes(300)), "assistants", "unsupported_media_type"),
        (("a.txt", b"text"), "fine-tune", "unprocessable"),
    ],
)
def test_files_that_are_refused(running: Served, client: openai.OpenAI, file: Any, purpose: Any, code: str) -> None:
    stored = {path.name for path in (running.data_dir / "files").glob("??/*")}
    with pytest.raises(openai.APIStatusError) as caught:
        client.files.create(file=file, purpose=purpose)
    assert caught.value.code == code
    assert {path.name for path in (running.data_dir / "files").glob("??/*")} == stored


def test_the_same_bytes_twice_are_two_files(running: Served, client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="twice")
    one, two = (client.files.create(file=("same.txt", b"The tide is high."), purpose="assistants") for _ in range(2))
    client.vector_stores.file_batches.create_and_poll(
        store.id, files=[{"file_id": one.id, "attributes": {"n": 1}}, {"file_id": two.id, "attributes": {"n": 2}}]
    )
    assert {item.id: item.attributes for item in client.vector_stores.files.list(store.id)} == {
        one.id: {"n": 1},
        two.id: {"n": 2},
    }
    changed = client.vector_stores.files.update(two.id, vector_store_id=store.id, attributes={"n": 3.5})
    assert changed.attributes == {"n": 3.5}
    client.files.delete(one.id)
    assert client.files.content(two.id).read() == b"The tide is high."
    [left] = native(running, "twice")
    assert left["metadata"] == {"n": 3.5}


def test_names_and_changes_of_stores(running: Served, client: openai.OpenAI) -> None:
    one, two = client.vector_stores.create(name="a/b"), client.vector_stores.create(name="a/b")
    assert (one.name, two.name) == ("a/b", "a/b")
    assert [item.model_extra["collection"] for item in (one, two)] == ["a b", "a b 2"]  # type: ignore[index]
    changed = client.vector_stores.update(one.id, name="मार्गदर्शिका", metadata={"k": "v"})
    assert (changed.name, changed.metadata) == ("मार्गदर्शिका", {"k": "v"})
    assert running.http.get("/collections/a b").json()["metadata"] == {"k": "v"}
    assert client.vector_stores.delete(one.id).deleted
    for call in (client.vector_stores.retrieve, client.vector_stores.delete):
        with pytest.raises(openai.NotFoundError):
            call(one.id)
    assert running.http.get("/collections/a b").status_code == 404


def test_a_term_that_is_over(server: ServerProcess) -> None:
    with sdk(server.start()) as client:
        a_term_passes(server, client)


def a_term_passes(server: ServerProcess, client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="short", expires_after={"anchor": "last_active_at", "days": 1})
    file = client.files.create(file=text_file("s.txt", "Short lived."), purpose="assistants")
    client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id)
    assert store.expires_at == (store.last_active_at or 0) + 86_400
    past = str(datetime.now() - timedelta(days=3))
    with sqlite3.connect(server.data_dir / "docubot.sqlite3", timeout=30) as connection:
        connection.execute("UPDATE collections SET last_active_at = ? WHERE name = 'short'", (past,))
    assert client.vector_stores.retrieve(store.id).status == "expired"
    with pytest.raises(openai.BadRequestError) as caught:
        client.vector_stores.search(store.id, query="short")
    assert caught.value.code == "vector_store_expired"
    server.stop()
    server.start()  # a sweep begins each start, and every minute
    for _ in range(200):
        if not native(server, "short"):
            break
    assert native(server, "short") == []
    assert client.vector_stores.retrieve(store.id).status == "expired"
    assert client.files.retrieve(file.id).id == file.id
    lifted = client.vector_stores.update(store.id, expires_after=None)
    assert lifted.status == "completed"


def test_chunks_are_cut_as_asked(running: Served, client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="cut")
    text = "\n\n".join(f"Keeper {n} writes down every ship of the night, its flag and its course." for n in range(60))
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 20}
    static = {"type": "static", "static": sizes}
    for name, strategy, told in (("a.txt", static, static), ("b.txt", {"type": "auto"}, {"type": "other"})):
        file = client.files.create(file=text_file(name, text), purpose="assistants")
        made = client.vector_stores.files.create_and_poll(
            file.id,
            vector_store_id=store.id,
            chunking_strategy=strategy,  # type: ignore[arg-type]
        )
        assert made.chunking_strategy is not None
        assert made.chunking_strategy.to_dict() == told
    documents = {item["filename"]: item for item in native(running, "cut")}
    assert documents["a.txt"]["chunk_count"] >= 2 * documents["b.txt"]["chunk_count"]
    overlaps = {}
    for name, document in documents.items():
        chunks = running.http.get(f"/documents/{document['id']}/chunks", params={"limit": 100}).json()["items"]
        spans = [chunk["spans"][0] for chunk in chunks]
        overlaps[name] = [one["end"] - other["start"] > 40 for one, other in pairwise(spans)]
    assert overlaps == {"a.txt": [True] * len(overlaps["a.txt"]), "b.txt": [False] * len(overlaps["b.txt"])}


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 99}}}, "chunking_strategy"),
        (
            {
                "chunking_strategy": {
                    "type": "static",
                    "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 51},
                }
            },
            "chunking_strategy",
        ),
        ({"attributes": {str(n): n for n in range(17)}}, "attributes"),
        ({"attributes": {"k" * 65: 1}}, "attributes"),
        ({"attributes": {"k": "v" * 513}}, "attributes"),
        ({"attributes": {"k": [1]}}, "attributes"),
    ],
)
def test_what_attaching_refuses(client: openai.OpenAI, asked: dict[str, Any], param: str) -> None:
    store = client.vector_stores.create(name="refusals")
    with pytest.raises(openai.BadRequestError) as caught:
        client.vector_stores.files.create(store.id, file_id="file-" + "0" * 32, **asked)
    assert (caught.value.param or "").startswith(param)


def test_weights_reach_the_fusion(client: openai.OpenAI) -> None:
    store = client.vector_stores.create(name="weights")
    texts = ["Das Boot liegt im Hafen.", "Ships rest in the harbour at night.", "Zebra zebra E-31 code."]
    client.vector_stores.file_batches.upload_and_poll(
        store.id, files=[text_file(f"w{n}.txt", text) for n, text in enumerate(texts)]
    )

    def scores(embedding: float, text: float) -> dict[str, float]:
        weights: Any = {"hybrid_search": {"embedding_weight": embedding, "text_weight": text}}
        found = client.vector_stores.search(
            store.id, query="Where do ships rest in the harbour?", ranking_options=weights
        )
        return {item.filename: item.score for item in found.data}

    by_meaning, by_words = scores(1, 0), scores(0, 1)
    assert by_meaning["w0.txt"] > 0.1  # in another language
    assert by_words.get("w0.txt", 0) == 0
    assert min(by_words["w1.txt"], by_meaning["w1.txt"]) > 0.9
    with pytest.raises(openai.BadRequestError):
        scores(0, 0)


def test_ids_that_name_nothing(client: openai.OpenAI) -> None:
    for call in (client.vector_stores.retrieve, client.vector_stores.files.list, client.files.retrieve):
        for identity in ("vs_x", "file-x", "vs_" + "f" * 32, "file-" + "0" * 31 + "१", "x" * 500):
            with pytest.raises(openai.NotFoundError):
                call(identity)
    for cursor in ("x", "vs_1"):
        with pytest.raises(openai.BadRequestError) as caught:
            client.vector_stores.list(after=cursor)
        assert caught.value.code == "invalid_cursor"
    with pytest.raises(openai.BadRequestError):
        client.vector_stores.list(limit=101)


def test_a_model_says_what_to_search_for(server: ServerProcess) -> None:
    with model() as scripted:
        scripted.default = Reply("tide gauge battery replacement interval")
        server.settings |= {"OPENAI_BASE_URL": scripted.base_url, "LLM_MODEL": "fake"}
        with sdk(server.start()) as client:
            store = client.vector_stores.create(name="manuals")
            with MANUAL.open("rb") as file:
                client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=file)
            asked = "hey, so how often do I have to swap that thing that powers it?"
            plain = client.vector_stores.search(store.id, query=asked)
            assert (plain.search_query, scripted.requests) == ([asked], [])
            found = client.vector_stores.search(store.id, query=asked, rewrite_query=True)
            assert found.search_query == ["tide gauge battery replacement interval"]
            assert "battery" in found.data[0].content[0].text
            scripted.default = Reply(status=500)
            assert client.vector_stores.search(store.id, query=asked, rewrite_query=True).search_query == [asked]
