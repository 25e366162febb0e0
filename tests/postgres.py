"""Databases on the PostgreSQL server that the tests are given."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.core.ids import new_id

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")


@asynccontextmanager
async def fresh_database() -> AsyncIterator[str]:
    """The URL of a new, empty database; skips where no server answers, and fails where one is promised."""
    name = f"docubot_{new_id().replace('-', '')}"
    try:
        admin = await asyncpg.connect(POSTGRES, timeout=5)
    except OSError as error:
        reason = f"PostgreSQL does not answer at TEST_POSTGRES: {error}"
        if os.environ.get("DOCUBOT_TESTS_NEED_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        server = POSTGRES.removeprefix("postgresql://").rsplit("/", 1)[0]
        yield f"postgresql+asyncpg://{server}/{name}"
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()
