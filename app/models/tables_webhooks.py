"""SQL rows of webhooks and of what is on its way to them. See tables.py."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from app.models.tables import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("events", JSON, nullable=False),  # empty: all
    Column("collections", JSON(none_as_null=True)),  # empty: all of them
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", String(32)),
    # Secrets are derived from the server's; stored is which of them.
    Column("secret_number", Integer, nullable=False),
    Column("previous_number", Integer),
    Column("previous_until", DateTime),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Index(None, "tenant", "id"),
)

# Written in the transaction that makes the event true, and kept for a while as the log.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("webhook_id", String(36), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("type", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("run_after", DateTime, nullable=False),
    Column("lease_until", DateTime),
    Column("created_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Index(None, "webhook_id", "id"),
    Index(None, "status", "run_after"),
    Index(None, "finished_at"),
)
