"""API keys: made here or by `docubot keys`, shown once."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.core.errors import InvalidCursor, KeyNotFound
from app.core.ids import is_id
from app.models.access import ApiKey, Scope
from app.models.quotas import Use
from app.models.schemas import EXAMPLE_ID
from app.models.schemas_access import ChangedKey, Key, KeyList, MadeKey, NewKey
from app.routers.deps import IdCursor, Limit, TheServices, needs
from app.routers.errors import changing, reading
from app.services.container import Services

router = APIRouter(prefix="/keys", tags=["access"], dependencies=[needs(Scope.ADMIN)])
KeyId = Annotated[str, Path(examples=[EXAMPLE_ID])]


@router.post("", summary="Make a key", status_code=201, responses=changing(body=True))
async def create_key(new: NewKey, services: TheServices) -> MadeKey:
    """`secret` is shown this once. The first key shuts the door: from then on every call needs one."""
    made = await services.keys.create(new.name, new.scopes, new.reach, new.expires_at, new.limits.value())
    return MadeKey.shown(made.key, Use(), secret=made.secret)


@router.get("", summary="List keys", responses=reading(InvalidCursor))
async def list_keys(services: TheServices, cursor: IdCursor, limit: Limit = 20) -> KeyList:
    """Newest first, without their secrets and with what they use; revoked ones too."""
    found = await services.keys.list(cursor, limit)
    used = await services.keys.use([key.id for key in found.items])
    return KeyList(items=[Key.shown(key, used[key.id]) for key in found.items], next_cursor=found.next_cursor)


@router.get("/{key_id}", summary="Get a key", responses=reading(KeyNotFound))
async def get_key(key_id: KeyId, services: TheServices) -> Key:
    return await _shown(await services.keys.get(_known(key_id)), services)


@router.patch("/{key_id}", summary="Change a key", responses=changing(KeyNotFound, body=True))
async def change_key(key_id: KeyId, changed: ChangedKey, services: TheServices) -> Key:
    """Its name and its quotas, from the next call on. A lower quota takes nothing away."""
    limits = changed.changed_limits()
    return await _shown(await services.keys.change(_known(key_id), name=changed.name, limits=limits), services)


@router.post("/{key_id}/rotate", summary="Renew a key's secret", responses=changing(KeyNotFound))
async def rotate_key(key_id: KeyId, services: TheServices) -> MadeKey:
    """The old secret is refused at once; scopes, collections and quotas stay."""
    made = await services.keys.rotate(_known(key_id))
    return MadeKey.shown(made.key, (await services.keys.use([key_id]))[key_id], secret=made.secret)


@router.delete("/{key_id}", summary="Revoke a key", responses=changing(KeyNotFound))
async def revoke_key(key_id: KeyId, services: TheServices) -> Key:
    """For good. Revoking the last one opens no door."""
    return await _shown(await services.keys.revoke(_known(key_id)), services)


async def _shown(key: ApiKey, services: Services) -> Key:
    return Key.shown(key, (await services.keys.use([key.id]))[key.id])


def _known(key_id: str) -> str:
    if not is_id(key_id):
        raise KeyNotFound()
    return key_id
