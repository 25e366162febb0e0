"""An issuer that people sign in at with a browser: authorization code with PKCE for a public client, refresh tokens."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.issuer import FakeIssuer

CLIENT = "docubot-page"
_PAGE = "<!doctype html><title>Issuer</title><a href='{allow}'>Continue as zoë</a> <a href='{deny}'>Cancel</a>"


class SignInIssuer(FakeIssuer):
    """`claims`: of the access tokens that it makes, beside those that every token has."""

    def __init__(self, address: str, claims: Mapping[str, Any]) -> None:
        super().__init__(address)
        self.claims = dict(claims)
        self._codes: dict[str, dict[str, str]] = {}
        self._refresh: set[str] = set()

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "response_modes_supported": ["query", "fragment"],
            "code_challenge_methods_supported": ["S256"],
        }

    def asks(self, query: dict[str, str]) -> str:
        """The page that asks whether to go on, for a request as it must be."""
        assert (query["client_id"], query["response_type"]) == (CLIENT, "code"), query
        assert (query["code_challenge_method"], query["response_mode"]) == ("S256", "fragment"), query
        code = secrets.token_urlsafe()
        self._codes[code] = query
        answers = {"allow": {"code": code}, "deny": {"error": "access_denied"}}
        links = {
            name: f"{query['redirect_uri']}#{urlencode(answer | {'state': query['state']})}"
            for name, answer in answers.items()
        }
        return _PAGE.format(**links)

    def grants(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code, or for a refresh token, each good once; None refuses."""
        if form.get("client_id") != CLIENT:
            return None
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self._refresh:
                return None
            self._refresh.remove(form["refresh_token"])
            return self._tokens({})
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        return self._tokens({"nonce": asked["nonce"]})

    def _tokens(self, claims: dict[str, Any]) -> dict[str, Any]:
        refresh = secrets.token_urlsafe()
        self._refresh.add(refresh)
        return {
            "access_token": self.token(jti=secrets.token_hex(8), **self.claims),
            "id_token": self.token(aud=CLIENT, **claims),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": 300,
        }


@contextmanager
def signing_in(**claims: Any) -> Iterator[SignInIssuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/authorize":
                self._say(HTTPStatus.OK, issuer.asks(_flat(address.query)), "text/html; charset=utf-8")
            elif address.path == "/keys":
                self._say(HTTPStatus.OK, json.dumps(issuer.key_set()))
            else:
                self._say(HTTPStatus.OK, json.dumps(issuer.discovery()))

        def do_POST(self) -> None:
            form = _flat(self.rfile.read(int(self.headers["content-length"])).decode())
            tokens = issuer.grants(form)
            status = HTTPStatus.OK if tokens else HTTPStatus.BAD_REQUEST
            self._say(status, json.dumps(tokens or {"error": "invalid_grant"}))

        def _say(self, status: HTTPStatus, text: str, kind: str = "application/json") -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("access-control-allow-origin", "*")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = SignInIssuer(f"http://127.0.0.1:{server.server_port}", claims)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
