from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.db.migrate import migrate
from app.db.session import Database
from tests.postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database, once on each engine."""
    async with AsyncExitStack() as stack:
        url = f"sqlite+aiosqlite:///{tmp_path / 'docubot.sqlite3'}"
        if request.param == "postgresql":
            url = await stack.enter_async_context(fresh_database())
        made = Database(url)
        stack.push_async_callback(made.close)
        await migrate(made)
        yield made
