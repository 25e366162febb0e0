"""The whole server's memory (PSS of all its processes) while a 1,000-page PDF and a 200 MB workbook are ingested.

`scripts/bench memory [--pages 1000] [--megabytes 200] [--seconds 600]`. Each is followed until it can be found by
keyword, or has failed, and for a while into its embedding. The limit is 2 GB.
"""

import argparse
import io
import random
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
from reportlab.pdfgen.canvas import Canvas

from scripts.benches.corpus import server

_LIMIT = 2 << 30
_UNDER_WAY = ("queued", "processing")
_WORDS = ["lantern", "keeper", "harbour", "ledger", "tonnage", "vessel", "signal", "weather", "quarter", "revenue"]
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Log" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def long_pdf(path: Path, pages: int) -> None:
    chance = random.Random(1)
    canvas = Canvas(str(path))
    for _ in range(pages):
        for line in range(55):
            text = f"{' '.join(chance.choices(_WORDS, k=11))} {chance.randrange(1_000_000)}"
            canvas.drawString(60, 790 - 13 * line, text)
        canvas.showPage()
    canvas.save()


def large_workbook(path: Path, size: int, rows: int) -> None:
    """`rows` of words and numbers, and a picture that makes up the rest of the size."""
    chance = random.Random(2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, text in _PARTS.items():
            file.writestr(name, text)
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as raw, io.BufferedWriter(raw) as sheet:  # type: ignore[type-var]
            sheet.write(_SHEET.encode())
            for row in range(1, rows + 1):
                said = " ".join(chance.choices(_WORDS, k=4))
                numbers = "".join(f"<c><v>{chance.random() * 1e6:.6f}</v></c>" for _ in range(8))
                cells = f'<c t="inlineStr"><is><t>{said}</t></is></c>{numbers}'
                sheet.write(f'<row r="{row}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        rest = size - path.stat().st_size
        if rest > 0:
            file.writestr(zipfile.ZipInfo("xl/media/image1.png"), chance.randbytes(rest))


class Meter:
    """Proportional set size of a process and its descendants, sampled until it is stopped."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._stop = threading.Event()
        self.most = 0
        self.at_most: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(0.3):
            sizes: dict[str, int] = {}
            for one in (self._process, *self._process.children(recursive=True)):
                try:
                    sizes[f"{one.pid} {' '.join(one.cmdline()[1:4])[:60]}"] = one.memory_full_info().pss
                except psutil.Error:
                    continue
            if sum(sizes.values()) > self.most:
                self.most, self.at_most = sum(sizes.values()), sizes

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def ingest(client: httpx.Client, path: Path, seconds: float) -> str:
    """Upload, and follow until it can be found by keyword, has ended, or the time is over."""
    with path.open("rb") as file:
        reply = client.post("/upload", files={"file": (path.name, file)}, timeout=600).raise_for_status().json()
    identity = reply["documents"][0]["id"]
    deadline = time.monotonic() + seconds
    document: dict[str, Any] = {}
    while time.monotonic() < deadline:
        document = client.get(f"/documents/{identity}").raise_for_status().json()
        if document["status"] not in _UNDER_WAY:
            break
        time.sleep(0.5)
    time.sleep(min(20.0, seconds / 10))
    error = document.get("error") or {}
    return " ".join(filter(None, (document["status"], error.get("code"), f"{document['chunk_count']} chunks")))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--rows", type=int, default=500_000)
    options.add_argument("--seconds", type=float, default=600)
    chosen = options.parse_args()
    makers: dict[str, Callable[[Path], None]] = {
        "long.pdf": lambda path: long_pdf(path, chosen.pages),
        "large.xlsx": lambda path: large_workbook(path, chosen.megabytes << 20, chosen.rows),
    }
    good = True
    for name, make in makers.items():
        with tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
            path = Path(folder) / name
            make(path)
            with server(Path(folder) / "data") as client:
                meter = Meter(psutil.Process().children()[0])
                began = time.monotonic()
                end = ingest(client, path, chosen.seconds)
                meter.stop()
        print(f"{name}, {path_size(meter)}: {end} after {time.monotonic() - began:.0f} s", flush=True)
        good = good and meter.most < _LIMIT
    sys.exit(0 if good else 1)


def path_size(meter: Meter) -> str:
    parts = ", ".join(f"{size >> 20} ({name})" for name, size in sorted(meter.at_most.items(), key=lambda i: -i[1])[:6])
    return f"at most {meter.most >> 20} MB together: {parts}"


if __name__ == "__main__":
    main()
