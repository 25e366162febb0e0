"""`docubot backup` and `docubot restore`: a whole data folder in one file, and back."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.endings import CommandError, no
from app.commands.printing import AsJson, print_fields, print_json
from app.core.config import Settings, load_settings
from app.core.logging import configure_logging
from app.core.owner import DataFolder

if TYPE_CHECKING:
    from app.models.backup import Manifest
    from app.services.consistency import Findings

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A tar file. Keep it safe: it holds all documents.")]


def backup(
    file: _File,
    vectors: Annotated[bool, typer.Option(help="Without them it is smaller, and restoring takes longer.")] = True,
    as_json: AsJson = False,
) -> None:
    """Write everything in the data folder to one file; a server may go on using it."""
    from app.services.backup import make

    settings = load_settings()
    _only_sqlite(settings)
    manifest = make(settings.data_dir, file, vectors=vectors)
    _tell({"backup": str(file)} | _summary(manifest), as_json)


def restore(file: _File, as_json: AsJson = False) -> None:
    """Bring a backup back into an empty DATA_DIR, fill its indexes, and check it; also for another embedding model."""
    settings = load_settings().model_copy(update={"ingest_workers": 0})
    _only_sqlite(settings)
    configure_logging("error", settings.log_format)
    manifest = asyncio.run(_restore(file, settings))
    found, rebuilt = asyncio.run(_fill(settings, manifest))
    _tell({"restored": str(settings.data_dir)} | _summary(manifest) | {"rebuilt": rebuilt} | found.as_dict(), as_json)
    if not found.clean:
        raise no()


async def _restore(file: Path, settings: Settings) -> "Manifest":
    from app.bootstrap import open_files
    from app.db.migrate import known_revisions
    from app.services.restore import extract, inspect, must_be_empty

    manifest = inspect(file, known_revisions())
    with DataFolder(settings.data_dir):
        must_be_empty(settings.data_dir)
        await extract(file, settings.data_dir, open_files(settings))
    return manifest


async def _fill(settings: Settings, manifest: "Manifest") -> tuple["Findings", list[str]]:
    """Both indexes from SQL, and anew where the vectors are left out or of another model; tells those collections."""
    from app.bootstrap import open_services

    async with open_services(settings) as services:
        rebuilt = await services.consistency.rebuild(services.embeddings.model, everything=not manifest.vectors)
        return await services.consistency.repair(), rebuilt


def _only_sqlite(settings: Settings) -> None:
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        raise CommandError(
            "DATABASE_URL is PostgreSQL, which has its own tools: first `pg_dump`, then a copy of DATA_DIR/files and "
            "DATA_DIR/secret. The other way round to restore; `docubot check --repair` fills the indexes."
        )
    if settings.files_url:
        raise CommandError(
            "FILES_URL keeps the files out of DATA_DIR: copy the database first, then that folder or bucket."
        )


def _summary(manifest: "Manifest") -> dict[str, Any]:
    return {
        "created_at": manifest.created_at,
        "version": manifest.version,
        "schema": manifest.revision,
        "files": sum(name.startswith("files/") for name in manifest.entries),
        "bytes": sum(entry.bytes for entry in manifest.entries.values()),
        "vectors": manifest.vectors,
    }


def _tell(fields: dict[str, Any], as_json: bool) -> None:
    (print_json if as_json else print_fields)(fields)
