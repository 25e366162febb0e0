"""`docubot ask` and `docubot search`: a question to a running server."""

from typing import Annotated, Any

import typer

from app.commands.connection import Connection, calls_server
from app.commands.endings import Failed, Refused, no
from app.commands.printing import AsJson, plain, print_json
from app.core.errors import DocubotError

CollectionOption = Annotated[str, typer.Option("--collection", "-c", help="Where to look.")]
_TopK = Annotated[int | None, typer.Option(help="How many passages.")]
_PREVIEW = 200


@calls_server
def ask(
    server: Connection,
    question: str,
    collection: CollectionOption = "default",
    mode: Annotated[str, typer.Option(help="auto, generate, or extract: the documents' own sentences.")] = "auto",
    conversation: Annotated[str | None, typer.Option(help="Id of the conversation that this goes on with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask; the answer is printed as it is written, then what it rests on. Exit 1: the documents do not say."""
    body = {"question": question, "collection": collection, "mode": mode, "conversation_id": conversation}
    answer = None
    for event in server.stream("POST", "/ask", body | {"stream": True}):
        if event.type == "delta" and not as_json:
            typer.echo(plain(event.data["text"]), nl=False)
        elif event.type == "error":
            kind = Failed if event.data["status"] >= DocubotError.status else Refused
            raise kind(f"{event.data['code']}: {event.data['detail']}")
        elif event.type == "done":
            answer = event.data
    if answer is None:
        raise Failed(f"{server.address} ended the answer half way. Ask again.")
    if as_json:
        print_json(answer)
    else:
        _print_grounds(answer)
    if answer["status"] == "not_found":
        raise no()


def _print_grounds(answer: dict[str, Any]) -> None:
    typer.echo()
    for citation in answer["citations"]:
        typer.echo(plain(f"  [{citation['number']}] {_place(citation)}: “{citation['quote']}”"))
    if answer.get("fallback"):
        typer.echo(f"  (The language model did not write this: {plain(answer['fallback'])})", err=True)
    typer.echo(f"  conversation {answer['conversation_id']}", err=True)


@calls_server
def search(
    server: Connection,
    query: str,
    collection: CollectionOption = "default",
    top_k: _TopK = None,
    as_json: AsJson = False,
) -> None:
    """Find passages, best first, without an answer. Exit 1: none was found."""
    body = {"query": query, "collection": collection} | ({} if top_k is None else {"top_k": top_k})
    found = server.post("/search", body)
    if as_json:
        print_json(found)
    for passage in [] if as_json else found["passages"]:
        typer.echo(plain(f"{passage['score']:.2f}  {_place(passage)}"))
        typer.echo(f"      {plain(' '.join(passage['text'].split()))[:_PREVIEW]}")
    if not found["passages"]:
        raise no()


def _place(found: dict[str, Any]) -> str:
    """Where a citation or passage stands, in the unit that its format has."""
    locator = found["locator"]
    where = [f"page {found['page']}"] if found["page"] else [f"{locator['kind']} {locator['value']}"] if locator else []
    return ", ".join([found["filename"], *(where or filter(None, [found["section"]]))])
