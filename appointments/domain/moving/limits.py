"""How much a customer can tell us through links: enough for everybody, and an end for a link that fell into bad hands.

Counted in the facts themselves, under the appointment's lock: however many processes answer, and whichever of the
customer's links was used. What is told by phone has no limit.
"""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from appointments.domain.schedule.wallclock import day_span
from appointments.enums import ActorKind, AnswerKind, EventKind
from appointments.errors import ToldEnough
from appointments.models import Answer, Appointment, AppointmentEvent, Business

LONGEST_WORDS = 4000
"""Of one text, ours to a customer included."""
A_DAY = 10
"""Each is read by a colleague and answered with a letter; nobody who means it says more in one day of the place."""
IN_ALL = 60
"""About one appointment, however often it is moved."""

WITHOUT_END = (AnswerKind.OTHER_TIMES, AnswerKind.CALL_ME, AnswerKind.TELL)
"""Answers that can be given again and again; the others end the round."""


def must_allow_one_more(appointment: Appointment, *, now: datetime) -> None:
    """Before one more is written, with the appointment locked. Raises `ToldEnough`."""
    zone = appointment.location.tzinfo
    midnight = day_span(now.astimezone(zone).date(), zone).start
    if _count(appointment, Q()) >= IN_ALL:
        raise ToldEnough(_in_words(appointment, for_today=False))
    if _count(appointment, Q(at__gte=midnight)) >= A_DAY:
        raise ToldEnough(_in_words(appointment, for_today=True))


def _count(appointment: Appointment, when: Q) -> int:
    answers = Answer.objects.filter(when, request__appointment=appointment, kind__in=WITHOUT_END)
    rated = AppointmentEvent.objects.filter(when, appointment=appointment, kind=EventKind.RATED)
    return answers.filter(by=ActorKind.CUSTOMER, recorded_by=None).count() + rated.count()


def _in_words(appointment: Appointment, *, for_today: bool) -> str:
    phone = appointment.location.phone or Business.current().phone
    said = [
        _("You have told us a lot today, so this last part was not sent.")
        if for_today
        else _("You have told us a lot about this appointment, so this last part was not sent."),
        _("Everything before it has reached us, and we will answer you."),
    ]
    if phone:
        said.append(_("If there is more, please phone us: %(phone)s.") % {"phone": phone.as_international})
    if for_today:
        said.append(_("You can write here again tomorrow."))
    return " ".join(said)
