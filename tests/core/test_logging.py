import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app.core.logging import configure_logging, get_logger, request_id


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_json_object_a_line_with_level_logger_and_utc_time() -> None:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    get_logger("app.test").info("stored", document="019a", pages=3, name="हिन्दी 报告")
    [line] = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "stored",
        "level": "info",
        "logger": "app.test",
        "document": "019a",
        "pages": 3,
        "name": "हिन्दी 报告",
    }


def test_a_terminal_shows_the_clock_then_what_happened_then_the_request() -> None:
    stream = io.StringIO()
    configure_logging("info", "console", stream)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        get_logger("app.test").info("request", method="GET", status=200)
    [line] = stream.getvalue().splitlines()
    assert re.fullmatch(r"[0-9:]{8} \[info +\] request +\[app.test\] method=GET status=200 request_id=r-1", line), line


def test_what_http_clients_call_is_not_repeated() -> None:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    for name in ("httpx", "httpx2", "httpcore2"):
        logging.getLogger(name).info("HTTP Request: POST http://models.example/v1/chat/completions")
    assert stream.getvalue() == ""


def test_the_request_id_stands_on_every_line_of_the_request() -> None:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        assert request_id() == "r-1"
        get_logger("a").info("one")
        logging.getLogger("b").warning("two")
    get_logger("a").info("three")
    assert request_id() is None
    assert [line.get("request_id") for line in lines(stream)] == ["r-1", "r-1", None]


def test_levels() -> None:
    stream = io.StringIO()
    configure_logging("warning", "json", stream)
    get_logger("a").info("no")
    get_logger("a").warning("yes")
    logging.getLogger("b").info("no")
    assert [line["event"] for line in lines(stream)] == ["yes"]


def test_uvicorn_goes_the_same_way_and_its_access_log_is_silent() -> None:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7, extra={"color_message": "\x1b[1m7"})
    logging.getLogger("uvicorn.access").info('"GET /documents?secret=1" 200')
    [line] = lines(stream)
    assert line["event"] == "Started server process [7]"
    assert "color_message" not in line


def test_libraries_that_would_log_bodies_stay_quiet() -> None:
    stream = io.StringIO()
    configure_logging("debug", "json", stream)
    for name in ("openai._base_client", "httpx", "httpcore.http11", "python_multipart.multipart"):
        logging.getLogger(name).debug("body: %s", "a secret")
    logging.getLogger("python_multipart.multipart").warning("invalid character in header: %s", "a secret")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("format_", ["json", "console"])
def test_a_traceback_has_no_values_of_variables(format_: Any) -> None:
    stream = io.StringIO()
    configure_logging("info", format_, stream)

    def fail(question: str) -> None:
        raise RuntimeError("broken")

    try:
        fail("what is " + "secret")
    except RuntimeError:
        get_logger("a").exception("unexpected error")
    assert "RuntimeError: broken" in stream.getvalue()
    assert "what is secret" not in stream.getvalue()


def test_auto_is_json_where_nobody_looks() -> None:
    stream = io.StringIO()
    configure_logging("info", "auto", stream)
    get_logger("a").info("one")
    assert lines(stream)[0]["event"] == "one"


def test_configuring_twice_writes_each_line_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure_logging("info", "json", first)
    configure_logging("info", "json", second)
    get_logger("a").info("one")
    assert first.getvalue() == ""
    assert len(lines(second)) == 1
