"""Something is given: with the pick of a new time, as was said when it was offered, or for a point of a complaint."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from djmoney.money import Money
from i18nfield.strings import LazyI18nString

from appointments.domain import actors, history
from appointments.domain.compensation import authority, budget
from appointments.domain.transactions import part_of_one
from appointments.enums import Benefit, CompensationState, EventKind
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    AppointmentEvent,
    CasePoint,
    Compensation,
    CompensationBudget,
    Location,
    Offer,
    Reason,
)

VALID_DAYS = 180
"""How long what a colleague gives by hand can be used."""


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What a colleague decides to give. `worth`: what it costs us about; of an amount the amount itself."""

    benefit: Benefit
    worth: Money
    amount: Money | None = None
    percent: int | None = None
    words: LazyI18nString | None = None


def with_pick(offer: Offer, *, now: datetime) -> Compensation | None:
    """What comes with the time that its customer has just chosen, written in the caller's transaction: once a round.
    None when nothing does.
    """
    rule = offer.gives
    if rule is None:
        return None
    round_ = offer.request
    return Compensation.objects.create(
        appointment=round_.appointment,
        request=round_,
        rule=rule,
        cause=round_.reason,
        benefit=rule.benefit,
        amount=rule.amount,
        percent=rule.percent,
        words=rule.words,
        worth=rule.worth,
        state=CompensationState.WAITING if offer.gives_untold else CompensationState.ISSUED,
        made_at=now,
        valid_until=valid_until(round_.appointment.location, rule.valid_days, now=now),
    )


def days_of(given: Compensation) -> int:
    """How long it can be used from the day on which it is given."""
    return given.rule.valid_days if given.rule else VALID_DAYS


def fact_of(given: Compensation, *, by: actors.Actor) -> AppointmentEvent:
    """That it was given, for the history; not saved. Without its code, which is a key."""
    note = history.in_source(given.get_benefit_display)
    worth = {"worth": str(given.worth.amount), "currency": given.worth.currency.code, "state": given.state}
    kind = EventKind.COMPENSATED
    return history.fact(given.appointment, kind, by=by, now=given.made_at, round_=given.request, after=worth, note=note)


@part_of_one
def for_point(point: CasePoint, gift: Gift, *, cause: Reason | None, by: User, now: datetime) -> Compensation:
    """A colleague gives something for a point of a complaint. What goes beyond their authority, or beyond what is set
    aside, waits for a second colleague.

    The caller has locked the case.
    """
    appointment = point.case.appointment
    _lock_budgets()
    is_free = authority.may_give(by, gift.worth) and not budget.would_exceed(appointment.location, gift.worth, now=now)
    given = Compensation.objects.create(
        appointment=appointment,
        point=point,
        cause=cause,
        benefit=gift.benefit,
        amount=gift.amount,
        percent=gift.percent,
        words=gift.words or LazyI18nString(""),
        worth=gift.worth,
        state=CompensationState.ISSUED if is_free else CompensationState.WAITING,
        made_at=now,
        made_by=by,
        valid_until=valid_until(appointment.location, VALID_DAYS, now=now),
    )
    fact_of(given, by=actors.staff(by)).save(force_insert=True)
    return given


@part_of_one
def take_back(given: Compensation, *, by: User, now: datetime) -> None:
    """What the customer has not been told of: another decision takes its place. Raises `DomainError` once it was used
    or told.
    """
    open_states = (CompensationState.WAITING, CompensationState.ISSUED)
    is_told = given.point is None or given.point.done_at is not None
    rows = Compensation.objects.filter(pk=given.pk, state__in=open_states)
    if is_told or rows.update(state=CompensationState.WITHDRAWN, decided_at=now, decided_by=by) != 1:
        raise DomainError(_("The customer has this in their hands already."))
    note = history.in_source(given.get_benefit_display)
    appointment = Appointment(pk=given.appointment_id)
    history.record(appointment, EventKind.TAKEN_BACK, by=actors.staff(by), now=now, note=note)


def valid_until(location: Location, days: int, *, now: datetime) -> datetime:
    """The end of the last day on which it can be used, by the clock of the place."""
    zone = location.tzinfo
    last = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), tzinfo=zone)


def _lock_budgets() -> None:
    """Two who spend the same budget at once do so one after the other."""
    list(CompensationBudget.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
