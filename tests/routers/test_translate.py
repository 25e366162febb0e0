"""LibreTranslate's wire, in JSON and forms, and its real client against a running server."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import httpx
import pytest
from libretranslatepy import LibreTranslateAPI

from app.models.access import Caller, Scope
from tests.fakes.openai_server import OpenAIServer, Reply
from tests.fakes.translator import asked, translated
from tests.routers.fakes import FakeServices
from tests.routers.sse_client import Stream
from tests.routers.translating import opened

pytestmark = pytest.mark.anyio
ALICE, BOB = (Caller(f"key:{name}", frozenset({Scope.TRANSLATE}), (name,)) for name in ("alice", "bob"))


@pytest.fixture(autouse=True)
async def real(services: FakeServices, tmp_path: Path, openai: OpenAIServer) -> AsyncIterator[None]:
    openai.reset()
    openai.default = Reply(translated, piece=4000)
    async with opened(services, tmp_path, openai.base_url):
        yield


async def ask(client: httpx.AsyncClient, form: bool = False, **fields: Any) -> httpx.Response:
    body = {"source": "en", "target": "de"} | fields
    return await (client.post("/translate", data=body) if form else client.post("/translate", json=body))


def refused(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert said in response.json()["error"]


# ---------------------------------------------------------------- the wire


@pytest.mark.parametrize("form", [False, True])
async def test_a_text_gives_a_text(client: httpx.AsyncClient, form: bool) -> None:
    assert (await ask(client, form, q="Good morning")).json() == {"translatedText": "Goodo morningo"}


async def test_a_list_gives_a_list_and_never_shares_a_shape_with_a_text(client: httpx.AsyncClient) -> None:
    for q in ("Good morning", ["Good morning"], ["Good morning", "", "Good day", "Good morning"], [], "Good morning"):
        found = (await ask(client, q=q)).json()["translatedText"]
        want = {"Good morning": "Goodo morningo", "": "", "Good day": "Goodo dayo"}
        assert found == (want[q] if isinstance(q, str) else [want[item] for item in q])


async def test_each_text_of_a_list_is_recognized_by_itself(client: httpx.AsyncClient) -> None:
    texts = [
        "The ship leaves the harbour early in the morning.",
        "Das Schiff verlässt den Hafen früh am Morgen.",
        "轮船一早离开港口。",
        "Корабль уходит из порта рано утром.",
    ]
    found = (await ask(client, q=texts, source="auto")).json()
    assert [item["language"] for item in found["detectedLanguage"]] == ["en", "de", "zh-Hans", "ru"]
    assert all(0 < item["confidence"] <= 100 for item in found["detectedLanguage"])
    assert found["translatedText"][1] == texts[1]  # German already
    alone = (await ask(client, q=texts[2], source="auto")).json()
    assert alone["detectedLanguage"]["language"] == "zh-Hans"


async def test_text_without_letters_is_given_back(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    found = (await ask(client, q="12.50 €\n\n—", source="auto")).json()
    assert found == {"translatedText": "12.50 €\n\n—", "detectedLanguage": {"confidence": 0.0, "language": "en"}}
    assert openai.requests == []


async def test_html_keeps_its_tags_attributes_and_entities(client: httpx.AsyncClient) -> None:
    q = '<p class="x">Fish &amp; <b>chips</b><br>for 2 &lt; 3</p><script>let a = "words";</script><!-- note -->'
    found = (await ask(client, q=q, format="html")).json()["translatedText"]
    want = '<p class="x">Fisho &amp; <b>chipso</b><br>foro 2 &lt; 3</p><script>let a = "words";</script><!-- note -->'
    assert found == want


async def test_what_a_model_says_in_tags_stays_text(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    evil = "Fische<script>alert()</script> schwimmen"
    openai.default = Reply(json.dumps({"segments": [{"id": 1, "text": evil}]}))
    found = (await ask(client, q="<p>Fish swim</p>", format="html")).json()["translatedText"]
    assert found == "<p>Fische&lt;script&gt;alert()&lt;/script&gt; schwimmen</p>"


@pytest.mark.parametrize("form", [False, True])
async def test_alternatives(client: httpx.AsyncClient, form: bool) -> None:
    found = (await ask(client, form, q="Good morning", alternatives=2)).json()
    assert found["alternatives"] == ["Goodo morningo!", "Goodo morningo?!"]
    several = (await ask(client, q=["Good morning", "7"], alternatives=1)).json()
    assert several["alternatives"] == [["Goodo morningo!"], []]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("pb", "Portuguese (Brazil)"), ("zh", "Chinese (simplified)"), ("zt", "Chinese (traditional)"),
        ("ZH-Hant", "Chinese (traditional)"),
    ],
)  # fmt: skip
async def test_older_codes_are_known(client: httpx.AsyncClient, openai: OpenAIServer, code: str, name: str) -> None:
    assert (await ask(client, q="Good morning", target=code)).is_success
    assert f"into {name}." in openai.requests[0].body["messages"][0]["content"]


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("missing", ["q", "source", "target"])
async def test_a_missing_parameter(client: httpx.AsyncClient, form: bool, missing: str) -> None:
    body = {"q": "a", "source": "en", "target": "de"}
    del body[missing]
    response = await (client.post("/translate", data=body) if form else client.post("/translate", json=body))
    refused(response, 400, f"Invalid request: missing {missing} parameter")


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "xx"}, {"source": "tlh"}, {"target": "../etc"}, {"q": 1}, {"q": {"a": 1}}, {"q": ["a", None]},
        {"q": ["a"] * 101}, {"format": "pdf"}, {"alternatives": -1}, {"alternatives": 11}, {"q": "a\0b"},
        {"q": "x" * 100_001}, {"glossary": {"": "a"}}, {"glossary": 3}, {"glossary": {"a": "b", "A": "c"}},
    ],
)  # fmt: skip
async def test_a_wrong_parameter(client: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    response = await ask(client, **{"q": "a"} | wrong)
    assert response.status_code == 400, response.text
    assert response.json().keys() == {"error"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'"a"', b"\xff", b"[" * 50_000])
async def test_a_body_that_is_none(client: httpx.AsyncClient, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    refused(await client.post("/translate", content=content, headers=headers), 400, "")


async def test_without_a_model_it_says_what_to_set_and_the_rest_works(
    client: httpx.AsyncClient, services: FakeServices, tmp_path: Path
) -> None:
    async with opened(services, tmp_path, None):
        response = await ask(client, q="Good morning")
        refused(response, 503, "OPENAI_API_KEY")
        assert "OPENAI_BASE_URL" in response.json()["error"]
        assert (await client.get("/languages")).is_success
        found = (await client.post("/detect", json={"q": "Guten Morgen, wie geht es Ihnen heute?"})).json()
        assert found[0]["language"] == "de"


async def test_a_segment_that_fails_is_never_passed_off(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    def echoing(body: dict[str, Any]) -> str:
        items = json.loads(translated(body))["segments"]
        for item, sent in zip(items, asked(body)["segments"], strict=True):
            if "harbour" in sent["text"]:
                item["text"] = sent["text"]
        return json.dumps({"segments": items})

    openai.default = Reply(echoing, piece=4000)
    q = "Good morning.\nThe harbour is closed for today."
    refused(await ask(client, q=q), 500, "echoed")
    found = (await ask(client, q=q, partial=True)).json()
    assert found["translatedText"] == "Goodo morningo.\nThe harbour is closed for today."
    assert found["failed"] == [{"text": 0, "segment": "The harbour is closed for today.", "reason": "echoed"}]


async def test_glossaries_are_honoured_and_what_is_not_is_told(client: httpx.AsyncClient) -> None:
    terms = {"morning": "Morgen", "DocuBot": None}
    found = (await ask(client, q="A morning with DocuBot", glossary=terms)).json()
    assert found == {"translatedText": "Ao Morgen witho DocuBot", "missed_terms": []}
    made = {"name": "greetings", "source": "en", "target": "de", "terms": [{"source": "day", "target": "Tag"}]}
    assert (await client.post("/glossaries", json=made)).status_code == 201
    assert (await ask(client, q="Good day", glossary="greetings")).json()["translatedText"] == "Goodo Tag"
    refused(await ask(client, q="Good day", glossary="nothing"), 404, "No such glossary")
    refused(await ask(client, q="Good day", target="fr", glossary="greetings"), 400, "into de")


async def test_a_suggestion_goes_before_the_model(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    body = {"q": "Good morning to 5 kg of fish", "s": "Moin, 5 kg Fisch", "source": "en", "target": "de"}
    assert (await client.post("/suggest", data=body)).json() == {"success": True}
    assert (await ask(client, q="Good morning to 5 kg of fish")).json()["translatedText"] == "Moin, 5 kg Fisch"
    assert (await ask(client, q="Good morning to 7 kg of fish")).json()["translatedText"] == "Moin, 7 kg Fisch"
    assert openai.requests == []
    refused(await client.post("/suggest", data=body | {"s": "Moin"}), 400, "must keep")
    services_say_no = await client.post("/suggest", json={"q": "a"})
    refused(services_say_no, 400, "missing s parameter")


async def test_languages(client: httpx.AsyncClient) -> None:
    found = (await client.get("/languages")).json()
    assert {"pt-BR", "zh-Hans", "zh-Hant", "ar", "hi", "en"} <= {item["code"] for item in found}
    for item in found:
        assert item.keys() == {"code", "name", "targets"}
        assert len(item["targets"]) == len(found) - 1
        assert item["code"] not in item["targets"]


async def test_frontend_settings(client: httpx.AsyncClient) -> None:
    found = (await client.get("/frontend/settings")).json()
    assert found["charLimit"] == 100_000
    assert (found["keyRequired"], found["filesTranslation"]) == (False, True)
    assert found["supportedFilesFormat"] == [".txt", ".md", ".html", ".htm", ".docx", ".pptx", ".pdf"]
    assert found["language"]["source"] == {"code": "auto", "name": "Auto Detect"}


# ---------------------------------------------------------------- keys


async def test_the_key_may_stand_in_the_body(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.access.caller = None
    services.access.keys = {"dk_alice": ALICE}
    refused(await ask(client, q="a fine day"), 400, "key")
    refused(await ask(client, q="a fine day", api_key="dk_wrong"), 403, "")
    for form in (False, True):
        assert (await ask(client, form, q="a fine day", api_key="dk_alice")).is_success
    file = {"file": ("a.txt", b"a fine day")}
    fields = {"source": "en", "target": "de"}
    refused(await client.post("/translate_file", files=file, data=fields), 400, "key")
    done = await client.post("/translate_file", files=file, data=fields | {"api_key": "dk_alice"})
    url = done.json()["translatedFileUrl"]
    refused(await client.get(url), 400, "key")
    assert (await client.get(url, headers={"X-API-Key": "dk_alice"})).text == "ao fineo dayo"


async def test_nothing_crosses_from_one_tenant_to_another(
    client: httpx.AsyncClient, services: FakeServices, openai: OpenAIServer
) -> None:
    services.access.caller = None
    services.access.keys = {"dk_alice": ALICE, "dk_bob": BOB}
    alice, bob = ({"X-API-Key": key} for key in services.access.keys)
    body = {"q": "a secret plan", "source": "en", "target": "de"}
    await client.post("/translate", json=body, headers=alice)
    await client.post("/translate", json=body, headers=alice)
    assert len(openai.requests) == 1
    await client.post("/translate", json=body, headers=bob)
    assert len(openai.requests) == 2
    await client.post("/glossaries", json={"name": "mine", "terms": []}, headers=alice)
    assert (await client.get("/glossaries", headers=bob)).json()["items"] == []
    assert (await client.get("/glossaries/mine", headers=bob)).status_code == 404
    file = {"file": ("a.txt", b"a secret plan")}
    made = await client.post("/translate_file", files=file, data={"source": "en", "target": "de"}, headers=alice)
    refused(await client.get(made.json()["translatedFileUrl"], headers=bob), 404, "No such translation")


# ---------------------------------------------------------------- streams


async def test_a_stream_tells_each_segment_in_order_and_ends_with_the_whole(client: httpx.AsyncClient) -> None:
    q = ["Good morning.\nGood day.", "Good night."]
    async with client.stream("POST", "/translate", json={"q": q, "source": "en", "target": "de", "stream": True}) as r:
        events = await Stream(r).rest()
    assert [event.name for event in events] == ["segment"] * 3 + ["done"]
    told = [event.data for event in events]
    assert [(item["text"], item["translation"]) for item in told[:3]] == [
        (0, "Goodo morningo."), (0, "Goodo dayo."), (1, "Goodo nighto."),
    ]  # fmt: skip
    assert told[3]["translatedText"] == ["Goodo morningo.\nGoodo dayo.", "Goodo nighto."]
    for item in told[:3]:
        assert told[3]["translatedText"][item["text"]][item["start"] : item["end"]] == item["translation"]


async def test_a_stream_tells_of_its_failure(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    openai.default = Reply(status=500)
    body = {"q": "Good morning", "source": "en", "target": "de", "stream": True}
    async with client.stream("POST", "/translate", json=body) as response:
        events = await Stream(response).rest()
    assert [event.name for event in events] == ["error"]
    assert events[0].data["code"] == "llm_unavailable"


# ---------------------------------------------------------------- the real client


async def test_libretranslates_client(server: tuple[str, int], services: FakeServices) -> None:
    services.access.caller = None
    services.access.keys = {"dk_alice": ALICE}
    url = f"http://{server[0]}:{server[1]}"

    def calls() -> None:
        known, unknown = LibreTranslateAPI(url, "dk_alice"), LibreTranslateAPI(url, "dk_nobody")
        assert known.translate("Good morning & good day?", "en", "de") == "Goodo morningo & goodo dayo?"
        assert known.translate("早上好，今天天气很好。", "auto", "en") == "wordo，wordo。"
        assert known.detect("Guten Morgen, wie geht es Ihnen heute?")[0]["language"] == "de"
        assert {"code", "name", "targets"} == known.languages()[0].keys()
        with pytest.raises(HTTPError) as refusal:
            unknown.translate("Good morning", "en", "de")
        assert refusal.value.code == 403
        assert "error" in json.load(refusal.value)

    await asyncio.to_thread(calls)
