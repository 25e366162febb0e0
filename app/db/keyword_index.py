"""SQL of keyword search on PostgreSQL: its full-text index over our own tokens, ranked by BM25.

The table is derived from the others and lies in a schema of its own, which bears the number of its format: an index of
another format is dropped, and filled again from SQL like one that is lost.

The full-text index finds which chunks may be ranked. What ranks them stands in a column of its own: PostgreSQL would
unpack a chunk's tokens anew for each word that it counts, some hundred times slower than the caller adds them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.db.session import Connection

FIELDS = 4
"""Lengths that are kept of each chunk, one a field."""
_PREFIX = "keyword_index_"
_LAYOUT = "b"
"""Of the table; raise it when columns change."""
_BY_TOKENS = "SET LOCAL enable_seqscan = off"
"""With `collection_id || ''` it leaves only the full-text index: the planner counts neither the unpacking of tokens,
which is what any other way spends its time on, nor knows a table that is new."""
_LOCK = 0x6B657977  # any constant that all our processes share


@dataclass(frozen=True, slots=True)
class Row:
    chunk_id: str
    document_id: str
    lengths: tuple[int, ...]
    """Tokens in each field."""
    tokens: str
    """As the type tsvector is written."""
    counts: bytes
    """How often each token occurs, as the caller reads it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many chunks a collection has, and the mean number of tokens in each field."""

    chunks: int
    means: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """`any_of` picks the chunks that are scored, `all_of` must match as well; `phrases` are looked for in each."""

    collection_id: str
    any_of: Sequence[str]
    all_of: Sequence[str]
    phrases: Sequence[str]
    document_ids: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    chunk_id: str
    lengths: tuple[int, ...]
    counts: bytes
    phrases: tuple[bool, ...]
    """Whether it has each of those that the search names."""


class KeywordTable:
    """The statements, for one format."""

    def __init__(self, version: str) -> None:
        self._schema = f"{_PREFIX}{version}{_LAYOUT}"
        self._table = f"{self._schema}.chunks"

    async def make(self, connection: Connection) -> None:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        schemas = text("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, :prefix)")
        for name in (await connection.execute(schemas, {"prefix": _PREFIX})).scalars().all():
            if name == self._schema:
                return
            await connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        for statement in (
            f"CREATE SCHEMA {self._schema}",
            f"CREATE TABLE {self._table} (chunk_id varchar(36) PRIMARY KEY, collection_id varchar(36) NOT NULL, "
            "version_id varchar(36) NOT NULL, document_id varchar(36) NOT NULL, lengths smallint[] NOT NULL, "
            "tokens tsvector NOT NULL, counts bytea NOT NULL)",
            f"CREATE INDEX ix_chunks_version ON {self._table} (version_id)",
            f"CREATE INDEX ix_chunks_collection ON {self._table} (collection_id)",
            f"CREATE INDEX ix_chunks_tokens ON {self._table} USING gin (tokens)",
        ):
            await connection.execute(text(statement))

    async def add(self, connection: Connection, collection_id: str, version_id: str, rows: Sequence[Row]) -> None:
        statement = text(
            f"INSERT INTO {self._table} VALUES "  # noqa: S608 - the schema's name is ours
            "(:chunk_id, :collection_id, :version_id, :document_id, :lengths, "
            "CAST(CAST(:tokens AS text) AS tsvector), :counts) "
            "ON CONFLICT (chunk_id) DO UPDATE SET tokens = excluded.tokens, "
            "lengths = excluded.lengths, counts = excluded.counts"
        )
        values = [
            {
                "chunk_id": row.chunk_id,
                "collection_id": collection_id,
                "version_id": version_id,
                "document_id": row.document_id,
                "lengths": list(row.lengths),
                "tokens": row.tokens,
                "counts": row.counts,
            }
            for row in rows
        ]
        if values:
            await connection.execute(statement, values)

    async def remove(self, connection: Connection, collection_id: str, version_ids: Sequence[str]) -> None:
        statement = f"DELETE FROM {self._table} WHERE collection_id = :collection AND version_id = ANY(:versions)"  # noqa: S608 - the table is ours
        await connection.execute(text(statement), {"collection": collection_id, "versions": list(version_ids)})

    async def drop(self, connection: Connection, collection_id: str) -> None:
        statement = f"DELETE FROM {self._table} WHERE collection_id = :collection"  # noqa: S608 - the table is ours
        await connection.execute(text(statement), {"collection": collection_id})

    async def counts(self, connection: Connection, collection_id: str) -> dict[str, int]:
        statement = (
            f"SELECT version_id, count(*) AS found FROM {self._table} WHERE collection_id = :collection "  # noqa: S608 - the table is ours
            "GROUP BY version_id"
        )
        rows = await connection.execute(text(statement), {"collection": collection_id})
        return {row.version_id: row.found for row in rows}

    async def sizes(self, connection: Connection, collection_id: str) -> Sizes:
        means = ", ".join(f"coalesce(avg(lengths[{field}]), 0)::float8" for field in range(1, FIELDS + 1))
        statement = f"SELECT count(*), {means} FROM {self._table} WHERE collection_id = :collection"  # noqa: S608 - the table is ours
        count, *found = (await connection.execute(text(statement), {"collection": collection_id})).one()
        return Sizes(count, tuple(found))

    async def matching(self, connection: Connection, collection_id: str, queries: Sequence[str]) -> dict[str, int]:
        """How many chunks match each of these queries."""
        found = (
            f"SELECT count(*) FROM {self._table} WHERE collection_id || '' = :collection AND tokens @@ query::tsquery"  # noqa: S608 - the table is ours
        )
        statement = f"SELECT query, ({found}) AS found FROM unnest(CAST(:queries AS text[])) AS query"  # noqa: S608 - the table is ours
        await connection.execute(text(_BY_TOKENS))
        rows = await connection.execute(text(statement), {"collection": collection_id, "queries": list(queries)})
        return {row.query: row.found for row in rows}

    async def candidates(self, connection: Connection, search: Search, most: int) -> list[Candidate]:
        documents = "" if search.document_ids is None else "AND document_id = ANY(CAST(:documents AS text[]))"
        phrases = "SELECT array_agg(tokens @@ phrase::tsquery) FROM unnest(CAST(:phrases AS text[])) AS phrase"
        statement = f"""
            SELECT chunk_id, lengths, counts, ({phrases}) AS phrases FROM {self._table}
            WHERE collection_id || '' = :collection AND tokens @@ CAST(CAST(:chosen AS text) AS tsquery) {documents}
            LIMIT :most
        """  # noqa: S608 - the names are ours, the values are bound
        chosen = " & ".join(f"({part})" for part in (" | ".join(search.any_of), *search.all_of) if part)
        values: dict[str, Any] = {
            "phrases": list(search.phrases),
            "collection": search.collection_id,
            "chosen": chosen,
            "most": most,
        }
        if search.document_ids is not None:
            values["documents"] = sorted(search.document_ids)
        await connection.execute(text(_BY_TOKENS))
        return [
            Candidate(row.chunk_id, tuple(row.lengths), row.counts, tuple(row.phrases or ()))
            for row in await connection.execute(text(statement), values)
        ]
