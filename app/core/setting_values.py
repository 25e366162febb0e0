"""What single settings may be: types of the fields of `Settings`, each with the words that say what is allowed."""

import json
import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from app.core.listening import is_local

_SECRET_LENGTH = 32
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""By key pairs alone: one shared secret, or none, would let whoever can check a token make one."""


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    return value


def _each(allowed: Callable[[str], object], words: str) -> AfterValidator:
    """A check of each item of a list."""

    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(allowed(item) for item in value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


def _begins(*beginnings: str, words: str) -> AfterValidator:
    """A check of an address that may be empty; without the slash at its end."""

    def check(value: str) -> str:
        if value and not value.startswith(beginnings):
            raise ValueError(words)
        return value

    return AfterValidator(check)


def _is_origin(text: str) -> bool:
    return text == "*" or bool(re.fullmatch(r"https?://[^/?#\s]+", text))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _are_asymmetric(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or set(value) - _ALGORITHMS:
        raise ValueError(f"are of {', '.join(sorted(_ALGORITHMS))}")
    return value


def _empty_is_unset(value: SecretStr | None) -> SecretStr | None:
    return value if value is not None and value.get_secret_value().strip() else None


def _is_strong(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value()) < _SECRET_LENGTH:
        raise ValueError(f"has at least {_SECRET_LENGTH} characters: `openssl rand -hex 32` makes one")
    return value


def _is_believable(value: str) -> str:
    parts = urlsplit(value)
    if value and parts.scheme != "https" and not (parts.scheme == "http" and is_local(parts.hostname or "")):
        raise ValueError("begins with https:// (http:// only on this machine): tokens are believed by what is there")
    return value


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "{}")
    except ValueError:
        raise ValueError("is a JSON object, see .env.example") from None


def _is_rate(value: str) -> str:
    if value and not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", value):
        raise ValueError("is like 600/minute (second, minute, hour or day), or empty for no limit")
    return value


def _are_urls(value: str) -> str:
    urls = [url.strip().rstrip("/") for url in value.split(",") if url.strip()]
    if any(not url.startswith(("http://", "https://")) for url in urls):
        raise ValueError("begins with http:// or https://, each of several with commas between")
    return ",".join(dict.fromkeys(urls))


def _holds_files(value: str) -> str:
    if value and not re.fullmatch(r"file:///.+|s3://[a-z0-9][a-z0-9.-]+(/.*)?", value):
        raise ValueError("is like file:///srv/docubot/files, a folder that all processes share, or s3://bucket/prefix")
    return value.rstrip("/")


Commas = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Origins = Annotated[Commas, _each(_is_origin, "each is * or an origin like https://app.example, without a path")]
Networks = Annotated[Commas, _each(_is_network, "each is an address or a network like 10.0.0.0/8 or fd00::/8")]
TesseractLanguages = Annotated[
    Commas,
    _each(
        re.compile(r"\w+(?:\+\w+)*").fullmatch,
        "each is a name of Tesseract's like eng or chi_sim, or several with + between them",
    ),
]
Algorithms = Annotated[Commas, AfterValidator(_are_asymmetric)]
Secret = Annotated[SecretStr | None, AfterValidator(_empty_is_unset)]
StrongSecret = Annotated[Secret, AfterValidator(_is_strong)]
BelievedUrl = Annotated[str, AfterValidator(_is_believable)]
JsonObject = BeforeValidator(_parsed)
Rate = Annotated[str, AfterValidator(_is_rate)]
Url = Annotated[
    str,
    _begins("http://", "https://", words="begins with http:// or https://"),
    AfterValidator(lambda value: value.rstrip("/")),
]
Urls = Annotated[str, AfterValidator(_are_urls)]
DatabaseUrl = Annotated[
    str,
    _begins(
        "sqlite+aiosqlite://",
        "postgresql+asyncpg://",
        words="begins with sqlite+aiosqlite:// or postgresql+asyncpg://",
    ),
]
BrokerUrl = Annotated[
    str,
    _begins(
        "redis://",
        "rediss://",
        "amqp://",
        "amqps://",
        words="begins with redis://, rediss://, amqp:// or amqps://",
    ),
]
RedisUrl = Annotated[str, _begins("redis://", "rediss://", words="begins with redis:// or rediss://")]
FilesUrl = Annotated[str, AfterValidator(_holds_files)]
