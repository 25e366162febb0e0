"""Glossaries: made, replaced, read and deleted by name; each tenant has its own."""

from collections.abc import Sequence

from app.core.errors import BadRequest
from app.db import audit as audit_rows
from app.db import glossaries as rows
from app.db.session import Database
from app.models.audit import Action
from app.models.records import Listing
from app.models.translation import Glossary, Pair, Term


class GlossaryService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, tenant: str, cursor: str | None, limit: int) -> Listing[Glossary]:
        async with self._database.read() as connection:
            return await rows.listing(connection, tenant, cursor, limit)

    async def get(self, tenant: str, name: str) -> Glossary:
        """Raises GlossaryNotFound."""
        async with self._database.read() as connection:
            return await rows.by_name(connection, tenant, name)

    async def create(
        self, tenant: str, name: str, source: str | None, target: str | None, terms: Sequence[Term]
    ) -> Glossary:
        """Raises GlossaryExists."""
        async with self._database.write() as connection:
            await audit_rows.note(connection, Action.GLOSSARY_CREATE, item=name)
            return await rows.add(connection, tenant, name, source=source, target=target, terms=terms)

    async def replace(
        self, tenant: str, name: str, source: str | None, target: str | None, terms: Sequence[Term]
    ) -> Glossary:
        """All of it, under the next version. Raises GlossaryNotFound."""
        async with self._database.write() as connection:
            await audit_rows.note(connection, Action.GLOSSARY_CHANGE, item=name)
            return await rows.change(connection, tenant, name, terms, source=source, target=target)

    async def replace_terms(self, tenant: str, name: str, terms: Sequence[Term]) -> Glossary:
        """Other terms for the same languages. Raises GlossaryNotFound."""
        async with self._database.write() as connection:
            await audit_rows.note(connection, Action.GLOSSARY_CHANGE, item=name)
            return await rows.change(connection, tenant, name, terms)

    async def delete(self, tenant: str, name: str) -> None:
        """Raises GlossaryNotFound."""
        async with self._database.write() as connection:
            await rows.remove(connection, tenant, name)
            await audit_rows.note(connection, Action.GLOSSARY_DELETE, item=name)

    async def terms(self, tenant: str, name: str, pair: Pair) -> tuple[Term, ...]:
        """For a translation between these languages. Raises GlossaryNotFound, BadRequest for other languages.

        A source language that is only recognized later goes with any glossary.
        """
        found = await self.get(tenant, name)
        wrong_source = found.source is not None and pair.source is not None and found.source != pair.source
        if wrong_source or (found.target is not None and found.target != pair.target):
            raise BadRequest(
                f"The glossary is for translations from {found.source or 'any language'} into "
                f"{found.target or 'any language'}."
            )
        return found.terms
