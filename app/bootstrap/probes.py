"""What /health/ready asks. Keyword search goes on without vectors, extract mode without a model, and all of it without
Redis: workers look for work by themselves."""

from app.core.config import Settings
from app.db.session import Database
from app.ports import Board
from app.services.health import Probe
from app.services.ingest import Engines


def probes(settings: Settings, database: Database, engines: Engines, board: Board | None) -> dict[str, Probe]:
    async def database_answers() -> str | None:
        await database.ping()
        return None

    async def embeddings_answer() -> str | None:
        await engines.embedder.embed(["ready?"], "query")
        return engines.embedder.model

    async def vectors_answer() -> str | None:
        # An id that no index has: down is told from up without leaving anything behind.
        await engines.vectors.drop("health")
        return None

    async def files_answer() -> str | None:
        await engines.blobs.exists("0" * 64)
        return None

    async def model_is_named() -> str | None:
        return settings.llm_model if settings.llm_configured else "not configured: answers are verbatim sentences"

    found = {
        "database": Probe(database_answers),
        "embeddings": Probe(embeddings_answer, required=False),
        "vectors": Probe(vectors_answer, required=False),
        "language_model": Probe(model_is_named, required=False),
    }
    if settings.files_in_bucket:
        found["files"] = Probe(files_answer)
    if board is None:
        return found
    other = board

    async def redis_answers() -> str | None:
        await other.ping()
        return None

    return found | {"redis": Probe(redis_answers, required=False)}
