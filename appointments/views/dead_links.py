"""Addresses that try keys which open nothing: noted, and slowed down."""

import logging

from django.core.cache import cache
from django.http import HttpRequest

from appointments.client_address import client_address

logger = logging.getLogger("appointments.access")

MISSES, WINDOW = 30, 600
"""Wrong keys from one address in so many seconds. Each web process counts for itself: nobody guesses 256 bits, so what
the limit saves is work, and a count in the database would cost more of it than it saves."""


def too_many(request: HttpRequest, *, what: str = "dead-links") -> bool:
    """Counts one more of `what`; whether this address has tried so many that it gets no page any more."""
    address = client_address(request) or "unknown"
    key = f"{what}:{address}"
    cache.add(key, 0, WINDOW)
    try:
        misses = cache.incr(key)
    except ValueError:  # the cache was full and has just forgotten it
        misses = 1
    if misses <= MISSES or misses % 1000 == 0:
        said = "A link that opens nothing was tried" if what == "dead-links" else "A new password was asked for"
        logger.warning("%s from %s (%d)", said, address, misses)
    return misses > MISSES
