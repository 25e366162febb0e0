"""Logs: one structured line an event, as JSON or for a console; the standard library's loggers go the same way.

What never stands in a log: text of documents, questions, answers, keys, raw paths and query strings. Callers log names,
ids, counts and durations.
"""

import logging
import sys
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Uvicorn's own access log would repeat the line that the middleware writes, with the raw path in it.
_SILENT = ("uvicorn.access",)
# Chatty below these levels, and some of them write bodies.
_QUIET = {
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "amqp": logging.WARNING,
    "celery": logging.WARNING,
    "chromadb": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpcore2": logging.WARNING,
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "mcp": logging.WARNING,
    "openai": logging.WARNING,
    "python_multipart": logging.CRITICAL,
}
_OTHERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi")


def configure_logging(
    level: Literal["debug", "info", "warning", "error"] = "info",
    format_: Literal["auto", "json", "console"] = "auto",
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process to `stream` (stderr). `auto` is console on a terminal, else JSON."""
    stream = stream or sys.stderr
    console = format_ == "console" or (format_ == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _clock(console),
        _without_color_message,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(console, stream)],
        )
    )
    _route_standard_loggers(handler, getattr(logging, level.upper()))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry `name` and the request id of the moment."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _clock(console: bool) -> Processor:
    """Who watches a terminal knows the day, and the clock on the wall."""
    if console:
        return structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
    return structlog.processors.TimeStamper(fmt="iso", utc=True)


def _renderers(console: bool, stream: TextIO) -> list[Processor]:
    if console:
        plain = structlog.dev.plain_traceback
        shown = structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain, sort_keys=False)
        return [_request_id_last, shown]
    # Tracebacks as text, without the values of local variables: those hold what must not be logged.
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _route_standard_loggers(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _OTHERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _SILENT:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(level, least))


def _request_id_last(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Long, and rarely looked at: after what happened."""
    if "request_id" in event:
        event["request_id"] = event.pop("request_id")
    return event


def _without_color_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Uvicorn repeats each message with terminal colours in it."""
    event.pop("color_message", None)
    return event


def request_id() -> str | None:
    """The id of the request being served, if one is."""
    value: Any = structlog.contextvars.get_contextvars().get("request_id")
    return value if isinstance(value, str) else None
