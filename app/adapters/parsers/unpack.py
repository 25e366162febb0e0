"""The files of a ZIP, unpacked in a confined child: it sends them piece by piece, for it cannot write any itself.

Their own claims are not believed: what comes out is counted as it comes.
"""

import socket
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer

from app.adapters.parsers import frames
from app.adapters.parsers.last_word import last_word
from app.core.errors import ArchiveTooLarge, UnreadableDocument
from app.logic.member_names import is_litter, member_path, raw_name

_PIECE = 1 << 18
_FREE_BYTES, _MOST_RATIO = 32 << 20, 300
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OSError)


def serve(connection: socket.socket) -> None:
    """Send each file of the ZIP that the one request names: its name, its bytes, then what was wrong with it."""
    request = frames.receive(connection)
    if request is None:
        return
    with last_word(connection, "The archive cannot be unpacked"):
        _send_all(connection, Path(request["path"]), request["files"], request["bytes"])


def _send_all(connection: socket.socket, path: Path, most_files: int, most_bytes: int) -> None:
    with _opened(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        guessed = _guess(members)
        named = [
            (member, raw_name(member.orig_filename, member.flag_bits, member.extra, guessed)) for member in members
        ]
        wanted = [(member, name) for member, name in named if not is_litter(name)]
        if len(wanted) > most_files:
            raise ArchiveTooLarge(f"The ZIP holds {len(wanted)} files; an upload takes at most {most_files}.")
        if (claimed := sum(member.file_size for member, _ in wanted)) > most_bytes:
            raise ArchiveTooLarge(f"The ZIP unpacks to {claimed} bytes; an upload takes at most {most_bytes}.")
        left = most_bytes
        for member, name in wanted:
            connection.sendall(frames.pack({"is": "file", "path": member_path(name)}))
            problem = None
            try:
                for piece in _pieces(archive, member):
                    left -= len(piece)
                    if left < 0:
                        raise ArchiveTooLarge(f"The ZIP unpacks to more than {most_bytes} bytes.")
                    connection.sendall(frames.pack({"is": "data"}, piece))
            except UnreadableDocument as error:
                problem = frames.encode_error(error)
            connection.sendall(frames.pack({"is": "done", "problem": problem}))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise UnreadableDocument(f"The ZIP is damaged: {type(error).__name__}.") from error


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A file's bytes. Raises UnreadableDocument for what is wrong with it, ArchiveTooLarge for a bomb."""
    if member.flag_bits & 1:
        raise UnreadableDocument("The file is encrypted in the ZIP. Pack it without a password, and upload that.")
    length = 0
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                length += len(piece)
                if length > max(_FREE_BYTES, _MOST_RATIO * member.compress_size):
                    raise ArchiveTooLarge("A file of the ZIP unpacks to hundreds of times its size: it is a bomb.")
                yield piece
    except _DAMAGE as error:
        raise UnreadableDocument(f"The file is damaged in the ZIP: {type(error).__name__}.") from error


def _guess(members: list[zipfile.ZipInfo]) -> str:
    """The encoding of names that do not say theirs: UTF-8 wherever that can be, else what all of them look like."""
    names = b"\n".join(
        member.orig_filename.encode("cp437", "ignore") for member in members if not member.flag_bits & 0x800
    )
    try:
        names.decode("utf-8")
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(names).best()
        return best.encoding if best else "cp437"
    return "utf-8"
