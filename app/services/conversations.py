"""Conversations: stored turns, and what people thought of the answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from app.core.ids import new_id
from app.db import audit as audit_rows
from app.db import collections as collection_rows
from app.db import conversations as rows
from app.db.session import Database
from app.models.access import Reach
from app.models.audit import Action
from app.models.domain import Turn
from app.models.records import Conversation, Listing, StoredMessage, Thread

_TITLE = 120  # characters


class ConversationService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self, collection: str | None, cursor: str | None, limit: int, reach: Reach = None
    ) -> Listing[Conversation]:
        """Newest first."""
        async with self._database.read() as connection:
            return await rows.listing(connection, collection, cursor, limit, reach)

    async def get(self, conversation_id: str) -> tuple[Conversation, tuple[StoredMessage, ...]]:
        """With its messages, oldest first. Raises ConversationNotFound."""
        async with self._database.read() as connection:
            found = await rows.by_id(connection, conversation_id)
            return found, await rows.messages_of(connection, conversation_id)

    async def delete(self, conversation_id: str) -> None:
        """With its messages. Raises ConversationNotFound."""
        async with self._database.write() as connection:
            found = await rows.by_id(connection, conversation_id)
            await rows.remove(connection, conversation_id)
            await audit_rows.note(
                connection, Action.CONVERSATION_DELETE, collection=found.collection, item=conversation_id
            )

    async def feedback(self, message_id: str, rating: Literal["up", "down"], note: str | None) -> None:
        """Raises MessageNotFound."""
        async with self._database.write() as connection:
            await rows.rate(connection, message_id, rating, note)

    async def thread(self, message_id: str, limit: int) -> Thread:
        """The conversation up to a message, with its last turns. Raises MessageNotFound."""
        async with self._database.read() as connection:
            return await rows.thread_of(connection, message_id, limit)

    # ------------------------------------------------------------ for answers

    async def turns(self, conversation_id: str, limit: int) -> Sequence[Turn]:
        """The last turns, oldest first. Raises ConversationNotFound."""
        async with self._database.read() as connection:
            await rows.by_id(connection, conversation_id)
            return await rows.last_turns(connection, conversation_id, limit)

    async def store(
        self,
        conversation_id: str | None,
        message_id: str,
        *,
        collection: str,
        question: str,
        standalone: str | None,
        answer: Mapping[str, Any],
    ) -> str:
        """Keep a turn, in a new conversation when none is given; returns the conversation's id."""
        async with self._database.write() as connection:
            if conversation_id is None:
                conversation_id = new_id()
                found = await collection_rows.by_name(connection, collection)
                await rows.add(connection, conversation_id, found.id, question[:_TITLE])
            told = {**answer, "conversation_id": conversation_id}
            await rows.add_message(
                connection, conversation_id, message_id, question=question, standalone=standalone, answer=told
            )
        return conversation_id
