"""`docubot worker`."""

import asyncio
from typing import Annotated

import typer

from app.commands.endings import no
from app.core.config import load_settings
from app.core.logging import configure_logging
from app.models.jobs import Lane

_Lanes = Annotated[
    list[Lane] | None,
    typer.Option(
        "--lane",
        help="What it works on; may be given more than once. read: CPU. embed: CPU, or waiting for EMBEDDING_BASE_URL. "
        "translate: waiting for the language model. All of them without it.",
    ),
]


def worker(lane: _Lanes = None) -> None:
    """Run the jobs of servers that share QUEUE_URL; start as many as there is work for."""
    from app.worker import run

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    if not asyncio.run(run(settings, tuple(dict.fromkeys(lane or Lane)))):
        raise no()
