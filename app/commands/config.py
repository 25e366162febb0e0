"""`docubot config`."""

from typing import Annotated, Any

import typer

from app.commands.connection import Connection
from app.commands.printing import AsJson, print_json
from app.core.config import load_settings

_Server = Annotated[
    str | None,
    typer.Option(envvar="DOCUBOT_URL", help="Of the DocuBot at this address. Left out: those that hold here."),
]
_Key = Annotated[str | None, typer.Option(envvar="DOCUBOT_API_KEY", help="An API key with the scope admin.")]


def config(server: _Server = None, key: _Key = None, as_json: AsJson = False) -> None:
    """Print the settings in force, secrets masked."""
    settings = _of_server(server, key) if server else _here()
    if as_json:
        print_json(settings)
        return
    for name, value in settings.items():
        typer.echo(f"{name}={','.join(value) if isinstance(value, list) else '' if value is None else value}")


def _here() -> dict[str, Any]:
    from app.services.administration import settings_in_force

    return {setting.name: setting.value for setting in settings_in_force(load_settings())}


def _of_server(address: str, key: str | None) -> dict[str, Any]:
    connection = Connection(address, key)
    try:
        return {setting["name"]: setting["value"] for setting in connection.get("/admin/settings")["settings"]}
    finally:
        connection.close()
