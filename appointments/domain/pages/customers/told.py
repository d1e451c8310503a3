"""What a customer has told us about an appointment, for whoever deals with them: nobody has to say it twice."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appointments.domain import reaching
from appointments.domain.colleagues import name_of
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import AnswerKind, Manner
from appointments.models import Answer, Appointment

SHOWN = 5
"""The newest; the whole story has them all."""


@dataclass(frozen=True)
class Told:
    """One answer: `title` is what it was, `wishes` what was ticked, `words` their own; `noted_by` wrote it down."""

    at: datetime
    title: str
    wishes: list[str]
    words: str
    noted_by: str


def told_by_customer(appointment: Appointment) -> list[Told]:
    """The newest first, those in which the customer said or ticked something. One query."""
    answers = Answer.objects.filter(request__appointment=appointment).select_related("recorded_by")
    asked = answers.exclude(kind=AnswerKind.PICK, words="").order_by("-at", "-pk")[:SHOWN]
    return [
        Told(
            one.at,
            str(AnswerKind(one.kind).label),
            in_words(Wishes.from_json(one.wishes)) + _about_calls(one),
            one.words,
            name_of(one.recorded_by),
        )
        for one in asked
    ]


def _about_calls(answer: Answer) -> list[str]:
    when = reaching.in_words(reaching.parts_in(answer.wishes))
    return [_("best reached: %(when)s") % {"when": when}] if when else []


def in_words(wishes: Wishes) -> list[str]:
    """Each wish as a colleague reads it; nothing for what was left open."""
    parts = {"morning": _("in the morning"), "afternoon": _("in the afternoon"), "evening": _("in the evening")}
    found = [str(WEEKDAYS[day]) for day in sorted(wishes.days)]
    found += [str(parts[part]) for part in parts if part in wishes.parts]
    if wishes.from_day:
        found.append(_("from %(day)s on") % {"day": _shown(wishes.from_day)})
    if wishes.until_day:
        found.append(_("until %(day)s") % {"day": _shown(wishes.until_day)})
    if wishes.person == "same":
        found.append(_("with the same person"))
    if wishes.urgent:
        found.insert(0, _("urgent: as soon as possible"))
    if wishes.elsewhere:
        found.append(_("at another place of ours"))
    if wishes.manner:
        found.append(str(Manner(wishes.manner).label))
    if wishes.sooner:
        found.append(_("sooner than now"))
    return found


def _shown(day: date) -> str:
    return date_format(day, "j M Y")
