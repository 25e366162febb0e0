"""Files over LibreTranslate's wire: what is not what it is given out as, or would not come back whole, is refused."""

import io
import sys
from pathlib import Path

import docx
import httpx
import pytest

from app.adapters.parsers.sandbox import SandboxParser
from app.core.config import Settings
from tests.adapters.parsers import makers, pdfs, scans
from tests.fakes.openai_server import OpenAIServer, Reply
from tests.fakes.translator import asked, translated
from tests.routers.fakes import FakeServices
from tests.routers.sent_files import HARBOUR, back, half_scanned, locked, pdf, refused, send, stubborn, text_of, turned
from tests.routers.translating import opened

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("translating_files")]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", makers.workbook(), "POST /documents/{id}/translate"),
        ("a", b"Good morning", ".docx"),
        ("a.docx", b"Good morning", "By its name the file is Word, by its content plain text"),
        ("a.docx", pdf(HARBOUR), "by its content PDF"),
        ("a.docx", makers.slides(), "by its content PowerPoint"),
        ("a.pptx", makers.workbook(), "by its content Excel"),
        ("a.pdf", makers.word(), "by its content Word"),
        ("a.txt", makers.word(), "by its content Word"),
        ("a.md", pdf(HARBOUR), "by its content PDF"),
        ("a.docx", _OLE, "by its content of no format known here"),
        ("a.docx", _OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.pdf", locked(), "protected by a password"),
        ("a.docx", makers.word()[:9000], "Export it anew"),
        ("a.pdf", b"%PDF-1.7 and no more", "damaged"),
        ("a.docx", makers.repacked(makers.word(), "word/document.xml", b"<w:document"), "Export it anew"),
        ("a.docx", makers.without(makers.word(), "word/document.xml"), "Export it anew"),
        ("a.docx", makers.without(makers.word(), "[Content_Types].xml"), "Export it anew"),
        ("a.pptx", makers.without(makers.slides(), "[Content_Types].xml"), "Export it anew"),
        ("a.pdf", scans.pdf([scans.page("Ships")]), "may be a scan"),
        ("a.pdf", half_scanned(), "page(s) 2"),
        ("a.pdf", pdfs.make([[]]), "no text that could be translated"),
        ("a.pptx", makers.repacked(makers.slides(), "ppt/slides/slide1.xml", b"\0"), "damaged"),
        ("a.txt", b"\xff\xfa\x00", "UTF-8"),
        ("a.docx", b"", "no bytes"),
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_translated(
    client: httpx.AsyncClient, openai: OpenAIServer, name: str, content: bytes, said: str
) -> None:
    refused(await send(client, name, content), 400, said)
    assert openai.requests == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target": ""}, "missing target"),
        ({"source": ""}, "missing source"),
        ({"target": "xx"}, "not supported"),
        ({"partial": "perhaps"}, "partial"),
    ],
)
async def test_a_wrong_field(client: httpx.AsyncClient, fields: dict[str, str], said: str) -> None:
    refused(await send(client, "a.docx", makers.word(), **fields), 400, said)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", (HARBOUR + ".\n").encode() * 10),
        ("a.html", f"<p>{HARBOUR}</p>".encode() * 10),
        ("a.docx", makers.word()),
        ("a.pptx", makers.slides()),
        ("a.pdf", pdf(*[HARBOUR] * 10)),
    ],
)
async def test_a_file_that_is_too_long_is_for_a_job(
    client: httpx.AsyncClient,
    services: FakeServices,
    tmp_path: Path,
    openai: OpenAIServer,
    parser: SandboxParser,
    name: str,
    content: bytes,
) -> None:
    services.settings = Settings(_env_file=None, translate_max_characters=80)  # type: ignore[call-arg]
    async with opened(services, tmp_path, openai.base_url, parser):
        response = await send(client, name, content)
    refused(response, 400, "exceeds text limit (80)")
    assert "POST /upload and then POST /documents/{id}/translate" in response.json()["error"]
    assert openai.requests == []


async def test_a_file_that_is_too_large_is_for_a_job(client: httpx.AsyncClient) -> None:
    refused(await send(client, "a.docx", makers.word() + bytes(11 << 20)), 400, "POST /upload")


@pytest.mark.parametrize(("name", "content"), [("a.docx", makers.word()), ("a.pdf", pdf(HARBOUR))])
async def test_without_a_model_it_says_what_to_set(
    client: httpx.AsyncClient, services: FakeServices, tmp_path: Path, parser: SandboxParser, name: str, content: bytes
) -> None:
    async with opened(services, tmp_path, None, parser):
        refused(await send(client, name, content), 503, "OPENAI_API_KEY")


async def test_a_font_that_is_not_here_is_told_before_anything_is_paid_for(
    client: httpx.AsyncClient, openai: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "justmytype_intl_cjk", None)  # as if it were not installed
    refused(await send(client, "a.pdf", pdf(HARBOUR), target="zh-Hans"), 400, "docubot[cjk]")
    assert openai.requests == []
    assert (
        "译"
        in docx.Document(io.BytesIO((await back(client, "a.docx", makers.word(), target="zh")).content))
        .paragraphs[0]
        .text
    )


# ---------------------------------------------------------------- what is not whole


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.txt", b"Good morning.\nThe harbour is closed.", "harbour"),
        ("a.docx", makers.word(), "report"),
        ("a.pptx", makers.slides(), "region"),
        ("a.pdf", pdf(HARBOUR, "Ships pay by the day"), "harbour"),
    ],
)
async def test_a_segment_that_fails_is_never_passed_off(
    client: httpx.AsyncClient, openai: OpenAIServer, name: str, content: bytes, word: str
) -> None:
    openai.default = stubborn(word)
    refused(await send(client, name, content), 500, "1 segment(s) could not be translated (empty)")
    openai.requests.clear()
    done = await send(client, name, content, partial="true")
    [failed] = done.json()["failed"]
    assert word in failed["segment"]
    assert failed["reason"] == "empty"
    assert failed["page"] == {"a.pptx": 2, "a.pdf": 1}.get(name)
    assert len((await client.get(done.json()["translatedFileUrl"])).content) > 20
    openai.default = Reply(translated, piece=4000)
    openai.requests.clear()
    await back(client, name, content)
    [item] = [item for sent in openai.requests for item in asked(sent.body)["segments"]]
    assert word in item["text"]  # the rest was remembered


async def test_a_passage_without_a_place_is_never_passed_off(client: httpx.AsyncClient) -> None:
    words = [pdfs.Run(40 + 27 * column, 700 - 9 * row, "ab cd", 9) for column in range(19) for row in range(70)]
    tight = pdfs.make([words], page_entries="/Rotate 90")
    refused(await send(client, "a.pdf", tight), 500, "have no place in the file (not_editable; page(s) 1)")
    failed = (await send(client, "a.pdf", tight, partial="1")).json()["failed"]
    assert {item["reason"] for item in failed} == {"not_editable"}


async def test_a_turned_page_is_never_passed_off(client: httpx.AsyncClient) -> None:
    content = turned(90)
    refused(await send(client, "a.pdf", content), 500, "have no place in the file (not_editable; page(s) 2)")
    done = (await send(client, "a.pdf", content, partial="true")).json()
    assert done["failed"] == [{"page": 2, "segment": "Tideo tableo ofo theo yearo", "reason": "not_editable"}]


async def test_a_line_on_its_side_stays_and_is_listed(client: httpx.AsyncClient) -> None:
    content = turned(0, text=HARBOUR)
    assert (await send(client, "a.pdf", content)).status_code == 200
    done = (await send(client, "a.pdf", content, partial="true")).json()
    assert done["failed"] == [{"page": 2, "segment": "Tideo tableo ofo theo yearo", "reason": "turned"}]
    found = text_of((await client.get(done["translatedFileUrl"])).content)
    assert "harbouro" in found
    assert "Tide table of the year" in found


async def test_pages_that_show_no_text_are_told(client: httpx.AsyncClient) -> None:
    done = (await send(client, "a.pdf", half_scanned(), partial="true")).json()
    assert done["failed"] == [{"page": 2, "segment": "", "reason": "no_text_layer"}]
    assert "harbouro" in text_of((await client.get(done["translatedFileUrl"])).content)
