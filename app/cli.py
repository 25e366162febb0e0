"""The command line: `docubot <command>`. Each command lives in `app/commands`, in the file of its noun."""

import typer

from app.commands import (
    ask,
    backup,
    collections,
    config,
    documents,
    evaluate,
    folder,
    ingest,
    jobs,
    keys,
    mcp,
    serve,
    translate,
    users,
    worker,
)
from app.commands.endings import Commands

app = typer.Typer(
    help="Self-hosted document Q&A whose every citation can be checked.",
    no_args_is_help=True,
    cls=Commands,
    pretty_exceptions_enable=False,
)

# Those that hold the data folder while they run.
for command in (serve.serve, worker.worker, folder.migrate, folder.check, backup.restore):
    app.command()(command)

app.command("eval")(evaluate.evaluate)

# Those that call a running server.
app.command()(mcp.mcp)
for command in (ingest.ingest, ask.ask, ask.search, translate.translate, collections.reindex):
    app.command()(command)
for noun in (documents, collections, jobs):
    app.add_typer(noun.app, name=noun.__name__.rpartition(".")[2])

# Those that work on the database, whether a server uses it or not.
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.command()(backup.backup)

app.command()(config.config)


if __name__ == "__main__":
    app()
