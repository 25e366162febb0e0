from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.process import SAMPLES, ServerProcess, built_models, with_models


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with one document, which commands call."""
    models: Path = built_models(tmp_path_factory.getbasetemp().parent / "docubot-models")
    made = ServerProcess(with_models(tmp_path_factory.mktemp("served") / "data", models)).start()
    made.upload("customer-charter.pdf", (SAMPLES / "customer-charter.pdf").read_bytes())
    made.settled()
    yield made
    made.kill()
    made.http.close()
