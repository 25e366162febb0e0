"""One collection in a file: its documents' originals and what was said of them. What is derived is made anew.

A plain tar. Its first entry, `collection.json`, describes the collection and lists the documents; the others are their
files by SHA-256, each once. Ids, older versions, conversations and translations stay where they are: `docubot backup`
takes those along.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from app.commands.connection import Connection
from app.commands.endings import CommandError, Failed, Refused
from app.commands.ingest import Sent

_HEAD = "collection.json"
_FILES = "files/"
_FORMAT = 1
_LONGEST_HEAD = 1 << 28
_BLOCK = 1 << 20
_KEPT = ("filename", "sha256", "bytes", "media_type", "language", "metadata")


@dataclass(frozen=True, slots=True)
class Exported:
    collection: dict[str, Any]
    files: list[Sent]


def write(server: Connection, collection: dict[str, Any], target: Path) -> dict[str, int]:
    """Write `target`, which must not exist, and count what is in it. Raises CommandError."""
    if target.exists():
        raise CommandError(f"{target} exists already. Name another file, or remove it.")
    documents = list(_documents(server, collection["name"]))
    head = {
        "format": _FORMAT,
        "collection": {name: collection[name] for name in ("name", "description", "metadata")},
        "documents": [{name: document[name] for name in _KEPT} for document in documents],
    }
    part = target.with_name(f"{target.name}.part")
    files: dict[str, dict[str, Any]] = {document["sha256"]: document for document in documents}
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            _write(server, file, json.dumps(head, ensure_ascii=False, indent=1).encode(), files)
        part.replace(target)
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    return {"documents": len(documents), "bytes": sum(document["bytes"] for document in files.values())}


def _documents(server: Connection, collection: str) -> Iterator[dict[str, Any]]:
    """Those that stay, the oldest first."""
    for document in reversed(server.all("/documents", 1 << 31, collection=collection)):
        if document["status"] != "deleting":
            yield document


def _write(server: Connection, file: IO[bytes], head: bytes, documents: dict[str, dict[str, Any]]) -> None:
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_BLOCK) as archive:
        archive.addfile(_entry(_HEAD, len(head)), io.BytesIO(head))
        for sha256, document in documents.items():
            with tempfile.TemporaryFile() as content:
                path = f"/documents/{document['id']}/file?version={document['version']}"
                if server.download(path, content) != sha256:
                    raise Failed(f"{document['filename']} came with other bytes than it was stored with. Export again.")
                content.seek(0)
                archive.addfile(_entry(_FILES + sha256, document["bytes"]), content)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


@contextmanager
def opened(archive: Path) -> Iterator[Exported]:
    """What `archive` holds, checked to its last byte, with its files in a folder of their own until the block ends.
    Raises CommandError."""
    try:
        with tempfile.TemporaryDirectory(prefix="docubot-import-") as folder, tarfile.open(archive, "r:") as tar:
            yield _read(tar, Path(folder))
    except FileNotFoundError:
        raise CommandError(f"{archive} does not exist.") from None
    except (tarfile.TarError, EOFError) as error:
        raise CommandError(f"{archive} is no exported collection, or damaged: {error}.") from None


def _read(tar: tarfile.TarFile, folder: Path) -> Exported:
    head: dict[str, Any] | None = None
    files: dict[str, Path] = {}
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise _damaged("it holds something else than files")
        if head is None:
            head = _head(entry, content)
            continue
        sha256 = entry.name.removeprefix(_FILES)
        files[sha256] = folder / str(len(files))
        if _copied(content, files[sha256]) != sha256:
            raise _damaged(f"{entry.name[:80]} is not what it was")
    if head is None or {document["sha256"] for document in head["documents"]} != files.keys():
        raise _damaged("a file is missing or too many")
    return Exported(head["collection"], [_sent(document, files[document["sha256"]]) for document in head["documents"]])


def _head(entry: tarfile.TarInfo, content: IO[bytes]) -> dict[str, Any]:
    if entry.name != _HEAD or entry.size > _LONGEST_HEAD:
        raise CommandError("That is no exported collection: it does not begin with its description.")
    try:
        head: dict[str, Any] = json.loads(content.read())
        names = [head["collection"]["name"], *(document[key] for document in head["documents"] for key in _KEPT[:2])]
        if head["format"] != _FORMAT or not all(isinstance(name, str) for name in names):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise _damaged("its description cannot be read by this release") from None
    return head


def _copied(content: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while block := content.read(_BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _sent(document: dict[str, Any], path: Path) -> Sent:
    form = {"metadata": json.dumps(document.get("metadata") or {})}
    if document.get("language"):
        form["language"] = document["language"]
    return Sent(path, document["filename"], form, shown=document["filename"])


def make(server: Connection, name: str, described: dict[str, Any]) -> None:
    """The collection, unless it is there. Raises Refused."""
    try:
        server.get(f"/collections/{quote(name, safe='')}")
    except Refused:
        described = {"description": described.get("description") or "", "metadata": described.get("metadata") or {}}
        server.post("/collections", {"name": name} | described)


def _damaged(what: str) -> CommandError:
    return CommandError(f"The exported collection is damaged: {what}. Nothing was imported; use another copy.")
