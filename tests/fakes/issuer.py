"""An issuer of tokens on loopback, with keys of its own that it can change: discovery, key set, tokens."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "docubot-test"


class FakeIssuer:
    """`keys`: by name. `published`: the names that its key set lists; `asked`: how often that was fetched."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.told_issuer = address
        self.keys: dict[str, Any] = {"rsa-1": rsa_key(), "ec-1": ec.generate_private_key(ec.SECP256R1())}
        self.published = ["rsa-1", "ec-1"]
        self.asked = 0
        self.down = False

    def key_set(self) -> dict[str, Any]:
        self.asked += 1
        found = []
        for name in self.published:
            key = self.keys[name]
            rsa_ = isinstance(key, rsa.RSAPrivateKey)
            jwk: dict[str, Any] = (RSAAlgorithm if rsa_ else ECAlgorithm).to_jwk(key.public_key(), as_dict=True)
            found.append(jwk | {"kid": name, "use": "sig"})
        return {"keys": found}

    def public_pem(self, name: str) -> bytes:
        pem: bytes = self.keys[name].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem

    def token(self, kid: str | None = "rsa-1", *, key: Any = None, algorithm: str = "", **claims: Any) -> str:
        """A good one, save for what is given; a claim that is None is left out."""
        moment = datetime.now(UTC)
        payload = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "248289761001",
            "preferred_username": "zoë",
            "iat": moment,
            "exp": moment + timedelta(minutes=5),
        } | claims
        kept = {name: value for name, value in payload.items() if value is not None}
        chosen = key if key is not None else self.keys[kid or "rsa-1"]
        named = algorithm or ("RS256" if isinstance(chosen, rsa.RSAPrivateKey) else "ES256")
        return jwt.encode(kept, chosen, algorithm=named, headers={"kid": kid} if kid else None)


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@contextmanager
def issuing() -> Iterator[FakeIssuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers: Mapping[str, Any] = {
                "/.well-known/openid-configuration": lambda: {
                    "issuer": issuer.told_issuer,
                    "jwks_uri": f"{issuer.issuer}/keys",
                },
                "/keys": issuer.key_set,
            }
            found = None if issuer.down else answers.get(self.path)
            body = json.dumps(found() if found else {"error": "no"}).encode()
            self.send_response(200 if found else 503)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = FakeIssuer(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
