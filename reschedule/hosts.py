"""Who can reach a host name: this machine alone, its own network, or the world."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan")


def is_local(host: str) -> bool:
    """Whether only this machine or its own network knows `host`."""
    if "." not in host and ":" not in host:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.endswith(LOCAL_NAMES)
    return address.is_private


def is_this_machine(host: str) -> bool:
    """Whether `host` is a machine's name for itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def opens_only_here(public_url: str, allowed: Iterable[str]) -> bool:
    """Whether no other machine can reach any of the names that an installation answers to: somebody's workbench."""
    names = [urlsplit(public_url).hostname or "localhost", *(name.lstrip(".").strip("[]") for name in allowed)]
    return all(is_this_machine(name) for name in names)
