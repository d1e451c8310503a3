"""The secret link: a key for one appointment and one purpose, without a login.

256 random bits, kept only as their SHA-256: whoever reads the database cannot open a page with what is in it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache

from django.db.models import QuerySet

from appointments.domain import prepared
from appointments.enums import LinkPurpose
from appointments.models import Appointment, Link

TOKEN_BYTES = 32
LIVES_AFTER_APPOINTMENT = timedelta(days=30)
LIVES_AT_LEAST = timedelta(days=60)


class DeadLink(Exception):
    """Unknown, revoked, expired or for another purpose: all look alike from outside."""


def issue(appointment: Appointment, *, purpose: LinkPurpose, now: datetime) -> str:
    """A new token; it is not stored and cannot be read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(
        token_hash=fingerprint(token),
        purpose=purpose,
        appointment=appointment,
        issued_at=now,
        expires_at=max(appointment.ends_at + LIVES_AFTER_APPOINTMENT, now + LIVES_AT_LEAST),
    )
    prepared.insert([link])
    return token


def read(token: str, *, purpose: LinkPurpose, now: datetime) -> Link:
    """The link behind `token`, with its appointment and all that a page about it shows. Raises `DeadLink`."""
    link = _valid().filter(token_hash=fingerprint(token), purpose=purpose, expires_at__gt=now).first()
    if link is None:
        raise DeadLink
    return link


@cache
def _valid() -> QuerySet[Link]:
    """Put together once: every page of a customer begins with it."""
    related = [f"appointment__{name}" for name in ("customer", "service", "location", "provider")]
    return Link.objects.filter(revoked_at__isnull=True).select_related(*related)


def revoke(appointment: Appointment, *, now: datetime) -> int:
    """Makes every link of this appointment dead at once. Returns how many were alive."""
    return appointment.links.filter(revoked_at__isnull=True).update(revoked_at=now)


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
