#!/usr/bin/env python3
"""Uploads the sample documents to a running DocuBot, asks three questions, and prints what the answers rest on."""

import os
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
sys.path.insert(0, str(ROOT))

from app.core.config import load_settings  # noqa: E402 - found by the line above
from app.core.owner import address_of  # noqa: E402

QUESTIONS = (
    "What was Aurora's research and development expense in 2024?",
    "How often must the battery of the tide gauge be replaced?",
    "退款需要多少个工作日?",
)


def main() -> None:
    address = wait_until_up(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    with httpx.Client(base_url=address, timeout=120) as client:
        upload(client)
        for question in QUESTIONS:
            show(
                client.post("/ask", json={"question": question, "collection": "demo"}).raise_for_status().json(),
                question,
            )
    print(f"\nDocuBot goes on running at {address} (Ctrl-C stops it). Try {address}/docs")


def wait_until_up(server: int | None) -> str:
    """The address of the server on the settings' data folder; gives up when the process `server` has ended."""
    settings = load_settings()
    while server is None or alive(server):
        address = address_of(settings.data_dir) or settings.address
        try:
            if httpx.get(f"{address}/health").is_success:
                return address
        except httpx.TransportError:
            if server is None:
                sys.exit(f"No DocuBot answers at {address}. Start one: scripts/run")
        time.sleep(0.2)
    sys.exit("DocuBot did not start; the lines above say why.")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def upload(client: httpx.Client) -> None:
    files = [("file", (path.name, path.read_bytes())) for path in sorted(SAMPLES.glob("*.pdf"))]
    reply = client.post("/upload", data={"collection": "demo"}, files=files).raise_for_status().json()
    for document in reply["documents"]:
        while (now := client.get(f"/documents/{document['id']}").json())["status"] in (
            "queued",
            "processing",
            "searchable",
        ):
            time.sleep(0.2)
        print(f"{now['filename']}: {now['status']}, {now['page_count']} pages")


def show(answer: dict, question: str) -> None:
    print(f"\nQ: {question}\nA: {answer['answer'] or answer['status']}")
    for citation in answer["citations"]:
        print(f"   [{citation['number']}] {citation['filename']}, page {citation['page']}: “{citation['quote']}”")


if __name__ == "__main__":
    main()
