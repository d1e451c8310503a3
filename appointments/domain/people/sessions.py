"""Where somebody is signed in. Django keeps no list of it by person: each session is opened, which for a business's own
people is a matter of moments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from appointments.domain import audit
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction

CAME = "came"
"""What a session remembers of how it began: see `arrival`."""


@dataclass(frozen=True)
class SignedIn:
    """A browser in which somebody is signed in; `at`, `address` and `device` as far as they are known."""

    at: datetime | None
    address: str
    device: str
    is_here: bool


def arrival(*, address: str | None, device: str, now: datetime) -> dict[str, str]:
    """What a session is to remember of how it began; `device` is what the browser calls itself."""
    return {"at": now.isoformat(), "address": address or "", "device": device[:300]}


def of(user: User, *, here: str, now: datetime) -> list[SignedIn]:
    """The browsers in which `user` is signed in: this one first, then the newest."""
    found = [_signed_in(one, data, here=here) for one, data in _sessions(user) if one.expire_date > now]
    return sorted(found, key=lambda one: (one.is_here, one.at.timestamp() if one.at else 0), reverse=True)


def end_all(user: User, *, but: str = "") -> int:
    """Signs somebody out everywhere, `but` in the browser with that key. Returns in how many browsers that was."""
    own = [one.session_key for one, _data in _sessions(user) if one.session_key != but]
    return Session.objects.filter(session_key__in=own).delete()[0]


@one_transaction
def sign_out_elsewhere(user: User, *, here: str, now: datetime) -> int:
    """At one's own wish."""
    ended = end_all(user, but=here)
    audit.of_account(AuditAction.SIGNED_OUT, user, by=user, now=now)
    return ended


def _sessions(user: User) -> Iterator[tuple[Session, dict[str, Any]]]:
    for one in Session.objects.iterator():
        data = one.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield one, data


def _signed_in(session: Session, data: dict[str, Any], *, here: str) -> SignedIn:
    came = data.get(CAME) or {}
    at = datetime.fromisoformat(came["at"]) if came.get("at") else None
    is_here = session.session_key == here
    return SignedIn(at=at, address=came.get("address", ""), device=came.get("device", ""), is_here=is_here)
