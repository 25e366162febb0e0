"""What OpenAI's wire calls our documents' states."""

from app.models.jobs import DocumentStatus

STATES: dict[str, tuple[DocumentStatus, ...]] = {
    "in_progress": (DocumentStatus.QUEUED, DocumentStatus.PROCESSING, DocumentStatus.SEARCHABLE),
    "completed": (DocumentStatus.READY, DocumentStatus.READY_WITH_WARNINGS),
    "failed": (DocumentStatus.FAILED,),
    "cancelled": (DocumentStatus.CANCELLED,),
}
_STATE_OF = {status: name for name, statuses in STATES.items() for status in statuses}


def state_of(status: DocumentStatus) -> str:
    """Raises KeyError for a document that is being deleted: no list shows it."""
    return _STATE_OF[status]
