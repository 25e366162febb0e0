"""The end of the process, in two steps: what can wait ends at once, what somebody waits for gets a moment more."""

import asyncio


class Closing:
    """Begun once, by whoever runs the application; everything else waits for it."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._over = asyncio.Event()

    def begin(self, grace: float) -> None:
        """From now on nothing new is begun; after `grace` seconds nothing is waited for any more."""
        self._begun.set()
        asyncio.get_running_loop().call_later(grace, self._over.set)

    async def begun(self) -> None:
        """Return when the process begins to end."""
        await self._begun.wait()

    async def over(self) -> None:
        """Return when the time for what was under way is up."""
        await self._over.wait()
