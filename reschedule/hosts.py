"""Who can reach a host name: this machine alone, its own network, or the world."""

import ipaddress

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
