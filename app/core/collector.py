"""The garbage collector, as a process wants it that serves for weeks."""

import gc


def spare_the_collector() -> None:
    """Searching all that a server holds for cyclic garbage stops its event loop for a tenth of a second, and finds
    next to nothing: what stands after the start is left out of it, and all of the rest is searched seldom, the young
    often, so that each time is short."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 1_000)
