"""SQL rows of those who may come in, and of what they did. See tables.py."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from app.models.tables import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    # The part that people recognize a key by; never what one is looked up by.
    Column("prefix", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("collections", JSON(none_as_null=True)),  # empty: all of them
    Column("expires_at", DateTime),
    Column("revoked_at", DateTime),
    Column("last_used_at", DateTime),
    Column("created_at", DateTime, nullable=False),
    # Its quotas; empty: none.
    Column("max_documents", BigInteger),
    Column("max_pages", BigInteger),
    Column("max_bytes", BigInteger),
    Column("max_tokens_a_day", BigInteger),
)

# What a language model read and wrote for a key. Kept apart from answers, which may be deleted or never stored.
token_uses = Table(
    "token_uses",
    metadata,
    Column("key_id", String(36), ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),  # in UTC
    Column("tokens", BigInteger, nullable=False),
)

# One for each quota that webhooks were told of, so that they are told once a day.
quota_notices = Table(
    "quota_notices",
    metadata,
    Column("key_id", String(36), ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True),
    Column("quota", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
)

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("username", String(100), nullable=False),
    # What a name is known by: folded, so that "Zoë" cannot pose as "ZOË".
    Column("login", String(400), nullable=False, unique=True),
    Column("password", String(300), nullable=False),  # argon2id with its salt and costs
    Column("grants", JSON, nullable=False),
    Column("disabled_at", DateTime),
    Column("last_sign_in_at", DateTime),
    Column("created_at", DateTime, nullable=False),
)

# One for each sign-in. Its refresh token is made from id and generation, so that no token need be stored, and one of an
# earlier generation is known for what it is.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(36), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("renewed_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)

# Only ever added to: triggers of the migration refuse to change or delete a row.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("caller", String(64), nullable=False),
    Column("caller_name", String(200), nullable=False),
    Column("action", String(32), nullable=False),
    # No foreign keys: it tells of what is gone.
    Column("collection", String(200)),
    Column("document_id", String(36)),
    Column("item", String(200)),
    Column("outcome", String(16), nullable=False),
    Column("request_id", String(128)),
    Index(None, "at"),
    Index(None, "caller", "id"),
    Index(None, "document_id", "id"),
)
