"""How often a caller may call, and an address or a name may be wrong: sliding windows.

Processes that share a Redis count together. Counting is over names that we gave out, over addresses only while they
fail, and over typed names only by some bits of their hash, so that nobody fills the memory by inventing them; what has
passed is dropped. An IPv6 address is counted by its /64, which one subscriber has whole.

A right key or token is let in however many wrong ones came from its address: behind a proxy that is not named all
clients have one address, and 256 bits cannot be guessed by trying. Passwords can, so right ones wait as well.
"""

import hashlib
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse

from app.core.errors import RateLimited
from app.services.limiter import Limiter


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of a limit: `amount` calls in `seconds`, `remaining` of them, all again after `reset` seconds."""

    amount: int
    seconds: int
    remaining: int
    reset: float


class RateService:
    """All three in the library's words, as `600/minute`; empty: no limit. `callers`: calls of one key or user.
    `failures`: wrong keys, and wrong passwords, of one address. `sign_ins`: tries of one user name.
    `redis_url`: where processes count together."""

    def __init__(self, callers: str, failures: str, sign_ins: str = "", redis_url: str = "") -> None:
        self._callers = parse(callers) if callers else None
        self._failures = parse(failures) if failures else None
        self._sign_ins = parse(sign_ins) if sign_ins else None
        self._limiter = Limiter(redis_url)

    async def called(self, caller: str) -> Window | None:
        """Count one call. Raises RateLimited."""
        if self._callers is None:
            return None
        allowed = await self._limiter.hit(self._callers, "caller", caller)
        window = await self._window(self._callers, "caller", caller)
        if not allowed:
            raise RateLimited(retry_after=window.reset)
        return window

    async def wrong_key(self, address: str) -> None:
        """Count one wrong key or token. Raises RateLimited when there were too many."""
        if self._failures is not None:
            await self._hit(self._failures, "Too many wrong keys came from this address. Wait.", "key", _known(address))

    async def sign_in(self, login: str, address: str = "") -> None:
        """Count one try of a name before it is looked at, so that many at once are counted too. Raises RateLimited,
        also for an address that brought too many wrong passwords."""
        known = _known(address)
        if address and self._failures and not await self._limiter.test(self._failures, "password", known):
            window = await self._window(self._failures, "password", known)
            raise RateLimited("Too many wrong passwords came from this address. Wait.", retry_after=window.reset)
        if self._sign_ins is not None:
            await self._hit(self._sign_ins, "Too many tries for this user name. Wait.", "name", _bits(login))

    async def wrong_password(self, address: str) -> None:
        """Count one."""
        if self._failures is not None:
            await self._limiter.hit(self._failures, "password", _known(address))

    async def close(self) -> None:
        await self._limiter.close()

    async def _hit(self, limit: RateLimitItem, refusal: str, *names: str) -> None:
        if not await self._limiter.hit(limit, *names):
            raise RateLimited(refusal, retry_after=(await self._window(limit, *names)).reset)

    async def _window(self, limit: RateLimitItem, *names: str) -> Window:
        stats = await self._limiter.get_window_stats(limit, *names)
        return Window(limit.amount, limit.get_expiry(), stats.remaining, max(0.0, stats.reset_time - time.time()))


def _known(address: str) -> str:
    """What an address is counted by."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed.packed, 64), strict=False))
    return address


def _bits(login: str) -> str:
    """What a typed name is counted by: one of 65,536."""
    return hashlib.sha256(login.encode(errors="replace")).hexdigest()[:4]
