"""What follows when somebody's second step changes: it is written down, they are told, other browsers sign in anew."""

import logging
from datetime import datetime

from django.contrib.auth.models import User

from appointments.domain import audit
from appointments.domain.actors import Actor, staff
from appointments.domain.colleagues import name_of
from appointments.domain.messages import announce
from appointments.domain.people import sessions
from appointments.domain.second_step import recovery_codes
from appointments.enums import AuditAction
from appointments.models import AuthenticatorApp, Passkey

log = logging.getLogger("appointments.access")

APP, PASSKEY, CODES, EVERYTHING = "app", "passkey", "codes", "everything"
ADDED, REMOVED, RESET = "added", "removed", "reset"


def added(made: AuthenticatorApp | Passkey, *, first: bool, here: str, now: datetime) -> list[str]:
    """Whoever was signed in without it signs in anew, except in the session `here`. With the first way come codes for
    the day it is lost: they are returned, and shown once.
    """
    user = made.user
    write_down(user, {"added": kind_of(made), **_name(made)}, by=staff(user), now=now)
    announce.second_step(user, ADDED, kind_of(made), name=_name(made).get("name", ""), now=now)
    sessions.end_all(user, but=here)
    return recovery_codes.make(user, now=now) if first else []


def removed(made: AuthenticatorApp | Passkey, *, now: datetime) -> None:
    user = made.user
    write_down(user, {"removed": kind_of(made), **_name(made)}, by=staff(user), now=now)
    announce.second_step(user, REMOVED, kind_of(made), name=_name(made).get("name", ""), now=now)


def write_down(user: User, what: dict[str, object], *, by: Actor, now: datetime) -> None:
    """No code, key or credential is ever in `what`."""
    audit.record(AuditAction.NEW_FACTOR, user, noun="colleague", name=name_of(user), by=by, now=now, after=what)


def kind_of(made: AuthenticatorApp | Passkey) -> str:
    return PASSKEY if isinstance(made, Passkey) else APP


def _name(made: AuthenticatorApp | Passkey) -> dict[str, str]:
    return {"name": made.name} if isinstance(made, Passkey) else {}
