"""Tokens of the language model by key and day: whether a call may begin, and what it came to."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from app.core.acting import actor
from app.core.errors import TokenQuotaExceeded, Unavailable
from app.core.logging import get_logger
from app.db import quotas as rows
from app.db.session import Database, now
from app.services.quotas import QuotaService

_log = get_logger(__name__)


class TokenMeter:
    """What a call takes is known at its end, so the calls that begin at the last token go beyond it: at most as many as
    may run at once."""

    def __init__(self, database: Database, quotas: QuotaService) -> None:
        self._database = database
        self._quotas = quotas
        self._unwritten: Counter[tuple[str, date]] = Counter()
        self._writing: asyncio.Task[None] | None = None

    async def admit(self) -> None:
        """Before a call. Raises TokenQuotaExceeded when the acting key has used up its tokens of today."""
        key_id = actor().key_id
        if key_id is None:
            return
        await self._written()
        async with self._database.read() as connection:
            limit = (await rows.limits_of(connection, key_id)).tokens_a_day
            used = 0 if limit is None else (await rows.tokens_of(connection, [key_id])).get(key_id, 0)
        if limit is not None and used >= limit:
            refusal = TokenQuotaExceeded(
                f"The key may use {limit} tokens a day and has used {used}. New ones come at midnight UTC; answers in "
                "the documents' own words (mode `extract`) take none.",
                key_id=key_id,
                quota="tokens_a_day",
                limit=limit,
                used=used,
                retry_after=_until_midnight(),
            )
            await self._quotas.tell(refusal)
            raise refusal

    def spent(self, tokens: int) -> None:
        """After a call, also one that was broken off: it must not wait, so a task writes it down."""
        key_id = actor().key_id
        if key_id is None or tokens <= 0:
            return
        self._unwritten[key_id, rows.today()] += tokens
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="token-meter")

    async def close(self) -> None:
        await self._written()

    async def _written(self) -> None:
        """Once all that was spent in this process is in the table."""
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._unwritten:
            some, self._unwritten = self._unwritten, Counter()
            try:
                async with self._database.write(alone=False) as connection:
                    for (key_id, day), tokens in some.items():
                        await rows.add_tokens(connection, key_id, day, tokens)
            except Unavailable as error:  # a full disk: it is written with what comes next
                self._unwritten += some
                _log.warning("tokens_not_written", code=error.code)
                return


def _until_midnight() -> float:
    """Seconds."""
    moment = now().replace(tzinfo=UTC)
    return (datetime.combine(moment.date() + timedelta(days=1), time(), UTC) - moment).total_seconds()
