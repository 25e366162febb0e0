"""The main job, as a person does it: upload, follow, ask, check the citation on the page."""

import asyncio
import io
from collections import Counter

import httpx
import pytest

from tests.server.process import SAMPLES, Served, ServerProcess


def folded(text: str) -> str:
    return " ".join(text.split())


def check_citations(server: Served, answer: dict) -> None:  # type: ignore[type-arg]
    for citation in answer["citations"]:
        page = server.http.get(f"/documents/{citation['document_id']}/pages/{citation['page']}").json()
        assert page["text"][citation["quote_start"] : citation["quote_end"]] == citation["quote"]
        assert citation["boxes"]
        for x0, y0, x1, y1 in citation["boxes"]:
            assert 0 <= x0 < x1 <= page["width"] + 1
            assert 0 <= y0 < y1 <= page["height"] + 1


@pytest.mark.parametrize(
    ("question", "filename", "page", "said"),
    [
        ("What was research and development expense in 2024?", "aurora-annual-report-2025.pdf", 3, "21.6"),
        ("When does the board propose to pay the dividend?", "aurora-annual-report-2025.pdf", 1, "14 May 2026"),
        ("How often must the battery be replaced?", "tide-gauge-manual.pdf", 2, "every four years"),
        ("What does error code E-31 mean?", "tide-gauge-manual.pdf", 2, "Clock not set"),
        ("¿Cuánto cuesta el servicio de averías?", "customer-charter.pdf", 1, "120 €"),
        ("退款需要多少个工作日?", "customer-charter.pdf", 1, "十个工作日"),
        ("मरम्मत का शुल्क कितना है?", "customer-charter.pdf", 2, "€100"),
    ],
)
def test_an_answer_rests_on_the_right_page(filled: Served, question: str, filename: str, page: int, said: str) -> None:
    answer = filled.ask(question)
    assert answer["status"] == "answered"
    assert answer["mode"] == "extract"
    assert said in answer["answer"]
    check_citations(filled, answer)
    assert any(
        (citation["filename"], citation["page"]) == (filename, page) and said in folded(citation["quote"])
        for citation in answer["citations"]
    )


def test_what_the_documents_do_not_say_is_not_found(filled: Served) -> None:
    answer = filled.ask("Who won the football world cup in 1998?")
    assert answer["status"] == "not_found"
    assert answer["citations"] == []
    assert answer["reason"] in ("no_match", "low_score")


def test_a_follow_up_is_understood(filled: Served) -> None:
    first = filled.ask("What was research and development expense in 2024?")
    second = filled.ask("and in 2023?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert "18.9" in second["answer"]
    turns = filled.http.get(f"/conversations/{first['conversation_id']}").json()["messages"]
    assert [turn["question"] for turn in turns] == [
        "What was research and development expense in 2024?",
        "and in 2023?",
    ]


def test_a_page_is_drawn_with_its_highlight(filled: Served) -> None:
    answer = filled.ask("How often must the battery be replaced?")
    citation = answer["citations"][0]
    box = ",".join(str(number) for number in citation["boxes"][0])
    path = f"/documents/{citation['document_id']}/pages/{citation['page']}/image"
    plain, lit = filled.http.get(path).content, filled.http.get(path, params={"highlight": box}).content
    assert plain.startswith(b"\x89PNG")
    assert lit.startswith(b"\x89PNG")
    assert plain != lit


def test_two_hundred_questions_at_once(filled: Served) -> None:
    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=filled.http.base_url, timeout=110, limits=limits) as client:
            asked = [client.post("/ask", json={"question": f"What does error code E-{n} mean?"}) for n in range(200)]
            return await asyncio.gather(*asked)

    before = len(filled.http.get("/conversations", params={"limit": 100}).json()["items"])
    replies = asyncio.run(ask_all())
    assert Counter(reply.status_code for reply in replies) == {200: 200}
    assert len({reply.json()["message_id"] for reply in replies}) == 200
    assert before < 100


def test_duplicates_and_bad_files_beside_good_ones(server: ServerProcess) -> None:
    server.start()
    report = (SAMPLES / "aurora-annual-report-2025.pdf").read_bytes()
    files = [
        ("file", ("report.pdf", io.BytesIO(report))),
        ("file", ("again.pdf", io.BytesIO(report))),
        ("file", ("empty.pdf", io.BytesIO(b""))),
        ("file", ("program.exe", io.BytesIO(b"MZ\x90\x00" + bytes(300)))),
    ]
    reply = server.http.post("/upload", files=files)
    first, again, empty, program = reply.json()["documents"]
    assert reply.status_code == 202
    assert again["duplicate"]
    assert again["id"] == first["id"]
    assert (empty["error"]["code"], program["error"]["code"]) == ("empty_file", "unsupported_media_type")
    assert server.upload("third.pdf", report)["duplicate"]
    assert [item["status"] for item in server.settled()] == ["ready"]
    assert server.stop() == 0
