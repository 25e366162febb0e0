"""What wrong keys cost, and whether the time to refuse one tells that its prefix is known; memory after all of them.

`scripts/bench keys [NUMBER]`, 100,000 unless told. Known and unknown prefixes take turns, in random order within each
pair, so that whatever else the machine does meets both alike. The interval is of the medians' ratio, by bootstrap.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from app.core.errors import InvalidCredentials, RateLimited
from app.core.security import Keyring
from app.db.migrate import migrate
from app.db.session import Database
from app.models.access import Scope
from app.services.access import AccessService
from app.services.keys import KeyService
from app.services.rates import RateService

_KEYS = 1000
_STEPS = 10
_SAMPLES = 400


async def refuse(access: AccessService, rates: RateService, prefix: str) -> float:
    """Seconds to refuse a wrong key of that prefix, as the edge does it, counted and all."""
    key = f"db_{prefix}_{random.getrandbits(128):043d}"[:55]
    began = time.perf_counter()
    try:
        await access.identify(key)
    except InvalidCredentials:
        with suppress(RateLimited):
            await rates.wrong_key("192.0.2.1")
    return time.perf_counter() - began


async def measure(folder: Path, number: int) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds of those with a known and of those with an unknown prefix."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'docubot.sqlite3'}")
    await migrate(database)
    keyring = Keyring.at(folder)
    keys = KeyService(database, keyring)
    known = [(await keys.create(str(n), frozenset({Scope.READ}))).key.prefix for n in range(_KEYS)]
    access = AccessService(database, keyring, auth="on", loopback=True)
    rates = RateService("", "30/minute")
    half = number // 2 // _STEPS * _STEPS
    spent = (
        array("d", bytes(8 * half)),
        array("d", bytes(8 * half)),
    )  # whole from the start: it would look like a leak
    done = 0
    process = psutil.Process()
    for _ in range(_STEPS):
        for _ in range(half // _STEPS):
            for kind in random.sample((0, 1), 2):
                prefix = random.choice(known) if kind == 0 else f"{random.getrandbits(26):08d}"
                spent[kind][done] = await refuse(access, rates, prefix)
            done += 1
        memory = process.memory_info().rss / 2**20
        print(f"{2 * done:>8} wrong keys: {memory:.1f} MB resident", flush=True)
    await database.close()
    return spent


def show(known: Sequence[float], unknown: Sequence[float]) -> None:
    ratio = statistics.median(known) / statistics.median(unknown)
    size = min(len(known), 2000)
    drawn = sorted(
        statistics.median(random.choices(known, k=size)) / statistics.median(random.choices(unknown, k=size))
        for _ in range(_SAMPLES)
    )
    low, high = drawn[_SAMPLES // 40], drawn[-_SAMPLES // 40 - 1]
    microseconds = [statistics.median(values) * 1e6 for values in (known, unknown)]
    print(f"median to refuse: known prefix {microseconds[0]:.0f} µs, unknown {microseconds[1]:.0f} µs")
    print(f"ratio {ratio:.3f}; of samples of {size}, 95% lie in {low:.3f} to {high:.3f}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as name:
        show(*asyncio.run(measure(Path(name), number)))


if __name__ == "__main__":
    main()
