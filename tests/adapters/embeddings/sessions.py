"""A session for the worker processes of the tests: its texts say what shall happen."""

import os
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DIMENSION = 4


class ScriptedSession:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if (folder / "unloadable").exists():
            raise RuntimeError("cannot load")
        sys.stdout.write("a library that prints\n")

    def embed(self, text: str, kind: str) -> NDArray[np.float32]:
        order, _, argument = text.partition(" ")
        if order == "die" or (order == "die-once" and self._first(argument)):
            os._exit(1)
        if order == "sleep":
            time.sleep(float(argument))
        return np.array([len(text), os.getpid(), os.nice(0), kind == "query"], np.float32)

    def _first(self, name: str) -> bool:
        try:
            (self.folder / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
