"""A running DocuBot as commands see it: calls by HTTP, and every way to fail as one line."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import IO, Annotated, Any

import httpx
import typer

from app.commands.endings import CommandError, Failed, Refused, Unreachable
from app.commands.event_stream import Event, events
from app.core.config import load_settings
from app.core.owner import address_of

_PATIENCE = httpx.Timeout(600.0, connect=10.0)  # seconds; a server may be busy
_PAGE = 100
_SERVER_FAILED = 500

_Server = Annotated[
    str | None,
    typer.Option(envvar="DOCUBOT_URL", help="Address of a running DocuBot. Left out: the one of the settings here."),
]
_Key = Annotated[
    str | None,
    typer.Option(envvar="DOCUBOT_API_KEY", help="An API key; safer in the variable, as others can see arguments."),
]


class Connection:
    """Raises Unreachable, Refused and Failed; `address` has no slash at its end."""

    def __init__(self, address: str, key: str | None = None) -> None:
        self.address = address.rstrip("/")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if not self.address.startswith(("http://", "https://")):
            raise CommandError(f"{address} is not an address of a DocuBot: it begins with http:// or https://")
        try:
            self._http = httpx.Client(base_url=self.address, timeout=_PATIENCE, headers=headers)
        except (httpx.InvalidURL, UnicodeError):
            raise CommandError(f"{address} is not an address of a DocuBot, like http://127.0.0.1:8000") from None

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._json(self.send("GET", path, params={k: v for k, v in params.items() if v is not None}))

    def post(self, path: str, body: Any = None) -> Any:
        return self._json(self.send("POST", path, json=body))

    def delete(self, path: str) -> Any:
        return self._json(self.send("DELETE", path))

    def all(self, path: str, most: int, **params: Any) -> list[dict[str, Any]]:
        """The items of a list, page by page, at most `most`."""
        found: list[dict[str, Any]] = []
        cursor = None
        while len(found) < most:
            page = self.get(path, limit=min(_PAGE, most - len(found)), cursor=cursor, **params)
            found += page.get("items", ())
            cursor = page.get("next_cursor")
            if cursor is None:
                break
        return found

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        with self._told():
            reply = self._http.request(method, path, **content)
        self._check(reply)
        return reply

    def download(self, path: str, target: IO[bytes]) -> str:
        """Write what a call answers with to `target`; its SHA-256."""
        digest = hashlib.sha256()
        with self._told(), self._http.stream("GET", path) as reply:
            if reply.is_error:
                reply.read()
            self._check(reply)
            for piece in reply.iter_bytes():
                digest.update(piece)
                target.write(piece)
        return digest.hexdigest()

    def stream(self, method: str, path: str, body: Any = None) -> Iterator[Event]:
        """The events of a call, as they come."""
        with self._told(), self._http.stream(method, path, json=body) as reply:
            if reply.is_error:
                reply.read()
            self._check(reply)
            yield from events(reply.iter_bytes())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(
                f"No DocuBot answers at {self.address} ({error}). Start one with `docubot serve`, or name another "
                "with --server."
            ) from None
        except httpx.TimeoutException:
            raise Unreachable(f"{self.address} took longer than {_PATIENCE.read:g} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(f"{self.address} broke off: {error}") from None

    def _check(self, reply: httpx.Response) -> None:
        if reply.is_success:
            return
        kind = Failed if reply.status_code >= _SERVER_FAILED else Refused
        try:
            raise kind(_problem(reply.json()))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise kind(f"HTTP {reply.status_code} from {reply.url}: is it a DocuBot?") from None

    def _json(self, reply: httpx.Response) -> Any:
        if not reply.content:
            return None
        try:
            body = reply.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Unreachable(f"{self.address} answers, but not as DocuBot does.")
        return body


def _problem(body: dict[str, Any]) -> str:
    if isinstance(body.get("error"), str):  # as the calls do that speak LibreTranslate's words
        return str(body["error"])
    fields = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in body.get("errors", ())]
    return "\n  ".join([f"{body['code']}: {body['detail']}", *fields])


def calls_server(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options --server and --key, and what they name, connected, as its first argument."""

    @wraps(command)
    def connected(*args: Any, server: str | None = None, key: str | None = None, **options: Any) -> None:
        connection = Connection(server or default_address(), key)
        try:
            command(connection, *args, **options)
        finally:
            connection.close()

    own = inspect.signature(command)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in (("server", _Server), ("key", _Key))
    ]
    connected.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[*list(own.parameters.values())[1:], *added]
    )
    connected.__annotations__ = {"server": _Server, "key": _Key} | dict(list(command.__annotations__.items())[1:])
    return connected


def default_address() -> str:
    """Where the settings' data folder is served at this moment, or where it would be. Raises StartupError."""
    settings = load_settings()
    return address_of(settings.data_dir) or settings.address
