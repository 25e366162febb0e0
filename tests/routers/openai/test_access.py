"""Who may do what under /v1, as the official SDK's error classes tell it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import openai
import pytest

from app.models.access import Scope
from tests.routers.conftest import serving
from tests.routers.real import Real, open_real
from tests.routers.tenants import QUESTION, Tenant, settle

pytestmark = pytest.mark.anyio
EVERYTHING = frozenset(Scope) - {Scope.ADMIN}
Call = Callable[[openai.AsyncOpenAI], Awaitable[Any]]


@dataclass
class Served:
    real: Real
    base_url: str
    mine: Tenant
    theirs: Tenant

    def sdk(self, key: str) -> openai.AsyncOpenAI:
        """A client that does not try again by itself."""
        return openai.AsyncOpenAI(base_url=self.base_url, api_key=key, max_retries=0)

    def of(self, tenant: Tenant) -> openai.AsyncOpenAI:
        return self.sdk(tenant.headers["authorization"].removeprefix("Bearer "))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("access")
    async with open_real(folder, rate_limit_failures="") as real, serving(real.app) as (host, port):
        tenants = [Tenant(name, await real.headers(*EVERYTHING, reach=(f"{name}-*",))) for name in ("mine", "theirs")]
        for tenant in tenants:
            await settle(real, tenant, f"The tangerine lighthouse of {tenant.name} was painted in 1907.\n")
        yield Served(real, f"http://{host}:{port}/v1", *tenants)


def user(text: str) -> Any:
    return [{"role": "user", "content": text}]


CALLS: dict[str, tuple[Scope, Call]] = {
    "models": (Scope.ASK, lambda client: client.models.list()),
    "chat": (Scope.ASK, lambda client: client.chat.completions.create(model="docubot", messages=user("x"))),
    "stream": (
        Scope.ASK,
        lambda client: client.chat.completions.create(model="docubot", messages=user("x"), stream=True),
    ),
    "responses": (Scope.ASK, lambda client: client.responses.create(model="docubot", input="x")),
    "embeddings": (Scope.ASK, lambda client: client.embeddings.create(model="multilingual-e5-small", input="x")),
    "files": (Scope.READ, lambda client: client.files.list()),
    "upload": (Scope.UPLOAD, lambda client: client.files.create(file=("a.txt", b"text"), purpose="assistants")),
    "stores": (Scope.READ, lambda client: client.vector_stores.list()),
    "new store": (Scope.MANAGE, lambda client: client.vector_stores.create(name="mine-neu")),
}


@pytest.mark.parametrize("name", CALLS)
async def test_without_a_right_key_authentication_fails(served: Served, name: str) -> None:
    revoked = await served.real.key(*EVERYTHING)
    await served.real.services.keys.revoke(revoked.key.id)
    for key in ("sk-wrong", revoked.secret):
        async with served.sdk(key) as client:
            with pytest.raises(openai.AuthenticationError) as caught:
                await CALLS[name][1](client)
        assert (caught.value.code, caught.value.type) == ("invalid_credentials", "authentication_error")


@pytest.mark.parametrize("name", CALLS)
async def test_a_key_without_the_scope_is_denied_permission(served: Served, name: str) -> None:
    scope, call = CALLS[name]
    made = await served.real.key(*(EVERYTHING - {scope}))
    async with served.sdk(made.secret) as client:
        with pytest.raises(openai.PermissionDeniedError, match=f"`{scope}`") as caught:
            await call(client)
    assert (caught.value.code, caught.value.type) == ("scope_missing", "permission_error")


async def test_a_store_is_made_within_the_reach_alone(served: Served) -> None:
    async with served.of(served.mine) as client:
        for name in ("theirs-neu", openai.omit):
            with pytest.raises(openai.PermissionDeniedError) as caught:
                await client.vector_stores.create(name=name)
            assert caught.value.code == "collection_not_allowed"
        assert (await client.vector_stores.create(name="mine-gut")).name == "mine-gut"


async def test_what_is_anothers_is_not_found(served: Served) -> None:
    theirs, mine = served.theirs.ids, served.mine.ids
    async with served.of(served.theirs) as client:
        standing = (await client.files.create(file=("geheim.txt", b"secret"), purpose="user_data")).id
    file, store = theirs["file_id"], theirs["vector_store_id"]
    tools: Any = [{"type": "file_search", "vector_store_ids": [store]}]
    own = mine["vector_store_id"]
    calls: list[Call] = [
        lambda client: client.files.retrieve(file),
        lambda client: client.files.content(file),
        lambda client: client.files.delete(standing),
        lambda client: client.files.content(standing),
        lambda client: client.models.retrieve(theirs["model"]),
        lambda client: client.chat.completions.create(model=theirs["model"], messages=user(QUESTION)),
        lambda client: client.responses.create(model="docubot", input=QUESTION, tools=tools),
        lambda client: client.responses.create(
            model=mine["model"], input=QUESTION, previous_response_id=theirs["response_id"]
        ),
        lambda client: client.vector_stores.retrieve(store),
        lambda client: client.vector_stores.search(store, query=QUESTION),
        lambda client: client.vector_stores.delete(store),
        lambda client: client.vector_stores.files.create(store, file_id=mine["file_id"]),
        lambda client: client.vector_stores.files.retrieve(file, vector_store_id=own),
        lambda client: client.vector_stores.files.create(own, file_id=file),
        lambda client: client.vector_stores.files.create(own, file_id=standing),
        lambda client: client.vector_stores.file_batches.create(own, file_ids=[mine["file_id"], standing]),
        lambda client: client.vector_stores.file_batches.retrieve(theirs["batch_id"], vector_store_id=own),
    ]
    async with served.of(served.mine) as client:
        for number, call in enumerate(calls):
            with pytest.raises(openai.NotFoundError) as caught:
                await call(client)
            assert caught.value.code, number
        listed = [item.id async for item in client.files.list()] + [
            item.id async for item in client.vector_stores.list()
        ]
    assert {mine["file_id"], own} <= set(listed)
    assert not {file, standing, store} & set(listed)
    async with served.of(served.theirs) as client:
        assert (await client.files.content(standing)).content == b"secret"
        assert [item.id async for item in client.vector_stores.files.list(store)] == [file]


async def test_keys_of_the_same_reach_share_their_files(served: Served) -> None:
    other = await served.real.key(*EVERYTHING, reach=("mine-*",))
    async with served.of(served.mine) as client:
        made = await client.files.create(file=("shared.txt", "共有".encode()), purpose="user_data")
    async with served.sdk(other.secret) as client:
        assert (await client.files.content(made.id)).content.decode() == "共有"
        assert (await client.files.delete(made.id)).deleted


async def test_too_many_calls_are_a_rate_limit(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("rates")
    limits = {"rate_limit": "2/hour", "rate_limit_failures": "1/hour"}
    async with open_real(folder, **limits) as real, serving(real.app) as (host, port):
        address = f"http://{host}:{port}/v1"
        made = await real.key(Scope.READ)
        async with openai.AsyncOpenAI(base_url=address, api_key=made.secret, max_retries=0) as client:
            for _ in range(2):
                await client.files.list()
            with pytest.raises(openai.RateLimitError) as caught:
                await client.files.list()
            assert (caught.value.code, caught.value.type) == ("rate_limited", "rate_limit_error")
            assert 1 <= int(caught.value.response.headers["retry-after"]) <= 3600
        async with openai.AsyncOpenAI(base_url=address, api_key="sk-guess", max_retries=0) as client:
            with pytest.raises(openai.AuthenticationError):
                await client.files.list()
            with pytest.raises(openai.RateLimitError, match="wrong keys"):
                await client.files.list()
