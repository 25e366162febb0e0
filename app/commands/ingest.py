"""`docubot ingest`: files, folders and patterns to a running server, followed until they answer."""

import glob
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from app.commands.connection import Connection, calls_server
from app.commands.endings import CommandError, Refused, no
from app.commands.printing import AsJson, plain, print_json

_AT_ONCE = 16
"""Documents under way; more would only wait in the server's queue."""
_LOOK_AGAIN = 0.5  # seconds
_ENDED = ("ready", "ready_with_warnings", "failed", "cancelled")


@calls_server
def ingest(
    server: Connection,
    paths: Annotated[list[str], typer.Argument(help="Files, folders, and patterns like 'reports/**/*.pdf'.")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="Made if it does not exist.")] = "default",
    as_json: AsJson = False,
) -> None:
    """Upload, and wait until every document answers. Exit 1: some did not."""
    files = list(files_of(paths))
    upload_all(server, collection, [Sent(file, file.name) for file in files], as_json)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to be uploaded, under a name and with form fields."""

    path: Path
    name: str
    form: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""

    def __str__(self) -> str:
        return self.shown or str(self.path)


def upload_all(server: Connection, collection: str, files: Sequence[Sent], as_json: bool) -> None:
    """Upload, follow, and tell what became of each; ends with 1 when a document does not answer."""
    with _bars() as progress:
        outcomes = _Ingestion(server, collection, progress, quiet=as_json).run(files)
    if as_json:
        print_json(outcomes)
    if any(outcome["status"] in (None, "failed", "cancelled") for outcome in outcomes):
        raise no()


def files_of(paths: Sequence[str]) -> Iterator[Path]:
    """Each file once; folders with all below them, but for hidden ones. Raises CommandError for a path that leads
    nowhere, before anything is sent."""
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        matches = [path] if path.exists() else [Path(match) for match in sorted(glob.glob(given, recursive=True))]
        if not matches:
            raise CommandError(f"{given}: no such file or folder, and no file matches it.")
        for match in matches:
            found |= dict.fromkeys(_below(match) if match.is_dir() else [match])
    if not found:
        raise CommandError("There is no file in what was named.")
    yield from found


def _below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _bars() -> Progress:
    # Drawn on the error output, so that the results can be piped; not at all where nobody looks.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


class _Ingestion:
    def __init__(self, server: Connection, collection: str, progress: Progress, *, quiet: bool) -> None:
        self._server = server
        self._collection = collection
        self._progress = progress
        self._quiet = quiet
        self._under_way: dict[str, tuple[Sent, dict[str, Any], TaskID]] = {}
        self._outcomes: list[dict[str, Any]] = []

    def run(self, files: Sequence[Sent]) -> list[dict[str, Any]]:
        """What became of each file, in the order of their ends."""
        self._total = self._progress.add_task("all files", total=len(files))
        for file in files:
            while len(self._under_way) >= _AT_ONCE:
                self._look()
            self._upload(file)
        while self._under_way:
            self._look()
        return self._outcomes

    def _upload(self, file: Sent) -> None:
        try:
            with file.path.open("rb") as handle:
                parts = {"file": (file.name, handle)}
                form = {"collection": self._collection} | dict(file.form)
                reply = self._server.send("POST", "/upload", data=form, files=parts).json()
        except OSError as error:
            self._end(file, {"status": None, "error": {"code": "unreadable", "detail": error.strerror}})
            return
        except Refused as error:
            code, _, detail = str(error).partition(": ")
            self._end(file, {"status": None, "error": {"code": code, "detail": detail}})
            return
        [document] = reply["documents"]
        if document["error"] is not None:
            self._end(file, document)
            return
        bar = self._progress.add_task(plain(file.name), total=100)
        self._under_way[document["id"]] = (file, document, bar)

    def _look(self) -> None:
        """Ask once how each document is, and let go of those that have ended."""
        ended = 0
        for document_id, (file, uploaded, bar) in list(self._under_way.items()):
            document = self._server.get(f"/documents/{document_id}")
            if document["status"] in _ENDED:
                ended += 1
                del self._under_way[document_id]
                self._progress.remove_task(bar)
                self._end(file, document | {"duplicate": uploaded["duplicate"]})
            elif document["job_id"]:
                job = self._server.get(f"/jobs/{document['job_id']}")
                self._progress.update(bar, completed=round(100 * job["progress"]), description=plain(file.name))
        if not ended:
            time.sleep(_LOOK_AGAIN)

    def _end(self, file: Sent, document: dict[str, Any]) -> None:
        self._progress.advance(self._total)
        error = document.get("error")
        kept = {name: document.get(name) for name in ("id", "status", "page_count")}
        self._outcomes.append(
            {"file": str(file)} | kept | {"duplicate": bool(document.get("duplicate")), "error": error}
        )
        if self._quiet:
            return
        said = document["status"] or "refused"
        if document.get("duplicate"):
            said += " (was there already)"
        if error:
            said += f": {error['code']}: {error.get('detail') or error.get('message')}"
        line = plain(f"{file}: {said}")
        self._progress.console.print(Text(line)) if not self._progress.disable else typer.echo(line)
