"""Commands on a data folder that no server is using: `migrate` and `check`."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.endings import no
from app.commands.printing import AsJson, print_json
from app.core.config import Settings, load_settings
from app.core.logging import configure_logging

if TYPE_CHECKING:
    from app.services.consistency import Findings


def migrate() -> None:
    """Bring the database to this release's schema, and do nothing else."""
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    from app.db.migrate import migrate as apply
    from app.db.session import Database

    database = Database(settings.effective_database_url)
    try:
        await apply(database)
    finally:
        await database.close()


def check(
    repair: Annotated[bool, typer.Option(help="Mend what can be mended.")] = False, as_json: AsJson = False
) -> None:
    """Compare files, rows and both indexes of a data folder that no server is using; exit 1 when they differ."""
    settings = load_settings().model_copy(update={"ingest_workers": 0})
    configure_logging("error", settings.log_format)
    found = asyncio.run(_check(settings, repair))
    if as_json:
        print_json(found.as_dict())
    else:
        for line in found.lines():
            typer.echo(line)
    if not found.clean:
        raise no()


async def _check(settings: Settings, repair: bool) -> "Findings":
    from app.bootstrap import open_services

    async with open_services(settings) as services:
        return await (services.consistency.repair() if repair else services.consistency.check())
