"""Asking somebody to work here: a link that opens once, for a while, and of which only the fingerprint is kept."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.links import TOKEN_BYTES, DeadLink, fingerprint
from appointments.domain.messages import announce
from appointments.domain.people import ranks
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.errors import DomainError
from appointments.models import Invitation, Location, Resource

OPEN_FOR = timedelta(days=7)


@one_transaction
def invite(
    name: str,
    *,
    email: str,
    role: str,
    places: Sequence[Location],
    nonce: str,
    by: User,
    now: datetime,
    resource: Resource | None = None,
    writes: bool = True,
) -> Invitation:
    """Asks somebody to come; by e-mail where there is an address and it `writes`, else by whoever sends it or hands a
    link over later. The same form again is the same invitation. `resource`: who of the calendar they are.

    Raises `DomainError` for a role above that of `by`, and for an address that works here or is invited already.
    """
    if earlier := Invitation.objects.filter(nonce=nonce).first():
        return earlier
    ranks.rights_allow(by, role=role, places=places)
    _must_be_new(email)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    fields = {"name": name, "email": email, "role": role, "invited_by": by, "nonce": nonce, "resource": resource}
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                **fields, invited_at=now, expires_at=now + OPEN_FOR, token_hash=fingerprint(token)
            )
    except IntegrityError:  # somebody was faster
        raise DomainError(_("This address has been invited already. The invitation is in the list.")) from None
    made.places.set(places)
    said = {"email": email, "role": role, "places": [one.name for one in places]}
    audit.record(AuditAction.INVITED, made, by=staff(by), now=now, after=said)
    if email and writes:
        announce.invite(made, token, by=by, now=now)
    return made


@one_transaction
def new_link(invitation: Invitation, *, by: User, now: datetime) -> str:
    """A link to hand over by oneself. The one before is dead, and this one is open as long as a new one."""
    locked = _standing(invitation)
    token = _renewed(locked, by=by, now=now)
    announce.take_back_invitation(locked, now=now)
    return token


@one_transaction
def send_again(invitation: Invitation, *, by: User, now: datetime) -> None:
    """The same once more by e-mail, with a new link; the one before is dead."""
    locked = _standing(invitation)
    if not locked.email:
        raise DomainError(_("There is no e-mail address to send it to. Make a link and hand it over."))
    token = _renewed(locked, by=by, now=now)
    announce.take_back_invitation(locked, now=now)
    announce.invite(locked, token, by=by, now=now)


@one_transaction
def take_back(invitation: Invitation, *, by: User, now: datetime) -> None:
    """From now on its link opens nothing. Raises `DomainError` where somebody has come by it."""
    if Invitation.objects.standing().filter(pk=invitation.pk).update(revoked_at=now) != 1:
        raise DomainError(_("This invitation was taken up or taken back already."))
    announce.take_back_invitation(invitation, now=now)
    audit.record(AuditAction.TAKEN_BACK, invitation, by=staff(by), now=now)


def read(token: str, *, now: datetime) -> Invitation:
    """The invitation behind `token`. Raises `DeadLink`: unknown, used, taken back and run out look alike."""
    found: Invitation | None = (
        Invitation.objects.open(now).filter(token_hash=fingerprint(token)).select_related("invited_by").first()
    )
    if found is None:
        raise DeadLink
    return found


@one_transaction
def accept(token: str, *, username: str, name: str, password: str, now: datetime) -> User:
    """Somebody takes the invitation up: from now on they sign in with this name and password. Of two who try at once
    one gets in; the other raises `DeadLink`. Raises `DomainError` for a user name that is taken.
    """
    locked = (
        Invitation.objects.select_for_update(no_key=True, of=("self",)).filter(token_hash=fingerprint(token)).first()
    )
    if locked is None or not locked.is_open(now):
        raise DeadLink
    first, __, last = name.partition(" ")
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, locked.email, password, first_name=first[:150], last_name=last[:150]
            )
    except IntegrityError:
        raise DomainError(_("Somebody signs in with this name already. Please choose another one.")) from None
    ranks.put_in(user, role=locked.role, places=locked.places.all())
    if locked.resource_id:
        Resource.objects.filter(pk=locked.resource_id, user__isnull=True).update(user=user)
    locked.used_at, locked.user = now, user
    locked.save(update_fields=["used_at", "user"])
    after = {"username": username, "role": locked.role}
    audit.record(AuditAction.JOINED, locked, by=staff(user), now=now, after=after)
    return user


def is_known(email: str) -> bool:
    """Whether somebody with this address works here, did, or is invited."""
    works = User.objects.filter(email__iexact=email).exists()
    return works or Invitation.objects.standing().filter(email__iexact=email).exists()


def _must_be_new(email: str) -> None:
    if not email:
        return
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(_("Somebody with this address works here already, or did. They are in the list."))
    if Invitation.objects.standing().filter(email__iexact=email).exists():
        raise DomainError(_("This address has been invited already. The invitation is in the list."))


def _standing(invitation: Invitation) -> Invitation:
    locked: Invitation = Invitation.objects.select_for_update(no_key=True, of=("self",)).get(pk=invitation.pk)
    if not locked.is_standing:
        raise DomainError(_("This invitation was taken up or taken back already."))
    return locked


def _renewed(locked: Invitation, *, by: User, now: datetime) -> str:
    ranks.rights_allow(by, role=locked.role, places=list(locked.places.all()))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    locked.token_hash, locked.expires_at, locked.links = fingerprint(token), now + OPEN_FOR, locked.links + 1
    locked.save(update_fields=["token_hash", "expires_at", "links"])
    audit.record(AuditAction.NEW_LINK, locked, by=staff(by), now=now)
    return token
