"""Stored questions that people have judged, as evaluation cases.

A thumb up keeps what the answer rested on: its documents' pages and quotes must be found again, and an up for "not
found" keeps the question as unanswerable. A thumb down keeps the answer as one that must not come again, and, where it
was "not found", the question as answerable.
"""

from collections import Counter
from collections.abc import Sequence

from app.db import collections as collection_rows
from app.db import conversations as conversation_rows
from app.db import documents as document_rows
from app.db.session import Database
from app.evaluation.corpus import Corpus, CorpusFile
from app.evaluation.dataset import Case, DatasetError
from app.logic.language import detect
from app.models.records import Document, StoredMessage
from app.ports import BlobStore

_PAGE = 100


async def cases_from_feedback(database: Database, blobs: BlobStore, collection: str) -> tuple[list[Case], Corpus]:
    """The judged questions of a collection and all its live documents. Raises CollectionNotFound, and
    DatasetError when nothing was judged."""
    documents = await _documents(database, collection)
    async with database.read() as connection:
        judged = await conversation_rows.rated(connection, collection)
    if not judged:
        raise DatasetError(
            f"Nobody has rated an answer in the collection {collection!r} yet. Thumbs on the page, or "
            "POST /messages/{id}/feedback, make the cases; --collection names another collection."
        )
    shared = Counter(document.filename for document in documents)
    names = {
        document.id: document.filename if shared[document.filename] == 1 else f"{document.id}/{document.filename}"
        for document in documents
    }
    files = []
    for document in documents:
        try:
            files.append(CorpusFile(names[document.id], await blobs.local_path(document.sha256)))
        except FileNotFoundError:
            raise DatasetError(
                f"The stored file of {document.filename} is missing: `docubot check` tells more."
            ) from None
    cases = [case for message in judged for case in _cases(message, names)]
    if not cases:
        raise DatasetError("The documents that the rated answers rest on are all gone; nothing is left to ask.")
    return cases, Corpus(tuple(files))


async def _documents(database: Database, collection: str) -> list[Document]:
    async with database.read() as connection:
        chosen = await collection_rows.by_name(connection, collection)
        found: list[Document] = []
        cursor: str | None = None
        while True:
            page = await document_rows.listing(
                connection, collection_id=chosen.id, status=None, filters=None, cursor=cursor, limit=_PAGE
            )
            found += [document for document in page.items if document.live_version_id is not None]
            cursor = page.next_cursor
            if cursor is None:
                return found


def _cases(message: StoredMessage, names: dict[str, str]) -> Sequence[Case]:
    """One; one for each document when a good answer rested on several; none when its documents are gone."""
    question = message.standalone or message.question
    spoken = detect(question)
    refused = message.answer.get("status") == "not_found"
    case = Case(message.id, question, language=spoken[0] if spoken else None, answerable=not refused)
    if message.rating == "down":
        rejected = () if refused else (str(message.answer.get("answer", "")),)
        return [Case(case.id, question, language=case.language, rejected=rejected)]
    if refused:
        return [case]
    cited: dict[str, list[str]] = {}
    for citation in message.answer.get("citations", ()):
        cited.setdefault(citation["document_id"], []).append(citation["quote"])
    kept = {document: quotes for document, quotes in cited.items() if document in names}
    return [
        Case(
            f"{case.id}-{number}" if len(kept) > 1 else case.id,
            question,
            document=names[document],
            quotes=tuple(dict.fromkeys(quotes)),
            language=case.language,
        )
        for number, (document, quotes) in enumerate(kept.items(), 1)
    ]
