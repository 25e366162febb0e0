"""Local users, for administrators: made here or by `docubot users`."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.core.errors import InvalidCursor, UserExists, UserNotFound
from app.core.ids import is_id
from app.models.access import Scope
from app.models.schemas import EXAMPLE_ID
from app.models.schemas_people import DefinedRole, NewUser, RoleList, UserChange, UserList, UserOut
from app.routers.deps import IdCursor, Limit, TheServices, needs
from app.routers.errors import changing, reading

router = APIRouter(tags=["access"], dependencies=[needs(Scope.ADMIN)])
UserId = Annotated[str, Path(examples=[EXAMPLE_ID])]


@router.post("/users", summary="Make a user", status_code=201, responses=changing(UserExists, body=True))
async def create_user(new: NewUser, services: TheServices) -> UserOut:
    """The first user shuts the door, as the first key does: from then on every call needs a key or a token."""
    roles = [role.assignment for role in new.roles]
    return UserOut.shown(await services.users.create(new.username, new.password.get_secret_value(), roles))


@router.get("/users", summary="List users", responses=reading(InvalidCursor))
async def list_users(services: TheServices, cursor: IdCursor, limit: Limit = 20) -> UserList:
    """Newest first; disabled ones too."""
    found = await services.users.list(cursor, limit)
    return UserList(items=[UserOut.shown(user) for user in found.items], next_cursor=found.next_cursor)


@router.get("/users/{user_id}", summary="Get a user", responses=reading(UserNotFound))
async def get_user(user_id: UserId, services: TheServices) -> UserOut:
    return UserOut.shown(await services.users.get(_known(user_id)))


@router.patch("/users/{user_id}", summary="Change a user", responses=changing(UserNotFound, body=True))
async def change_user(user_id: UserId, change: UserChange, services: TheServices) -> UserOut:
    """Roles count from the next call; a new password, or being disabled, ends all sessions at once."""
    user = await services.users.change(
        _known(user_id),
        roles=None if change.roles is None else [role.assignment for role in change.roles],
        disabled=change.disabled,
        password=None if change.password is None else change.password.get_secret_value(),
    )
    return UserOut.shown(user)


@router.delete("/users/{user_id}", summary="Delete a user", status_code=204, responses=changing(UserNotFound))
async def delete_user(user_id: UserId, services: TheServices) -> None:
    """For good. What they did stays in the audit log, and what they uploaded stays where it is."""
    await services.users.delete(_known(user_id))


@router.get("/roles", summary="List roles", responses=reading())
async def list_roles(services: TheServices) -> RoleList:
    """The built-in ones and those of the setting `ROLES`."""
    found = sorted(services.users.roles.scopes.items())
    return RoleList(items=[DefinedRole(role=name, scopes=sorted(scopes)) for name, scopes in found])


def _known(user_id: str) -> str:
    if not is_id(user_id):
        raise UserNotFound()
    return user_id
