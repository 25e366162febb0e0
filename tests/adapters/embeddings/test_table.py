from importlib import import_module

import pytest

from app.adapters.embeddings import EMBEDDERS


@pytest.mark.parametrize("path", EMBEDDERS.values(), ids=EMBEDDERS)
def test_every_entry_loads_and_has_the_methods_of_the_port(path: str) -> None:
    module, _, name = path.partition(":")
    embedder = getattr(import_module(module), name)
    assert callable(embedder.embed)
    assert callable(embedder.close)
