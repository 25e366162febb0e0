"""Idempotency-Key: a request that is sent again is answered with the first one's answer, for 24 hours."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import anyio
from fastapi import Depends, Header
from starlette.requests import Request

from app.core.errors import BadRequest
from app.models.access import Caller
from app.models.requests import ReceivedFile
from app.services.container import Services

Answer = tuple[int, dict[str, Any]]
"""Status and body."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def _key(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Any unique text. Sent again within 24 hours, the same request gets the same answer.",
            json_schema_extra={"pattern": "^[!-~]{1,255}$"},
        ),
    ] = None,
) -> str | None:
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise BadRequest("Idempotency-Key has 1 to 255 visible ASCII characters.")
    return idempotency_key


IdempotencyKey = Annotated[str | None, Depends(_key)]


def fingerprint(request: Request, files: Sequence[ReceivedFile], fields: Mapping[str, str]) -> str:
    """What makes two uploads the same: call, files by name and hash, form fields."""
    described = [(file.filename, file.blob and file.blob.sha256) for file in files]
    parts = [request.method, request.url.path, described, sorted(fields.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


async def once(
    services: Services, caller: Caller, key: str | None, print_: str, run: Callable[[], Awaitable[Answer]]
) -> Answer:
    """`run`'s answer, or the stored one of the caller's first request with this key; a failure frees the key.

    Raises IdempotencyConflict when the key stands for another request, or for one that still runs.
    """
    if key is None:
        return await run()
    key = hashlib.sha256(f"{caller.id} {key}".encode()).hexdigest()
    if stored := await services.idempotency.begin(key, print_):
        return stored
    done = False
    try:
        status, body = await run()
        done = status < 400
        if done:
            await services.idempotency.finish(key, status, body)
        return status, body
    finally:
        if not done:
            with anyio.CancelScope(shield=True):
                await services.idempotency.abandon(key)
