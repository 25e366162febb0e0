"""Servers for tests, as one process and as a cluster.

Run on both are the tests of `filled` and `running`: what clients do to a server that goes on, by our own API, by
OpenAI's with the official SDKs, and by MCP. Run on one process alone are those of `server` and of servers with settings
of their own: what befalls a process or its folder (kills, shutdown, backups, logs). `test_cluster.py` is about what
only several processes have. Of `tests/routers` those run on a cluster too whose subject one process has to know from
others: who a caller is, and what a key may see and store (`guarded` in its conftest).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import database
from tests.server.cluster import Cluster
from tests.server.process import Served, ServerProcess, built_models, with_models

BOTH = ["alone", pytest.param("cluster", marks=pytest.mark.cluster)]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_models(tmp_path_factory.getbasetemp().parent / "docubot-models")


@pytest.fixture
def server(tmp_path: Path, models: Path) -> Iterator[ServerProcess]:
    made = ServerProcess(with_models(tmp_path / "data", models))
    yield made
    made.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Cluster]:
    """A running cluster that has the samples; one for all tests, since starting it takes long."""
    with database() as url, Cluster(tmp_path_factory.mktemp("cluster"), models, url) as made:
        made.upload_samples()
        yield made


@pytest.fixture(scope="package", params=BOTH)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Served]:
    """What has the samples, and perhaps what other tests left; for tests that only look."""
    if request.param == "cluster":
        yield request.getfixturevalue("cluster")
        return
    made = ServerProcess(with_models(tmp_path_factory.mktemp("filled") / "data", models)).start()
    made.upload_samples()
    yield made
    made.close()


@pytest.fixture(scope="module", params=BOTH)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Served]:
    """What may have anything; for tests that upload."""
    if request.param == "cluster":
        yield request.getfixturevalue("cluster")
        return
    made = ServerProcess(with_models(tmp_path_factory.mktemp("running") / "data", models)).start()
    yield made
    made.close()
