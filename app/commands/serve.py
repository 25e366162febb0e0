"""`docubot serve`."""

import asyncio

from app.core.config import load_settings
from app.core.logging import configure_logging


def serve() -> None:
    """Serve the API and the page, and ingest; everything by the settings in the environment and .env."""
    from app.server import run

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(run(settings))
