"""The address that DocuBot listens on: taken before anything else is opened, and told as it is."""

import errno
import os
import socket
from ipaddress import ip_address
from pathlib import Path

from app.core.errors import StartupError

_LISTENING = "0A"
"""TCP_LISTEN as /proc/net/tcp writes it; see proc(5)."""


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to `host` and `port` (0: any free one), not listening yet. Raises StartupError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise StartupError(
            f"HOST={host} is no address and no known name. Set HOST to an address of this machine: 127.0.0.1 for "
            "this machine alone, 0.0.0.0 for all."
        ) from None
    # A name may stand for both kinds of address: old clients try IPv4 alone, new ones both.
    family, kind, protocol, _, address = min(found, key=lambda choice: choice[0] != socket.AF_INET)
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise refusal(host, port, error) from None
    return bound


def refusal(host: str, port: int, error: OSError) -> StartupError:
    """Why that address cannot be listened on, and what to set."""
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(port)
        held = f" by {holder}" if holder else ""
        return StartupError(f"PORT={port} is taken already{held}. Stop that, or set PORT to another one (0: any).")
    if error.errno == errno.EACCES:
        return StartupError(f"PORT={port} may not be used by this user. Set PORT to one above 1023.")
    return StartupError(f"HOST={host} is not an address of this machine ({error.strerror}). Set HOST to one that is.")


def url_of(host: str, port: int) -> str:
    """As a browser takes it: IPv6 addresses stand in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def reachable(host: str) -> str:
    """An address that leads there from this machine: "all addresses" is one to listen on, not to call."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - it is compared


def is_local(host: str) -> bool:
    """Whether an address or a name means this machine and no other."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def holder_of(port: int) -> str | None:
    """The process that listens on `port`, as "name (process 123)"; None where it cannot be seen, as another user's or
    on other systems than Linux."""
    inodes = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _listeners(Path("/proc/net") / table, port)}
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        try:
            if any(os.readlink(handle) in inodes for handle in (process / "fd").iterdir()):
                name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
                return f"{name} (process {process.name})"
        except OSError:  # ended meanwhile, or not ours
            continue
    return None


def _listeners(table: Path, port: int) -> list[str]:
    try:
        rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == _LISTENING and row[1].endswith(f":{port:04X}")]
