from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.process import ServerProcess, built_models, with_models


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_models(tmp_path_factory.getbasetemp().parent / "docubot-models")


@pytest.fixture
def server(tmp_path: Path, models: Path) -> Iterator[ServerProcess]:
    made = ServerProcess(with_models(tmp_path / "data", models))
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()
    made.http.close()


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[ServerProcess]:
    """A running server that has the samples; for tests that only look."""
    made = ServerProcess(with_models(tmp_path_factory.mktemp("filled") / "data", models)).start()
    for path in sorted(Path("data/samples").glob("*.pdf")):
        made.upload(path.name, path.read_bytes())
    made.settled()
    yield made
    made.kill()
    made.http.close()
