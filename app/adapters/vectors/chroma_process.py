"""The process that holds embedded Chroma. See `chroma.py` for why there is one."""

import fcntl
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from chromadb.errors import ChromaError

from app.adapters.vectors import chroma_frames
from app.adapters.vectors.chroma_frames import Frame
from app.adapters.vectors.chroma_seal import LOCK_SUFFIX, Seal, Verdict
from app.adapters.vectors.chroma_store import ChromaStore
from app.core.processes import die_with_parent

_READERS = 4
_FINISH = """
import json, sys
path, folder = map(json.loads, sys.argv[1:])
sys.path[:] = path
from app.adapters.vectors.chroma_seal import finish
finish(folder)
"""
Answer = tuple[Any, bytes]


def main(path: str, drop: list[str]) -> None:
    """Serve until told to close or until the parent is gone. `drop`: collections that killed this process before;
    "*" is the whole folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C and `kill` of the group reach us too; the parent closes us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    die_with_parent()
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints into the log and not between two frames
    folder = Path(path)
    with folder.with_suffix(LOCK_SUFFIX).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a killed parent's process may be a moment from its end
        server = ChromaProcess(folder, replies)
        server.start(drop)
        server.serve(requests)
        _finish(folder)


def _finish(folder: Path) -> None:
    """Seal the files from a new program in this process, so that nothing of Chroma is left to touch them.

    Chroma's database closes some time after Chroma says so, on threads of its own. A second SQLite beside it in one
    process gets the locks that the first one holds, cuts off the index of the write-ahead log, and the first one dies
    of SIGBUS.
    """
    arguments = [json.dumps(value) for value in (sys.path, str(folder))]
    os.execv(sys.executable, [sys.executable, "-c", _FINISH, *arguments])  # noqa: S606 - nothing of it is a shell's


class ChromaProcess:
    """Writes one after another, so that each is sealed; reads beside them."""

    def __init__(self, folder: Path, replies: BinaryIO) -> None:
        self._folder = folder
        self._replies = replies
        self._sending = threading.Lock()
        self._seal = Seal(folder)
        self._writer = ThreadPoolExecutor(1, "write")
        self._readers = ThreadPoolExecutor(_READERS, "read")
        self._store: ChromaStore

    def start(self, drop: list[str]) -> None:
        """Open what can be trusted and remove the rest. Says which collection it is at, in case that is the last."""
        verdict = Verdict(whole=False, reason="it could not be opened") if "*" in drop else self._seal.inspect()
        if not verdict.whole:
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._tell({"event": "removed", "what": "*", "why": verdict.reason})
        self._seal.prepare()
        self._store = ChromaStore(self._folder)
        for name in self._store.names():
            self._tell({"event": "at", "what": name})
            if name in drop:
                self._remove(name, "it brought the process down")
            elif name in verdict.broken:
                self._remove(name, verdict.reason)
            else:
                self._check(name)
        self._seal.update()
        self._tell({"event": "ready"})

    def serve(self, requests: BinaryIO) -> None:
        while True:
            try:
                request = chroma_frames.read(requests)
            except EOFError:
                os._exit(0)  # nobody is left to answer; what was under way counts as cut off
            if request.head["call"] == "close":
                break
            pool = self._readers if request.head["call"] in _READS else self._writer
            pool.submit(self._handle, request)
        self._writer.shutdown()
        self._readers.shutdown()
        self._store.close()

    def _check(self, name: str) -> None:
        try:
            self._store.check(name)
        except (ChromaError, LookupError, ValueError) as error:
            self._remove(name, str(error))

    def _remove(self, name: str, why: str) -> None:
        self._store.remove(name)
        self._tell({"event": "removed", "what": name, "why": why})

    def _handle(self, request: Frame) -> None:
        call = request.head["call"]
        try:
            result, body = (_WRITES | _READS)[call](self._store, request.head["args"], request.body)
            if call in _WRITES:
                self._seal.update()
            reply = Frame({"id": request.head["id"], "result": result}, body)
        except Exception as error:  # noqa: BLE001 - the process edge: the parent tells the caller
            reply = Frame({"id": request.head["id"], "error": f"{type(error).__name__}: {error}"})
        except BaseException:  # noqa: BLE001 - a panic inside Chroma; nothing it holds can be trusted any more
            os._exit(70)
        self._send(reply)

    def _tell(self, head: dict[str, Any]) -> None:
        self._send(Frame(head))

    def _send(self, frame: Frame) -> None:
        with self._sending:
            self._replies.write(frame.encode())
            self._replies.flush()


def _upsert(store: ChromaStore, args: list[Any], body: bytes) -> Answer:
    index_id, ids = args
    store.upsert(index_id, ids, np.frombuffer(body, dtype=np.float32).reshape(len(ids), -1))
    return None, b""


def _delete(store: ChromaStore, args: list[Any], _: bytes) -> Answer:
    store.delete(*args)
    return None, b""


def _drop(store: ChromaStore, args: list[Any], _: bytes) -> Answer:
    store.drop(*args)
    return None, b""


def _open(store: ChromaStore, args: list[Any], _: bytes) -> Answer:
    return store.open(*args), b""


def _search(store: ChromaStore, args: list[Any], body: bytes) -> Answer:
    index_id, k = args
    ids, scores = store.search(index_id, np.frombuffer(body, dtype=np.float32), k)
    return ids, scores.tobytes()


def _ids(store: ChromaStore, args: list[Any], _: bytes) -> Answer:
    return None, "\n".join(store.ids(*args)).encode()


_Call = Callable[[ChromaStore, list[Any], bytes], Answer]
_WRITES: dict[str, _Call] = {"open": _open, "drop": _drop, "upsert": _upsert, "delete": _delete}
_READS: dict[str, _Call] = {"search": _search, "ids": _ids}
