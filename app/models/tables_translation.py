"""SQL rows of translation: the memory, glossaries, translated documents and files. See tables.py."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.models.tables import metadata

translation_memory = Table(
    "translation_memory",
    metadata,
    # SHA-256 over all that could have changed the translation: see logic/translation_memory.py.
    Column("key", String(64), primary_key=True),
    Column("scope", String(64), nullable=False),
    # Of whose text it is, and with which it leaves; empty: of a text that was sent.
    Column("document_id", String(36)),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Index(None, "scope"),
    Index(None, "document_id"),
)

glossaries = Table(
    "glossaries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(32), nullable=False),
    Column("name", String(100), nullable=False),
    Column("source", String(16)),  # empty: any language
    Column("target", String(16)),
    Column("terms", JSON, nullable=False, default=list),
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    UniqueConstraint("tenant", "name"),
)

translations = Table(
    "translations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("version_id", String(36), nullable=False),
    Column("job_id", String(36), nullable=False),  # the latest one that worked on it
    Column("source", String(16)),
    Column("target", String(16), nullable=False),
    Column("output", String(16), nullable=False),
    Column("glossary", String(100)),
    Column("terms", JSON, nullable=False, default=list),  # as they were when it was asked for
    Column("report", JSON),
    Column("sha256", String(64)),
    Column("bytes", BigInteger, nullable=False, default=0),
    Column("filename", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Index(None, "document_id", "id"),
    Index(None, "sha256"),
)

# What a finished one says, page by page, beside what the document says; written with the file, and gone with its row.
translated_pages = Table(
    "translated_pages",
    metadata,
    Column("translation_id", String(36), ForeignKey("translations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("blocks", JSON, nullable=False),
)

translated_files = Table(
    "translated_files",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("filename", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Index(None, "sha256"),
    Index(None, "created_at"),
)
