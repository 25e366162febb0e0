"""What a child process of ours does first."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait

_PR_SET_PDEATHSIG = 1
"""See prctl(2)."""


def settle_worker(niceness: int) -> None:
    """Yield to the parent, leave Ctrl-C to it, and die with it, even when it is killed.

    For children that `multiprocessing` started. Under its forkserver nothing else ends them: each holds open the pipe
    whose end would stop the forkserver, so all of them stay, and PR_SET_PDEATHSIG would look at the forkserver only.
    """
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), name="follow-parent", daemon=True).start()


def die_with_parent() -> None:
    """For a child started without `multiprocessing`: Linux kills it when the thread that started it ends.

    Elsewhere it is on the child to watch its input's end; this is for one that hangs in a library's call.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGKILL)
