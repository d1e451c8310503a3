"""A new password: by a link in a letter, by one that a manager hands over, or by whoever is signed in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.colleagues import name_of
from appointments.domain.links import DeadLink
from appointments.domain.messages import announce
from appointments.domain.people import ranks, sessions
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.errors import DomainError

LETTERS_AN_HOUR = 3
"""To one colleague: whoever keeps asking in their name fills nobody's mailbox."""
BETWEEN = "."


@one_transaction
def forgotten(email: str, *, now: datetime) -> int:
    """Writes to every colleague with this address who can sign in. Returns to how many, which no stranger may learn."""
    found = User.objects.filter(email__iexact=email, is_active=True).exclude(email="").order_by("pk")
    told = [user for user in found if user.has_usable_password() and _may_be_written_to(user, now=now)]
    for user in told:
        announce.new_password(user, _key(user), open_until=_open_until(now), now=now)
    return len(told)


@one_transaction
def link_for(user: User, *, by: User, now: datetime) -> str:
    """The key of a link that a manager hands over. Raises `DomainError` for oneself and for whoever may do more."""
    locked = ranks.lock(user)
    if locked.pk == by.pk or not ranks.may_look_after(by, locked):
        raise DomainError(_("%(name)s may do more than you. Ask a colleague who may.") % {"name": name_of(locked)})
    if not locked.is_active:
        raise DomainError(_("%(name)s is retired already.") % {"name": name_of(locked)})
    audit.of_account(AuditAction.NEW_LINK, locked, by=by, now=now)
    return _key(locked)


def read(key: str) -> User:
    """Whose link it is. Raises `DeadLink`: unknown, used, run out and of somebody who has left look alike."""
    encoded, __, token = key.partition(BETWEEN)
    try:
        pk = int(urlsafe_base64_decode(encoded))
    except ValueError:
        raise DeadLink from None
    user = User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**31 else None
    if user is None or not default_token_generator.check_token(user, token):
        raise DeadLink
    return user


@one_transaction
def choose(key: str, password: str, *, now: datetime) -> User:
    """Somebody chooses a new password by a link, which opens nothing from then on; and is signed out everywhere.

    Raises `DeadLink` also for the second of two who try at once.
    """
    User.objects.select_for_update(no_key=True).get(pk=read(key).pk)
    user = read(key)
    _set(user, password, now=now)
    return user


@one_transaction
def change(user: User, password: str, *, here: str, now: datetime) -> None:
    """Somebody who is signed in, in the session `here`, chooses another one: every other browser is signed out."""
    _set(user, password, now=now, but=here)


def _set(user: User, password: str, *, now: datetime, but: str = "") -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user, but=but)
    audit.of_account(AuditAction.NEW_PASSWORD, user, by=user, now=now)


def _key(user: User) -> str:
    return f"{urlsafe_base64_encode(force_bytes(user.pk))}{BETWEEN}{default_token_generator.make_token(user)}"


def _open_until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def _may_be_written_to(user: User, *, now: datetime) -> bool:
    return announce.new_password_letters(user, since=now - timedelta(hours=1)) < LETTERS_AN_HOUR
