"""The official OpenAI SDK, pointed at a server of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai

from tests.server.process import Served


@contextmanager
def sdk(server: Served, **settings: Any) -> Iterator[openai.OpenAI]:
    """A client that does not try again by itself, so that a test sees what was answered first."""
    values: dict[str, Any] = {"api_key": "any", "max_retries": 0, "timeout": 60, **settings}
    with openai.OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", **values) as client:
        yield client
