"""The API against its own description: a short run that is the same each time. `scripts/bench fuzz` is the long one."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.fuzzing import Outcome, fuzz, fuzzed_server
from tests.server.process import ServerProcess, with_models

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
_SAME = ("--generation-deterministic", "--seed", "7", "--phases", "examples,fuzzing", "-n", "1")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[tuple[ServerProcess, str]]:
    with fuzzed_server(with_models(tmp_path_factory.mktemp("fuzzed") / "data", models)) as made:
        yield made


def held(outcome: Outcome) -> None:
    assert outcome.clean, outcome.report
    assert outcome.cases > 100


def test_with_a_key_nothing_fails_or_is_undocumented(target: tuple[ServerProcess, str]) -> None:
    server, key = target
    held(fuzz(server, *_SAME, key=key))


def test_without_a_key_everything_but_the_open_calls_is_refused(target: tuple[ServerProcess, str]) -> None:
    server, _ = target
    held(fuzz(server, *_SAME))
    refused = server.http.get("/documents")
    assert refused.status_code == 401


def test_what_is_no_http_gets_a_problem_too(target: tuple[ServerProcess, str]) -> None:
    with socket.create_connection(("127.0.0.1", target[0].port), timeout=30) as plain:
        plain.sendall(b"what is this?\r\n\r\n")
        head, _, body = b"".join(iter(lambda: plain.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["code"] == "bad_request"
