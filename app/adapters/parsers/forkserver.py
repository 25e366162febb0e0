"""The process that the others are forked from: one thread, the libraries loaded, and never a document of its own.

`python -m app.adapters.parsers.forkserver ORDERS_FD NOTICES_FD LIMITS_JSON`. A fork costs about 10 ms and shares the
libraries' memory, where a fresh Python would take 150. It ends, and its children with it, when its parent hangs up.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys

from app.adapters.parsers.child import ROLES, preload
from app.adapters.parsers.confinement import ParseLimits, confine
from app.adapters.parsers.frames import KILL, NOTICE, ORDER

_KIB = 1024 if sys.platform == "linux" else 1  # unit of ru_maxrss
_PR_SET_PDEATHSIG = 1  # prctl(2)
_NOT_STARTED = 125


class ForkServer:
    def __init__(self, orders: socket.socket, notices: socket.socket, limits: ParseLimits) -> None:
        self._orders, self._notices, self._limits = orders, notices, limits
        self._pid = os.getpid()
        self._children: dict[int, int] = {}
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)

    def run(self) -> None:
        """Obey until the parent hangs up."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._notices.sendall(NOTICE.pack(0, 0, 0))  # ready
        hung_up = False
        while not hung_up:
            ready, _, _ = select.select([self._orders.fileno(), self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap()
            if self._orders.fileno() in ready:
                hung_up = not self._obey()
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._orders, ORDER.size, 1)
        if not data:
            return False
        what, number = ORDER.unpack(data)
        if what == KILL:
            for pid in (pid for pid, one in self._children.items() if one == number):
                os.kill(pid, signal.SIGKILL)  # not yet reaped, so it is no one else's number
            return True
        try:
            pid = os.fork()
        except OSError:
            self._notices.sendall(NOTICE.pack(number, _NOT_STARTED, 0))
        else:
            if pid == 0:
                self._become(what, descriptors[0])
            self._children[pid] = number
        os.close(descriptors[0])
        return True

    def _become(self, what: bytes, descriptor: int) -> None:
        """Be a child from here on; does not return."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._woken, self._waker, self._orders.detach(), self._notices.detach()):
                os.close(end)
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() == self._pid:  # else it is too late for that signal
                confine(self._limits, one_document=what != b"G")
                ROLES[what](socket.socket(fileno=descriptor))
                code = 0
        finally:
            os._exit(code)

    def _reap(self) -> None:
        while self._children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            notice = NOTICE.pack(self._children.pop(pid), os.waitstatus_to_exitcode(status), usage.ru_maxrss * _KIB)
            self._notices.sendall(notice)


def main() -> None:
    orders, notices = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us in good order
    preload()
    gc.freeze()  # keeps the memory shared
    ForkServer(orders, notices, ParseLimits(**json.loads(sys.argv[3]))).run()


if __name__ == "__main__":
    main()
