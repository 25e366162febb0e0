"""Calls to addresses that users give: where they go, where they never go, and what is told of them."""

import datetime
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.adapters.webhooks.http import HttpTargets
from app.core.errors import WebhookTargetRefused
from app.models.webhooks import Reply
from tests.fakes.receiver import receiving

pytestmark = pytest.mark.anyio
LOOPBACK = [ip_network("127.0.0.0/8")]


@asynccontextmanager
async def opened(*answers: list[str], allowed: Any = LOOPBACK, **more: Any) -> AsyncIterator[HttpTargets]:
    """`answers`: what the resolver says, one look-up after the other; the system's when there are none."""
    said = iter(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return next(said)

    resolver = {"resolve": resolve} if answers else {}
    targets = HttpTargets(allowed, more.pop("timeout", 10.0), **resolver, **more)
    yield targets
    await targets.close()


async def test_a_message_arrives_as_it_was_made() -> None:
    with receiving() as receiver:
        async with opened() as targets:
            reply = await targets.post(receiver.url + "?a=b%2Fc", {"webhook-id": "1"}, "{“क”}".encode())
        assert (reply.status, reply.error) == (204, None)
        got = receiver.next()
        assert (got.path, got.body, got.headers["webhook-id"]) == ("/hook?a=b%2Fc", "{“क”}".encode(), "1")
        assert got.headers["user-agent"].startswith("DocuBot/")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0/",
        "http://93.184.216.34/",
        "http://no-such-host.invalid/",
    ],
)
async def test_what_leads_inside_is_refused_before_a_connection_is_made(url: str) -> None:
    async with opened(allowed=[]) as targets:
        with pytest.raises(WebhookTargetRefused):
            await targets.check(url)
        assert (await targets.post(url, {}, b"{}")).error in ("target_refused", "not_resolved")


@pytest.mark.parametrize(
    "url",
    ["https://user:pw@example.com/", "ftp://example.com/", "https:///x", "https://h:99999/", "https://xn--/", "x"],
)
async def test_what_is_no_address_is_refused(url: str) -> None:
    async with opened() as targets:
        with pytest.raises(WebhookTargetRefused):
            await targets.check(url)
        assert (await targets.post(url, {}, b"{}")).error == "target_refused"


async def test_a_name_that_is_bound_anew_is_judged_anew_and_called_where_it_was_judged() -> None:
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        async with opened(["93.184.216.34"], ["127.0.0.1"], allowed=[]) as targets:
            await targets.check(f"https://rebound.example:{port}/")
            assert (await targets.post(f"https://rebound.example:{port}/", {}, b"{}")).error == "target_refused"
        async with opened(["93.184.216.34", "10.0.0.1"], allowed=[]) as targets:  # one of several is enough
            assert (await targets.post(f"https://rebound.example:{port}/", {}, b"{}")).error == "target_refused"
        async with opened(["127.0.0.1"]) as targets:  # the second look-up would end the iterator
            assert (await targets.post(f"http://named.example:{port}/hook", {}, b"{}")).status == 204
        assert receiver.next().headers["host"] == f"named.example:{port}"
        assert receiver.got.empty()


async def test_a_redirect_is_told_and_not_followed() -> None:
    with receiving() as receiver:
        receiver.answers = [307]
        receiver.more = {"location": receiver.url}
        async with opened() as targets:
            assert (await targets.post(receiver.url, {}, b"{}")).status == 307
        receiver.next()
        assert receiver.got.empty()


async def test_retry_after_is_read() -> None:
    with receiving() as receiver:
        receiver.answers, receiver.more = [429], {"retry-after": "120"}
        async with opened() as targets:
            assert await targets.post(receiver.url, {}, b"{}") == Reply(429, None, 120.0)


async def test_failures_are_told_apart() -> None:
    with receiving() as receiver, socket.socket() as deaf:
        receiver.answers = [0]
        async with opened(timeout=0.2) as targets:
            assert (await targets.post(receiver.url, {}, b"{}")).error == "timed_out"
        deaf.bind(("127.0.0.1", 0))
        async with opened() as targets:
            closed = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            assert (await targets.post(closed, {}, b"{}")).error == "not_connected"
            unknown = "https://no-such-host.invalid/"
            assert (await targets.post(unknown, {}, b"{}")).error == "not_resolved"
            await targets.check(unknown)
            assert (await targets.post(f"https://{'a' * 64}.example/", {}, b"{}")).error in (
                "not_resolved",
                "target_refused",
            )
        receiver.answers, receiver.more = [204], {"bad name": "x"}
        async with opened() as targets:
            assert (await targets.post(receiver.url, {}, b"{}")).error == "broken_reply"
        async with opened(["127.0.0.1", "127.0.0.1"]) as targets:
            receiver.more = {}
            assert (await targets.post(receiver.url, {}, b"{}")).status == 204


async def test_the_next_address_is_called_when_one_does_not_answer() -> None:
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        async with opened(["127.0.0.9", "127.0.0.1"]) as targets:
            assert (await targets.post(f"http://two.example:{port}/", {}, b"{}")).status == 204


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(certificate.public_bytes(encoding) + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cadata=certificate.public_bytes(encoding).decode())


async def test_the_certificate_is_checked_against_the_name_though_an_address_is_called(tmp_path: Path) -> None:
    server, client = certified(tmp_path, "hooks.example")
    with receiving(server) as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        async with opened(*[["127.0.0.1"]] * 2, tls=client) as targets:
            assert (await targets.post(f"https://hooks.example:{port}/", {}, b"{}")).status == 204
            assert (await targets.post(f"https://other.example:{port}/", {}, b"{}")).error == "tls_failed"
        async with opened(["127.0.0.1"]) as targets:  # nobody known vouches for it
            assert (await targets.post(f"https://hooks.example:{port}/", {}, b"{}")).error == "tls_failed"
