"""Cases without end from /openapi.json: no 5xx, no undocumented status, no body of another shape.

`scripts/bench fuzz [CASES] [--seed N] [-- ARGUMENTS]`. A server of its own with samples and a fake model, called with
an administrator's key for three quarters of the cases and without one for the rest, in rounds with other seeds until
CASES were sent. ARGUMENTS go to schemathesis, as `--include-path /ask`. Ends with 1 when a check failed; the reports of
the rounds that did are printed.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.server.fuzzing import fuzz, fuzzed_server
from tests.server.process import built_models, with_models

_EXAMPLES = 40
"""Of each operation, a round; the coverage phase adds its own, always the same ones, to the first two."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cases", type=int, nargs="?", default=20_000)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options.add_argument("arguments", nargs="*", help="after --: for schemathesis")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    sent = bad = number = 0
    with tempfile.TemporaryDirectory(prefix="docubot-fuzz-") as folder:
        models = built_models(Path(folder))
        while sent < chosen.cases:
            with_key = number % 4 != 3
            phases = "examples,coverage,fuzzing" if number in (0, 3) else "fuzzing"
            with fuzzed_server(with_models(Path(folder) / f"round-{number}", models)) as (server, key):
                seed = ("--seed", str(chosen.seed + number))
                arguments = (*seed, "--phases", phases, "-n", str(_EXAMPLES), *chosen.arguments)
                outcome = fuzz(server, *arguments, key=key if with_key else None)
            sent, bad, number = sent + outcome.cases, bad + (not outcome.clean), number + 1
            said = "clean" if outcome.clean else outcome.report
            print(
                f"round {number}, {'with' if with_key else 'without'} a key: {outcome.cases} cases, {said}", flush=True
            )
            if not outcome.cases:
                sys.exit("schemathesis sent nothing")
    print(f"{sent} cases in {number} rounds, {bad} of them with failures")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
