"""Commands that work on keys and users: on the database itself, because the first of them are made before anybody may
call. A server may be using it; it sees what changes at once."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.commands.endings import CommandError
from app.core.config import load_settings
from app.core.errors import Conflict, NotFound, Unprocessable

if TYPE_CHECKING:
    from app.bootstrap.entrance import Entrance


def at_entrance(work: Callable[["Entrance"], Coroutine[Any, Any, Any]]) -> Any:
    """What `work` returns. Raises CommandError for what does not exist, exists already or is wrong."""
    from app.bootstrap.entrance import open_entrance
    from app.db.migrate import migrate
    from app.db.session import Database

    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)

    async def run() -> Any:
        database = Database(settings.effective_database_url)
        try:
            await migrate(database)
            return await work(open_entrance(settings, database))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except (NotFound, Conflict) as error:
        raise CommandError(f"{error.code}: {error.detail}") from None
    except Unprocessable as error:
        raise CommandError("\n".join(f"--{item['loc'][1]}: {item['msg']}" for item in error.errors)) from None


def complaint(error: ValidationError, default: str, options: Mapping[str, str] | None = None) -> CommandError:
    """One line for each wrong option; `default` names those that are wrong together, `options` those of fields that
    they do not share the name of."""
    return CommandError("\n".join(_told(item, default, options or {}) for item in error.errors()))


def parts(text: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def joined(value: Any) -> Any:
    """A cell of a table."""
    return ", ".join(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _told(item: Any, default: str, options: Mapping[str, str]) -> str:
    field = ".".join(str(part) for part in item["loc"]) or default
    message = item["msg"].removeprefix("Value error, ")
    return f"--{options.get(field, field.partition('.')[0])}: {message}"
