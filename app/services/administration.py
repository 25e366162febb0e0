"""What an administrator looks at: settings in force, usage, kept evaluation runs. It changes nothing."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from app.core.config import Settings
from app.core.errors import EvaluationNotFound
from app.db import usage as rows
from app.db.session import Database
from app.models.administration import (
    EVALUATIONS,
    MASK,
    REPORT_FILE,
    RUN_FILE,
    RUN_FORMAT,
    CollectionUsage,
    EvaluationRun,
    Setting,
    UsageDay,
)
from app.models.records import Listing, page_of

_RUN_ID = re.compile(r"\d{8}-\d{6}-\d{3}-[\w-]+")
"""As `docubot eval` names the folders of its runs; nothing that leads elsewhere."""


def settings_in_force(settings: Settings) -> list[Setting]:
    """All of them, in the order of `.env.example`; what is secret, and passwords in addresses, masked."""
    values = settings.model_dump(mode="json")
    found = []
    for name, declared in Settings.model_fields.items():
        raw = getattr(settings, name)
        default = declared.get_default(call_default_factory=True)
        secret = "SecretStr" in str(declared.annotation)
        shown = (MASK if isinstance(raw, SecretStr) else None) if secret else _without_password(values[name])
        plain = str(default) if isinstance(default, Path) else list(default) if _several(default) else default
        found.append(Setting(name.upper(), shown, None if secret else plain, raw != default, secret))
    return found


class AdministrationService:
    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._runs = settings.data_dir / EVALUATIONS

    def settings(self) -> list[Setting]:
        return settings_in_force(self._settings)

    async def usage(self, days: int) -> tuple[list[UsageDay], Sequence[CollectionUsage]]:
        """Of the last `days` days, oldest first, and what each collection holds now."""
        async with self._database.read() as connection:
            return await rows.by_day(connection, days), await rows.by_collection(connection)

    async def runs(self, cursor: str | None, limit: int) -> Listing[EvaluationRun]:
        """Newest first; the cursor is the id of the last one seen. Unfinished and unreadable ones are left out."""
        found = await asyncio.to_thread(self._newest, cursor, limit + 1)
        return page_of(found, limit, lambda run: run.id)

    async def run(self, run_id: str) -> tuple[EvaluationRun, dict[str, Any]]:
        """In short, and the whole as `docubot eval` wrote it. Raises EvaluationNotFound."""
        folder = self._folder(run_id)
        read = await asyncio.to_thread(_read, folder / RUN_FILE)
        if read is None:
            raise EvaluationNotFound
        return _summary(run_id, read, (folder / REPORT_FILE).is_file()), read

    def report(self, run_id: str) -> Path:
        """Its report. Raises EvaluationNotFound."""
        path = self._folder(run_id) / REPORT_FILE
        if not path.is_file():
            raise EvaluationNotFound
        return path

    def _folder(self, run_id: str) -> Path:
        if not _RUN_ID.fullmatch(run_id):
            raise EvaluationNotFound
        return self._runs / run_id

    def _newest(self, cursor: str | None, limit: int) -> list[EvaluationRun]:
        names = sorted((path.parent.name for path in self._runs.glob(f"*/{RUN_FILE}")), reverse=True)
        found: list[EvaluationRun] = []
        for name in names:
            if len(found) >= limit:
                break
            if _RUN_ID.fullmatch(name) and (cursor is None or name < cursor):
                read = _read(self._runs / name / RUN_FILE)
                if read is not None:
                    found.append(_summary(name, read, (self._runs / name / REPORT_FILE).is_file()))
        return found


def _read(path: Path) -> dict[str, Any] | None:
    """None when it is missing, of another release, or no run at all."""
    try:
        run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _summary(path.parent.name, run, False)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return run if run["format"] == RUN_FORMAT else None


def _summary(name: str, run: dict[str, Any], has_report: bool) -> EvaluationRun:
    return EvaluationRun(
        id=name,
        created_at=run["created_at"],
        version=run["version"],
        mode=run["mode"],
        dataset=run["dataset"]["name"],
        cases=run["dataset"]["cases"],
        seconds=run["seconds"],
        documents=len(run["documents"]),
        settings=run["settings"],
        overall=run["figures"]["overall"],
        has_report=has_report,
    )


def _several(value: Any) -> bool:
    return isinstance(value, tuple)


def _without_password(value: Any) -> Any:
    """Addresses of databases may hold one."""
    if not isinstance(value, str) or "://" not in value or "@" not in value:
        return value
    parts = urlsplit(value)
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}:{MASK}@{host}" if ":" in user else parts.netloc))
