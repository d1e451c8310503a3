"""What a session remembers of signing in: who has shown the password and nothing else yet, what they showed besides,
and until when what they change needs no password again.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.utils.crypto import constant_time_compare

from appointments.domain.second_step.passkeys import State

Memory = MutableMapping[str, Any]

SHOWN = "second_step"
WAITING = "second_step_waiting"
CONFIRMED = "password_confirmed"
CHALLENGE = "passkey_challenge"
WAITS_FOR = timedelta(minutes=10)
"""From the password to the second step."""
CONFIRMED_FOR = timedelta(minutes=10)
CHALLENGE_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Waiting:
    """Somebody whose password was right, and the page they asked for."""

    user: User
    wanted: str


def wait(session: Memory, user: User, *, wanted: str, now: datetime) -> None:
    mark = user.get_session_auth_hash()
    session[WAITING] = {"user": user.pk, "mark": mark, "wanted": wanted, "at": now.isoformat()}


def waiting(session: Memory, *, now: datetime) -> Waiting | None:
    """Nobody once it took too long, the password is another one, or they have left."""
    kept = session.get(WAITING)
    if not kept or not _is_within(kept["at"], WAITS_FOR, now=now):
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["mark"], user.get_session_auth_hash()):
        return None
    return Waiting(user, kept["wanted"])


def came_in(session: Memory, *, by: str) -> None:
    """With what; nobody waits here any more."""
    session.pop(WAITING, None)
    session[SHOWN] = by


def has_shown(session: Memory) -> bool:
    return SHOWN in session


def confirm(session: Memory, *, now: datetime) -> None:
    """The password was typed a moment ago."""
    session[CONFIRMED] = now.isoformat()


def is_confirmed(session: Memory, *, now: datetime) -> bool:
    return CONFIRMED in session and _is_within(session[CONFIRMED], CONFIRMED_FOR, now=now)


def challenge(session: Memory, state: State, *, now: datetime) -> None:
    session[CHALLENGE] = {"state": dict(state), "at": now.isoformat()}


def take_challenge(session: Memory, *, now: datetime) -> State | None:
    """It is answered once, in time or not."""
    kept = session.pop(CHALLENGE, None)
    return kept["state"] if kept and _is_within(kept["at"], CHALLENGE_FOR, now=now) else None


def sealed(state: State, *, now: datetime) -> str:
    """A challenge for whoever has no session: their browser keeps it, and no row of ours. What it says cannot be
    changed there; that it is answered once is seen to where it is accepted.
    """
    return signing.dumps({"state": dict(state), "at": now.isoformat()}, salt=CHALLENGE)


def unsealed(kept: str, *, now: datetime) -> State | None:
    try:
        found = signing.loads(kept, salt=CHALLENGE)
    except signing.BadSignature:
        return None
    return found["state"] if _is_within(found["at"], CHALLENGE_FOR, now=now) else None


def _is_within(at: str, span: timedelta, *, now: datetime) -> bool:
    return timedelta(0) <= now - datetime.fromisoformat(at) < span
