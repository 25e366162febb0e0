"""Which addresses may be called."""

from ipaddress import ip_address, ip_network

import pytest

from app.logic.targets import refusal

PUBLIC = ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
INSIDE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",  # shared by a carrier's customers
    "169.254.169.254",  # where clouds tell their secrets
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:a9fe:a9fe::1",
    "64:ff9b::7f00:1",  # the same behind a NAT64
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called_by_tls_alone(address: str) -> None:
    assert refusal(ip_address(address), encrypted=True) is None
    assert "https" in (refusal(ip_address(address), encrypted=False) or "")


@pytest.mark.parametrize("address", INSIDE)
def test_others_are_refused_whatever_they_are_spelled_like(address: str) -> None:
    assert "not public" in (refusal(ip_address(address), encrypted=True) or "")


def test_the_settings_open_a_network_and_no_more() -> None:
    allowed = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "64:ff9b::a01:203"):
        assert refusal(ip_address(address), encrypted=False, allowed=allowed) is None
    for address in ("127.0.0.1", "11.0.0.1", "fe80::1", "2002:7f00:1::1"):
        assert refusal(ip_address(address), encrypted=False, allowed=allowed) is not None
    # What leads to an open network through another one is judged by both.
    assert refusal(ip_address("2002:a01:203::1"), encrypted=False, allowed=allowed) is not None
