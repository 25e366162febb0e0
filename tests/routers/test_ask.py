import asyncio
from typing import Any

import httpx
import pytest

from app.core.errors import CollectionNotFound, LLMUnavailable
from app.core.ids import new_id
from app.models.citations import Citation, Sentence
from app.models.domain import Locator, SearchResult, Usage
from app.models.events import AnswerResult, CitationFound, Delta, Done, PassagesFound, Started
from app.models.records import Comparison, Compound
from app.models.requests import AskRequest, SearchRequest
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices
from tests.routers.samples import a_passage

pytestmark = pytest.mark.anyio

CITATION = Citation(
    number=1,
    document_id=new_id(),
    version=1,
    filename="年报.pdf",
    page=48,
    page_label="46",
    locator=None,
    section="Item 7",
    quote="净收入为265亿美元",
    quote_start=10,
    quote_end=19,
    boxes=((72.0, 301.5, 268.4, 313.2),),
    answer_start=0,
    answer_end=13,
    verified="exact",
    score=0.83,
    chunk_id=new_id(),
)
RESULT = AnswerResult(
    answer="净收入为265亿美元 [1]。",
    status="answered",
    reason=None,
    mode="extract",
    language="zh",
    citations=(CITATION,),
    sentences=(Sentence(0, 13, 0.91, (1,)),),
    passages=(a_passage(),),
    conversation_id=new_id(),
    message_id=new_id(),
    usage=Usage(10, 5, "m"),
    timings={"total_ms": 12.5},
)
SCRIPT: list[Any] = [
    Started(RESULT.conversation_id, RESULT.message_id, "extract"),
    PassagesFound(RESULT.passages),
    Delta("净收入为265亿美元 "),
    CitationFound(CITATION),
    Delta("[1]。"),
    Done(RESULT),
]


async def test_the_answer_object(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    response = await client.post("/ask", json={"question": "净收入是多少？"})
    assert response.status_code == 200
    body = response.json()
    assert {name: body[name] for name in ("answer", "status", "reason", "mode", "language")} == {
        "answer": "净收入为265亿美元 [1]。",
        "status": "answered",
        "reason": None,
        "mode": "extract",
        "language": "zh",
    }
    [citation] = body["citations"]
    assert citation["quote"] == "净收入为265亿美元"
    assert (citation["quote_start"], citation["quote_end"]) == (10, 19)
    assert (citation["page"], citation["page_label"], citation["verified"]) == (48, "46", "exact")
    assert citation["boxes"] == [[72.0, 301.5, 268.4, 313.2]]
    assert body["sentences"] == [{"start": 0, "end": 13, "support": 0.91, "citations": [1], "composed": False}]
    assert body["usage"] == {"prompt_tokens": 10, "completion_tokens": 5, "model": "m", "price": None}
    assert body["timings"] == {"total_ms": 12.5}
    assert body["conversation_id"] == RESULT.conversation_id
    assert body["passages"][0]["scores"] is None


async def test_the_request_reaches_the_service_whole(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    ids = [new_id(), new_id()]
    filters = {
        "type": "or",
        "filters": [{"type": "gte", "key": "year", "value": 2020}, {"type": "eq", "key": "部门", "value": "财务"}],
    }
    body = {
        "question": "  And in 2021?  ",
        "collection": "年报",
        "document_ids": ids,
        "filters": filters,
        "top_k": 3,
        "conversation_id": RESULT.conversation_id,
        "answer_language": "de",
        "mode": "extract",
        "explain": True,
    }
    response = await client.post("/ask", json=body)
    assert response.status_code == 200
    assert services.answers.requests == [
        AskRequest(
            question="And in 2021?",
            collection="年报",
            document_ids=tuple(ids),
            filters=Compound("or", (Comparison("gte", "year", 2020), Comparison("eq", "部门", "财务"))),
            top_k=3,
            conversation_id=RESULT.conversation_id,
            answer_language="de",
            mode="extract",
            explain=True,
        )
    ]
    assert response.json()["passages"][0]["scores"] == {"keyword": 7.5, "vector": 0.91}


async def test_a_question_in_two_normal_forms_is_one_question(
    client: httpx.AsyncClient, services: FakeServices
) -> None:
    services.answers.script = SCRIPT
    await client.post("/ask", json={"question": "re\u0301sume\u0301?"})
    assert services.answers.requests[0].question == "résumé?"


async def test_limits_of_a_question(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    longest = "问" * 4000
    assert (await client.post("/ask", json={"question": longest})).status_code == 200
    assert_problem(await client.post("/ask", json={"question": longest + "？"}), 422, "unprocessable")
    for top_k in (0, 51, -1, 1.5, "3x"):
        assert_problem(await client.post("/ask", json={"question": "x", "top_k": top_k}), 422, "unprocessable")
    assert (await client.post("/ask", json={"question": "x", "top_k": 50})).status_code == 200


async def test_failures_are_problems(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.answers.script = [CollectionNotFound()]
    assert_problem(await client.post("/ask", json={"question": "x"}), 404, "collection_not_found")
    services.answers.script = [*SCRIPT[:3], LLMUnavailable(retry_after=3)]
    response = await client.post("/ask", json={"question": "x"})
    assert_problem(response, 503, "llm_unavailable")
    assert response.headers["retry-after"] == "3"
    services.answers.script = [ZeroDivisionError()]
    assert_problem(await client.post("/ask", json={"question": "x"}), 500, "internal_error")
    services.answers.script = SCRIPT[:3]
    assert_problem(await client.post("/ask", json={"question": "x"}), 500, "internal_error")
    assert services.answers.running == 0


async def test_a_conversation_that_cannot_exist(client: httpx.AsyncClient, services: FakeServices) -> None:
    for id_ in ("x", "\0", "' OR 1=1", "x" * 100_000):
        response = await client.post("/ask", json={"question": "x", "conversation_id": id_})
        assert_problem(response, 404, "conversation_not_found")
    assert services.answers.requests == []


async def test_many_questions_at_once(client: httpx.AsyncClient, services: FakeServices) -> None:
    async def pause() -> None:
        await asyncio.sleep(0.01)

    services.answers.script = [SCRIPT[0], pause, *SCRIPT[1:]]
    responses = await asyncio.gather(*(client.post("/ask", json={"question": f"{n}"}) for n in range(100)))
    assert {response.status_code for response in responses} == {200}
    assert {request.question for request in services.answers.requests} == {str(n) for n in range(100)}
    assert services.answers.running == 0


# ---------------------------------------------------------------- search


async def test_search(client: httpx.AsyncClient, services: FakeServices) -> None:
    response = await client.post("/search", json={"query": "净收入", "top_k": 5, "explain": True})
    assert response.status_code == 200
    body = response.json()
    assert (body["reason"], body["degraded"], body["timings"]) == (None, False, {"total": 1.5})
    [passage] = body["passages"]
    found = services.retriever.result.passages[0]
    assert passage == {
        "chunk_id": found.chunk_id,
        "document_id": found.document_id,
        "version": 1,
        "filename": "report.pdf",
        "title": None,
        "page": 48,
        "page_end": 49,
        "page_label": "46",
        "locator": None,
        "section": "Item 7",
        "headings": ["Part II", "Item 7"],
        "text": "净收入为265亿美元。",
        "markdown": None,
        "spans": [{"page": 48, "start": 10, "end": 16}, {"page": 49, "start": 0, "end": 5}],
        "score": 0.83,
        "scores": {"keyword": 7.5, "vector": 0.91},
    }
    assert services.retriever.requests == [SearchRequest("净收入", top_k=5)]


async def test_search_takes_question_for_query_but_not_both(client: httpx.AsyncClient) -> None:
    assert (await client.post("/search", json={"question": "x"})).status_code == 200
    assert_problem(await client.post("/search", json={"question": "x", "query": "y"}), 422, "unprocessable")
    assert_problem(await client.post("/search", json={}), 422, "unprocessable")


async def test_a_unit_without_pages_is_never_cited_by_page(client: httpx.AsyncClient, services: FakeServices) -> None:
    sheet = a_passage(locator=Locator("sheet", "Sheet1!A1:F20"), headings=(), page_labels={})
    services.retriever.result = SearchResult((sheet,), degraded=True)
    body = (await client.post("/search", json={"query": "x"})).json()
    [passage] = body["passages"]
    assert (passage["page"], passage["page_end"], passage["page_label"], passage["section"]) == (None,) * 4
    assert passage["locator"] == {"kind": "sheet", "value": "Sheet1!A1:F20"}
    assert passage["scores"] is None
    assert body["degraded"] is True


async def test_nothing_found_says_why(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.retriever.result = SearchResult((), "filtered_out")
    body = (await client.post("/search", json={"query": "x"})).json()
    assert (body["passages"], body["reason"]) == ([], "filtered_out")
