"""Access tokens of our own: JWTs (RFC 7519) that name a user and a session for some minutes.

They say who somebody is and not what they may do: that is looked up with each call, so that it can be taken away at
once. Signed by HMAC under a key that only this server has; of other issuers' tokens see `services/issuer.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from app.core.errors import InvalidCredentials
from app.core.ids import is_id

ISSUER = "docubot"
_ALGORITHM = "HS256"
_TYPE = "at+jwt"  # RFC 9068; a JWT that we might sign for another purpose is no access token


@dataclass(frozen=True, slots=True)
class AccessClaims:
    user_id: str
    session_id: str


def issue(signing: bytes, claims: AccessClaims, lifetime: timedelta) -> str:
    """A token that is good for `lifetime` from now."""
    moment = datetime.now(UTC)
    payload = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": claims.user_id,
        "sid": claims.session_id,
        "iat": moment,
        "exp": moment + lifetime,
    }
    return jwt.encode(payload, signing, algorithm=_ALGORITHM, headers={"typ": _TYPE})


def is_ours(token: str) -> bool:
    """Whether a token says that this server issued it; `read` finds out whether that is true."""
    if not token.isascii():
        return False
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        return False
    return header.get("typ") == _TYPE and header.get("alg") == _ALGORITHM and "kid" not in header


def read(signing: bytes, token: str) -> AccessClaims:
    """What a token says. Raises InvalidCredentials unless we signed it and its time is not over."""
    if not is_ours(token):
        raise InvalidCredentials
    try:
        payload = jwt.decode(
            token,
            signing,
            algorithms=[_ALGORITHM],
            issuer=ISSUER,
            audience=ISSUER,
            options={"require": ["exp", "iat", "sub"]},
        )
    except jwt.PyJWTError:
        raise InvalidCredentials from None
    user, session = payload["sub"], payload.get("sid")
    if not (is_id(user) and isinstance(session, str) and is_id(session)):
        raise InvalidCredentials
    return AccessClaims(user, session)
