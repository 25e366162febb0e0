"""The audit log as its readers see it. It is written where things change, in the same transaction."""

from collections.abc import AsyncIterator

from app.db import audit as rows
from app.db.session import Database
from app.models.audit import AuditEntry, AuditFilter
from app.models.records import Listing

_BATCH = 1000
"""Rows to read at once: between two, an export holds no connection while its reader is slow."""


class AuditService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, wanted: AuditFilter, cursor: str | None, limit: int) -> Listing[AuditEntry]:
        """Newest first."""
        async with self._database.read() as connection:
            return await rows.listing(connection, wanted, cursor, limit)

    async def export(self, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
        """All of them, oldest first, up to the present."""
        cursor: str | None = None
        while True:
            async with self._database.read() as connection:
                found = await rows.listing(connection, wanted, cursor, _BATCH, descending=False)
            for entry in found.items:
                yield entry
            if found.next_cursor is None:
                return
            cursor = found.next_cursor
