"""`docubot users …`."""

import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from app.commands.entrance import at_entrance, complaint, joined, parts
from app.commands.printing import AsJson, Most, print_fields, print_json, print_table
from app.models.schemas_people import NewUser, UserChange, UserOut

if TYPE_CHECKING:
    from app.models.people import User
    from app.services.users import UserService

app = typer.Typer(help="Make, list, disable and delete users, and set their passwords.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="The user's name.")]
_Password = Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input, not from a terminal.")]


@app.command("create")
def create_user(
    username: Username,
    roles: Annotated[
        list[str],
        typer.Option(help="reader, translator, editor, admin, or one of ROLES; `editor:team-a-*` holds there."),
    ],
    password_stdin: _Password = False,
    as_json: AsJson = False,
) -> None:
    """Make a user. The password is asked for. `--roles reader --roles editor:team-a,team-b` gives two roles."""
    try:
        new = NewUser.model_validate(
            {"username": username, "password": _password(password_stdin), "roles": [_role(text) for text in roles]}
        )
    except ValidationError as error:
        raise complaint(error, "roles") from None

    async def make(users: "UserService") -> UserOut:
        assigned = [role.assignment for role in new.roles]
        return UserOut.shown(await users.create(new.username, new.password.get_secret_value(), assigned))

    _print(_run(make), as_json)


@app.command("list")
def list_users(limit: Most = 1000, as_json: AsJson = False) -> None:
    """Newest first."""

    async def listed(users: "UserService") -> list[dict[str, Any]]:
        found = await users.list(None, limit)
        return [UserOut.shown(user).model_dump(mode="json") for user in found.items]

    items = _run(listed)
    if as_json:
        print_json(items)
        return
    rows = (
        [
            item["id"],
            item["username"],
            joined(map(_spelled, item["roles"])),
            item["disabled_at"],
            item["last_sign_in_at"],
        ]
        for item in items
    )
    print_table(("id", "username", "roles", "disabled_at", "last_sign_in_at"), rows)


@app.command("roles")
def set_roles(username: Username, roles: Annotated[list[str], typer.Argument()], as_json: AsJson = False) -> None:
    """Give a user other roles than before: `docubot users roles zoë reader editor:team-a`."""
    _change(username, {"roles": [_role(text) for text in roles]}, as_json)


@app.command("disable")
def disable_user(username: Username, as_json: AsJson = False) -> None:
    """Let a user in no more; their sessions end at once."""
    _change(username, {"disabled": True}, as_json)


@app.command("enable")
def enable_user(username: Username, as_json: AsJson = False) -> None:
    """Let a disabled user in again."""
    _change(username, {"disabled": False}, as_json)


@app.command("password")
def set_password(username: Username, password_stdin: _Password = False, as_json: AsJson = False) -> None:
    """Set a user's password; their sessions end at once."""
    _change(username, {"password": _password(password_stdin)}, as_json)


@app.command("delete")
def delete_user(username: Username) -> None:
    """Delete a user for good."""

    async def remove(users: "UserService") -> None:
        await users.delete((await users.named(username)).id)

    _run(remove)
    typer.echo("deleted")


def _change(username: str, values: dict[str, Any], as_json: bool) -> None:
    try:
        wanted = UserChange.model_validate(values)
    except ValidationError as error:
        raise complaint(error, "roles") from None

    async def change(users: "UserService") -> "User":
        return await users.change(
            (await users.named(username)).id,
            roles=None if wanted.roles is None else [role.assignment for role in wanted.roles],
            disabled=wanted.disabled,
            password=None if wanted.password is None else wanted.password.get_secret_value(),
        )

    _print(UserOut.shown(_run(change)), as_json)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _role(text: str) -> dict[str, Any]:
    """`editor` or `editor:team-a,team-b-*`."""
    role, _, collections = text.partition(":")
    return {"role": role.strip(), "collections": parts(collections) or None}


def _spelled(role: dict[str, Any]) -> str:
    return role["role"] if role["collections"] is None else f"{role['role']}:{','.join(role['collections'])}"


def _print(user: UserOut, as_json: bool) -> None:
    (print_json if as_json else print_fields)(user.model_dump(mode="json"))


def _run(work: Callable[["UserService"], Coroutine[Any, Any, Any]]) -> Any:
    return at_entrance(lambda entrance: work(entrance.users))
