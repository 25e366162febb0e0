"""`docubot keys …`."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from app.commands.entrance import at_entrance, complaint, joined, parts
from app.commands.printing import AsJson, Most, print_fields, print_json, print_table
from app.models.schemas_access import Key, MadeKey, NewKey

if TYPE_CHECKING:
    from app.services.keys import KeyService

app = typer.Typer(help="Make, list, rotate and revoke API keys.", no_args_is_help=True)

KeyId = Annotated[str, typer.Argument(help="The key's id, as `docubot keys list` shows it.")]
_Commas = Annotated[str, typer.Option(help="With commas between.")]


@app.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What it is for.")],
    scopes: Annotated[str, typer.Option(help="read, ask, upload, translate, manage, admin; commas between.")],
    collections: Annotated[str, typer.Option(help="Names, commas between; `team-a-*` is all that begin so.")] = "",
    expires: Annotated[str, typer.Option(help="Days from now, or a time like 2027-11-22T00:00:00Z.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key; the secret is printed this once."""
    new = _new(name, scopes, collections, expires)

    async def make(keys: "KeyService") -> MadeKey:
        made = await keys.create(new.name, new.scopes, new.reach, new.expires_at)
        return MadeKey.shown(made.key, secret=made.secret)

    _print(_run(make), as_json)


@app.command("list")
def list_keys(limit: Most = 1000, as_json: AsJson = False) -> None:
    """Newest first, without their secrets."""

    async def listed(keys: "KeyService") -> list[dict[str, Any]]:
        found = await keys.list(None, limit)
        return [Key.shown(key).model_dump(mode="json") for key in found.items]

    items = _run(listed)
    if as_json:
        print_json(items)
        return
    names = ("id", "name", "prefix", "scopes", "collections", "expires_at", "revoked_at", "last_used_at")
    print_table(names, ([joined(item[name]) for name in names] for item in items))


@app.command("rotate")
def rotate_key(key_id: KeyId, as_json: AsJson = False) -> None:
    """Give a key another secret; the old one is refused at once."""

    async def rotate(keys: "KeyService") -> MadeKey:
        made = await keys.rotate(key_id)
        return MadeKey.shown(made.key, secret=made.secret)

    _print(_run(rotate), as_json)


@app.command("revoke")
def revoke_key(key_id: KeyId, as_json: AsJson = False) -> None:
    """Refuse a key from now on, for good."""

    async def revoke(keys: "KeyService") -> Key:
        return Key.shown(await keys.revoke(key_id))

    _print(_run(revoke), as_json)


def _new(name: str, scopes: str, collections: str, expires: str) -> NewKey:
    values: dict[str, Any] = {"name": name, "scopes": parts(scopes), "collections": parts(collections) or None}
    if expires:
        days = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 6 else None
        values["expires_at"] = expires if days is None else datetime.now(UTC) + timedelta(days=days)
    try:
        return NewKey.model_validate(values)
    except ValidationError as error:
        raise complaint(error, "scopes") from None


def _print(key: Key, as_json: bool) -> None:
    (print_json if as_json else print_fields)(key.model_dump(mode="json"))


def _run(work: Callable[["KeyService"], Coroutine[Any, Any, Any]]) -> Any:
    return at_entrance(lambda entrance: work(entrance.keys))
