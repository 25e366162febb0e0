"""kill -9 while files are ingested: nothing lost, nothing twice, nothing half shown, `check` clean.

`scripts/bench kills [ROUNDS] [FILES] [--kills K] [--seconds S] [--seed N]`. Each round is a server of its own on an
empty folder: files of six formats go up, K times a child (every other time) and then the server are killed within S
seconds of the start, and after the last start all that was acknowledged must be ready, once, and found by its first and
its last line. Meanwhile a search looks for documents that show their beginning and not their end. Ends with 1 when
anything was wrong.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.server.process import ServerProcess, built_models, with_models
from tests.server.survival import Round, mixed_files


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rounds", type=int, nargs="?", default=30)
    options.add_argument("files", type=int, nargs="?", default=20)
    options.add_argument("--kills", type=int, default=1)
    options.add_argument("--seconds", type=float, default=6.0)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    bad = acknowledged = searches = 0
    with tempfile.TemporaryDirectory(prefix="docubot-kills-") as folder:
        models = built_models(Path(folder))
        for number in range(chosen.rounds):
            chance = random.Random(f"{chosen.seed} {number}")
            server = ServerProcess(with_models(Path(folder) / f"round-{number}", models))
            one, began = Round(server, mixed_files(chosen.files, chance), chance), time.monotonic()
            try:
                wrong = one.run(chosen.seconds, chosen.kills)
            except (AssertionError, OSError) as error:
                wrong = [f"{type(error).__name__}: {error}"]
            finally:
                server.close()
            files, took = len(one.load.acknowledged), time.monotonic() - began
            acknowledged, searches, bad = acknowledged + files, searches + one.load.searches, bad + bool(wrong)
            print(f"{number + 1:3}: {files:4} acknowledged, {took:5.1f} s  {'; '.join(wrong) or 'good'}", flush=True)
    print(f"{chosen.rounds} rounds, {bad} bad; {acknowledged} files acknowledged, {searches} searches met a document")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
