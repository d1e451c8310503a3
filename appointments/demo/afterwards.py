"""What came after a move: the reminder, the visit, the two questions and what we did about a bad answer."""

from datetime import datetime, timedelta

from appointments.demo import post
from appointments.demo.chance import one_of
from appointments.demo.plots import Stage
from appointments.demo.reasons import WORDS_AFTERWARDS
from appointments.domain import booking, promises
from appointments.domain.actors import SYSTEM, staff
from appointments.domain.moving import feedback, reminders
from appointments.enums import AppointmentState, RequestState
from appointments.models import Promise

REMIND_BEFORE = timedelta(hours=24)
ASKED_AFTER = timedelta(hours=2, minutes=10)
HANDLING = ((5, 44.0), (4, 36.0), (3, 12.0), (2, 6.0), (1, 2.0))
OUTCOME = ((5, 34.0), (4, 37.0), (3, 17.0), (2, 9.0), (1, 3.0))


def live_on(stage: Stage, *, now: datetime) -> None:
    """Plays on until `now` from the end of the last round."""
    appointment = stage.appointment
    if appointment.state != AppointmentState.BOOKED:
        return
    accepted = appointment.requests.filter(state=RequestState.ACCEPTED).first()
    if accepted is not None and accepted.closed_at is not None:
        at = max(appointment.starts_at - REMIND_BEFORE, accepted.closed_at)
        if at < min(now, appointment.starts_at - reminders.LATEST_REMINDER):
            reminders.remind(appointment, now=at)
            post.deliver(appointment, until=min(now, appointment.starts_at))
    if appointment.ends_at > now:
        return
    if stage.chance.random() < 0.03:
        booking.mark_missed(appointment, by=staff(stage.desk), now=appointment.starts_at + timedelta(minutes=25))
        return
    booking.complete(appointment, by=SYSTEM, now=appointment.ends_at + timedelta(minutes=3))
    asked = appointment.ends_at + ASKED_AFTER
    if accepted is not None and appointment.customer.wants_follow_up and asked < now:
        reminders.ask(appointment, now=asked)
        left = post.deliver(appointment, until=now)
        if left is not None and stage.chance.random() < 0.62:
            _rate(stage, at=left + timedelta(minutes=stage.chance.randrange(4, 1500)), now=now)


def _rate(stage: Stage, *, at: datetime, now: datetime) -> None:
    if at >= now - timedelta(hours=4):
        return
    handling, outcome = one_of(stage.chance, HANDLING), one_of(stage.chance, OUTCOME)
    feedback.rate(stage.appointment, question="handling", score=handling, now=at)
    if stage.chance.random() < 0.85:
        feedback.rate(stage.appointment, question="outcome", score=outcome, now=at + timedelta(seconds=30))
    words = stage.words(WORDS_AFTERWARDS) if stage.chance.random() < 0.4 else ""
    feedback.add_words(stage.appointment, words=words, now=at + timedelta(seconds=70))
    for promise in Promise.objects.open().filter(appointment=stage.appointment):
        answered = at + (promise.due_at - at) * stage.chance.uniform(0.2, 0.95)
        if answered < now:
            promises.keep(promise, how="Dijawab lewat telepon.", by=staff(stage.desk), now=answered)
