"""`docubot keys …`."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from app.commands.entrance import at_entrance, complaint, joined, parts
from app.commands.printing import AsJson, Most, print_fields, print_json, print_table
from app.models.access import ApiKey
from app.models.quotas import Use
from app.models.schemas_access import ChangedKey, Key, MadeKey, NewKey

if TYPE_CHECKING:
    from app.services.keys import KeyService

app = typer.Typer(help="Make, list, change, rotate and revoke API keys.", no_args_is_help=True)

KeyId = Annotated[str, typer.Argument(help="The key's id, as `docubot keys list` shows it.")]
_MaxDocuments = Annotated[str | None, typer.Option(help="How many documents it may bring in and keep.")]
_MaxPages = Annotated[str | None, typer.Option(help="How many pages they may have together.")]
_MaxBytes = Annotated[str | None, typer.Option(help="How many bytes their files may have together.")]
_MaxTokens = Annotated[str | None, typer.Option(help="Tokens of the language model a day, in UTC.")]
_NO_LIMIT = "none"
_OPTIONS = {
    f"limits.{name}": f"max-{name.replace('_', '-')}" for name in ("documents", "pages", "bytes", "tokens_a_day")
}
_Commas = Annotated[str, typer.Option(help="With commas between.")]


@app.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What it is for.")],
    scopes: Annotated[str, typer.Option(help="read, ask, upload, translate, manage, admin; commas between.")],
    collections: Annotated[str, typer.Option(help="Names, commas between; `team-a-*` is all that begin so.")] = "",
    expires: Annotated[str, typer.Option(help="Days from now, or a time like 2027-11-22T00:00:00Z.")] = "",
    max_documents: _MaxDocuments = None,
    max_pages: _MaxPages = None,
    max_bytes: _MaxBytes = None,
    max_tokens_a_day: _MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Make a key; the secret is printed this once."""
    limits = _limits(documents=max_documents, pages=max_pages, bytes=max_bytes, tokens_a_day=max_tokens_a_day)
    new = _new(name, scopes, collections, expires, limits)

    async def make(keys: "KeyService") -> MadeKey:
        made = await keys.create(new.name, new.scopes, new.reach, new.expires_at, new.limits.value())
        return MadeKey.shown(made.key, Use(), secret=made.secret)

    _print(_run(make), as_json)


@app.command("list")
def list_keys(limit: Most = 1000, as_json: AsJson = False) -> None:
    """Newest first, without their secrets."""

    async def listed(keys: "KeyService") -> list[dict[str, Any]]:
        found = await keys.list(None, limit)
        used = await keys.use([key.id for key in found.items])
        return [Key.shown(key, used[key.id]).model_dump(mode="json") for key in found.items]

    items = _run(listed)
    if as_json:
        print_json(items)
        return
    names = ("id", "name", "prefix", "scopes", "collections", "expires_at", "revoked_at", "last_used_at", "quotas")
    rows = (item | {"quotas": _quotas(item)} for item in items)
    print_table(names, ([joined(row[name]) for name in names] for row in rows))


@app.command("show")
def show_key(key_id: KeyId, as_json: AsJson = False) -> None:
    """One key, its quotas and what it has used of them."""
    _print(_run(lambda keys: _told(keys, keys.get(key_id))), as_json)


@app.command("change")
def change_key(
    key_id: KeyId,
    name: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    max_documents: _MaxDocuments = None,
    max_pages: _MaxPages = None,
    max_bytes: _MaxBytes = None,
    max_tokens_a_day: _MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Change a key's name or its quotas; `none` takes a quota away, and what is left out stays."""
    limits = _limits(documents=max_documents, pages=max_pages, bytes=max_bytes, tokens_a_day=max_tokens_a_day)
    try:
        new = ChangedKey.model_validate({"limits": limits} | ({} if name is None else {"name": name}))
    except ValidationError as error:
        raise complaint(error, "name", _OPTIONS) from None

    _print(
        _run(lambda keys: _told(keys, keys.change(key_id, name=new.name, limits=new.changed_limits()))),
        as_json,
    )


@app.command("rotate")
def rotate_key(key_id: KeyId, as_json: AsJson = False) -> None:
    """Give a key another secret; the old one is refused at once."""

    async def rotate(keys: "KeyService") -> MadeKey:
        made = await keys.rotate(key_id)
        return MadeKey.shown(made.key, (await keys.use([key_id]))[key_id], secret=made.secret)

    _print(_run(rotate), as_json)


@app.command("revoke")
def revoke_key(key_id: KeyId, as_json: AsJson = False) -> None:
    """Refuse a key from now on, for good."""

    _print(_run(lambda keys: _told(keys, keys.revoke(key_id))), as_json)


async def _told(keys: "KeyService", found: Awaitable[ApiKey]) -> Key:
    key = await found
    return Key.shown(key, (await keys.use([key.id]))[key.id])


def _quotas(item: dict[str, Any]) -> list[str]:
    """Used and allowed, of what is limited."""
    used = item["used"] | {"tokens_a_day": item["used"]["tokens_today"]}
    return [f"{name} {used[name]}/{most}" for name, most in item["limits"].items() if most is not None]


def _limits(**options: str | None) -> dict[str, int | str | None]:
    """Those that were given; what is no whole number stays as it is, for the wire's own complaint."""
    return {name: _limit(text) for name, text in options.items() if text is not None}


def _limit(text: str) -> int | str | None:
    if text == _NO_LIMIT:
        return None
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else text


def _new(name: str, scopes: str, collections: str, expires: str, limits: dict[str, int | str | None]) -> NewKey:
    values: dict[str, Any] = {"name": name, "scopes": parts(scopes), "collections": parts(collections) or None}
    values["limits"] = limits
    if expires:
        days = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 6 else None
        values["expires_at"] = expires if days is None else datetime.now(UTC) + timedelta(days=days)
    try:
        return NewKey.model_validate(values)
    except ValidationError as error:
        raise complaint(error, "scopes", _OPTIONS) from None


def _print(key: Key, as_json: bool) -> None:
    (print_json if as_json else print_fields)(key.model_dump(mode="json"))


def _run(work: Callable[["KeyService"], Coroutine[Any, Any, Any]]) -> Any:
    return at_entrance(lambda entrance: work(entrance.keys))
