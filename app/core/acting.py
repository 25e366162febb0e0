"""Who acts at the moment, for the audit log and for what counts against a key's quotas: known once at the edge, like
the request id, and needed far below it.

A context variable, because every change would otherwise hand a caller through all services that do not look at it. It
tells who did something, and never decides what anybody may do: for that a `Caller` is passed on as a value.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    id: str
    """`key:…`, `open` for whoever comes while nothing guards the door, or `docubot`."""
    name: str = ""
    key_id: str | None = None
    """Of the API key that what is brought in and what a model says count against."""


ITSELF = Actor("docubot")
"""No request: what leaves when its term is over, and commands on the server's own machine."""
_acting: ContextVar[Actor] = ContextVar("acting", default=ITSELF)


def actor() -> Actor:
    return _acting.get()


def act_as(who: Actor) -> None:
    """From now on, to the end of the request."""
    _acting.set(who)


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Whatever `act_as` says within is forgotten at the end."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)
