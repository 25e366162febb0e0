"""Whether what a request names lies within its caller's reach. What does not is not found, as if it did not exist."""

from app.core.errors import (
    CollectionNotFound,
    ConversationNotFound,
    DocubotError,
    DocumentNotFound,
    JobNotFound,
    MessageNotFound,
)
from app.db.reach import Noun, collection_of
from app.db.session import Database
from app.models.access import Caller

_MISSING: dict[Noun, type[DocubotError]] = {
    "collection": CollectionNotFound,
    "document": DocumentNotFound,
    "job": JobNotFound,
    "conversation": ConversationNotFound,
    "message": MessageNotFound,
}


class ReachService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self, caller: Caller, noun: Noun, identity: str) -> None:
        """Raises the noun's NotFound for what is foreign and, unless the caller reaches everything, for what is not.

        `identity`: an id; of a collection its name.
        """
        if caller.reach is not None and not await self._reaches(caller, noun, identity):
            raise _MISSING[noun]()

    async def exists(self, caller: Caller, noun: Noun, identity: str) -> None:
        """As `check`, and raises for what does not exist whoever asks."""
        if not await self._reaches(caller, noun, identity):
            raise _MISSING[noun]()

    async def conversation(self, conversation_id: str, collection: str) -> None:
        """Raises ConversationNotFound unless it is one over this collection.

        An answer from another collection would be read by all who see the conversation's.
        """
        async with self._database.read() as connection:
            if await collection_of(connection, "conversation", conversation_id) != collection:
                raise ConversationNotFound

    async def _reaches(self, caller: Caller, noun: Noun, identity: str) -> bool:
        async with self._database.read() as connection:
            collection = await collection_of(connection, noun, identity)
        return collection is not None and caller.may(collection)
