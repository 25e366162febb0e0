"""Keyword indexes by name, imported when asked for."""

from importlib import import_module

from app.ports import KeywordIndex

BACKENDS = {
    "tantivy": "app.adapters.keywords.tantivy_index:TantivyKeywordIndex",
    "postgres": "app.adapters.keywords.postgres:PostgresKeywordIndex",
    "memory": "app.adapters.keywords.memory:MemoryKeywordIndex",
}


def load(name: str) -> type[KeywordIndex]:
    """The class behind a name of `BACKENDS`; KeyError for any other."""
    module, _, attribute = BACKENDS[name].partition(":")
    loaded: type[KeywordIndex] = getattr(import_module(module), attribute)
    return loaded
