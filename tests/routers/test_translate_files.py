"""Files over LibreTranslate's wire: each format in and out, and no file that is not what it is given out as."""

import asyncio
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import docx
import httpx
import pytest

from app.logic.containers import DOCX, PPTX
from app.models.access import Caller, Scope
from tests.adapters.parsers import makers, pdfs, scans
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.translator import asked
from tests.routers.fakes import FakeServices
from tests.routers.sent_files import EN_DE, HARBOUR, back, pdf, refused, send, text_of, words_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("translating_files")]
ALICE, BOB = (Caller(f"key:{name}", frozenset({Scope.TRANSLATE}), (name,)) for name in ("alice", "bob"))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


# ---------------------------------------------------------------- each format


@pytest.mark.parametrize(
    ("name", "content", "want"),
    [
        ("a.txt", "Good morning\r\n\r\n  12 ships", "Goodo morningo\r\n\r\n  12 shipso"),
        ("b.md", "# Good *day*\n\n```\ncode here\n```\n", "# Goodo *dayo*\n\n```\ncode here\n```\n"),
        ("c.html", "<h1>Good day</h1>", "<h1>Goodo dayo</h1>"),
        ("d.txt", "A PDF begins with %PDF-1.7", "Ao PDFo beginso witho %PDFo-1.7"),
    ],
)
async def test_text_comes_back_in_its_form(client: httpx.AsyncClient, name: str, content: str, want: str) -> None:
    download = await back(client, name, content.encode())
    assert download.content.decode() == want
    stem, _, suffix = name.partition(".")
    assert download.headers["content-disposition"] == f'attachment; filename="{stem}.de.{suffix}"'
    assert download.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("target", "word"), [("de", "Annualo reporto"), ("ar", "ترجم ترجم"), ("zh-Hans", "译 译")])
async def test_word_stays_word(client: httpx.AsyncClient, target: str, word: str) -> None:
    download = await back(client, "sales.docx", makers.word(), target=target)
    document = docx.Document(io.BytesIO(download.content))
    assert document.paragraphs[0].text == word
    assert document.paragraphs[0].style.name == "Title"
    assert document.tables[0].cell(1, 1).text == "1,200"
    assert download.headers["content-type"] == DOCX
    assert download.headers["content-disposition"] == f'attachment; filename="sales.{target}.docx"'


@pytest.mark.parametrize(("target", "word"), [("de", "Saleso"), ("ar", "ترجم"), ("zh-Hans", "译")])
async def test_slides_stay_slides(client: httpx.AsyncClient, target: str, word: str) -> None:
    download = await back(client, "Übersicht.PPTX", makers.slides(), target=target)
    assert words_of(download.content).startswith(word)
    assert download.headers["content-type"] == PPTX
    assert f"%C3%9Cbersicht.{target}.PPTX" in download.headers["content-disposition"]


@pytest.mark.parametrize(("target", "word"), [("de", "harbouro"), ("ar", "ترجم"), ("zh-Hans", "译")])
async def test_a_pdf_stays_a_pdf(client: httpx.AsyncClient, target: str, word: str) -> None:
    download = await back(client, "harbour.pdf", pdf(HARBOUR, "Ships pay by the day"), target=target)
    found = text_of(download.content)
    assert word in found.replace(" ", "")  # pdfium sees gaps between joined letters
    assert "opens early" not in found
    assert download.content.startswith(b"%PDF-")
    assert download.headers["content-type"] == "application/pdf"
    assert download.headers["content-disposition"] == f'attachment; filename="harbour.{target}.pdf"'


@pytest.mark.parametrize(
    ("target", "head", "want"),
    [
        ("ar", b'<html lang="en"><meta charset="windows-1252">', '<html dir="rtl" lang="ar"><meta charset="utf-8">'),
        ("de", b"<!doctype html><html dir=rtl lang=ar>", '<!doctype html><html dir="ltr" lang="de">'),
        (
            "de",
            b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"></head><body>',
            '<html lang="de"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>',
        ),
        (
            "zh",
            b'<?xml version="1.0" encoding="ISO-8859-1"?><html xml:lang="en" lang="en"><body dir="rtl" lang="en">',
            '<?xml version="1.0" encoding="UTF-8"?><html xml:lang="zh-Hans" lang="zh-Hans"><body dir="rtl" lang="en">',
        ),
        ("de", b"<p lang=fr><meta name=a>", "<p lang=fr><meta name=a>"),
    ],
)
async def test_a_page_says_what_it_is_now(client: httpx.AsyncClient, target: str, head: bytes, want: str) -> None:
    """The encoding it is read by, the language it is spoken in, the side it begins on."""
    found = (await back(client, "a.html", head + b"Good day", target=target)).content.decode()
    assert found.startswith(want)
    assert "Good" not in found.removesuffix("Goodo dayo")


async def test_the_language_of_each_page_is_recognized(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    german = " ".join(["Der Hafen öffnet am frühen Morgen und schließt am Abend, wenn die Schiffe fort sind."] * 3)
    english = " ".join(["The harbour opens in the morning and is closed when the ships have left at night."] * 3)
    pages = [pdfs.lines(*(text[start : start + 85] for start in range(0, len(text), 85))) for text in (english, german)]
    download = await back(client, "two.pdf", pdfs.make(pages), source="auto")
    assert "harbouro" in text_of(download.content)
    assert "Der Hafen öffnet" in text_of(download.content)  # German already
    assert all("Hafen" not in item["text"] for sent in openai.requests for item in asked(sent.body)["segments"])


async def test_what_was_translated_is_not_paid_for_twice(client: httpx.AsyncClient, openai: OpenAIServer) -> None:
    await back(client, "a.docx", makers.word())
    paid = len(openai.requests)
    assert paid
    await back(client, "b.docx", makers.word())
    assert len(openai.requests) == paid


# ---------------------------------------------------------------- downloads


async def test_a_download_is_for_its_tenant(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.access.caller = None
    services.access.keys = {"dk_alice": ALICE, "dk_bob": BOB}
    refused(await send(client, "a.docx", makers.word()), 400, "key")
    done = await send(client, "a.docx", makers.word(), api_key="dk_alice")
    url = done.json()["translatedFileUrl"]
    assert url.endswith(".docx")
    refused(await client.get(url), 400, "key")
    refused(await client.get(url, headers={"X-API-Key": "dk_carol"}), 403, "")
    refused(await client.get(url, headers={"X-API-Key": "dk_bob"}), 404, "No such translation")
    assert (await client.get(url, headers={"X-API-Key": "dk_alice"})).content.startswith(b"PK")


@pytest.mark.parametrize("name", ["x", "../../etc/passwd", "019ab8f2-6f0c-7a51-9d3e-2b8c41d07e55.docx"])
async def test_a_file_that_is_not_there(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/download_file/{name}")).status_code == 404


async def test_what_is_gone_is_made_again_by_sending_it(client: httpx.AsyncClient) -> None:
    gone = await client.get("/download_file/019ab8f2-6f0c-7a51-9d3e-2b8c41d07e55.docx")
    refused(gone, 404, "POST /translate_file again")


async def test_it_is_gone_after_its_time_though_nobody_sends_another(
    client: httpx.AsyncClient, services: FakeServices, tmp_path: Path
) -> None:
    old, new = [(await send(client, "a.txt", word)).json()["translatedFileUrl"] for word in (b"Ships", b"Boats")]
    identity = old.rpartition("/")[2].partition(".")[0]
    with closing(sqlite3.connect(tmp_path / "translating.sqlite3")) as database, database:
        database.execute(
            "UPDATE translated_files SET created_at = datetime(created_at, '-25 hours') WHERE id = ?", (identity,)
        )
    refused(await client.get(old), 404, "No such translation")
    assert await services.translated_files.delete_old() == 1
    assert (await client.get(new)).status_code == 200
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


async def test_nothing_of_the_original_stays(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    await back(client, "a.pdf", pdf(HARBOUR))
    await send(client, "a.pdf", scans.pdf([scans.page("Ships")]))
    assert list(folder.iterdir()) == []
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1  # the translation


# ---------------------------------------------------------------- over a socket


async def test_as_libretranslates_clients_send_it(server: tuple[str, int], services: FakeServices) -> None:
    """One form with the key in it, by HTTP/1.1, and the address that comes back."""
    services.access.caller = None
    services.access.keys = {"dk_alice": ALICE}
    url = f"http://{server[0]}:{server[1]}"

    def posted(key: str) -> str:
        fields = EN_DE | {"api_key": key}
        parts = [
            f'--edge\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
        ]
        head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="sales.docx"\r\n\r\n'
        body = b"".join([head, makers.word(), b"\r\n", *parts, b"--edge--\r\n"])
        sent = Request(f"{url}/translate_file", body, {"Content-Type": "multipart/form-data; boundary=edge"})
        with urlopen(sent, timeout=30) as answer:
            return str(json.load(answer)["translatedFileUrl"])

    def calls() -> None:
        address = posted("dk_alice")
        assert address.startswith(url)
        with urlopen(Request(address, headers={"X-API-Key": "dk_alice"}), timeout=30) as file:
            assert docx.Document(io.BytesIO(file.read())).paragraphs[0].text == "Annualo reporto"
        with pytest.raises(HTTPError) as refusal:
            posted("dk_nobody")
        with refusal.value as answer:
            assert answer.code == 403

    await asyncio.to_thread(calls)
