"""Word, PowerPoint and PDF files that are translated in their format outlive a cancel, kill -9 and failed segments."""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import docx
import pptx
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.fakes.openai_server import Body, OpenAIServer, Reply, running
from tests.fakes.translator import asked, translated
from tests.server.process import ServerProcess

_COUNT = 120
_BATCH = 16
_BEFORE = 3
"""Calls that the model answers before it falls silent: fewer than any document needs."""
_ENDED = ("succeeded", "succeeded_with_warnings", "failed", "cancelled")


def lines(kind: str) -> list[str]:
    names = [f"{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(_COUNT)]
    return [f"The {kind} sheep {name} sleeps in the long grass." for name in names]


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def letter(texts: list[str]) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def slides(texts: list[str]) -> bytes:
    presentation = pptx.Presentation()
    for first in range(0, len(texts), 10):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.placeholders[1].text_frame.text = "\n".join(texts[first : first + 10])
    return saved(presentation)


def sheets(texts: list[str]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=True)
    for number, text in enumerate(texts):
        canvas.drawString(72, 740 - 30 * (number % 20), text)
        if number % 20 == 19:
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def letter_lines(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def slide_lines(data: bytes) -> list[str]:
    slides = pptx.Presentation(io.BytesIO(data)).slides
    return [paragraph.text for slide in slides for paragraph in slide.placeholders[1].text_frame.paragraphs]


def sheet_lines(data: bytes) -> list[str]:
    return [line for page in pdfium.PdfDocument(data) for line in page.get_textpage().get_text_bounded().splitlines()]


KINDS: Mapping[str, tuple[Callable[[list[str]], bytes], Callable[[bytes], list[str]]]] = {
    "docx": (letter, letter_lines),
    "pptx": (slides, slide_lines),
    "pdf": (sheets, sheet_lines),
}


@pytest.fixture
def openai() -> Iterator[OpenAIServer]:
    with running() as fake:
        yield fake


class Flock:
    """One document of each kind, and its translation into German."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        documents = {kind: server.upload(f"sheep.{kind}", make(lines(kind))) for kind, (make, _) in KINDS.items()}
        server.settled()
        self.paths = {kind: self._asked(document["id"], kind) for kind, document in documents.items()}

    def _asked(self, identity: str, kind: str) -> str:
        made = self.server.http.post(f"/documents/{identity}/translate", json={"target": "de", "output": kind})
        return f"/documents/{identity}/translations/{made.raise_for_status().json()['id']}"

    def told(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.server.http.get(self.paths[kind]).raise_for_status().json()
        return found

    def retry(self, kind: str) -> None:
        self.server.http.post(f"{self.paths[kind]}/retry").raise_for_status()

    def ended(self, kind: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while (found := self.told(kind))["status"] not in _ENDED and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def lacks(self, kind: str, expected: list[str]) -> list[str]:
        """Those that are not in its file exactly once. A PDF's lines may be broken, and are in no order."""
        said = KINDS[kind][1](self.server.http.get(f"{self.paths[kind]}/file").raise_for_status().content)
        assert kind == "pdf" or said == expected
        return [text for text in expected if " ".join(said).count(text) != 1]


def german(text: str) -> str:
    return text.replace(" ", "o ").replace(".", "o.")


class Model:
    """Answers a few calls and then none, or all of them; `stubborn` is what it never translates."""

    def __init__(self, openai: OpenAIServer) -> None:
        self._openai = openai
        self.stubborn = " sheep da "
        self.paid: list[str] = []
        openai.default = Reply(hang=True)

    def answer_some(self) -> None:
        self._openai.script(*[Reply(self._said, piece=4000)] * _BEFORE)

    def answer_all(self) -> None:
        self._openai.default = Reply(self._said, piece=4000)

    def _said(self, body: Body) -> str:
        said, sent = json.loads(translated(body))["segments"], asked(body)["segments"]
        for one, item in zip(said, sent, strict=True):
            if self.stubborn in item["text"]:
                one["text"] = item["text"]
        self.paid += [item["text"] for item in sent]
        return json.dumps({"segments": said})

    def paid_for(self, kind: str) -> list[str]:
        return [text for text in self.paid if f" {kind} " in text]


def test_in_every_format_it_outlives_a_cancel_a_kill_and_failed_segments(
    server: ServerProcess, openai: OpenAIServer
) -> None:
    server.settings |= {"OPENAI_BASE_URL": openai.base_url, "LLM_MODEL": "fake", "INGEST_WORKERS": "3"}
    model = Model(openai)
    model.answer_some()
    flock = Flock(server.start())
    assert openai.wait_until_active(2 * len(KINDS), 60)
    for kind in KINDS:
        server.http.post(f"/jobs/{flock.told(kind)['job_id']}/cancel").raise_for_status()
        assert flock.ended(kind)["status"] == "cancelled"
        assert server.http.get(f"{flock.paths[kind]}/file").status_code == 409
    assert openai.wait_until_idle()
    model.answer_some()
    for kind in KINDS:
        flock.retry(kind)
    assert openai.wait_until_active(2 * len(KINDS), 60)
    assert all(flock.told(kind)["status"] == "running" for kind in KINDS)
    server.kill()
    assert openai.wait_until_idle()
    model.answer_all()
    server.start()
    for kind in KINDS:
        [stubborn] = [text for text in lines(kind) if model.stubborn in text]
        done = flock.ended(kind)
        assert (done["status"], done["report"]["failed"]) == ("succeeded_with_warnings", 1)
        assert [failure["text"] for failure in done["report"]["failures"]] == [stubborn]
        assert not flock.lacks(kind, [text if text == stubborn else german(text) for text in lines(kind)])
        assert set(model.paid_for(kind)) == set(lines(kind))
    asked_again = 2 * len(KINDS)  # once more for what was echoed, and a whole batch had been answered as the job ended
    assert len(model.paid) <= _COUNT * len(KINDS) + asked_again + 2 * _BEFORE * _BATCH
    model.paid, model.stubborn = [], "nothing"
    for kind in KINDS:
        flock.retry(kind)
        assert flock.ended(kind)["status"] == "succeeded"
        assert not flock.lacks(kind, list(map(german, lines(kind))))
        assert model.paid_for(kind) == [text for text in lines(kind) if " sheep da " in text]
