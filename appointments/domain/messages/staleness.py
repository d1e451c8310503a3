"""Is a message still true in the moment it leaves? Asked by the post office before every send."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.enums import LIVE_REQUEST_STATES, AppointmentState, PromiseState, RequestState
from appointments.models import Appointment, Promise, RescheduleRequest

Facts = dict[str, Any]


def why_stale(kind: str, facts: Facts, *, now: datetime) -> str | None:
    """None while the message of this kind still says what is so; otherwise why not, in words for a colleague."""
    check = CHECKS.get(kind)
    return check(facts, now) if check else None


def _round_is_live(facts: Facts, now: datetime) -> str | None:
    state = RescheduleRequest.objects.filter(pk=facts["request"]).values_list("state", flat=True).first()
    if state in LIVE_REQUEST_STATES:
        return None
    return _("The round has ended: %(state)s.") % {"state": RequestState(state).label if state else _("gone")}


def _round_waits(facts: Facts, now: datetime) -> str | None:
    round_ = RescheduleRequest.objects.filter(pk=facts["request"]).first()
    if round_ and round_.state == RequestState.OPEN and now < round_.respond_by:
        return None
    return _("The customer has answered, or the time to answer is over.")


def _still_silent(facts: Facts, now: datetime) -> str | None:
    round_ = RescheduleRequest.objects.filter(pk=facts["request"]).first()
    if round_ and round_.state == RequestState.WITH_US and round_.answered_at is None:
        return None
    return _("The customer has answered meanwhile.")


def _same_time(facts: Facts, now: datetime) -> str | None:
    appointment = Appointment.objects.filter(pk=facts["appointment"]).first()
    wanted = facts.get("state", AppointmentState.BOOKED)
    if appointment and appointment.state == wanted and appointment.sequence == facts["sequence"]:
        return None
    return _("The appointment has changed since this was written.")


def _ahead_at_the_same_time(facts: Facts, now: datetime) -> str | None:
    if RescheduleRequest.objects.live().filter(appointment=facts["appointment"]).exists():
        return _("The appointment is being moved.")
    if Appointment.objects.filter(pk=facts["appointment"], starts_at__lte=now).exists():
        return _("The appointment has begun.")
    return _same_time(facts, now)


def _promise_is_open(facts: Facts, now: datetime) -> str | None:
    if Promise.objects.filter(pk=facts["promise"], state=PromiseState.OPEN).exists():
        return None
    return _("What was promised has been done already.")


def _took_place_and_welcome(facts: Facts, now: datetime) -> str | None:
    appointment = Appointment.objects.filter(pk=facts["appointment"]).select_related("customer").first()
    if appointment and appointment.state == AppointmentState.COMPLETED and appointment.customer.wants_follow_up:
        return None
    return _("The appointment did not take place, or the customer does not want to be asked.")


CHECKS: dict[str, Callable[[Facts, datetime], str | None]] = {
    "offer": _round_is_live,
    "nudge": _round_waits,
    "expiry": _still_silent,
    "confirmation": _same_time,
    "kept": _ahead_at_the_same_time,
    "cancellation": _same_time,
    "reminder": _ahead_at_the_same_time,
    "acknowledgement": _promise_is_open,
    "escalation": _promise_is_open,
    "follow_up": _took_place_and_welcome,
}
