"""An issuer's keys over HTTP: by OpenID Connect Discovery 1.0, or from an address that is known (JWKS, RFC 7517)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.core.errors import IssuerUnavailable
from app.core.listening import is_local

_SECONDS = 5.0
_LARGEST = 512 * 1024
_DISCOVERY = "/.well-known/openid-configuration"


class HttpKeySource:
    """Fills the `KeySource` port. `jwks_url` empty: the issuer's discovery document names it."""

    def __init__(self, issuer: str, jwks_url: str = "") -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        # Redirects are not followed: where keys come from is what tokens are believed by.
        self._client = httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False)

    async def fetch(self) -> Sequence[Mapping[str, Any]]:
        address = self._jwks_url or await self._discover()
        keys = (await self._get(address)).get("keys")
        if not isinstance(keys, list):
            raise IssuerUnavailable("The issuer's key set has no list of keys.")
        return [key for key in keys if isinstance(key, dict)]

    async def close(self) -> None:
        await self._client.aclose()

    async def _discover(self) -> str:
        found = await self._get(self._issuer.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self._issuer:
            raise IssuerUnavailable(
                "The discovery document is of another issuer than OIDC_ISSUER; compare the slashes."
            )
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_safe(address):
            raise IssuerUnavailable("The discovery document names no https address for the keys.")
        return address

    async def _get(self, address: str) -> dict[str, Any]:
        body = bytearray()
        try:
            async with self._client.stream("GET", address, headers={"Accept": "application/json"}) as response:
                if response.status_code != httpx.codes.OK:
                    raise IssuerUnavailable(f"The issuer answered {response.status_code} when asked for its keys.")
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise IssuerUnavailable("The issuer's answer is too large.")
            found = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IssuerUnavailable(f"The issuer cannot be reached ({type(error).__name__}).") from error
        except (ValueError, RecursionError) as error:
            raise IssuerUnavailable("The issuer answered something that is not JSON.") from error
        if not isinstance(found, dict):
            raise IssuerUnavailable("The issuer answered something that is no JSON object.")
        return found


def is_safe(address: str) -> bool:
    """Whether nobody between can change what comes from there: TLS, or this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_local(parts.hostname or ""))
