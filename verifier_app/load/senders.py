"""Who counts as one sender, where each gets its share."""

from __future__ import annotations

import ipaddress

# What one customer of a network has of IPv6 at least (RFC 6177): its addresses are without number.
_OWN_BITS = 64


def network(address: str) -> str:
    """The address, of IPv6 the network that it is in; whatever is no address stands for itself."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((known, _OWN_BITS), strict=False))
