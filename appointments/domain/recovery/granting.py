"""The second pair of eyes: what somebody may not give alone, or what goes beyond the budget, is granted or refused."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, booking, history
from appointments.domain.compensation import authority
from appointments.domain.compensation.giving import days_of, valid_until
from appointments.domain.messages import announce
from appointments.domain.transactions import one_transaction
from appointments.enums import CompensationState, EventKind
from appointments.errors import DomainError
from appointments.models import Appointment, CasePoint, Compensation


@one_transaction
def grant(given: Compensation, *, by: User, now: datetime) -> Compensation:
    """It can be used from now on, for as long as was meant when it was asked for. What came with a pick is told to
    the customer now; what answers a complaint stands in the letter that a colleague writes.

    Raises `DomainError` for whoever asked for it, for whom it is too much, and when somebody has decided already.
    """
    given = _to_decide(given, by=by)
    given.state, given.decided_at, given.decided_by = CompensationState.ISSUED, now, by
    given.valid_until = valid_until(given.appointment.location, days_of(given), now=now)
    given.save(update_fields=["state", "decided_at", "decided_by", "valid_until"])
    _note(given, by=by, now=now)
    if given.request is not None:
        announce.given(given, now=now)
    return given


@one_transaction
def refuse(given: Compensation, *, why: str, by: User, now: datetime) -> Compensation:
    """It is not given. The point of a complaint that it was to settle is open again. Raises `DomainError` as `grant`,
    and without a word why.
    """
    given = _to_decide(given, by=by)
    if not why.strip():
        raise DomainError(_("Write in a few words why not, for whoever asked for it."))
    given.state, given.decided_at, given.decided_by, given.note = CompensationState.REFUSED, now, by, why.strip()[:250]
    given.save(update_fields=["state", "decided_at", "decided_by", "note"])
    if given.point is not None:
        CasePoint.objects.filter(pk=given.point.pk, done_at__isnull=True).update(action="", decided_at=None)
    _note(given, by=by, now=now)
    return given


def may_decide(given: Compensation, *, by: User) -> bool:
    """Whether `by` is the second pair of eyes for this."""
    return bool(to_decide([given], by=by))


def to_decide(waiting: Iterable[Compensation], *, by: User) -> set[int]:
    """The ids of those for which `by` is the second pair of eyes. One query."""
    most = authority.most_of(by)
    return {
        one.pk
        for one in waiting
        if one.state == CompensationState.WAITING
        and one.made_by_id != by.pk
        and authority.is_within(by, most, one.worth)
    }


def _to_decide(given: Compensation, *, by: User) -> Compensation:
    booking.lock(Appointment(pk=given.appointment_id))
    Compensation.objects.select_for_update(no_key=True).get(pk=given.pk)
    found: Compensation = Compensation.objects.for_display().select_related("request", "point").get(pk=given.pk)
    if found.state != CompensationState.WAITING:
        raise DomainError(_("Somebody has decided on this already."))
    if found.made_by_id == by.pk:
        raise DomainError(_("You asked for this yourself: another colleague has to agree."))
    if not authority.may_give(by, found.worth):
        raise DomainError(_("This is more than you may grant."))
    return found


def _note(given: Compensation, *, by: User, now: datetime) -> None:
    kind = EventKind.COMPENSATED if given.state == CompensationState.ISSUED else EventKind.TAKEN_BACK
    note = history.in_source(given.get_state_display)
    history.record(given.appointment, kind, by=actors.staff(by), now=now, round_=given.request, note=note)
