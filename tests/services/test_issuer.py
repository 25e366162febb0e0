"""Tokens of an issuer that is served on loopback, with real keys."""

import base64
import hmac
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.adapters.issuers.http import HttpKeySource, is_safe
from app.core.errors import InvalidCredentials, IssuerUnavailable
from app.models.access import Scope
from app.models.people import Roles
from app.services.issuer import Issuer, IssuerRules, assignment_of
from tests.fakes.issuer import AUDIENCE, FakeIssuer, issuing, rsa_key

pytestmark = pytest.mark.anyio


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def served() -> Iterator[FakeIssuer]:
    with issuing() as fake:
        yield fake


@pytest.fixture
def fake(served: FakeIssuer) -> FakeIssuer:
    served.asked, served.down, served.told_issuer = 0, False, served.issuer
    served.published = ["rsa-1", "ec-1"]
    return served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def issuer(fake: FakeIssuer, clock: Clock, anyio_backend: str) -> AsyncIterator[Issuer]:
    made = a_trusting(fake, clock)
    yield made
    await made.close()


def a_trusting(fake: FakeIssuer, clock: Clock, **rules: Any) -> Issuer:
    return Issuer(HttpKeySource(fake.issuer), IssuerRules(fake.issuer, (AUDIENCE,), **rules), Roles(), clock)


@pytest.mark.parametrize("kid", ["rsa-1", "ec-1"])
async def test_a_good_token_says_who_it_is(issuer: Issuer, fake: FakeIssuer, kid: str) -> None:
    caller = await issuer.caller(fake.token(kid, aud=["other", AUDIENCE]))
    assert caller.id.startswith("oidc:")
    assert caller.name == "zoë"
    assert not any(caller.can(scope) for scope in Scope)
    assert (await issuer.caller(fake.token(kid, preferred_username=None))).name == "248289761001"
    assert (await issuer.caller(fake.token(kid, sub="other"))).id != caller.id
    assert fake.asked == 1


LATER, EARLIER = (datetime.now(UTC) + timedelta(days=days) for days in (1, -1))  # the run may take long


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"exp": EARLIER},
        {"nbf": LATER},
        {"iss": None},
        {"sub": 7},
    ],
)
async def test_claims_that_do_not_hold(issuer: Issuer, fake: FakeIssuer, claims: dict[str, Any]) -> None:
    with pytest.raises(InvalidCredentials):
        await issuer.caller(fake.token(**claims))


async def test_signatures_that_do_not_hold(issuer: Issuer, fake: FakeIssuer) -> None:
    good = fake.token()
    header, payload, signature = good.split(".")
    none = jwt.encode(jwt.decode(good, options={"verify_signature": False}), None, algorithm="none")
    for wrong in (
        none,
        f"{none.split('.')[0]}.{payload}.{signature}",
        f"{header}.{fake.token(sub='other').split('.')[1]}.{signature}",
        fake.token(key=rsa_key()),
        fake.token("ec-1", key=ec.generate_private_key(ec.SECP256R1())),
        fake.token("ec-1", key=fake.keys["rsa-1"]),
        fake.token(algorithm="RS512"),  # a good signature by an algorithm that is not allowed
        "",
        "a.b.c",
        "ключ",
        "\ud800",
    ):
        with pytest.raises(InvalidCredentials):
            await issuer.caller(wrong)


async def test_the_public_key_is_no_shared_secret(issuer: Issuer, fake: FakeIssuer) -> None:
    """The old trick: a token signed by HMAC under the key that everybody can read."""

    def part(text: bytes) -> bytes:
        return base64.urlsafe_b64encode(text).rstrip(b"=")

    for kid in ("rsa-1", "ec-1"):
        _, payload, _ = fake.token(kid).split(".")
        signed = part(b'{"alg":"HS256","typ":"JWT","kid":"%s"}' % kid.encode()) + b"." + payload.encode()
        mac = hmac.digest(fake.public_pem(kid), signed, "sha256")
        with pytest.raises(InvalidCredentials):
            await issuer.caller((signed + b"." + part(mac)).decode())


async def test_new_keys_are_found_and_old_ones_forgotten(issuer: Issuer, fake: FakeIssuer, clock: Clock) -> None:
    old = fake.token()
    await issuer.caller(old)
    fake.keys["rsa-2"] = rsa_key()
    fake.published = ["rsa-2"]
    clock.now += 60
    assert (await issuer.caller(fake.token("rsa-2"))).name == "zoë"
    with pytest.raises(InvalidCredentials):
        await issuer.caller(old)
    assert fake.asked == 2


async def test_invented_names_of_keys_cost_the_issuer_next_to_nothing(
    issuer: Issuer, fake: FakeIssuer, clock: Clock
) -> None:
    await issuer.caller(fake.token())
    clock.now += 60
    for number in range(50):
        with pytest.raises(InvalidCredentials):
            await issuer.caller(fake.token(f"invented-{number}", key=fake.keys["rsa-1"]))
    assert fake.asked == 2


async def test_an_issuer_that_is_down_is_no_refusal_and_its_keys_serve_on(
    issuer: Issuer, fake: FakeIssuer, clock: Clock
) -> None:
    fake.down = True
    for _ in range(3):
        with pytest.raises(IssuerUnavailable):
            await issuer.caller(fake.token())
    fake.down = False
    clock.now += 60
    await issuer.caller(fake.token())
    fake.down = True
    clock.now += 2 * 3600
    await issuer.caller(fake.token())
    clock.now += 24 * 3600
    with pytest.raises(IssuerUnavailable):
        await issuer.caller(fake.token())


async def test_a_token_without_a_name_is_good_while_there_is_one_key(
    issuer: Issuer, fake: FakeIssuer, clock: Clock
) -> None:
    fake.published = ["rsa-1"]
    await issuer.caller(fake.token(None))
    fake.keys["rsa-2"] = rsa_key()
    fake.published = ["rsa-1", "rsa-2"]
    clock.now += 2 * 3600
    with pytest.raises(InvalidCredentials):
        await issuer.caller(fake.token(None))


async def test_discovery_of_another_issuer_is_not_believed(fake: FakeIssuer, clock: Clock) -> None:
    fake.told_issuer = "https://other.example"
    with pytest.raises(IssuerUnavailable):
        await a_trusting(fake, clock).caller(fake.token())


async def test_claims_come_to_roles(fake: FakeIssuer, clock: Clock) -> None:
    roles = {"staff": assignment_of("reader"), "legal": assignment_of("editor:contracts, legal-*")}
    issuer = a_trusting(fake, clock, roles_claim="realm_access.roles", roles=roles)
    caller = await issuer.caller(fake.token(realm_access={"roles": ["staff", "legal", "admin", 7]}))
    assert caller.within(Scope.READ).reach is None
    assert caller.within(Scope.UPLOAD).reach == ("contracts", "legal-*")
    assert not caller.can(Scope.ADMIN)
    for odd in ({"roles": None}, "admin", None, 7, ["staff"]):
        assert (await issuer.caller(fake.token(realm_access=odd))).grants == ()


async def test_claims_name_scopes_and_collections(fake: FakeIssuer, clock: Clock) -> None:
    issuer = a_trusting(fake, clock, scopes_claim="docubot", collections_claim="https://example.com/collections")
    claims: dict[str, Any] = {"docubot": "read ask openid", "https://example.com/collections": ["b", "a-*"]}
    caller = await issuer.caller(fake.token(**claims))
    assert (caller.scopes, caller.reach) == (frozenset({Scope.READ, Scope.ASK}), ("a-*", "b"))
    nowhere = await issuer.caller(fake.token(docubot=["read"]))
    assert (nowhere.scopes, nowhere.reach) == (frozenset({Scope.READ}), ())
    assert (await issuer.caller(fake.token(**claims | {"https://example.com/collections": "*"}))).reach is None
    assert (await issuer.caller(fake.token())).grants == ()


def test_keys_come_by_tls_or_from_this_machine() -> None:
    assert all(map(is_safe, ("https://id.example/keys", "http://127.0.0.1:1/keys", "http://localhost/keys")))
    assert not any(map(is_safe, ("http://id.example/keys", "file:///etc/passwd", "x", "http://[", "")))
