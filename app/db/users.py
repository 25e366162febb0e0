"""SQL of users."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import UserExists, UserNotFound
from app.core.ids import new_id
from app.db.session import now
from app.models.people import Assignment, User, login_of
from app.models.records import Listing, page_of
from app.models.tables_access import users

SHOWN = [column for column in users.c if column.name not in ("login", "password")]


def record(row: Any) -> User:
    """A user from a row that has the columns of `SHOWN`."""
    values = {column.name: row._mapping[column.name] for column in SHOWN}
    roles = _assignments(values.pop("grants"))
    return User(**values, roles=roles)


def _assignments(stored: Sequence[dict[str, Any]]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(item["role"], None if item["collections"] is None else tuple(item["collections"])) for item in stored
    )


def stored(roles: Sequence[Assignment]) -> list[dict[str, Any]]:
    """As the column `grants` holds it."""
    return [{"role": item.role, "collections": None if item.reach is None else list(item.reach)} for item in roles]


async def add(connection: AsyncConnection, username: str, password: str, roles: Sequence[Assignment]) -> User:
    """`password`: its hash. Raises UserExists."""
    identity = new_id()
    values = {
        "id": identity,
        "username": username,
        "login": login_of(username),
        "password": password,
        "grants": stored(roles),
        "created_at": now(),
    }
    try:
        await connection.execute(insert(users).values(**values))
    except IntegrityError:
        raise UserExists from None
    return await by_id(connection, identity)


async def by_id(connection: AsyncConnection, user_id: str) -> User:
    row = (await connection.execute(select(*SHOWN).where(users.c.id == user_id))).first()
    if row is None:
        raise UserNotFound
    return record(row)


async def by_login(connection: AsyncConnection, login: str) -> tuple[User, str] | None:
    """The user and the hash of their password."""
    row = (await connection.execute(select(*SHOWN, users.c.password).where(users.c.login == login))).first()
    return None if row is None else (record(row), row.password)


async def password_of(connection: AsyncConnection, user_id: str) -> str | None:
    """The hash of a user's password."""
    found: str | None = (
        await connection.execute(select(users.c.password).where(users.c.id == user_id))
    ).scalar_one_or_none()
    return found


async def listing(connection: AsyncConnection, cursor: str | None, limit: int) -> Listing[User]:
    """Newest first, disabled ones too."""
    query = select(*SHOWN).order_by(users.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(users.c.id < cursor)
    rows = (await connection.execute(query)).all()
    return page_of([record(row) for row in rows], limit, lambda item: item.id)


async def change(connection: AsyncConnection, user_id: str, **values: Any) -> None:
    await connection.execute(update(users).where(users.c.id == user_id).values(**values))


async def remove(connection: AsyncConnection, user_id: str) -> None:
    """Their sessions go with them."""
    await connection.execute(delete(users).where(users.c.id == user_id))


async def anybody(connection: AsyncConnection) -> bool:
    """Whether there is a user, disabled or not."""
    return (await connection.execute(select(users.c.id).limit(1))).first() is not None
