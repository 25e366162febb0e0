"""The fake against the real SDK, where the adapters' own tests do not go."""

from collections.abc import Iterator

import openai
import pytest

from tests.fakes.openai_server import OpenAIServer, Reply, running


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with running(dimension=4) as fake:
        yield fake


@pytest.fixture
def client(server: OpenAIServer) -> Iterator[openai.OpenAI]:
    server.reset()
    with openai.OpenAI(api_key="none", base_url=server.base_url, max_retries=0) as sdk:
        yield sdk


def test_a_whole_reply_may_depend_on_the_request(server: OpenAIServer, client: openai.OpenAI) -> None:
    server.script(Reply(lambda body: body["messages"][0]["content"].upper()))
    reply = client.chat.completions.create(model="any", messages=[{"role": "user", "content": "größe 大小"}])
    assert reply.choices[0].message.content == "GRÖSSE 大小"
    assert reply.usage is not None
    assert reply.usage.total_tokens == 4


def test_the_first_delta_has_no_content_and_the_last_chunk_no_choices(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="any",
        messages=[{"role": "user", "content": "hello"}],
        stream=True,
        stream_options={"include_usage": True},
    ) as chunks:
        seen = list(chunks)
    assert seen[0].choices[0].delta.content is None
    assert seen[-1].choices == []
    assert seen[-1].usage is not None


def test_embeddings_are_the_same_packed_and_plain(client: openai.OpenAI) -> None:
    packed = client.embeddings.create(model="any", input=["a", "b", "a"])  # the SDK asks for base64 by itself
    plain = client.embeddings.create(model="any", input=["a", "b", "a"], encoding_format="float")
    vectors = [item.embedding for item in packed.data]
    assert [len(vector) for vector in vectors] == [4, 4, 4]
    assert vectors[0] == vectors[2] != vectors[1]
    assert vectors == [pytest.approx(item.embedding) for item in plain.data]


def test_models_are_listed_and_others_unknown(server: OpenAIServer, client: openai.OpenAI) -> None:
    server.models = ("small", "large")
    assert [model.id for model in client.models.list()] == ["small", "large"]
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="other", input="a")
