"""A long document translated by a model that errs, over a kill -9: every segment is right, or is listed as failed.

`scripts/bench translate [SEGMENTS] [--faults SHARE] [--seed N]`. One reply in twenty is spoiled (a placeholder lost,
two items made one, cut off, the source echoed, 429, no answer at all), the server is killed half way and started again.
Counts what is right, listed, lost, doubled and out of order, and how many segments were paid for twice. Ends with 1
when anything was wrong.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.fakes.translator import Body, asked, said, translated
from tests.server.process import ServerProcess

_ENDED = ("succeeded", "succeeded_with_warnings", "failed", "cancelled")
_TARGET = "German"
_AT_ONCE = 16 * 8
"""Segments that may be under way when the process is killed."""


def segment(number: int) -> str:
    return f"Sheep {_name(number)} sleeps {number} km from https://example.org/{number} in the long grass."


def translation(number: int) -> str:
    first, last = said(f"Sheep {_name(number)} sleeps", _TARGET), said("in the long grass.", _TARGET)
    return f"{first} {number} km {said('from', _TARGET)} https://example.org/{number} {last}"


def _name(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


class Model:
    """Replies as told, and remembers what it was paid for."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.paid: list[str] = []

    def reply(self, fault: str | None) -> Reply:
        if fault == "429":
            return Reply(status=429, headers={"retry-after": "0.2"})
        if fault == "no answer":
            return Reply(hang=True)
        return Reply(lambda body: self._said(body, fault), piece=4000)

    def _said(self, body: Body, fault: str | None) -> str:
        items = json.loads(translated(body))["segments"]
        if fault == "cut off":
            return translated(body)[: len(translated(body)) // 2]
        if fault == "merged" and len(items) > 1:
            items[0]["text"] += items.pop(1)["text"]
        elif fault == "placeholder":
            items[0]["text"] = re.sub(r"<[^<>]*>", "", items[0]["text"])
        elif fault == "echo":
            items[0]["text"] = asked(body)["segments"][0]["text"]
        else:
            self.paid += [item["text"] for item in asked(body)["segments"]]
        return json.dumps({"segments": items}, ensure_ascii=False)


FAULTS = ("placeholder", "merged", "cut off", "echo", "429", "no answer")


def translate(server: ServerProcess, openai: OpenAIServer, count: int) -> tuple[dict[str, Any], str]:
    """The report and the file, after a kill half way."""
    document = server.upload("sheep.txt", "\n\n".join(map(segment, range(count))).encode())
    base = f"/documents/{document['id']}"
    while server.http.get(base).json()["status"] in ("queued", "processing"):
        time.sleep(0.1)
    made = server.http.post(f"{base}/translate", json={"target": "de", "output": "markdown"}).raise_for_status().json()
    path = f"{base}/translations/{made['id']}"
    while server.http.get(path).json()["progress"] < 0.4:
        time.sleep(0.05)
    server.kill()
    openai.wait_until_idle()
    server.start()
    deadline = time.monotonic() + 1200
    while (found := server.http.get(path).json())["status"] not in _ENDED and time.monotonic() < deadline:
        time.sleep(0.5)
    return {**found["report"], "status": found["status"]}, server.http.get(f"{path}/file").text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("segments", type=int, nargs="?", default=10_000)
    options.add_argument("--faults", type=float, default=0.05)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    model = Model(chance)
    with running() as openai, tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
        openai.default = model.reply(None)
        faults = [chance.choice(FAULTS) if chance.random() < chosen.faults else None for _ in range(chosen.segments)]
        openai.script(*map(model.reply, faults))
        server = ServerProcess(Path(folder) / "data")
        server.settings |= {"OPENAI_BASE_URL": openai.base_url, "LLM_MODEL": "fake", "LLM_TIMEOUT": "5"}
        began = time.monotonic()
        try:
            report, text = translate(server.start(), openai, chosen.segments)
        finally:
            server.kill()
        calls = len(openai.requests)
    told = Counter(faults[:calls])
    print(f"{chosen.segments} segments, {calls} calls, {time.monotonic() - began:.0f} s; {report['status']}")
    print("spoiled replies: " + ", ".join(f"{told[fault]} {fault}" for fault in FAULTS))
    sys.exit(judged(report, text, model, chosen.segments))


def judged(report: dict[str, Any], text: str, model: Model, count: int) -> int:
    """Prints the counts; 1 when anything is wrong."""
    failed = {item["text"] for item in report["failures"]}
    places = [text.find(translation(number)) for number in range(count)]
    listed = sum(segment(number) in failed for number, place in enumerate(places) if place < 0)
    lost = sum(place < 0 for place in places) - listed
    right = [place for place in places if place >= 0]
    doubled = sum(text.count(translation(number)) > 1 for number in range(count))
    twice = sum(times > 1 for times in Counter(model.paid).values())
    print(
        f"right {len(right)}, listed as failed {listed} of {report['failed']}, lost {lost}, doubled {doubled}, ", end=""
    )
    print(f"{'in order' if right == sorted(right) else 'OUT OF ORDER'}, paid for twice {twice} (at once: {_AT_ONCE})")
    return int(lost > 0 or doubled > 0 or right != sorted(right) or twice > _AT_ONCE)


if __name__ == "__main__":
    main()
