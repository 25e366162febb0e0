"""Calls webhooks over HTTP, and only where they may lead.

A name is resolved here, each of its addresses is judged, and the call goes to an address that was judged: what the name
says a moment later (DNS rebinding) counts for nothing. TLS still checks the certificate against the name. Redirects are
not followed, proxies of the environment are not used (they would resolve the name anew), and of the reply nothing is
read but its head, so that nobody learns by it what stands inside of a network.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

import httpx

from app.core.errors import WebhookTargetRefused
from app.core.version import current_version
from app.logic.retry import parse_retry_after
from app.logic.targets import Address, Network, refusal
from app.models.webhooks import Reply

_MOST_ADDRESSES = 4
Resolve = Callable[[str, int], Awaitable[list[str]]]


class HttpTargets:
    """`allowed`: networks that may be called although they are not public, or without TLS. `timeout`: seconds for one
    call, all of it."""

    def __init__(
        self,
        allowed: Sequence[Network],
        timeout: float,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.timeout = timeout
        self._allowed = allowed
        self._resolve = resolve or _resolve
        self._client = httpx.AsyncClient(
            verify=tls or ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            # A connection kept open to an address could be taken for another name there.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def check(self, url: str) -> None:
        """See the port."""
        target = _parsed(url)
        if target.scheme == "http" and not self._allowed:
            raise WebhookTargetRefused(f"{WebhookTargetRefused.advice} It is not encrypted: use https.")
        try:
            async with asyncio.timeout(self.timeout):
                await self._addresses(target)
        except (OSError, TimeoutError):
            return  # the log of its deliveries will tell

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """See the port."""
        try:
            async with asyncio.timeout(self.timeout):
                target = _parsed(url)
                try:
                    addresses = await self._addresses(target)
                except OSError:
                    return Reply(None, "not_resolved")
                return await self._call(target, addresses[:_MOST_ADDRESSES], headers, body)
        except WebhookTargetRefused:
            return Reply(None, "target_refused")
        except (TimeoutError, httpx.TimeoutException):
            return Reply(None, "timed_out")
        except httpx.ConnectError as error:
            return Reply(None, "tls_failed" if _is_tls(error) else "not_connected")
        except httpx.HTTPError:
            return Reply(None, "broken_reply")

    async def close(self) -> None:
        await self._client.aclose()

    async def _addresses(self, target: httpx.URL) -> list[Address]:
        """All that the name leads to. Raises OSError, WebhookTargetRefused when it may not be called at one of them."""
        port = target.port or (443 if target.scheme == "https" else 80)
        found = [ip_address(text) for text in await self._resolve(target.raw_host.decode("ascii"), port)]
        for address in found:
            reason = refusal(address, encrypted=target.scheme == "https", allowed=self._allowed)
            if reason is not None:
                raise WebhookTargetRefused(f"{WebhookTargetRefused.advice} {target.host}: {reason}.")
        if not found:
            raise OSError("no address")
        return found

    async def _call(
        self, target: httpx.URL, addresses: Sequence[Address], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        name = target.raw_host.decode("ascii")
        sent = {**headers, "host": target.netloc.decode("ascii"), "user-agent": f"DocuBot/{current_version()}"}
        for last in range(len(addresses)):
            request = self._client.build_request(
                "POST",
                target.copy_with(host=str(addresses[last])),
                headers=sent,
                content=body,
                extensions={"sni_hostname": name, "timeout": httpx.Timeout(self.timeout).as_dict()},
            )
            try:
                response = await self._client.send(request, stream=True)
            except httpx.ConnectError:
                if last + 1 == len(addresses):
                    raise
                continue
            await response.aclose()
            break
        return Reply(
            response.status_code, None, parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
        )


def _parsed(url: str) -> httpx.URL:
    """Raises WebhookTargetRefused for what is no address of the web."""
    try:
        target = httpx.URL(url)
        usable = target.scheme in ("http", "https") and target.host and not target.userinfo
        if usable and (target.port is None or 0 < target.port < 1 << 16):
            target.raw_host.decode("ascii")
            return target
    except (httpx.InvalidURL, ValueError):  # ValueError: a name that IDNA does not know
        pass
    raise WebhookTargetRefused(
        f"{WebhookTargetRefused.advice} This is no address: https://host/path, without a password."
    )


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is too long
        raise OSError(str(error)) from None
    return list(dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found))


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
