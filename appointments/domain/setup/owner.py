"""The owner's account: made once, by whoever has the code that only the console has shown."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext as _

from appointments import roles
from appointments.domain import audit
from appointments.domain.setup.countries import COUNTRIES
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.errors import DomainError
from appointments.models import Setup

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for one another when they are read from a screen."""
GROUPS, EACH = 3, 4
"""Twelve letters of 32 are 60 bits: nobody guesses them, so nobody has to be slowed."""


class NotTheCode(DomainError):
    """What was typed is not the code, or no longer."""


def new_code(*, now: datetime) -> str:
    """A code for the console, in the place of any before; "" where somebody has an account already."""
    if User.objects.exists():
        return ""
    code = "-".join("".join(secrets.choice(LETTERS) for _one in range(EACH)) for _group in range(GROUPS))
    Setup.objects.update_or_create(pk=1, defaults={"code": _fingerprint(code), "claimed_at": None})
    return code


def is_awaited() -> bool:
    """Whether a code has been shown, and nobody has any account."""
    return Setup.objects.filter(claimed_at=None).exclude(code="").exists() and not User.objects.exists()


@one_transaction
def make(
    *, code: str, username: str, email: str, first_name: str, last_name: str, password: str, country: str, now: datetime
) -> User:
    """Raises NotTheCode, also for the second of two who have it: one claims the row, so there is one owner."""
    claimed = Setup.objects.filter(pk=1, code=_fingerprint(code), claimed_at=None).update(
        claimed_at=now, country=country if country in COUNTRIES else ""
    )
    if claimed != 1 or User.objects.exists():
        raise NotTheCode(_("This is not the code, or not any more. It stands where the program was started."))
    owner = User.objects.create_superuser(username, email, password, first_name=first_name, last_name=last_name)
    owner.groups.add(Group.objects.get(name=roles.MANAGERS))
    audit.of_account(AuditAction.JOINED, owner, by=owner, now=now)
    return owner


def _fingerprint(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest() if plain else "-"
