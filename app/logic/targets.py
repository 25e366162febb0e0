"""Which addresses DocuBot may be told to call: public ones by TLS, others only where the settings allow it."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")


def refusal(address: Address, *, encrypted: bool, allowed: Sequence[Network] = ()) -> str | None:
    """Why `address` may not be called; None: it may."""
    forms = list(_forms(address))
    if all(any(form in network for network in allowed if form.version == network.version) for form in forms):
        return None
    if not all(_is_public(form) for form in forms):
        return "it leads to an address that is not public"
    return None if encrypted else "it is not encrypted: use https"


def _is_public(address: Address) -> bool:
    local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or local)


def _forms(address: Address) -> Iterator[Address]:
    """What the address leads to: an IPv6 one may be, or pass through, an IPv4 one that stands inside of it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
            return
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
            return
        if address.sixtofour is not None:
            yield address.sixtofour
    yield address
