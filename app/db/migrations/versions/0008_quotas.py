"""Quotas of keys: what they may hold and use, whose a version and a file is, and the tokens of each day"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_LIMITS = ("max_documents", "max_pages", "max_bytes", "max_tokens_a_day")
_OWNED = ("versions", "files")


def upgrade() -> None:
    for name in _LIMITS:
        op.add_column("api_keys", sa.Column(name, sa.BigInteger(), nullable=True))
    for table in _OWNED:
        op.add_column(table, sa.Column("key_id", sa.String(length=36), nullable=True))
        op.create_index(op.f(f"ix_{table}_key_id"), table, ["key_id"], unique=False)
    op.create_table(
        "token_uses",
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_token_uses_key_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_id", "day", name=op.f("pk_token_uses")),
    )
    op.create_table(
        "quota_notices",
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("quota", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_quota_notices_key_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_id", "quota", "day", name=op.f("pk_quota_notices")),
    )


def downgrade() -> None:
    for table in ("quota_notices", "token_uses"):
        op.drop_table(table)
    for table in _OWNED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_key_id"))
            batch_op.drop_column("key_id")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        for name in _LIMITS:
            batch_op.drop_column(name)
