"""Taking a way away, making new codes; and taking everything away from somebody who has lost it all."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.actors import SYSTEM, Actor, staff
from appointments.domain.colleagues import name_of
from appointments.domain.messages import announce
from appointments.domain.people import ranks, sessions
from appointments.domain.second_step import changes, recovery_codes, standing
from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import AuthenticatorApp, Passkey, RecoveryCode


@one_transaction
def remove(user: User, *, passkey: int | None = None, here: str, now: datetime) -> None:
    """Their passkey of that number, or their app. Twice is once. With the last way the recovery codes go. They are
    signed out but `here`: the device may be lost.

    Raises `DomainError` for the last way of somebody who has to have one.
    """
    locked = standing.lock(user)
    stands = standing.of(locked)
    found = _one_of(stands, passkey)
    if found is None:
        return
    if stands.ways == 1 and standing.is_required_of(locked):
        raise DomainError(_("This is the only one, and your role needs one. Add another one first."))
    changes.removed(found, now=now)
    found.delete()
    sessions.end_all(locked, but=here)
    if stands.ways == 1:
        RecoveryCode.objects.filter(user=locked).delete()


@one_transaction
def rename(user: User, *, passkey: int, name: str, now: datetime) -> None:
    """Raises `Passkey.DoesNotExist` for one that is not theirs, or not any more."""
    found = Passkey.objects.select_for_update(no_key=True).get(pk=passkey, user=user)
    if found.name == name:
        return
    changes.write_down(user, {"renamed": changes.PASSKEY, "name": name}, by=staff(user), now=now)
    found.name = name
    found.save(update_fields=["name"])


@one_transaction
def new_codes(user: User, *, now: datetime) -> list[str]:
    """Ten new recovery codes, shown once; those before open nothing any more. Raises `DomainError` where there is
    nothing that they could stand in for.
    """
    locked = standing.lock(user)
    if not standing.of(locked).is_set_up:
        raise DomainError(_("Add an app or a passkey first."))
    changes.write_down(locked, {"added": changes.CODES}, by=staff(locked), now=now)
    announce.second_step(locked, changes.ADDED, changes.CODES, now=now)
    return recovery_codes.make(locked, now=now)


@one_transaction
def reset(user: User, *, why: str, by: User, now: datetime) -> None:
    """A colleague has lost everything: they sign in with the password alone, are told, and are signed out everywhere.

    Raises `DomainError` for oneself, for whoever may do more, and where there is nothing to take away.
    """
    locked = ranks.lock(user)
    if locked.pk == by.pk:
        raise DomainError(_("Nobody does this for themselves. Ask another manager."))
    if not ranks.may_look_after(by, locked):
        raise DomainError(_("%(name)s may do more than you. Ask a colleague who may.") % {"name": name_of(locked)})
    _take_everything(locked, why=why, by=staff(by), now=now)


@one_transaction
def reset_on_the_machine(user: User, *, why: str, now: datetime) -> None:
    """The same by whoever runs the machine, for the last manager. Raises `DomainError` where there is nothing."""
    _take_everything(ranks.lock(user), why=why, by=SYSTEM, now=now)


def _take_everything(user: User, *, why: str, by: Actor, now: datetime) -> None:
    stands = standing.of(user)
    if not stands.is_set_up:
        raise DomainError(_("%(name)s has no second step.") % {"name": name_of(user)})
    for rows in (AuthenticatorApp.objects, Passkey.objects, RecoveryCode.objects):
        rows.filter(user=user).delete()
    sessions.end_all(user)
    changes.write_down(user, {"removed": changes.EVERYTHING, "ways": stands.ways, "why": why}, by=by, now=now)
    announce.second_step(user, changes.RESET, "", by=name_of(by.user), now=now)


def _one_of(stands: standing.Standing, passkey: int | None) -> AuthenticatorApp | Passkey | None:
    if passkey is None:
        return stands.app
    return next((one for one in stands.passkeys if one.pk == passkey), None)
