"""A private block of time: a person or a room cannot be had, once or every week, and why is nobody else's business.

It is an absence with a title, so everything that keeps out of absences keeps out of it: no time in it is offered, who
is booked in it is named before and stands in the queue "to move" afterwards. The title is read by who wrote it, whose
time it is and who runs the business; it is in no message, and customers never see it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from appointments.domain import actors, affected, audit, overlooked
from appointments.domain.moving import offers
from appointments.domain.schedule.conflicts import Conflict, fingerprint, with_absence
from appointments.domain.schedule.weekly import Blocked
from appointments.domain.transactions import one_transaction
from appointments.enums import AbsenceKind, AuditAction, DisruptionSource
from appointments.errors import DomainError
from appointments.models import Absence, Appointment, Resource
from appointments.roles import MAY_CHANGE_THE_BUSINESS

EVERY_WEEK = "FREQ=WEEKLY"
OWN_RULE = re.compile(rf"({EVERY_WEEK}(;UNTIL=\d{{8}})?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class BlockedTime:
    """What somebody wants to keep free of customers. `weekly`: every week from then on, until `last_day` if there is
    one.
    """

    resource: Resource
    starts_at: datetime
    ends_at: datetime
    title: str
    weekly: bool = False
    last_day: date | None = None

    @property
    def rrule(self) -> str:
        if not self.weekly:
            return ""
        return f"{EVERY_WEEK};UNTIL={self.last_day:%Y%m%d}" if self.last_day else EVERY_WEEK

    @property
    def blocked(self) -> Blocked:
        return Blocked(self.starts_at, self.ends_at, self.rrule)


class SomebodyIsThere(DomainError):
    """Customers are expected in that time, and nobody has said that they will be moved."""

    def __init__(self, hits: list[Conflict]) -> None:
        super().__init__(_("Somebody is expected in this time. Tick that you move them, or choose another time."))
        self.hits = hits


def may_see(absence: Absence, user: User) -> bool:
    """Whether the title is for `user`; nobody else changes it either."""
    own = user.pk in (absence.written_by_id, absence.resource.user_id)
    return own or user.has_perm(MAY_CHANGE_THE_BUSINESS)


@one_transaction
def block(wanted: BlockedTime, *, knowing: str, by: User, now: datetime) -> Absence:
    """Keeps the time free. `knowing` is the fingerprint of those in the way whom the colleague means to move. Raises
    `SomebodyIsThere` for others, and `DomainError` for a time that is over.
    """
    made = Absence(kind=AbsenceKind.BLOCKED, written_by=by)
    _write(made, wanted, _in_the_way(wanted, knowing=knowing, now=now), by=by, now=now)
    _note(made, by=by, what=ADDITION)
    audit.record(AuditAction.ADDED, made, by=actors.staff(by), now=now, after=_hours(made), name=made.resource.name)
    return made


@one_transaction
def change(absence: Absence, wanted: BlockedTime, *, knowing: str, by: User, now: datetime) -> list[Appointment]:
    """The same for one that is there. Whoever can come after all waits no more: returns whom. Raises `DomainError` too
    where a manager has written a rule that the desk could not say.
    """
    if not OWN_RULE.fullmatch(absence.rrule):
        raise DomainError(_("A manager has given this a rule of its own. Please ask a manager to change it."))
    before, was = Blocked(absence.starts_at, absence.ends_at, absence.rrule), _hours(absence)
    known = with_absence(absence.resource, before, now=now) if absence.resource == wanted.resource else []
    _write(absence, wanted, _in_the_way(wanted, knowing=knowing, now=now, besides=known), by=by, now=now)
    _note(absence, by=by, what=CHANGE)
    name, is_now = absence.resource.name, _hours(absence)
    audit.changed(absence, before=was, after=is_now, by=actors.staff(by), now=now, name=name)
    return overlooked.let_go(by=actors.staff(by), now=now)


@one_transaction
def remove(absence: Absence, *, by: User, now: datetime) -> list[Appointment]:
    """The time can be had again, and whoever was in it can come: returns whom."""
    _note(absence, by=by, what=DELETION)
    name, was = absence.resource.name, _hours(absence)
    audit.record(AuditAction.REMOVED, absence, by=actors.staff(by), now=now, before=was, name=name)
    absence.delete()
    return overlooked.let_go(by=actors.staff(by), now=now)


def _in_the_way(
    wanted: BlockedTime, *, knowing: str, now: datetime, besides: Iterable[Conflict] = ()
) -> list[Conflict]:
    if wanted.ends_at <= now and not wanted.weekly:
        raise DomainError(_("This time has already passed."))
    known = list(besides)
    hits = with_absence(wanted.resource, wanted.blocked, now=now)
    new = [one for one in hits if one not in known]
    if new and knowing != fingerprint(new):
        raise SomebodyIsThere(new)
    return new


def _write(absence: Absence, wanted: BlockedTime, hits: list[Conflict], *, by: User, now: datetime) -> None:
    absence.resource, absence.title, absence.rrule = wanted.resource, wanted.title, wanted.rrule
    absence.starts_at, absence.ends_at = wanted.starts_at, wanted.ends_at
    absence.save()
    for missing, hit in overlooked.of_absence(wanted.resource, wanted.blocked, hits):
        affected.declare(missing, reason=None, by=actors.staff(by), now=now, source=DisruptionSource.ABSENCE, hits=hit)
    transaction.on_commit(lambda: offers.strike_out(now=now))


def _hours(absence: Absence) -> dict[str, Any]:
    """What the audit says of it: the title is not for everybody who reads that."""
    shown = {name: getattr(absence, name) for name in ("starts_at", "ends_at", "rrule")}
    return {"resource": absence.resource.name, **shown}


def _note(absence: Absence, *, by: User, what: int) -> None:
    """Who did it, without the title: where managers look it up, and by which open boards know that they are old."""
    rows = Absence.objects.filter(pk=absence.pk).select_related("resource")
    LogEntry.objects.log_actions(by.pk, rows, what, single_object=True)
