"""`docubot collections …` and `docubot reindex`"""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from app.commands import collection_archive as archive
from app.commands.connection import Connection, calls_server
from app.commands.ingest import upload_all
from app.commands.jobs import follow
from app.commands.printing import AsJson, Most, print_fields, print_json, print_table

app = typer.Typer(help="Make, look at and delete collections.", no_args_is_help=True)

_Archive = Annotated[Path, typer.Argument(metavar="FILE", help="A tar file.")]
Name = Annotated[str, typer.Argument(help="The collection's name.")]


@app.command("list")
@calls_server
def list_collections(server: Connection, limit: Most = 1000, as_json: AsJson = False) -> None:
    """By name."""
    found = server.all("/collections", limit)
    if as_json:
        print_json(found)
        return
    names = ("name", "documents", "chunks", "embedding_model", "description")
    print_table(names, ([item[name] for name in names] for item in found))


@app.command("show")
@calls_server
def show_collection(server: Connection, name: Name, as_json: AsJson = False) -> None:
    """One collection, with the embedding model that it is stamped with."""
    (print_json if as_json else print_fields)(server.get(f"/collections/{quote(name, safe='')}"))


@app.command("create")
@calls_server
def create_collection(server: Connection, name: Name, description: str = "", as_json: AsJson = False) -> None:
    """Make an empty one; an upload makes its collection too."""
    (print_json if as_json else print_fields)(server.post("/collections", {"name": name, "description": description}))


@app.command("delete")
@calls_server
def delete_collection(
    server: Connection,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a collection with its documents; waits until all of it is gone."""
    if not yes:
        typer.confirm(f"Delete the collection {name} and every document in it for good?", abort=True, err=True)
    follow(server, server.delete(f"/collections/{quote(name, safe='')}")["id"], as_json)


@app.command("export")
@calls_server
def export_collection(server: Connection, name: Name, file: _Archive, as_json: AsJson = False) -> None:
    """Write a collection's documents, as they were uploaded, with their metadata, to one file."""
    found = server.get(f"/collections/{quote(name, safe='')}")
    written = archive.write(server, found, file)
    (print_json if as_json else print_fields)({"exported": str(file), "collection": name} | written)


@app.command("import")
@calls_server
def import_collection(
    server: Connection,
    file: _Archive,
    name: Annotated[str | None, typer.Option("--as", help="Another name for the collection.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring an exported collection in, under this server's own embedding model; documents that are there already stay
    as they are, so an import that broke off can be run again. Exit 1: a document does not answer."""
    with archive.opened(file) as exported:
        collection = name or exported.collection["name"]
        archive.make(server, collection, exported.collection)
        upload_all(server, collection, exported.files, as_json)


@calls_server
def reindex(server: Connection, name: Name, as_json: AsJson = False) -> None:
    """Rebuild a collection's vectors with the configured embedding model; the old ones answer until it is done."""
    follow(server, server.post(f"/collections/{quote(name, safe='')}/reindex")["id"], as_json)
