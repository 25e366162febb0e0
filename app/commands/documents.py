"""`docubot documents …`"""

from typing import Annotated

import typer

from app.commands.connection import Connection, calls_server
from app.commands.printing import AsJson, Most, print_fields, print_json, print_table

app = typer.Typer(help="Look at documents, retry and delete them.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Its id, as `documents list` prints it.")]


@app.command("list")
@calls_server
def list_documents(
    server: Connection,
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Only of this collection.")] = None,
    status: Annotated[str | None, typer.Option(help="queued, processing, searchable, ready, failed, ...")] = None,
    limit: Most = 1000,
    as_json: AsJson = False,
) -> None:
    """Newest first."""
    found = server.all("/documents", limit, collection=collection, status=status)
    if as_json:
        print_json(found)
        return
    names = ("id", "collection", "filename", "status", "page_count", "chunk_count")
    print_table(
        ("id", "collection", "file", "status", "pages", "chunks"), ([item[name] for name in names] for item in found)
    )


@app.command("show")
@calls_server
def show_document(server: Connection, document: Id, as_json: AsJson = False) -> None:
    """One document, with what is wrong with it."""
    (print_json if as_json else print_fields)(server.get(f"/documents/{document}"))


@app.command("retry")
@calls_server
def retry_document(server: Connection, document: Id, as_json: AsJson = False) -> None:
    """Run a failed or cancelled document again, from the stage that failed."""
    (print_json if as_json else print_fields)(server.post(f"/documents/{document}/retry"))


@app.command("delete")
@calls_server
def delete_documents(
    server: Connection,
    documents: Annotated[list[str], typer.Argument(help="Ids.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete documents with all that was made of them; prints what went."""
    if not yes:
        typer.confirm(f"Delete {len(documents)} document{'s' * (len(documents) > 1)} for good?", abort=True, err=True)
    receipts = []
    for document in documents:
        receipts.append(server.delete(f"/documents/{document}"))
        if not as_json:
            print_fields(receipts[-1])
    if as_json:
        print_json(receipts)
