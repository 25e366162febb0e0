"""The same files ingested by one worker process and by two, where the work waits and where it computes.

`scripts/bench workers [FILES] [--delay S]`. Clusters of its own; FILES (60) of six formats go up. Where it waits, the
server that embeds takes `--delay` (2) seconds a call: two workers must be at least 1.7 times as fast as one. Where it
computes, with the embedded model, two must be no slower than one (0.95, for the noise). Ends with 1 when either is
missed or a file is not ready.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.server.cluster import Cluster, own_cluster
from tests.server.survival import Load, mixed_files

_FIRST = 12
"""Files that are enough for all processes to have some."""
_BARS = {"waits": 1.7, "computes": 0.95}


def seconds(cluster: Cluster, files: Mapping[str, bytes], collection: str, model: OpenAIServer, delay: float) -> float:
    """From the first upload until all are ready. Raises SystemExit when one is not."""
    load = Load(cluster, files, collection)
    model.default = Reply(delay=delay)
    began = time.monotonic()
    load.upload()
    load.wait_until_settled()
    took = time.monotonic() - began
    model.default = Reply()  # the questions that follow are not measured
    if wrong := load.differences():
        sys.exit("; ".join(wrong[:5]))
    return took


def compared(
    name: str, files: Mapping[str, bytes], settings: Mapping[str, str], model: OpenAIServer, delay: float
) -> bool:
    """One worker, then two, in one cluster; prints and judges. Each first ingests some files, so that all is loaded."""
    first = dict(list(files.items())[:_FIRST])
    with tempfile.TemporaryDirectory(prefix="docubot-workers-") as folder, own_cluster(Path(folder), **settings) as own:
        cluster, _ = own
        second = cluster.workers[1]
        seconds(cluster, first, "warm-both", model, 0.0)
        second.kill()
        seconds(cluster, first, "warm-one", model, 0.0)
        alone = seconds(cluster, files, "one", model, delay)
        second.start()
        seconds(cluster, first, "warm-two", model, 0.0)
        both = seconds(cluster, files, "two", model, delay)
    good = alone / both >= _BARS[name]
    verdict = "good" if good else f"below {_BARS[name]}"
    print(f"{name:9} one worker {alone:6.1f} s, two {both:6.1f} s, ratio {alone / both:.2f}: {verdict}", flush=True)
    return good


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", type=int, nargs="?", default=60)
    options.add_argument("--delay", type=float, default=2.0)
    chosen = options.parse_args()
    files = mixed_files(chosen.files, random.Random(1))
    defaults = {"INGEST_WORKERS": "2", "EMBEDDING_WORKERS": "0", "LOG_LEVEL": "warning"}
    with running() as model:
        waits = {"EMBEDDING_BASE_URL": model.base_url, "EMBEDDING_MODEL": "fake"}
        good = compared("waits", files, defaults | waits, model, chosen.delay)
        good = compared("computes", files, defaults, model, 0.0) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
