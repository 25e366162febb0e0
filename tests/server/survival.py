"""Files of many formats that come in while something is killed, and what must be true of them in the end."""

import io
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import psutil
from reportlab.pdfgen.canvas import Canvas

from tests.server.process import ROOT, Served, ServerProcess

_UNDER_WAY = ("queued", "processing", "searchable")
MUST_BE_EMPTY = {
    "chunks that exist twice": "SELECT version_id, ordinal FROM chunks GROUP BY 1, 2 HAVING count(*) > 1",
    "vectors without a chunk": "SELECT chunk_id FROM chunk_vectors WHERE chunk_id NOT IN (SELECT id FROM chunks)",
    "chunks without a vector": "SELECT id FROM chunks WHERE id NOT IN (SELECT chunk_id FROM chunk_vectors)",
    "bytes that two documents have": "SELECT sha256 FROM versions GROUP BY 1 HAVING count(*) > 1",
    "jobs without an end": "SELECT 1 FROM jobs WHERE status IN ('queued', 'running') AND run_after < current_timestamp",
}


def mixed_files(count: int, chance: random.Random) -> dict[str, bytes]:
    """Files of six formats by name, some of many chunks. Number N begins with alphaN and ends with omegaN."""
    makers = (_text, _markdown, _table, _page, _letter, _pdf)
    files = {}
    for number in range(count):
        maker = makers[number % len(makers)]
        salt = chance.randrange(1 << 30)
        lines = [f"Keeper {number} of rock {salt} counted {salt + k} ships in night {k}." for k in range(40)]
        lines = [f"This begins with alpha{number}.", *lines[: chance.choice((4, 12, 40))], f"It ends: omega{number}."]
        files[f"{maker.__name__.strip('_')}-{number}"] = maker(lines)
    return files


def _text(lines: list[str]) -> bytes:
    return "\n\n".join(lines).encode()


def _markdown(lines: list[str]) -> bytes:
    return "\n\n".join(f"## Night {number}\n\n{line}" for number, line in enumerate(lines)).encode()


def _table(lines: list[str]) -> bytes:
    return ("night,entry\n" + "".join(f'{number},"{line}"\n' for number, line in enumerate(lines))).encode()


def _page(lines: list[str]) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<!doctype html><html><body><h1>Nights</h1>{body}</body></html>".encode()


def _letter(lines: list[str]) -> bytes:
    return ("From: a@example.org\nTo: b@example.org\nSubject: Nights\n\n" + "\n\n".join(lines)).encode()


def _pdf(lines: list[str]) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, invariant=True)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 20 * (number % 30), line)
        if number % 30 == 29:
            canvas.showPage()
    canvas.save()
    return made.getvalue()


class Load:
    """Files of `mixed_files` that go into one collection of a server, and searches for them meanwhile."""

    def __init__(self, server: Served, files: Mapping[str, bytes], collection: str = "default") -> None:
        self.server = server
        self.files = files
        self.collection = collection
        self.acknowledged: set[str] = set()
        self.halves: set[str] = set()
        """Documents that were found by their beginning and not by their end."""
        self.searches = 0

    def upload(self) -> None:
        """What is not acknowledged yet, until the server is gone."""
        with httpx.Client(base_url=self.server.http.base_url, timeout=60) as client:
            for name, content in self.files.items():
                if name in self.acknowledged:
                    continue
                try:
                    reply = client.post(
                        "/upload", files={"file": (name, content)}, data={"collection": self.collection}
                    )
                except httpx.TransportError:  # the kill: what was on its way was not acknowledged
                    return
                if reply.is_success:
                    self.acknowledged.add(name)

    @contextmanager
    def searching(self) -> Iterator[None]:
        stop = threading.Event()
        asking = threading.Thread(target=self._search, args=(stop,))
        asking.start()
        try:
            yield
        finally:
            stop.set()
            asking.join()

    def _search(self, stop: threading.Event) -> None:
        """What can be found by its beginning can be found by its end."""
        numbers = random.Random(1)
        with httpx.Client(base_url=self.server.http.base_url, timeout=60) as client:
            while not stop.wait(0.02):
                number = numbers.randrange(len(self.files))
                try:
                    if self._finds(client, f"alpha{number}", number):
                        self.searches += 1
                        if not self._finds(client, f"omega{number}", number):
                            self.halves.add(f"{number}")
                except (httpx.TransportError, httpx.HTTPStatusError):  # between the kill and the next start
                    continue

    def _finds(self, client: httpx.Client, word: str, number: int) -> bool:
        asked = {"question": word, "top_k": 10, "collection": self.collection}
        found = client.post("/search", json=asked).raise_for_status().json()["passages"]
        return any(p["filename"].endswith(f"-{number}") and f"{word}." in p["text"] for p in found)

    def wait_until_settled(self) -> None:
        deadline = time.monotonic() + 300 + 5 * len(self.files)
        while any(self._listed(status) for status in _UNDER_WAY):
            assert time.monotonic() < deadline, "documents are still under way"
            time.sleep(0.1)

    def _listed(self, status: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        cursor = None
        while True:
            asked = {"limit": 100, "status": status, "collection": self.collection}
            asked |= {"cursor": cursor} if cursor else {}
            page = self.server.http.get("/documents", params=asked).raise_for_status().json()
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def differences(self) -> list[str]:
        """Whatever is not as if nothing had happened."""
        ready = [item["filename"] for status in ("ready", "ready_with_warnings") for item in self._listed(status)]
        wrong = [f"lost: {name}" for name in sorted(self.acknowledged - set(ready))]
        wrong += [f"twice: {name}" for name in sorted(set(ready)) if ready.count(name) > 1]
        wrong += [f"shown half: {name}" for name in sorted(self.halves)]
        with httpx.Client(base_url=self.server.http.base_url, timeout=60) as client:
            for name in ready:
                number = int(name.rpartition("-")[2])
                if not (
                    self._finds(client, f"alpha{number}", number) and self._finds(client, f"omega{number}", number)
                ):
                    wrong.append(f"not found: {name}")
        return wrong


class Round:
    """One server over one folder: files go up, something is killed, and after the next start all must be there."""

    def __init__(self, server: ServerProcess, files: Mapping[str, bytes], chance: random.Random) -> None:
        self.server = server
        self.load = Load(server, files)
        self.chance = chance

    def run(self, longest: float, kills: int = 1) -> list[str]:
        """Each time kill a child or nothing, then the server, both within `longest` seconds of its start, while what is
        not acknowledged yet goes up. Returns what is wrong in the end."""
        with self.load.searching():
            for _ in range(kills):
                self.server.start()
                uploads = threading.Thread(target=self.load.upload)
                uploads.start()
                time.sleep(self.chance.uniform(0.0, longest / 2))
                self._kill_child()
                time.sleep(self.chance.uniform(0.0, longest / 2))
                self.server.kill()
                uploads.join()
            self.server.start()
            self.load.wait_until_settled()
        wrong = self.load.differences()
        assert self.server.stop() == 0
        with sqlite3.connect(self.server.data_dir / "docubot.sqlite3") as connection:
            counts = {what: len(connection.execute(query).fetchall()) for what, query in MUST_BE_EMPTY.items()}
        return wrong + [f"{count} {what}" for what, count in counts.items() if count] + check(self.server.environment())

    def _kill_child(self) -> None:
        assert self.server.process is not None
        children = psutil.Process(self.server.process.pid).children(recursive=True)
        if children and self.chance.random() < 0.5:
            self.chance.choice(children).kill()


def check(environment: Mapping[str, str]) -> list[str]:
    """What `docubot check` finds wrong."""
    command = [sys.executable, "-m", "app.cli", "check"]
    checked = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    return [f"check: {checked.stdout}{checked.stderr}"] if checked.returncode else []
