"""`docubot jobs …`"""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.commands.connection import Connection, calls_server
from app.commands.endings import no
from app.commands.printing import AsJson, Most, plain, print_fields, print_json, print_table

app = typer.Typer(help="Look at background work, follow and cancel it.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Its id, as `jobs list` prints it.")]
_SUCCEEDED = ("succeeded", "succeeded_with_warnings")


@app.command("list")
@calls_server
def list_jobs(
    server: Connection,
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only of this collection.")] = None,
    status: Annotated[str | None, typer.Option(help="queued, running, succeeded, failed, cancelled, ...")] = None,
    limit: Most = 100,
    as_json: AsJson = False,
) -> None:
    """Newest first."""
    found = server.all("/jobs", limit, collection=collection, status=status)
    if as_json:
        print_json(found)
        return
    names = ("id", "kind", "collection", "status", "stage", "progress", "attempt")
    print_table(names, ([item[name] for name in names] for item in found))


@app.command("show")
@calls_server
def show_job(server: Connection, job: Id, as_json: AsJson = False) -> None:
    """One job, with why it failed."""
    (print_json if as_json else print_fields)(server.get(f"/jobs/{job}"))


@app.command("cancel")
@calls_server
def cancel_job(server: Connection, job: Id, as_json: AsJson = False) -> None:
    """Ask a job to stop, at any stage."""
    (print_json if as_json else print_fields)(server.post(f"/jobs/{job}/cancel"))


@app.command("follow")
@calls_server
def follow_job(server: Connection, job: Id, as_json: AsJson = False) -> None:
    """Wait until a job has ended. Exit 1: it failed or was cancelled."""
    follow(server, job, as_json)


def follow(server: Connection, job: str, as_json: bool) -> None:
    """Show a job's progress to its end, and print it."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        bar = progress.add_task("queued", total=1.0)
        for event in server.stream("GET", f"/jobs/{job}/events"):
            told = event.data["data"]
            if "stage" in told:
                progress.update(bar, description=plain(told["stage"]), completed=told["progress"])
    ended = server.get(f"/jobs/{job}")
    (print_json if as_json else print_fields)(ended)
    if ended["status"] not in _SUCCEEDED:
        raise no()
