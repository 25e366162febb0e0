"""Lists that are walked in an index's order: documents by status and own field, attributes by value, jobs by status"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_WALKED = (
    ("documents", ["status", "id"]),
    ("documents", ["collection_id", "status", "id"]),
    ("documents", ["collection_id", "filename", "id"]),
    ("documents", ["collection_id", "language", "id"]),
    ("documents", ["collection_id", "media_type", "id"]),
    ("document_attributes", ["collection_id", "key", "text", "document_id"]),
    ("document_attributes", ["collection_id", "key", "number", "document_id"]),
    ("document_attributes", ["collection_id", "key", "flag", "document_id"]),
    ("jobs", ["status", "id"]),
    ("jobs", ["collection", "id"]),
    ("jobs", ["collection", "status", "id"]),
)
_BEFORE = (
    ("documents", ["collection_id", "status"]),
    ("document_attributes", ["key", "text"]),
    ("document_attributes", ["key", "number"]),
)


def upgrade() -> None:
    for table, columns in _BEFORE:
        op.drop_index(_name(table, columns), table_name=table)
    op.add_column("document_attributes", sa.Column("collection_id", sa.String(length=36), nullable=True))
    op.execute(
        "UPDATE document_attributes SET collection_id ="
        " (SELECT collection_id FROM documents WHERE documents.id = document_attributes.document_id)"
    )
    with op.batch_alter_table("document_attributes", schema=None) as batch_op:
        batch_op.alter_column("collection_id", existing_type=sa.String(length=36), nullable=False)
    for table, columns in _WALKED:
        op.create_index(_name(table, columns), table, columns, unique=False)


def downgrade() -> None:
    for table, columns in _WALKED:
        op.drop_index(_name(table, columns), table_name=table)
    with op.batch_alter_table("document_attributes", schema=None) as batch_op:
        batch_op.drop_column("collection_id")
    for table, columns in _BEFORE:
        op.create_index(_name(table, columns), table, columns, unique=False)


def _name(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
