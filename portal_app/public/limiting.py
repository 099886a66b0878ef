"""How many forms an address block may send: who has one address has its neighbours too."""

from __future__ import annotations

import ipaddress

from flask import Flask, request
from flask_limiter import Limiter

from portal_app.public.config import PublicSettings

# What a household or a small office is given; a telephone network puts many people behind one of these, so that the
# limits are wide: they keep the service up, and codes are kept from being guessed by their length.
_BITS = {4: 24, 6: 48}
_FREE = ("public.language",)


def block(address: str) -> str:
    """The block of an address: a /24, or a /48 of IPv6; "" for what is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{_BITS[found.version]}", strict=False))


def install(app: Flask, settings: PublicSettings) -> None:
    """Count what is sent, each page's for itself; past a limit it is answered with 429."""
    limits = [f"{settings.rate} per minute", f"{settings.daily} per day"]
    limiter = Limiter(
        lambda: block(request.remote_addr or ""), app=app, storage_uri="memory://", default_limits=[*limits]
    )
    limiter.request_filter(lambda: request.method != "POST" or request.endpoint in _FREE)
