"""What a backup says of itself: the first entry of the archive, by which all others are checked."""

import re
from dataclasses import asdict, dataclass
from typing import Any

MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
SECRET = "secret"  # noqa: S105 - a name of a file
FILES = "files/"
FORMAT = 1
_NAME = re.compile(rf"{re.escape(DATABASE)}|{SECRET}|{FILES}[0-9a-f]{{64}}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    """Of the DocuBot that made it."""
    revision: str
    """Of the database's schema."""
    created_at: str
    vectors: bool
    """Whether the vectors are in the database; else restoring computes them again."""
    entries: dict[str, Entry]
    """By name in the archive: the database, the secret that keys are checked with, files by their hash."""

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT} | asdict(self)

    @classmethod
    def of_json(cls, body: Any) -> "Manifest":
        """Raises ValueError, KeyError or TypeError for what is no manifest of a format that this release reads."""
        if body["format"] != FORMAT:
            raise ValueError(f"it has format {body['format']}, and this release reads {FORMAT}")
        entries = {
            str(name): Entry(int(value["bytes"]), str(value["sha256"])) for name, value in body["entries"].items()
        }
        for name, entry in entries.items():
            if not (_NAME.fullmatch(name) and _SHA256.fullmatch(entry.sha256)):
                raise ValueError("it names something that no backup holds")
            if name.startswith(FILES) and name != FILES + entry.sha256:
                raise ValueError("a file has another hash than its name says")
        if DATABASE not in entries:
            raise ValueError("it names no database")
        head = {name: body[name] for name in ("version", "revision", "created_at")}
        if not all(isinstance(value, str) for value in head.values()):
            raise TypeError
        return cls(**head, vectors=bool(body["vectors"]), entries=entries)
