"""SQL rows, as SQLAlchemy Core tables. Nothing here that PostgreSQL or SQLite alone could run.

Times are UTC, stored without offset. JSON columns hold small values that are read whole and never searched by SQL.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> String:
    return String(36)


collections = Table(
    "collections",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("description", Text, nullable=False, default=""),
    Column("metadata", JSON, nullable=False, default=dict),
    Column("embedding_model", String(400), nullable=False),
    Column("dimension", Integer, nullable=False),
    # The vector index that serves it: another one takes its place when a reindex is whole.
    Column("index_id", String(80), nullable=False),
    # As a vector store of OpenAI's wire: its name there, and when its files leave.
    Column("label", String(256)),
    Column("expires_days", Integer),
    Column("last_active_at", DateTime),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("collection_id", _id(), ForeignKey("collections.id"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("title", Text),
    Column("media_type", String(200), nullable=False),
    Column("status", String(32), nullable=False),
    Column("language", String(16)),
    Column("metadata", JSON, nullable=False, default=dict),
    # The version that answers; empty until one can.
    Column("live_version_id", _id()),
    Column("latest_version", Integer, nullable=False, default=1),
    Column("error_code", String(64)),
    Column("error_message", Text),
    # The file of OpenAI's wire that it was made of; a document that was uploaded as such is its own file.
    Column("file_id", _id()),
    # As asked for on OpenAI's wire; empty: the setting's.
    Column("chunk_tokens", Integer),
    Column("chunk_overlap", Integer),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    # Lists are walked in an index's order, newest first (app/db/keyset.py); the same at attributes and jobs.
    Index(None, "collection_id", "id"),
    Index(None, "status", "id"),
    Index(None, "collection_id", "status", "id"),
    Index(None, "collection_id", "filename", "id"),
    Index(None, "collection_id", "language", "id"),
    Index(None, "collection_id", "media_type", "id"),
    Index(None, "file_id"),
)

# Uploads of OpenAI's wire: bytes that are in no collection yet, or in several.
files = Table(
    "files",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("tenant", String(32), nullable=False),
    Column("filename", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("expires_at", DateTime),
    Column("created_at", DateTime, nullable=False),
    # The API key whose quotas the bytes count against; the same at versions.
    Column("key_id", _id()),
    Index(None, "sha256"),
    Index(None, "key_id"),
)

file_batches = Table(
    "file_batches",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("collection_id", _id(), ForeignKey("collections.id", ondelete="CASCADE"), nullable=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False),
)

file_batch_documents = Table(
    "file_batch_documents",
    metadata,
    Column("batch_id", _id(), ForeignKey("file_batches.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", _id(), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
)

# One row per metadata key, so that filters are exact and typed on every database.
document_attributes = Table(
    "document_attributes",
    metadata,
    Column("document_id", _id(), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("collection_id", _id(), nullable=False),  # its document's
    Column("text", Text),
    Column("number", Float),
    Column("flag", Boolean),
    Index(None, "collection_id", "key", "text", "document_id"),
    Index(None, "collection_id", "key", "number", "document_id"),
    Index(None, "collection_id", "key", "flag", "document_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("document_id", _id(), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("collection_id", _id(), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("filename", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    # Needed again for boxes and page images; the text beside it is in clear as well.
    Column("password", Text),
    # Its own: the document's change when it takes over. The language is the uploader's word until it is recognized.
    Column("title", Text),
    Column("language", String(16)),
    Column("parser", String(64)),
    Column("page_count", Integer, nullable=False, default=0),
    Column("chunk_count", Integer, nullable=False, default=0),
    Column("character_count", BigInteger, nullable=False, default=0),
    Column("warnings", JSON, nullable=False, default=list),
    Column("keyword_ready", Boolean, nullable=False, default=False),
    Column("vectors_ready", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False),
    Column("key_id", _id()),
    UniqueConstraint("document_id", "number"),
    Index(None, "collection_id", "sha256"),
    Index(None, "sha256"),
    Index(None, "key_id"),
)

pages = Table(
    "pages",
    metadata,
    Column("version_id", _id(), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", String(64)),
    Column("text", Text, nullable=False),
    Column("blocks", JSON, nullable=False, default=list),
    Column("width", Float, nullable=False, default=0.0),
    Column("height", Float, nullable=False, default=0.0),
    Column("locator", JSON),
    Column("has_text_layer", Boolean, nullable=False, default=True),
    # Of pages read by OCR: how sure it was, and where each word stands, [start, end, x0, y0, x1, y1].
    Column("ocr_confidence", Float),
    Column("words", JSON(none_as_null=True)),
    Column("language", String(16)),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("version_id", _id(), ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", _id(), nullable=False),
    Column("collection_id", _id(), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("headings", JSON, nullable=False, default=list),
    Column("columns", Text),
    Column("tokens", Integer, nullable=False, default=0),
    Column("kind", String(16), nullable=False),
    UniqueConstraint("version_id", "ordinal"),
    Index(None, "document_id"),
    Index(None, "collection_id"),
)

# The truth of every vector: the vector index is filled from here, without the model.
chunk_vectors = Table(
    "chunk_vectors",
    metadata,
    Column("chunk_id", _id(), ForeignKey("chunks.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String(400), primary_key=True),
    Column("version_id", _id(), nullable=False),
    Column("data", LargeBinary, nullable=False),  # float16, little-endian
    Index(None, "version_id", "model"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("status", String(32), nullable=False),
    Column("collection_id", _id(), nullable=False),
    Column("collection", String(200), nullable=False),  # its name, which the job outlives
    Column("document_id", _id()),
    Column("version_id", _id()),
    Column("stage", String(16)),
    Column("progress", Float, nullable=False, default=0.0),
    Column("attempt", Integer, nullable=False, default=1),  # grows with each failure
    # How often its process ended under it since it last got anywhere.
    Column("interruptions", Integer, nullable=False, default=0),
    Column("lane", String(16), nullable=False),
    Column("priority", Integer, nullable=False, default=0),  # smaller first
    Column("run_after", DateTime, nullable=False),
    Column("lease_owner", String(80)),
    Column("lease_until", DateTime),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("payload", JSON, nullable=False, default=dict),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Index(None, "status", "lane", "priority", "run_after"),
    Index(None, "collection_id", "id"),
    Index(None, "status", "id"),
    Index(None, "collection", "id"),
    Index(None, "collection", "status", "id"),
    Index(None, "document_id"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("job_id", _id(), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("type", String(32), nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", DateTime, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("collection_id", _id(), ForeignKey("collections.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Index(None, "collection_id", "id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", _id(), primary_key=True),
    Column("conversation_id", _id(), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone", Text),
    Column("answer", JSON, nullable=False),
    Column("rating", String(8)),
    Column("note", Text),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("conversation_id", "position"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", DateTime, nullable=False),
)
