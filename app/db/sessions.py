"""SQL of sessions: begun by a sign-in, renewed one generation at a time, ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.ids import new_id
from app.db.session import now
from app.db.users import SHOWN, record
from app.models.people import Session, User
from app.models.tables_access import sessions, users

_COLUMNS = [sessions.c[name] for name in ("id", "user_id", "generation", "renewed_at", "expires_at")]


def _session(row: Any) -> Session:
    return Session(*row)


async def begin(connection: AsyncConnection, user_id: str, expires_at: datetime) -> Session:
    moment = now()
    session = Session(new_id(), user_id, 0, moment, expires_at)
    await connection.execute(
        insert(sessions).values(
            id=session.id,
            user_id=user_id,
            generation=0,
            created_at=moment,
            renewed_at=moment,
            expires_at=expires_at,
        )
    )
    return session


async def by_id(connection: AsyncConnection, session_id: str) -> Session | None:
    row = (await connection.execute(select(*_COLUMNS).where(sessions.c.id == session_id))).first()
    return None if row is None else _session(row)


async def user_of(connection: AsyncConnection, session_id: str, moment: datetime) -> User | None:
    """Whoever's session this is, as long as it lasts and they are let in."""
    query = (
        select(*SHOWN)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(sessions.c.id == session_id, sessions.c.expires_at > moment, users.c.disabled_at.is_(None))
    )
    row = (await connection.execute(query)).first()
    return None if row is None else record(row)


async def renew(connection: AsyncConnection, session: Session, expires_at: datetime) -> bool:
    """To the next generation; False when somebody was faster."""
    where = (sessions.c.id == session.id, sessions.c.generation == session.generation)
    values = {"generation": session.generation + 1, "renewed_at": now(), "expires_at": expires_at}
    done = await connection.execute(update(sessions).where(*where).values(**values))
    return done.rowcount == 1


async def end(connection: AsyncConnection, session_id: str) -> bool:
    """Whether there was such a one."""
    return (await connection.execute(delete(sessions).where(sessions.c.id == session_id))).rowcount == 1


async def end_all(connection: AsyncConnection, user_id: str) -> None:
    await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))


async def forget_expired(connection: AsyncConnection, moment: datetime) -> int:
    """Delete those whose time is over, and tell how many there were."""
    return (await connection.execute(delete(sessions).where(sessions.c.expires_at <= moment))).rowcount
