"""Who may call, as a test says, and what they reach: everything."""

from app.core.errors import CollectionNotFound, InvalidCredentials, Unauthorized
from app.models.access import ANYONE, Caller


class FakeAccess:
    """Lets everybody in as `caller`; with None, only who brings one of `keys`."""

    def __init__(self) -> None:
        self.caller: Caller | None = ANYONE
        self.keys: dict[str, Caller] = {}

    async def identify(self, credential: str | None) -> Caller:
        if credential in self.keys:
            return self.keys[credential]
        if self.caller is None:
            raise InvalidCredentials() if credential else Unauthorized()
        return self.caller

    async def door(self) -> str:
        return "guarded" if self.caller is None else "open: no key, this machine only"


class FakeReach:
    """Everything that is asked for exists, save the collection `missing`."""

    async def check(self, caller: Caller, noun: str, identity: str) -> None:
        """Reaches it."""

    async def exists(self, caller: Caller, noun: str, identity: str) -> None:
        if identity == "missing":
            raise CollectionNotFound()

    async def conversation(self, conversation_id: str, collection: str) -> None:
        """It is one of the collection's."""
