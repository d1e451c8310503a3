"""What has become of an appointment, and what follows its new time."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from appointments.domain import links
from appointments.domain.colleagues import name_of
from appointments.domain.messages import invites
from appointments.domain.messages.announce.booked import tell_of_the_rest
from appointments.domain.messages.context import (
    about_appointment,
    about_cancellation,
    about_round,
    questions_afterwards,
    time_of,
    was_of,
)
from appointments.domain.messages.context_of_offers import gift_with_code
from appointments.domain.messages.sending import send
from appointments.enums import CompensationState, Fault, LinkPurpose, RequestState
from appointments.models import Appointment, Business, Compensation, Location, Promise, Reason, RescheduleRequest
from notifications.models import Message
from notifications.text.values import Attachment

Own = dict[str, Any] | None
"""`{"until": …, "can_move": …}`, as texts say it; None where the customer has to ask."""


def confirm_move(
    round_: RescheduleRequest,
    *,
    by_phone: bool,
    now: datetime,
    given: Compensation | None = None,
    own: Own = None,
    back_until: datetime | None = None,
    is_back: bool = False,
) -> Message:
    """The new time, with the calendar entry that moves the old one, and the code of what was given with it.

    `own`: what the customer can do with it by themselves, and until when; `back_until`: until when the old time is held
    for them; `is_back`: they have taken back what they did.
    """
    appointment, business = round_.appointment, Business.current()
    tell_of_the_rest(appointment, now=now)
    about = about_appointment(appointment, contact=name_of(round_.contact), business=business)
    context = {
        **about,
        "place": {**about["place"], **_was_elsewhere(round_)},
        "was": was_of(round_),
        "by_phone": by_phone,
        "by_us": round_.reason.fault == Fault.OURS,
        "could_change": round_.could_change,
        "time": time_of(appointment),
        "follow": appointment.customer.wants_follow_up and not round_.is_by_themselves,
        "own": own,
        "back_until": back_until,
        "is_back": is_back,
        "gift": gift_with_code(given) if given and given.state == CompensationState.ISSUED else None,
    }
    return send(
        f"confirmation:appointment:{appointment.pk}:{appointment.sequence}",
        "confirmation",
        appointment,
        context,
        true_if={"sequence": appointment.sequence},
        not_after=appointment.starts_at,
        attachments=[_invite(appointment, business, now=now)],
        now=now,
    )


def _moved_by(appointment: Appointment) -> RescheduleRequest | None:
    """The round that gave it its present time."""
    moved = appointment.requests.filter(state=RequestState.ACCEPTED).order_by("-round").first()
    if moved is not None:
        moved.appointment = appointment
    return moved


def _was_elsewhere(round_: RescheduleRequest) -> dict[str, str]:
    """Where, and in which way, it was to take place, as far as that is new."""
    appointment, found = round_.appointment, {}
    if round_.was_location_id and round_.was_location_id != appointment.location_id:
        found["was"] = Location.objects.values_list("name", flat=True).get(pk=round_.was_location_id)
    if round_.was_manner != appointment.manner:
        found["manner_was"] = round_.was_manner
    return found


def original_stands(round_: RescheduleRequest, *, withdrawn: bool, now: datetime) -> Message:
    """The customer keeps the first time, or we took our offers back."""
    context = {
        **about_round(round_, now=now),
        "time": time_of(round_.appointment),
        "withdrawn": withdrawn,
        "had_times": not round_.is_without_times,
    }
    return send(
        f"kept:request:{round_.pk}",
        "kept",
        round_.appointment,
        context,
        true_if={"sequence": round_.appointment.sequence},
        not_after=round_.appointment.starts_at,
        now=now,
    )


def cancelled(
    appointment: Appointment,
    *,
    was: dict[str, Any],
    now: datetime,
    because: Reason | None = None,
    promise: Promise | None = None,
    by: User | None = None,
    back_until: datetime | None = None,
) -> Message:
    """It will not take place; the calendar entry goes. `back_until`: until then its customer can take that back."""
    tell_of_the_rest(appointment, now=now)
    language = appointment.customer.reads
    ics = invites.cancellation(appointment, language=language, now=now)
    due_at = promise.due_at if promise else None
    context = about_cancellation(appointment, was=was, because=because, due_at=due_at, by=by)
    context["back_until"] = back_until
    return send(
        f"cancellation:appointment:{appointment.pk}:{appointment.sequence}",
        "cancellation",
        appointment,
        context,
        true_if={"sequence": appointment.sequence, "state": appointment.state},
        attachments=[Attachment("invite.ics", ics, "text/calendar", "CANCEL")],
        now=now,
    )


def given(compensation: Compensation, *, now: datetime) -> Message:
    """What was given with a new time after all: a second colleague has agreed."""
    appointment, round_ = compensation.appointment, compensation.request
    context = {
        **about_appointment(appointment, contact=name_of(round_.contact if round_ else None)),
        "time": time_of(appointment),
        "gift": gift_with_code(compensation),
    }
    return send(
        f"given:compensation:{compensation.pk}",
        "given",
        appointment,
        context,
        true_if={"compensation": compensation.pk},
        not_after=compensation.valid_until,
        now=now,
    )


def remind(appointment: Appointment, *, was: dict[str, Any] | None, now: datetime, own: Own = None) -> Message:
    """The new time is near. Never sent after it has begun. `own` as in `confirm_move`."""
    about, moved = about_appointment(appointment), _moved_by(appointment)
    if was is not None and moved is not None:
        about["place"] = {**about["place"], **_was_elsewhere(moved)}
    context = {**about, "time": time_of(appointment), "moved": was is not None, "was": was, "own": own}
    return send(
        f"reminder:appointment:{appointment.pk}:{appointment.sequence}",
        "reminder",
        appointment,
        context,
        true_if={"sequence": appointment.sequence},
        not_after=appointment.starts_at - timedelta(minutes=30),
        now=now,
    )


def follow_up(appointment: Appointment, *, now: datetime) -> Message:
    """Two questions after the new time: how we handled it, how it ended."""
    token = links.issue(appointment, purpose=LinkPurpose.FEEDBACK, now=now)
    context = {**about_appointment(appointment), "time": time_of(appointment), **questions_afterwards(appointment)}
    return send(
        f"follow_up:appointment:{appointment.pk}",
        "follow_up",
        appointment,
        context,
        true_if={"follow_up": True},
        not_after=now + timedelta(days=4),
        secrets={"feedback": token},
        now=now,
    )


def _invite(appointment: Appointment, business: Business, *, now: datetime) -> Attachment:
    ics = invites.request(appointment, language=appointment.customer.reads, now=now, business=business)
    return Attachment("invite.ics", ics, "text/calendar", "REQUEST")
