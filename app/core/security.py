"""Secrets: the server's own, the keys that it hands out, and what is stored of them.

A key has 256 random bits, so nobody can try them all, however fast a try is: a slow password hash would only cost each
request a tenth of a second. What is stored is an HMAC under the server's secret: whoever reads the database alone can
neither use nor check a key. The digest is also what rows are found by. So a wrong key takes the same way whether its
visible prefix is one of ours or not, and how long the look-up takes depends on bytes that nobody outside can choose.
"""

import hmac
import os
import re
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import StartupError

_ALPHABET = string.ascii_letters + string.digits  # a double click selects all of it
_PREFIX = 8
_SECRET = 43  # letters of 62: 256 bits
_KEY = re.compile(rf"db_[A-Za-z0-9]{{{_PREFIX}}}_[A-Za-z0-9]{{{_SECRET}}}", re.ASCII)
_REFRESH = re.compile(r"dr_([0-9a-f-]{36})_(0|[1-9][0-9]{0,8})_[0-9a-f]{64}", re.ASCII)
_FILE = "secret"
_FILE_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is made: `text` is shown once, the rest is stored."""

    text: str
    prefix: str
    digest: str


class Keyring:
    """What is derived from the server's secret, for each purpose its own."""

    def __init__(self, secret: bytes) -> None:
        self._keys = hmac.digest(secret, b"docubot api keys", "sha256")
        self._refresh = hmac.digest(secret, b"docubot refresh tokens", "sha256")
        self.signing = hmac.digest(secret, b"docubot tokens", "sha256")
        self._webhooks = hmac.digest(secret, b"docubot webhooks", "sha256")

    @classmethod
    def at(cls, folder: Path, secret: str | None = None) -> "Keyring":
        """From SECRET_KEY, or else from the file `secret` of the data folder, made at its first use."""
        return cls(secret.encode() if secret else _read_or_make(folder / _FILE))

    def new_key(self) -> NewKey:
        prefix, secret = _random(_PREFIX), _random(_SECRET)
        text = f"db_{prefix}_{secret}"
        return NewKey(text, prefix, self.digest(text))

    def webhook(self, webhook_id: str, number: int) -> bytes:
        """A webhook's secret of this number: 32 bytes, which no database holds."""
        return hmac.digest(self._webhooks, f"{webhook_id}:{number}".encode(), "sha256")

    def refresh_token(self, session_id: str, generation: int) -> str:
        """The one token that renews a session at this generation. It is stored nowhere: whoever reads the database
        alone cannot make it, and one of an earlier generation is told from one that we never gave out."""
        named = f"{session_id}_{generation}"
        return f"dr_{named}_{hmac.digest(self._refresh, named.encode(), 'sha256').hex()}"

    def read_refresh_token(self, text: str) -> tuple[str, int] | None:
        """The session and the generation that a token is of; None for one that we did not make."""
        match = _REFRESH.fullmatch(text)
        if match is None or not same(self.refresh_token(match[1], int(match[2])), text):
            return None
        return match[1], int(match[2])

    def digest(self, secret: str) -> str:
        """What is stored of a key: 64 hexadecimal digits."""
        return hmac.digest(self._keys, secret.encode(errors="replace"), "sha256").hex()


def is_key(text: str) -> bool:
    """Whether `text` is spelled like a key of ours; anything else is a token, or nothing."""
    return _KEY.fullmatch(text) is not None


def same(left: str, right: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _read_or_make(path: Path) -> bytes:
    """The file's bytes. Two processes that start at once agree: the one that links it first has made it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{_FILE}.{os.getpid()}.{_random(_PREFIX)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_FILE_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found = path.read_bytes()
    if len(found) != _FILE_BYTES:
        raise StartupError(
            f"{path} is damaged: it has {len(found)} bytes instead of {_FILE_BYTES}. Put it back from a backup; if it "
            "is lost, delete it, and make every key anew."
        )
    return found
