"""SQL of reach: which collections a caller's names cover, and in which of them a thing lies."""

from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.access import Reach
from app.models.tables import collections, conversations, documents, jobs, messages

Noun = Literal["collection", "document", "job", "conversation", "message"]

_id: BindParameter[str] = bindparam("identity")
_of_documents = select(collections.c.name).join(documents, documents.c.collection_id == collections.c.id)
_of_conversations = select(collections.c.name).join(conversations, conversations.c.collection_id == collections.c.id)
_COLLECTION_OF: dict[Noun, Select[Any]] = {
    "collection": select(collections.c.name).where(collections.c.name == _id),
    "document": _of_documents.where(documents.c.id == _id),
    "job": select(jobs.c.collection).where(jobs.c.id == _id),  # its own word: it outlives the collection
    "conversation": _of_conversations.where(conversations.c.id == _id),
    "message": _of_conversations.join(messages, messages.c.conversation_id == conversations.c.id).where(
        messages.c.id == _id
    ),
}


async def collection_of(connection: AsyncConnection, noun: Noun, identity: str) -> str | None:
    """The name of the collection that a thing lies in; None when there is no such thing."""
    found: str | None = (await connection.execute(_COLLECTION_OF[noun], {"identity": identity})).scalar_one_or_none()
    return found


def within(reach: Reach, name: ColumnElement[str] = collections.c.name) -> ColumnElement[bool]:
    """Whether a collection's name is covered. Not by LIKE: SQLite's knows no upper and lower case."""
    if reach is None:
        return true()
    exact = [text for text in reach if not text.endswith("*")]
    beginnings = [text[:-1] for text in reach if text.endswith("*")]
    return or_(false(), name.in_(exact), *(func.substr(name, 1, len(text)) == text for text in beginnings))
