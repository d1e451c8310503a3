"""What comes round with the clock: the reminder, the end of the appointment, the two questions after a move."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from appointments.domain import booking
from appointments.domain.actors import SYSTEM
from appointments.domain.messages import announce
from appointments.domain.messages.context import was_of
from appointments.domain.messages.recipients import can_be_written_to
from appointments.domain.moving.own_choice.allowed import allowed
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind, RequestState
from appointments.models import AffectedAppointment, Appointment, AppointmentEvent, Business, RescheduleRequest
from appointments.models.rescheduling import RequestQuerySet

ASK_AFTER, ASK_WITHIN = timedelta(hours=2), timedelta(days=3)
LATEST_REMINDER = timedelta(hours=1)
REST = timedelta(hours=6)
"""Nobody is reminded so soon after the time was confirmed."""
TELLING = (EventKind.MOVED, EventKind.BOOKED)
"""After which the customer has just heard of the time."""
OURS_TO_REMIND = Q(requests__state=RequestState.ACCEPTED) | ~Q(booked_by_form="")


@one_transaction
def ask(appointment: Appointment, *, now: datetime) -> bool:
    """Sends the two questions, once in the appointment's life. False when somebody was faster."""
    if Appointment.objects.filter(pk=appointment.pk, followed_up_at__isnull=True).update(followed_up_at=now) != 1:
        return False
    announce.follow_up(appointment, now=now)
    return True


def ask_all(*, now: datetime) -> int:
    """Asks those whose moved appointment took place lately; late after a stop, but once."""
    moved = Appointment.objects.filter(
        state=AppointmentState.COMPLETED,
        ends_at__gt=now - ASK_WITHIN,
        ends_at__lte=now - ASK_AFTER,
        followed_up_at__isnull=True,
        customer__wants_follow_up=True,
        requests__in=_to_ask_about(),
    ).for_display()
    return sum(ask(appointment, now=now) for appointment in moved.distinct())


def _to_ask_about() -> RequestQuerySet:
    """New times that we had to do with. Of those who moved by themselves nobody asks how we handled it."""
    accepted: RequestQuerySet = RescheduleRequest.objects.filter(state=RequestState.ACCEPTED)
    return accepted.exclude(pk__in=RescheduleRequest.objects.by_themselves().values("pk"))


def remind_all(*, now: datetime) -> int:
    """Reminds of times that came from a move, or from the desk. What another program has booked, and we have never
    moved, is left to the reminders of that program.
    """
    latest = now + timedelta(hours=Business.current().reminder_hours)
    just_told = AppointmentEvent.objects.filter(appointment=OuterRef("pk"), kind__in=TELLING, at__gt=now - REST)
    due = (
        Appointment.objects.filter(
            OURS_TO_REMIND,
            state=AppointmentState.BOOKED,
            starts_at__gt=now + LATEST_REMINDER,
            starts_at__lte=latest,
        )
        .exclude(reminded_for=F("sequence"))
        .exclude(Exists(just_told))
        .exclude(requests__in=RescheduleRequest.objects.live())
        .for_display()
        .distinct()
    )
    return sum(remind(appointment, now=now) for appointment in due)


def will_remind(appointment: Appointment, *, told_at: datetime | None, business: Business, now: datetime) -> bool:
    """Whether `remind_all` is still going to remind of the time of which its customer was told at `told_at`."""
    if appointment.reminded_for == appointment.sequence or not can_be_written_to(appointment):
        return False
    due = appointment.starts_at - timedelta(hours=business.reminder_hours)
    soonest = max(now, due, told_at + REST if told_at else now)
    return soonest < appointment.starts_at - LATEST_REMINDER


@one_transaction
def remind(appointment: Appointment, *, now: datetime) -> bool:
    """Reminds of the time, once for each that it has. False when somebody was faster."""
    not_yet = Appointment.objects.filter(pk=appointment.pk, sequence=appointment.sequence).exclude(
        reminded_for=appointment.sequence
    )
    if not_yet.update(reminded_for=appointment.sequence) != 1:
        return False
    round_ = appointment.requests.filter(state=RequestState.ACCEPTED).order_by("-round").first()
    own = allowed(appointment, now=now).in_message(now=now)
    announce.remind(appointment, was=was_of(round_) if round_ else None, own=own, now=now)
    return True


def complete_past(*, now: datetime) -> int:
    """Closes what took place. Not what is still being moved, nor what could not take place and nobody has moved: a
    person settles that.
    """
    over = Appointment.objects.filter(state=AppointmentState.BOOKED, ends_at__lte=now)
    over = over.exclude(requests__in=RescheduleRequest.objects.live())
    over = over.exclude(affected_by__in=AffectedAppointment.objects.unsettled())
    return sum(booking.complete(appointment, by=SYSTEM, now=now) for appointment in over.order_by("ends_at")[:500])
