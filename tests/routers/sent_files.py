"""Files for LibreTranslate's wire, sent, downloaded and read."""

import io
import json
from typing import Any

import httpx
import pikepdf
import pptx
import pypdfium2 as pdfium
from reportlab.pdfgen.canvas import Canvas

from tests.adapters.parsers import pdfs, scans
from tests.fakes.openai_server import Reply
from tests.fakes.translator import asked, translated

EN_DE = {"source": "en", "target": "de"}
HARBOUR = "The harbour opens early in the morning"


def pdf(*pages: str) -> bytes:
    return pdfs.make([pdfs.lines(page) for page in pages])


def half_scanned() -> bytes:
    """A page of text, and one that is a picture of text."""
    with (
        pikepdf.open(io.BytesIO(pdf(HARBOUR))) as book,
        pikepdf.open(io.BytesIO(scans.pdf([scans.page("Ships")]))) as other,
    ):
        book.pages.extend(other.pages)
        return saved(book)


def turned(page: int, *, text: str = "") -> bytes:
    """A page of text, and one with a line on its side beside `text`, itself shown turned by that many degrees."""
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=True)
    canvas.drawString(72, 740, HARBOUR)
    canvas.showPage()
    canvas.setPageRotation(page)
    canvas.drawString(72, 740, text)
    canvas.translate(300, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Tide table of the year")
    canvas.save()
    return stream.getvalue()


def saved(book: pikepdf.Pdf, **more: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream, **more)
    return stream.getvalue()


def locked() -> bytes:
    with pikepdf.open(io.BytesIO(pdf(HARBOUR))) as book:
        return saved(book, encryption=pikepdf.Encryption(owner="owner", user="пароль"))


async def send(client: httpx.AsyncClient, name: str, content: bytes, **fields: str) -> httpx.Response:
    return await client.post("/translate_file", files={"file": (name, content)}, data=EN_DE | fields)


async def back(client: httpx.AsyncClient, name: str, content: bytes, **fields: str) -> httpx.Response:
    """The download."""
    done = await send(client, name, content, **fields)
    assert done.status_code == 200, done.text
    assert done.json().keys() == {"translatedFileUrl"}
    return await client.get(done.json()["translatedFileUrl"])


def refused(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"}
    assert said in response.json()["error"]


def text_of(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    found = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return found.replace("\u200b", "")


def words_of(slides: bytes) -> str:
    found = pptx.Presentation(io.BytesIO(slides)).slides
    return "\n".join(shape.text_frame.text for slide in found for shape in slide.shapes if shape.has_text_frame)


def stubborn(word: str) -> Reply:
    """A model that has nothing to say to what holds the word."""

    def reply(body: dict[str, Any]) -> str:
        items = json.loads(translated(body))["segments"]
        for item, sent in zip(items, asked(body)["segments"], strict=True):
            if word in sent["text"]:
                item["text"] = "<g7>"
        return json.dumps({"segments": items})

    return Reply(reply, piece=4000)
