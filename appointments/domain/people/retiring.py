"""Somebody stops working here: nobody they promised something is left alone, and nothing of theirs opens any more."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from appointments import roles
from appointments.domain import audit, booking, promises
from appointments.domain.actors import staff
from appointments.domain.colleagues import desk_colleagues, name_of, places_of
from appointments.domain.people import invitations, ranks, sessions
from appointments.domain.recovery import cases
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction, PromiseKind
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    Colleague,
    CorrectiveAction,
    DisruptionPlan,
    Invitation,
    Location,
    PlanLine,
    Promise,
    RecoveryCase,
    RescheduleRequest,
)
from appointments.models.plan import PlanQuerySet
from appointments.models.promise import PromiseQuerySet
from appointments.models.recovery import CaseQuerySet
from appointments.models.rescheduling import RequestQuerySet


@dataclass(frozen=True)
class Owed:
    """What somebody has in hand: promises (times held free are no work), complaints, rounds they stand for, plans for a
    disruption with their name in the messages or with calls of theirs, and changes that we make so that less moves.
    """

    promises: int = 0
    complaints: int = 0
    rounds: int = 0
    plans: int = 0
    changes: int = 0

    @property
    def is_something(self) -> bool:
        return any(vars(self).values())


def owed_by(user: User) -> Owed:
    return Owed(
        promises=_promises(user).exclude(kind=PromiseKind.HOLD).count(),
        complaints=_complaints(user).count(),
        rounds=_rounds(user).count(),
        plans=_plans(user).count(),
        changes=_changes(user).count(),
    )


@one_transaction
def retire(user: User, *, to: User | None, by: User, now: datetime) -> Owed:
    """From now on `user` cannot sign in and is signed out everywhere. What they owe goes over to `to`, whole or not at
    all: customers who told us something read who has it now, as at every handing over. Invitations of theirs that
    nobody has taken up are taken back. Returns what went over.

    Raises `DomainError` for oneself, for whoever may do more, for the last manager, and where something is owed and
    nobody is named who can take it.
    """
    locked = ranks.lock(user)
    _may_be_retired(locked, by=by)
    _lock_appointments(locked)
    owed = owed_by(locked)
    if owed.is_something:
        _hand_over_everything(locked, to=_taker(to, locked), by=by, now=now)
    for invitation in Invitation.objects.standing().filter(invited_by=locked).order_by("pk"):
        invitations.take_back(invitation, by=by, now=now)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    row, __ = Colleague.objects.update_or_create(user=locked, defaults={"retired_at": now, "retired_by": by})
    sessions.end_all(locked)
    after: dict[str, object] = dict(vars(owed))
    if to is not None and owed.is_something:
        after["handed_over_to"] = name_of(to)
    audit.record(AuditAction.RETIRED, row, by=staff(by), now=now, after=after)
    return owed


@one_transaction
def bring_back(user: User, *, by: User, now: datetime) -> None:
    """They sign in as before, with the role and the places they had. Raises `DomainError` for whoever may do more."""
    locked = ranks.lock(user)
    if not ranks.may_look_after(by, locked):
        raise DomainError(_("%(name)s may do more than you. Ask a colleague who may.") % {"name": name_of(locked)})
    if locked.is_active:
        return
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    row, __ = Colleague.objects.update_or_create(user=locked, defaults={"retired_at": None, "retired_by": None})
    audit.record(AuditAction.RETURNED, row, by=staff(by), now=now, after={"role": ranks.role_of(locked)})


def takers_for(user: User) -> QuerySet[User]:
    """Who can take over what somebody owes: whoever works wherever that is."""
    found = _others(user)
    for place in _places(user):
        here = Q(is_superuser=True) | Q(colleague__places=None) | Q(pk__in=User.objects.filter(colleague__places=place))
        found = found.filter(here)
    return found


def _others(user: User) -> QuerySet[User]:
    return desk_colleagues().exclude(pk=user.pk)


def _may_be_retired(user: User, *, by: User) -> None:
    if user.pk == by.pk:
        raise DomainError(_("Nobody retires themselves. Ask another manager."))
    if not ranks.may_look_after(by, user):
        raise DomainError(_("%(name)s may do more than you. Ask a colleague who may.") % {"name": name_of(user)})
    if not user.is_active:
        raise DomainError(_("%(name)s is retired already.") % {"name": name_of(user)})
    if ranks.role_of(user) == roles.MANAGERS:
        ranks.leave_a_manager(but=user)


def _taker(to: User | None, user: User) -> User:
    """The colleague who takes over, who has to be able to see all of it."""
    if to is None or to.pk == user.pk or not _others(user).filter(pk=to.pk).exists():
        raise DomainError(_("Choose a colleague who takes over what %(name)s has promised.") % {"name": name_of(user)})
    if (places := places_of(to)) is not None:
        elsewhere = Location.objects.filter(pk__in=_places(user)).exclude(pk__in=places).order_by("position", "name")
        if place := elsewhere.first():
            said = {"name": name_of(to), "place": place.name}
            raise DomainError(_("%(name)s does not work for %(place)s. Choose somebody who does.") % said)
    return to


def _hand_over_everything(user: User, *, to: User, by: User, now: datetime) -> None:
    actor = staff(by)
    for case in _complaints(user).order_by("appointment", "pk"):
        cases.hand_over(case, to=to, by=actor, now=now)
    for promise in _promises(user).for_display().exclude(kind=PromiseKind.HOLD).order_by("appointment", "pk"):
        promises.hand_over(promise, to=to, by=actor, now=now)
    _promises(user).update(owner=to)  # what holds a time free goes along; nobody works on it
    _rounds(user).update(contact=to)
    # Whoever has a plan open reads that it is another one by now.
    _plans(user).update(version=F("version") + 1)
    _calls(user).update(caller=to)
    DisruptionPlan.objects.live().filter(contact=user).update(contact=to)
    _changes(user).update(owner=to)


def _promises(user: User) -> PromiseQuerySet:
    found: PromiseQuerySet = Promise.objects.open().filter(owner=user)
    return found


def _complaints(user: User) -> CaseQuerySet:
    found: CaseQuerySet = RecoveryCase.objects.open().filter(owner=user)
    return found


def _rounds(user: User) -> RequestQuerySet:
    found: RequestQuerySet = RescheduleRequest.objects.live().filter(contact=user)
    return found


def _plans(user: User) -> PlanQuerySet:
    mine = Q(contact=user) | Exists(_calls(user).filter(plan=OuterRef("pk")))
    found: PlanQuerySet = DisruptionPlan.objects.live().filter(mine)
    return found


def _calls(user: User) -> QuerySet[PlanLine]:
    """Lines of live plans whose customer this colleague is to phone."""
    live = DisruptionPlan.objects.live()
    return PlanLine._default_manager.filter(caller=user, plan__in=live)


def _changes(user: User) -> QuerySet[CorrectiveAction]:
    """Those that neither work nor were given up."""
    return CorrectiveAction.objects.filter(owner=user, works_since=None, given_up="")


def _places(user: User) -> set[int]:
    """Where all of it is; what is for all places is no reason against anybody."""
    found = set(Appointment.objects.filter(pk__in=_appointments(user)).values_list("location", flat=True))
    found |= set(_plans(user).values_list("disruption__location", flat=True))
    return found | set(_changes(user).exclude(location=None).values_list("location", flat=True))


def _appointments(user: User) -> set[int]:
    """The appointments of all that somebody owes."""
    found: set[int] = set()
    for rows in (_promises(user), _complaints(user), _rounds(user)):
        found |= set(rows.values_list("appointment", flat=True))
    return found


def _lock_appointments(user: User) -> None:
    """First and in one order, as everywhere: what is owed for them does not change while it is handed over."""
    booking.lock_all(_appointments(user))
