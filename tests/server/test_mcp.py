"""The Model Context Protocol as the SDK's own client speaks it, over HTTP and over stdin and stdout."""

import base64
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from tests.fakes.openai_server import Reply, running
from tests.fakes.translator import translated
from tests.server.process import ROOT, SAMPLES, Served, ServerProcess

pytestmark = pytest.mark.anyio
QUESTION = "What was research and development expense in 2024?"


def over(transport: str, server: Served) -> Any:
    address = f"http://127.0.0.1:{server.port}"
    if transport == "http":
        return f"{address}/mcp"
    command = ["-m", "app.cli", "mcp", "--server", address]
    return StdioServerParameters(command=sys.executable, args=command, cwd=ROOT, env=dict(os.environ))


@pytest.fixture(params=["http", "stdio"])
def target(request: pytest.FixtureRequest, filled: Served) -> Any:
    return over(request.param, filled)


async def test_it_lists_calls_and_reads_everything(filled: Served, target: Any) -> None:
    async with Client(target) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"search", "ask", "list_documents", "get_page", "upload", "translate"}
        assert all(tool.output_schema and tool.description for tool in tools.values())

        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        assert answer is not None
        assert {"answer", "status", "citations"} <= set(answer)
        found = (await client.call_tool("search", {"query": QUESTION, "limit": 3})).structured_content
        assert found is not None
        best = found["passages"][0]
        assert best["filename"] == "aurora-annual-report-2025.pdf"

        listed = (await client.call_tool("list_documents", {})).structured_content
        assert listed is not None
        assert {item["filename"] for item in listed["documents"]} == {path.name for path in SAMPLES.glob("*.pdf")}
        where = {"document_id": best["document_id"], "page": best["page"]}
        page = (await client.call_tool("get_page", where)).structured_content
        assert page is not None
        stored = filled.http.get(f"/documents/{best['document_id']}/pages/{best['page']}").json()
        assert page["text"] == stored["text"]

        resources = {item.name: item.uri for item in (await client.list_resources()).resources}
        assert resources.keys() == {path.name for path in SAMPLES.glob("*.pdf")}
        assert str(resources[best["filename"]]) == f"docubot://documents/{best['document_id']}"
        with pytest.raises(MCPError):
            await client.list_resources(cursor="x")
        templates = (await client.list_resource_templates()).resource_templates
        assert len(templates) == 2
        uri = f"docubot://documents/{best['document_id']}"
        whole: Any = (await client.read_resource(uri)).contents[0]
        single: Any = (await client.read_resource(f"{uri}/pages/{best['page']}")).contents[0]
        assert single.text == stored["text"]
        assert single.text in whole.text


async def test_wrong_arguments_are_errors_that_say_what_to_do(target: Any) -> None:
    async with Client(target) as client:
        wrong: list[tuple[str, dict[str, Any], str]] = [
            ("ask", {}, "question"),
            ("ask", {"question": QUESTION, "mode": "guess"}, "mode"),
            ("ask", {"question": QUESTION, "collection": "none"}, "collection_not_found"),
            ("search", {"query": "x", "limit": 0}, "limit"),
            ("list_documents", {"cursor": "x"}, "cursor"),
            ("get_page", {"document_id": "../etc", "page": 1}, "document_not_found"),
            ("upload", {"filename": "a.exe", "content": "TVqQAA==", "encoding": "base64"}, "unsupported_media_type"),
            ("upload", {"filename": "a.pdf", "content": "%%%", "encoding": "base64"}, "base64"),
            ("translate", {"text": "Good morning", "target": "de"}, "llm_not_configured"),
        ]
        for name, arguments, said in wrong:
            result = await client.call_tool(name, arguments)
            assert result.is_error, name
            assert said in str(result.content), (name, result.content)
        for uri in ("docubot://documents/x", "docubot://documents/" + "0" * 36 + "/pages/1", "docubot://nothing"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)


class Seen(list[tuple[float, str | None]]):
    """What a client was told of progress."""

    async def note(self, done: float, total: float | None, message: str | None) -> None:
        self.append((done, message))

    @property
    def messages(self) -> list[str | None]:
        assert [done for done, _ in self] == sorted({done for done, _ in self})  # it grows
        return [message for _, message in self]


async def test_an_answer_tells_what_it_found_and_cites(target: Any) -> None:
    seen = Seen()
    async with Client(target) as client:
        answer = (await client.call_tool("ask", {"question": QUESTION}, progress_callback=seen.note)).structured_content
    assert answer is not None
    assert str(seen.messages[0]).endswith("passages found")
    assert seen.messages[1:] == ["aurora-annual-report-2025.pdf, page 3"] * len(answer["citations"])


async def test_a_translation_tells_each_segment(server: ServerProcess) -> None:
    with running() as model:
        model.default = Reply(translated)
        server.settings |= {"OPENAI_BASE_URL": model.base_url, "LLM_MODEL": "fake"}
        server.start()
        seen = Seen()
        async with Client(over("http", server)) as client:
            arguments = {"text": "Good morning.\n\nThe tide turns.", "source": "en", "target": "de"}
            made = await client.call_tool("translate", arguments, progress_callback=seen.note)
        assert made.structured_content is not None
        assert made.structured_content["text"] == "Goodo morningo.\n\nTheo tideo turnso."
        assert seen.messages == ["segment 1", "segment 2"]


@pytest.mark.parametrize("transport", ["http", "stdio"])
async def test_an_upload_tells_how_far_it_is(running: Served, transport: str) -> None:
    seen = Seen()
    async with Client(over(transport, running)) as client:
        content = base64.b64encode(Path(SAMPLES / "customer-charter.pdf").read_bytes()).decode()
        arguments = {
            "filename": "章程.pdf",
            "content": content,
            "encoding": "base64",
            "collection": f"规章 {transport}",
        }
        made = (await client.call_tool("upload", arguments, progress_callback=seen.note)).structured_content
        assert made is not None
        assert (made["status"], made["filename"], made["duplicate"]) == ("ready", "章程.pdf", False)
        assert len(seen.messages) > 2
        assert seen[-1][0] == 1.0
        again = (await client.call_tool("upload", arguments)).structured_content
        assert again is not None
        assert again["duplicate"]
        asked = {"query": "退款需要多少个工作日?", "collection": f"规章 {transport}"}
        found = (await client.call_tool("search", asked)).structured_content
        assert found is not None
        assert "十个工作日" in str(found)
