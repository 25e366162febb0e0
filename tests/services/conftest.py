from collections.abc import Iterator

import pytest

from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.fakes.translator import translated


@pytest.fixture(scope="module")
def translating() -> Iterator[OpenAIServer]:
    with running() as server:
        yield server


@pytest.fixture
def openai(translating: OpenAIServer) -> OpenAIServer:
    """A model of OpenAI's wire that translates, and knows of no other test."""
    translating.reset()
    translating.default = Reply(translated, piece=4000)
    return translating
