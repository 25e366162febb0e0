"""SQL of conversations, their messages and feedback."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import ConversationNotFound, MessageNotFound
from app.db.reach import within
from app.db.session import now
from app.models.access import Reach
from app.models.domain import Turn
from app.models.records import Conversation, Listing, StoredMessage, Thread, page_of
from app.models.tables import collections, conversations, messages


def _selection() -> Any:
    return select(
        conversations.c.id,
        collections.c.name.label("collection"),
        conversations.c.title,
        conversations.c.created_at,
        conversations.c.updated_at,
    ).join(collections, collections.c.id == conversations.c.collection_id)


async def by_id(connection: AsyncConnection, conversation_id: str) -> Conversation:
    row = (await connection.execute(_selection().where(conversations.c.id == conversation_id))).first()
    if row is None:
        raise ConversationNotFound
    return Conversation(**row._mapping)


async def listing(
    connection: AsyncConnection, collection: str | None, cursor: str | None, limit: int, reach: Reach = None
) -> Listing[Conversation]:
    """Newest first."""
    query = _selection().where(within(reach)).order_by(conversations.c.id.desc()).limit(limit + 1)
    if collection is not None:
        query = query.where(collections.c.name == collection)
    if cursor is not None:
        query = query.where(conversations.c.id < cursor)
    rows = (await connection.execute(query)).all()
    return page_of([Conversation(**row._mapping) for row in rows], limit, lambda item: item.id)


async def add(connection: AsyncConnection, conversation_id: str, collection_id: str, title: str) -> None:
    moment = now()
    await connection.execute(
        insert(conversations).values(
            id=conversation_id, collection_id=collection_id, title=title, created_at=moment, updated_at=moment
        )
    )


async def remove(connection: AsyncConnection, conversation_id: str) -> None:
    result = await connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
    if result.rowcount == 0:
        raise ConversationNotFound


async def messages_of(connection: AsyncConnection, conversation_id: str) -> tuple[StoredMessage, ...]:
    query = select(messages).where(messages.c.conversation_id == conversation_id).order_by(messages.c.position)
    return tuple(
        StoredMessage(row.id, row.question, row.standalone, row.answer, row.rating, row.note, row.created_at)
        for row in (await connection.execute(query)).all()
    )


async def rated(connection: AsyncConnection, collection: str) -> tuple[StoredMessage, ...]:
    """The messages of a collection that somebody has judged, oldest first."""
    query = (
        select(messages)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .join(collections, collections.c.id == conversations.c.collection_id)
        .where(collections.c.name == collection, messages.c.rating.is_not(None))
        .order_by(messages.c.id)
    )
    return tuple(
        StoredMessage(row.id, row.question, row.standalone, row.answer, row.rating, row.note, row.created_at)
        for row in (await connection.execute(query)).all()
    )


async def last_turns(connection: AsyncConnection, conversation_id: str, limit: int) -> list[Turn]:
    """The last `limit` turns, oldest first."""
    query = select(messages.c.question, messages.c.answer, messages.c.standalone)
    query = query.where(messages.c.conversation_id == conversation_id).order_by(messages.c.position.desc())
    rows = (await connection.execute(query.limit(limit))).all()
    return [Turn(row.question, row.answer.get("answer", ""), row.standalone) for row in reversed(rows)]


async def thread_of(connection: AsyncConnection, message_id: str, limit: int) -> Thread:
    """The conversation of a message, and its last `limit` turns up to and with that message, oldest first."""
    query = select(messages.c.conversation_id, messages.c.position).where(messages.c.id == message_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise MessageNotFound
    found = await by_id(connection, row.conversation_id)
    query = select(messages.c.question, messages.c.answer, messages.c.standalone).where(
        messages.c.conversation_id == found.id, messages.c.position <= row.position
    )
    said = (await connection.execute(query.order_by(messages.c.position.desc()).limit(limit))).all()
    turns = [Turn(item.question, item.answer.get("answer", ""), item.standalone) for item in reversed(said)]
    return Thread(found.id, found.collection, tuple(turns))


async def add_message(
    connection: AsyncConnection,
    conversation_id: str,
    message_id: str,
    *,
    question: str,
    standalone: str | None,
    answer: Mapping[str, Any],
) -> None:
    query = select(func.coalesce(func.max(messages.c.position), 0)).where(messages.c.conversation_id == conversation_id)
    position = (await connection.execute(query)).scalar_one() + 1
    moment = now()
    await connection.execute(
        insert(messages).values(
            id=message_id,
            conversation_id=conversation_id,
            position=position,
            question=question,
            standalone=standalone,
            answer=dict(answer),
            created_at=moment,
        )
    )
    await connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(updated_at=moment)
    )


async def rate(connection: AsyncConnection, message_id: str, rating: str, note: str | None) -> None:
    result = await connection.execute(
        update(messages).where(messages.c.id == message_id).values(rating=rating, note=note)
    )
    if result.rowcount == 0:
        raise MessageNotFound
