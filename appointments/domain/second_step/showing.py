"""Showing it when signing in: one of the three, each good once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from appointments.domain.actors import staff
from appointments.domain.second_step import app, changes, passkeys, recovery_codes
from appointments.domain.transactions import one_transaction

APP, PASSKEY, RECOVERY = "app", "passkey", "recovery"


def accept(user: User, how: str, said: str | Mapping[str, Any], *, state: passkeys.State | None, now: datetime) -> bool:
    """Whether what they show is theirs and has opened nothing yet. `state`: of the challenge for a passkey."""
    if isinstance(said, str):
        return _by_recovery_code(user, said, now=now) if how == RECOVERY else app.accept(user, said, now=now)
    return state is not None and passkeys.accept(said, state=state, user=user, now=now) is not None


def codes_left(user: User) -> int:
    return recovery_codes.left(user)


@one_transaction
def _by_recovery_code(user: User, code: str, *, now: datetime) -> bool:
    if not recovery_codes.accept(user, code, now=now):
        return False
    after: dict[str, object] = {"used": changes.CODES, "left": recovery_codes.left(user)}
    changes.write_down(user, after, by=staff(user), now=now)
    return True
