"""Where a request comes from: the one place that knows our proxies. Whatever counts by address asks here."""

import ipaddress
import logging

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger("appointments.access")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ONE_HOUSEHOLD = 64
"""Bits of an IPv6 address that its holder cannot change; whoever has one has all that share them."""


def client_address(request: HttpRequest) -> str | None:
    """The address that counts for `request`, or None when nobody can know it.

    Of X-Forwarded-For only what our own proxies wrote is believed. Each adds at the end whom it heard from, so we walk
    from the end, at most TRUSTED_PROXIES steps, and only over addresses in PROXY_ADDRESSES: what a client wrote itself,
    or sent past the proxies, is never reached. None when one of our proxies did not say, or said what is no address: it
    must not stand for everybody behind it. IPv6 is given as its first 64 bits.
    """
    heard = _parsed(request.META.get("REMOTE_ADDR", ""))
    told = [part for line in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if (part := line.strip())]
    for _hop in range(settings.TRUSTED_PROXIES):
        if heard is not None and not _is_ours(heard):
            break
        if not told:
            logger.error("A proxy of ours sends no X-Forwarded-For: guesses at passwords cannot be slowed")
            return None
        heard = _parsed(told.pop())
        if heard is None:
            break
    return _as_counted(heard) if heard is not None else None


def _parsed(text: str) -> Address | None:
    """The address in `text`, with or without a port; None for anything else (a Unix socket has none)."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))  # without the name of a local interface
    return address


def _is_ours(address: Address) -> bool:
    return any(address in network for network in settings.PROXY_ADDRESSES)


def _as_counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), ONE_HOUSEHOLD), strict=False).network_address)
    return str(address)
