import os
import socket

import pytest

from app.core.errors import StartupError
from app.core.listening import bind, holder_of, reachable, refusal, url_of


def test_port_0_is_a_real_one() -> None:
    with bind("127.0.0.1", 0) as bound:
        assert bound.getsockname()[1] > 0


def test_a_taken_port_names_who_has_it_and_what_to_set() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=rf"PORT={port} is taken .*set PORT") as refused:
            bind("127.0.0.1", port)
    if os.path.exists("/proc/net/tcp"):
        assert f"(process {os.getpid()})" in refused.value.detail


def test_nobody_holds_a_free_port() -> None:
    with bind("127.0.0.1", 0) as bound:
        free = bound.getsockname()[1]
    assert holder_of(free) is None


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("no.such.host.invalid", "no address and no known name"),
        ("192.0.2.1", "not an address of this machine"),  # kept for documents (RFC 5737)
        ("a" * 70 + ".example", "no address and no known name"),
    ],
)
def test_a_wrong_host_is_named(host: str, said: str) -> None:
    with pytest.raises(StartupError, match=said) as refused:
        bind(host, 0)
    assert "HOST" in refused.value.detail


def test_a_port_that_only_root_may_use() -> None:
    assert "above 1023" in refusal("127.0.0.1", 80, PermissionError(13, "Permission denied")).detail


def test_addresses_as_a_browser_takes_them() -> None:
    assert url_of("::1", 8000) == "http://[::1]:8000"
    assert url_of("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert (reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.1")) == ("127.0.0.1", "::1", "10.0.0.1")
