"""`docubot translate`: text through a running server's language model."""

import sys
from typing import Annotated

import typer

from app.commands.connection import Connection, calls_server
from app.commands.endings import CommandError
from app.commands.printing import AsJson, plain, print_json


@calls_server
def translate(
    server: Connection,
    target: Annotated[str, typer.Argument(help="Language to translate into: de, pt-BR, zh-Hans, ...")],
    text: Annotated[str | None, typer.Argument(help="Left out: what comes on the standard input.")] = None,
    source: Annotated[str, typer.Option(help="Language of the text; auto: it is told by the text.")] = "auto",
    as_json: AsJson = False,
) -> None:
    """Translate a text."""
    if text is None:
        try:
            text = sys.stdin.buffer.read().decode()
        except UnicodeDecodeError:
            raise CommandError("The standard input is not UTF-8.") from None
    reply = server.post("/translate", {"q": text, "source": source, "target": target})
    if as_json:
        print_json(reply)
    else:
        typer.echo(plain(reply["translatedText"]))
