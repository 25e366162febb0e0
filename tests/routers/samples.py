"""Records as a store would give them, to be changed where a test cares."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.core.ids import new_id
from app.models.domain import Passage, Span
from app.models.jobs import DocumentStatus, JobStatus
from app.models.records import Collection, Document, JobRecord

NOW = datetime(2026, 11, 22, 12, 0, 0)


def a_document(**values: Any) -> Document:
    document = Document(
        id=new_id(),
        collection_id=new_id(),
        collection="default",
        filename="report.pdf",
        title=None,
        media_type="application/pdf",
        status=DocumentStatus.QUEUED,
        language=None,
        metadata={"year": 2023, "audited": True, "rate": 0.5, "部门": "财务"},
        live_version_id=None,
        version=1,
        latest_version=1,
        sha256="0" * 64,
        bytes=3,
        page_count=2,
        chunk_count=5,
        warnings=(),
        error_code=None,
        error_message=None,
        job_id=new_id(),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(document, **values)


def a_job(**values: Any) -> JobRecord:
    job = JobRecord(
        id=new_id(),
        kind="ingest",
        status=JobStatus.RUNNING,
        collection="default",
        document_id=new_id(),
        version=1,
        stage="parse",
        progress=0.25,
        attempt=1,
        error_code=None,
        error_message=None,
        created_at=NOW,
        updated_at=NOW,
        finished_at=None,
    )
    return replace(job, **values)


def a_collection(name: str = "default") -> Collection:
    return Collection(new_id(), name, "", {}, "multilingual-e5-small", 384, "i1", NOW, NOW, documents=2, chunks=9)


def a_passage(**values: Any) -> Passage:
    passage = Passage(
        chunk_id=new_id(),
        document_id=new_id(),
        version_id=new_id(),
        version=1,
        filename="report.pdf",
        media_type="application/pdf",
        title=None,
        text="净收入为265亿美元。",
        spans=(Span(48, 10, 16), Span(49, 0, 5)),
        page_labels={48: "46", 49: "47"},
        headings=("Part II", "Item 7"),
        locator=None,
        language="zh",
        score=0.83,
        scores={"keyword": 7.5, "vector": 0.91},
    )
    return replace(passage, **values)
