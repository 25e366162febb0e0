import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.adapters.issuers.http import HttpKeySource
from app.core.errors import InvalidCredentials, KeyNotFound, StartupError, Unauthorized
from app.core.security import Keyring
from app.db.migrate import migrate
from app.db.session import Database, now
from app.models.access import ANYONE, Scope
from app.models.people import Assignment, Roles
from app.services.access import AccessService
from app.services.issuer import Issuer, IssuerRules
from app.services.keys import KeyService
from tests.fakes.issuer import AUDIENCE, issuing

pytestmark = pytest.mark.anyio
READ = frozenset({Scope.READ})


class Door:
    """A database with keys, and the services before it under any settings."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.keyring = Keyring.at(folder)
        self.keys = KeyService(database, self.keyring)

    def access(self, auth: Any = "auto", loopback: bool = True) -> AccessService:
        return AccessService(self.database, self.keyring, auth=auth, loopback=loopback)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'docubot.sqlite3'}")
    await migrate(database)
    yield Door(database, tmp_path)
    await database.close()


async def test_on_loopback_the_door_is_open_until_the_first_key(door: Door) -> None:
    access = door.access()
    await access.check_start("127.0.0.1")
    assert await access.door() == "open: no key, this machine only"
    assert await access.identify("any key that a client had to send") == ANYONE
    made = await door.keys.create("first", READ)
    guarded = door.access()
    with pytest.raises(Unauthorized):
        await guarded.identify(None)
    assert (await guarded.identify(made.secret)).id == f"key:{made.key.id}"
    assert await guarded.door() == "guarded"


async def test_the_first_key_shuts_the_door_of_its_own_process_at_once(door: Door) -> None:
    access = door.access()
    assert await access.identify(None) == ANYONE
    await KeyService(door.database, door.keyring, access.look_again).create("first", READ)
    with pytest.raises(Unauthorized):
        await access.identify(None)


async def test_a_key_made_elsewhere_shuts_an_open_door_within_a_second(door: Door) -> None:
    access = door.access()
    assert await access.identify(None) == ANYONE
    await door.keys.create("first", READ)
    async with asyncio.timeout(5):
        while await access.door() != "guarded":
            await asyncio.sleep(0.05)
    with pytest.raises(Unauthorized):
        await access.identify(None)


async def test_revoking_the_last_key_opens_no_door(door: Door) -> None:
    made = await door.keys.create("only", READ)
    await door.keys.revoke(made.key.id)
    with pytest.raises(Unauthorized):
        await door.access().identify(None)


@pytest.mark.parametrize(("auth", "loopback"), [("auto", False), ("on", True), ("on", False)])
async def test_a_guarded_door_nobody_could_pass_stops_the_start(door: Door, auth: Any, loopback: bool) -> None:
    access = door.access(auth, loopback)
    with pytest.raises(StartupError, match="docubot keys create"):
        await access.check_start("0.0.0.0")
    with pytest.raises(Unauthorized):
        await access.identify(None)
    await door.keys.create("first", READ)
    await access.check_start("0.0.0.0")


async def test_an_issuer_shuts_the_door_and_lets_the_start_be(door: Door) -> None:
    with issuing() as fake:
        rules = IssuerRules(fake.issuer, (AUDIENCE,), roles={"staff": Assignment("reader")})
        issuer = Issuer(HttpKeySource(fake.issuer), rules, Roles())
        access = AccessService(door.database, door.keyring, auth="auto", loopback=True, issuer=issuer)
        await access.check_start("0.0.0.0")
        assert await access.door() == "guarded"
        caller = await access.identify(fake.token(roles=["staff"]))
        assert (caller.name, caller.can(Scope.ASK), caller.can(Scope.MANAGE)) == ("zoë", True, False)
        with pytest.raises(InvalidCredentials):
            await access.identify(fake.token(exp=1))
        made = await door.keys.create("beside", READ)
        assert (await access.identify(made.secret)).id == f"key:{made.key.id}"
        await access.close()


async def test_off_is_off(door: Door) -> None:
    await door.keys.create("first", READ)
    access = door.access("off", loopback=False)
    await access.check_start("0.0.0.0")
    assert await access.identify(None) == ANYONE
    assert await access.door() == "open: AUTH=off"


async def test_a_key_brings_its_scopes_and_collections(door: Door) -> None:
    made = await door.keys.create("网关", frozenset({Scope.READ, Scope.ASK}), ("合同", "team-*"))
    caller = await door.access().identify(made.secret)
    assert caller.can(Scope.ASK)
    assert not caller.can(Scope.UPLOAD)
    assert [caller.may(name) for name in ("合同", "team-a", "team-", "team", "合同 2", "default")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


async def test_what_is_wrong_with_a_key_is_not_told(door: Door) -> None:
    access = door.access()
    good = await door.keys.create("good", READ)
    expired = await door.keys.create("expired", READ, expires_at=now() - timedelta(seconds=1))
    revoked = await door.keys.create("revoked", READ)
    await door.keys.revoke(revoked.key.id)
    told = set()
    for wrong in (
        expired.secret,
        revoked.secret,
        good.secret[:-1] + ("a" if good.secret[-1] != "a" else "b"),
        good.secret.swapcase(),
        f"db_{good.key.prefix}_{'a' * 43}",
        f" {good.secret}",
        "db_",
        "ключ",
        "\ud800",
        "x" * 8192,
    ):
        with pytest.raises(InvalidCredentials) as caught:
            await access.identify(wrong)
        told.add(caught.value.detail)
    assert len(told) == 1


async def test_rotating_keeps_the_key_and_kills_the_secret(door: Door) -> None:
    access = door.access()
    made = await door.keys.create("rotating", READ, ("a",))
    renewed = await door.keys.rotate(made.key.id)
    assert renewed.key.id == made.key.id
    assert renewed.key.prefix != made.key.prefix
    with pytest.raises(InvalidCredentials):
        await access.identify(made.secret)
    assert (await access.identify(renewed.secret)).reach == ("a",)
    await door.keys.revoke(made.key.id)
    with pytest.raises(KeyNotFound):
        await door.keys.rotate(made.key.id)


async def test_a_secret_is_stored_nowhere(door: Door, tmp_path: Path) -> None:
    made = await door.keys.create("first", READ)
    await door.database.close()
    secret = made.secret.rpartition("_")[2].encode()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert made.key.prefix.encode() in stored
    assert secret not in stored


async def test_keys_of_another_servers_secret_are_wrong(door: Door, tmp_path: Path) -> None:
    made = await door.keys.create("first", READ)
    elsewhere = AccessService(door.database, Keyring(b"another secret"), auth="on", loopback=True)
    with pytest.raises(InvalidCredentials):
        await elsewhere.identify(made.secret)


async def test_last_use_is_written_later_and_once(door: Door) -> None:
    access = door.access()
    made = await door.keys.create("first", READ)
    for _ in range(3):
        await access.identify(made.secret)
    assert (await door.keys.get(made.key.id)).last_used_at is None
    await access.note_uses()
    used = (await door.keys.get(made.key.id)).last_used_at
    assert used is not None
    assert now() - used < timedelta(seconds=10)
    await access.note_uses()
    assert (await door.keys.get(made.key.id)).last_used_at == used


async def test_wrong_keys_are_refused_alike_whatever_their_prefix(door: Door) -> None:
    access = door.access()
    known = (await door.keys.create("first", READ)).key.prefix
    for prefix in (known, "aaaaaaaa"):
        with pytest.raises(InvalidCredentials) as refused:
            await access.identify(f"db_{prefix}_{7:043}")
        assert refused.value.detail == InvalidCredentials.advice
