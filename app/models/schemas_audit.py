"""The wire: the audit log."""

from pydantic import ConfigDict, Field

from app.models.audit import Action, Outcome
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, Instant, Out, Page


class AuditEntry(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "at": EXAMPLE_TIME,
                    "caller": f"key:{EXAMPLE_ID}",
                    "caller_name": "intranet search",
                    "action": "document.delete",
                    "collection": "handbook",
                    "document_id": EXAMPLE_ID,
                    "item": None,
                    "outcome": "done",
                    "request_id": EXAMPLE_ID,
                }
            ]
        }
    )

    id: str
    at: Instant
    caller: str = Field(
        description="`key:` and its id; `open` while nothing guarded the door; `docubot` for what it did by itself, or "
        "for a command on its machine."
    )
    caller_name: str = Field(description="The key's name.")
    action: Action
    collection: str | None = Field(description="Its name at that time.")
    document_id: str | None
    item: str | None = Field(
        description="The id of a key, job, translation, conversation or file, or a glossary's name."
    )
    outcome: Outcome
    request_id: str | None


class AuditList(Page[AuditEntry]):
    pass
