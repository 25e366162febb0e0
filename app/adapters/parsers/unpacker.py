"""The parent's end of unpacking a ZIP: its files as they come out of a confined child."""

import time
from collections.abc import AsyncGenerator

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.frames import decode_error
from app.adapters.parsers.process import Nursery
from app.core.errors import ArchiveTooLarge, DocumentError, ParserCrashed, ParserTimeout
from app.models.archives import ArchiveLimits, Member, MemberEnd, MemberEvent
from app.models.domain import Source


async def unpack(
    nursery: Nursery, limits: ParseLimits, source: Source, bounds: ArchiveLimits
) -> AsyncGenerator[MemberEvent]:
    """`app.ports.Parser.unpack`: what the child sends, counted here once more."""
    deadline = time.monotonic() + limits.seconds
    files = size = 0
    child = await nursery.child(b"Z")
    try:
        await child.send({"path": str(source.path.absolute()), "files": bounds.files, "bytes": bounds.bytes})
        while True:
            if time.monotonic() > deadline:
                raise ParserTimeout
            message, piece = await child.receive(limits.page_seconds)
            files, size = files + (message.get("is") == "file"), size + len(piece)
            if files > bounds.files or size > bounds.bytes:
                raise ArchiveTooLarge
            match message:
                case {"is": "end"}:
                    return
                case {"is": "error"}:
                    raise decode_error(message)
                case {"is": "file", "path": str(path)}:
                    yield Member(path)
                case {"is": "data"}:
                    yield piece
                case {"is": "done", "problem": problem}:
                    yield MemberEnd(_problem(problem))
                case _:
                    raise ParserCrashed
    finally:
        await child.kill()


def _problem(message: object) -> DocumentError | None:
    if not isinstance(message, dict):
        return None
    error = decode_error(message)
    return error if isinstance(error, DocumentError) else ParserCrashed()
