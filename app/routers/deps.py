"""What endpoints ask for: the caller's scope, the services, and path and query values that can name something.

Every route declares what its caller must be allowed, in its decorator (a test walks all routes):

    @router.get("/documents", dependencies=[needs(Scope.READ)])
    @router.get("/health", dependencies=[PUBLIC])
    @router.post("/translate", dependencies=[needs(Scope.TRANSLATE, key_in_body=True)])

An endpoint that lists or names a collection asks for `TheCaller` as well, and passes `caller.reach` on, or asks
`caller.may(collection)`; ids in the path (`DocumentId`, `JobId`, ...) are checked already. A multipart form whose
`api_key` only turns up while it is read calls `admitted` with it, before anything else is done.

All dependencies are coroutines: FastAPI runs plain functions in threads, which costs more than what they do.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection, Request

from app.core.acting import Actor, act_as
from app.core.errors import (
    CollectionNotAllowed,
    CollectionNotFound,
    ConversationNotFound,
    DocubotError,
    DocumentNotFound,
    InvalidCredentials,
    InvalidCursor,
    JobNotFound,
    MessageNotFound,
    ScopeMissing,
    Unauthorized,
)
from app.core.ids import ID_PATTERN, is_id
from app.models.access import ANYONE, Caller, Scope
from app.models.scalars import clean_text
from app.models.schemas import EXAMPLE_ID, NO_NUL, Name
from app.routers.credentials import body_credential, credential_of
from app.routers.sse import Frame
from app.services.container import Services
from app.services.journal import Journal

_names: TypeAdapter[str] = TypeAdapter(Name)


async def _services(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


async def _journal(connection: HTTPConnection) -> Journal[Frame]:
    journal: Journal[Frame] = connection.app.state.journal
    return journal


# ---------------------------------------------------------------- who calls


@dataclass(frozen=True, slots=True)
class Guard:
    """The dependency behind `needs`, `SIGNED_IN` and `PUBLIC`. `scope` None: any; `public`: open to everybody."""

    scope: Scope | None
    key_in_body: bool = False
    key_in_form: bool = False
    public: bool = False

    async def __call__(self, connection: HTTPConnection) -> None:
        if self.public:
            return
        key = credential_of(connection)
        if key is None and self.key_in_body and isinstance(connection, Request):
            key = await body_credential(connection)
        # Whose key is still to come in a form is nobody until the endpoint calls `admitted`.
        with suppress(*([Unauthorized] if key is None and self.key_in_form else [])):
            await admitted(connection, self.scope, key)


PUBLIC = Depends(Guard(None, public=True))
SIGNED_IN = Depends(Guard(None))
"""A route's declaration: 401 without a valid key or token, whatever it may do."""


def needs(scope: Scope, *, key_in_body: bool = False, key_in_form: bool = False) -> Any:
    """A route's declaration: 401 without a valid key or token, 403 when it lacks `scope`; else `TheCaller` is known.

    `key_in_body`: LibreTranslate's `api_key`, in a JSON or urlencoded body, counts as well. `key_in_form`: without a
    header the endpoint itself calls `admitted`, once it has read its multipart form, and does not ask for `TheCaller`.
    """
    return Depends(Guard(scope, key_in_body, key_in_form))


async def admitted(connection: HTTPConnection, scope: Scope | None, key: str | None) -> Caller:
    """The caller that `key` stands for, with the reach that they have for `scope`.

    Raises Unauthorized, InvalidCredentials, RateLimited, ScopeMissing.
    """
    services = await _services(connection)
    try:
        caller = await services.access.identify(key)
    except InvalidCredentials:
        await services.rates.wrong_key(connection.client.host if connection.client else "")
        raise
    if caller != ANYONE:
        connection.state.window = await services.rates.called(caller.id)
    act_as(Actor("open" if caller == ANYONE else caller.id, caller.name, caller.key_id))
    if scope is not None:
        if not caller.can(scope):
            raise ScopeMissing(f"This call needs the scope `{scope}`, which the key or user lacks.")
        caller = caller.within(scope)
    connection.state.caller = caller
    return caller


async def _caller(connection: HTTPConnection) -> Caller:
    caller: Caller | None = getattr(connection.state, "caller", None)
    if caller is None:
        raise Unauthorized()
    return caller


TheCaller = Annotated[Caller, Depends(_caller)]
TheServices = Annotated[Services, Depends(_services)]


# ---------------------------------------------------------------- what a path names


def _stored_id(text: str, missing: type[DocubotError]) -> str:
    """What is not spelled like our ids names nothing: the noun's own 404, and no look into the store."""
    if not is_id(text):
        raise missing()
    return text


async def _document_id(
    document_id: Annotated[str, Path(examples=[EXAMPLE_ID])], caller: TheCaller, services: TheServices
) -> str:
    await services.reach.check(caller, "document", _stored_id(document_id, DocumentNotFound))
    return document_id


async def _job_id(job_id: Annotated[str, Path(examples=[EXAMPLE_ID])], caller: TheCaller, services: TheServices) -> str:
    await services.reach.check(caller, "job", _stored_id(job_id, JobNotFound))
    return job_id


async def _conversation_id(
    conversation_id: Annotated[str, Path(examples=[EXAMPLE_ID])], caller: TheCaller, services: TheServices
) -> str:
    await services.reach.check(caller, "conversation", _stored_id(conversation_id, ConversationNotFound))
    return conversation_id


async def _message_id(
    message_id: Annotated[str, Path(examples=[EXAMPLE_ID])], caller: TheCaller, services: TheServices
) -> str:
    await services.reach.check(caller, "message", _stored_id(message_id, MessageNotFound))
    return message_id


async def _collection_name(name: Annotated[str, Path(examples=["default"])], caller: TheCaller) -> str:
    return reached(caller, _known_name(name))


async def _collection_filter(
    caller: TheCaller,
    services: TheServices,
    collection: Annotated[str | None, Query(description="Only of this collection.", examples=["default"])] = None,
) -> str | None:
    if collection is not None:
        await services.reach.exists(caller, "collection", _known_name(collection))
    return collection


def reached(caller: Caller, collection: str) -> str:
    """The collection that a request names. Raises CollectionNotFound for one beyond the caller's reach."""
    if not caller.may(collection):
        raise CollectionNotFound()
    return collection


def may_fill(caller: Caller, collection: str) -> None:
    """Raises CollectionNotAllowed when something would be made in a collection beyond the caller's reach."""
    if not caller.may(collection):
        raise CollectionNotAllowed()


def _known_name(name: str) -> str:
    try:
        return _names.validate_python(name)
    except ValidationError:
        raise CollectionNotFound() from None


def _cursor_of(pattern: str) -> Any:
    """A query's cursor. What it looks like is told and not held: another text is 400 `invalid_cursor`, and no 422."""
    return Query(description="`next_cursor` of the page before.", json_schema_extra={"pattern": pattern})


async def _id_cursor(cursor: Annotated[str | None, _cursor_of(ID_PATTERN)] = None) -> Any:
    if cursor is not None and not is_id(cursor):
        raise InvalidCursor()
    return cursor


async def _text_cursor(cursor: Annotated[str | None, _cursor_of(NO_NUL)] = None) -> Any:
    try:
        return cursor if cursor is None else clean_text(cursor)
    except ValueError:
        raise InvalidCursor() from None


async def _ordinal_cursor(
    cursor: Annotated[str | None, _cursor_of("^[0-9]{1,9}$")] = None,
) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= len("999999999")):
        raise InvalidCursor()
    return int(cursor)


TheJournal = Annotated[Journal[Frame], Depends(_journal)]
DocumentId = Annotated[str, Depends(_document_id)]
JobId = Annotated[str, Depends(_job_id)]
ConversationId = Annotated[str, Depends(_conversation_id)]
MessageId = Annotated[str, Depends(_message_id)]
CollectionName = Annotated[str, Depends(_collection_name)]
CollectionFilter = Annotated[str | None, Depends(_collection_filter)]
IdCursor = Annotated[str | None, Depends(_id_cursor)]
NameCursor = Annotated[str | None, Depends(_text_cursor)]
OrdinalCursor = Annotated[int | None, Depends(_ordinal_cursor)]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
VersionNumber = Annotated[int | None, Query(ge=1, le=2**31, description="The version that answers when left out.")]
