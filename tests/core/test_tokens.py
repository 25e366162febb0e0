from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from app.core.errors import InvalidCredentials
from app.core.ids import new_id
from app.core.security import Keyring
from app.core.tokens import AccessClaims, is_ours, issue, read

KEY = Keyring(b"secret").signing
CLAIMS = AccessClaims(new_id(), new_id())
GOOD: dict[str, Any] = {"iss": "docubot", "aud": "docubot", "sub": CLAIMS.user_id, "sid": CLAIMS.session_id}


def made(key: bytes = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    moment = datetime.now(UTC)
    payload = GOOD | {"iat": moment, "exp": moment + timedelta(minutes=5)} | changes
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"typ": "at+jwt"})


def test_a_token_tells_what_it_was_issued_for() -> None:
    token = issue(KEY, CLAIMS, timedelta(minutes=5))
    assert is_ours(token)
    assert read(KEY, token) == CLAIMS
    assert read(KEY, made()) == CLAIMS


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"aud": "other"},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"sub": "x"},
        {"sid": None},
        {"sid": 7},
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"nbf": datetime.now(UTC) + timedelta(days=1)},
        {"key": b"another secret, thirty-two bytes."},
        {"algorithm": "HS512", "key": KEY * 2},
    ],
)
def test_any_other_is_wrong(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidCredentials):
        read(KEY, made(**changes))


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ключ", "\ud800", "dr_x"])
def test_what_is_no_token(text: str) -> None:
    assert not is_ours(text)
    with pytest.raises(InvalidCredentials):
        read(KEY, text)


def test_a_refresh_token_is_of_one_session_and_generation() -> None:
    keyring, other = Keyring(b"secret"), Keyring(b"another")
    token = keyring.refresh_token(CLAIMS.session_id, 3)
    assert keyring.read_refresh_token(token) == (CLAIMS.session_id, 3)
    assert other.read_refresh_token(token) is None
    for wrong in (token.replace("_3_", "_4_"), token[:-1], token + "0", token.upper(), "", "dr_x_1_0"):
        assert keyring.read_refresh_token(wrong) is None
