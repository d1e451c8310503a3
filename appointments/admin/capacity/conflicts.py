"""Forms of absences, closures and closed days: they show whom they would hit, and are saved only knowingly.

The tick carries a fingerprint of the list that was shown. When somebody is booked in between, the list is shown again.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.display import desk_page
from appointments.domain import affected, overlooked
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule.conflicts import Conflict, fingerprint, with_absence, with_closed_day, with_closure
from appointments.domain.schedule.recurrence import Budget, TooMuchWork, occurrences
from appointments.domain.schedule.rrule import parse_rule
from appointments.domain.schedule.weekly import Blocked
from appointments.enums import DisruptionSource
from appointments.models import Absence, Appointment, Closure, Location, RescheduleRequest, SpecialDay
from notifications.text import languages
from notifications.text.when import span

SHOWN = 30
YEARS_AHEAD = 8
STEPS = 200_000
_RULE_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY", "WKST",
}  # fmt: skip


class Tick(forms.CheckboxInput):
    """A tick box that tells which list was ticked."""

    fingerprint = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, False, attrs)
        context["widget"]["value"] = self.fingerprint
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return str(data.get(name, ""))


class KnowingForm(forms.ModelForm):
    """A form of something that closes time. Subclasses say which fields decide and what they would hit."""

    deciding: ClassVar[tuple[str, ...]] = ("starts_at", "ends_at", "rrule")
    source: ClassVar[DisruptionSource]
    will_move = forms.CharField(label=_("I will move these"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hits: list[Conflict] = []

    def conflicts(self) -> list[Conflict]:
        """What the cleaned values would hit."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and set(self.deciding) & set(self.changed_data):
            self.hits = self.conflicts()
            if self.hits and cleaned.get("will_move") != fingerprint(self.hits):
                self._ask()
        return cleaned

    def missing(self) -> list[tuple[WhatIsMissing, list[Appointment]]]:
        """What cannot be had by the cleaned values, each with those of the hits who are booked in it."""
        raise NotImplementedError

    def leave_disruptions(self, *, by: Actor) -> None:
        """After saving: whoever is hit stands in the queue of those who have to be moved."""
        for missing, hit in self.missing() if self.hits else ():
            affected.declare(missing, reason=None, by=by, now=timezone.now(), source=self.source, hits=hit)

    def _ask(self) -> None:
        tick = Tick()
        tick.fingerprint = fingerprint(self.hits)
        self.fields["will_move"].widget = tick
        self.add_error("will_move", ValidationError(told(self.hits)))


class RecurringForm(KnowingForm):
    """From, until, and perhaps again and again."""

    def clean_rrule(self) -> str:
        text = self.cleaned_data["rrule"].strip().upper().removeprefix("RRULE:")
        parts = dict(part.partition("=")[::2] for part in text.split(";") if part)
        if not text:
            return ""
        if parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
            raise ValidationError(gettext("Begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."))
        numbers = [parts[name] for name in ("INTERVAL", "COUNT") if name in parts]
        counts = all(re.fullmatch(r"0*[1-9]\d{0,3}", number, re.ASCII) for number in numbers)
        if set(parts) - _RULE_PARTS or not counts or not text.isprintable():
            raise ValidationError(gettext("This is not a recurrence rule, for instance FREQ=WEEKLY;BYDAY=TU."))
        return text

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("rrule") and values.get("starts_at") and not self._happens():
            self.add_error("rrule", gettext("By this rule it would never happen."))
        if values.get("starts_at") and values.get("ends_at") and values["ends_at"] <= values["starts_at"]:
            self.add_error("ends_at", gettext("The end must be after the start."))
        return super().clean()

    def _happens(self) -> bool:
        """Whether the rule comes true within some years. Bounded, because some rules never do and go on for ever."""
        zone = timezone.get_current_timezone()
        start = self.cleaned_data["starts_at"].astimezone(zone).replace(tzinfo=None)
        last = start.replace(year=start.year + YEARS_AHEAD, day=min(start.day, 28))
        try:
            rule = parse_rule(self.cleaned_data["rrule"])
            last = min(last, rule.last_on_the_wall(zone) or last)
            found = occurrences(rule, start, first=start, last=last, budget=Budget(STEPS))
            return next(iter(found), None) is not None
        except TooMuchWork:
            return False
        except ValueError as error:
            raise ValidationError({"rrule": gettext("This is not a recurrence rule.")}) from error

    def blocked(self) -> Blocked:
        values = self.cleaned_data
        return Blocked(values["starts_at"], values["ends_at"], values.get("rrule", ""))


class AbsenceForm(RecurringForm):
    source = DisruptionSource.ABSENCE

    class Meta:
        model = Absence
        fields = ("kind", "title", "starts_at", "ends_at", "rrule", "will_move")

    def conflicts(self) -> list[Conflict]:
        return with_absence(self.instance.resource, self.blocked(), now=timezone.now())

    def missing(self) -> list[tuple[WhatIsMissing, list[Appointment]]]:
        return overlooked.of_absence(self.instance.resource, self.blocked(), self.hits)


class ClosureForm(RecurringForm):
    source = DisruptionSource.CLOSURE

    class Meta:
        model = Closure
        fields = ("title", "starts_at", "ends_at", "rrule", "will_move")

    def conflicts(self) -> list[Conflict]:
        return with_closure(self.instance.location, self.blocked(), now=timezone.now())

    def missing(self) -> list[tuple[WhatIsMissing, list[Appointment]]]:
        return overlooked.of_closure(self.instance.location, self.blocked(), self.hits)


class SpecialDayForm(KnowingForm):
    source = DisruptionSource.CLOSURE
    deciding = ("day", "location", "is_open")

    class Meta:
        model = SpecialDay
        fields = ("day", "name", "is_open", "location", "will_move")

    def conflicts(self) -> list[Conflict]:
        values = self.cleaned_data
        if values["is_open"]:
            return []
        places = [values["location"]] if values["location"] else Location.objects.all()
        return with_closed_day(values["day"], places, now=timezone.now())

    def missing(self) -> list[tuple[WhatIsMissing, list[Appointment]]]:
        return overlooked.of_closed_day(self.cleaned_data["day"], self.hits)


def told(hits: list[Conflict], *, saved: bool = False) -> SafeString:
    """The list of those who are hit, under a sentence: before saving what to do, afterwards what has to follow."""
    count = len(hits)
    if saved:
        sentence = ngettext("Saved. %(n)d customer has to be moved now:", "Saved. %(n)d have to be moved now:", count)
    else:
        sentence = ngettext(
            "%(n)d customer is expected in this time and has not been told. Tick the box to save it all the same.",
            "%(n)d customers are expected in this time and have not been told. Tick the box to save it all the same.",
            count,
        )
    return _listed(sentence, (_line(conflict) for conflict in hits[:SHOWN]), count=count)


def told_free(free: list[Appointment]) -> SafeString:
    """Those who can come after all; whoever has been offered other times already is for a colleague to decide about."""
    sentence = ngettext(
        "%(n)d customer can come after all and does not have to be moved:",
        "%(n)d customers can come after all and do not have to be moved:",
        len(free),
    )
    moving = set(RescheduleRequest.objects.live().filter(appointment__in=free).values_list("appointment", flat=True))
    offered = gettext("times are on offer: take the offer back if this time should stand")
    what = {one.pk: offered if one.pk in moving else gettext("takes place as booked") for one in free}
    lines = ((*_who_and_when(one, one.starts_at, one.ends_at), what[one.pk]) for one in free[:SHOWN])
    return _listed(sentence, lines, count=len(free))


def _listed(sentence: str, lines: Iterable[tuple[str, str, str, str]], *, count: int) -> SafeString:
    shown = format_html_join("", '<li><a href="{}">{}</a> · {} · {}</li>', lines)
    more = count - SHOWN
    rest = format_html("<li>{}</li>", gettext("and %(n)d more") % {"n": more}) if more > 0 else ""
    return format_html('{}<ul class="hits">{}{}</ul>', sentence % {"n": count}, shown, rest)


def _line(conflict: Conflict) -> tuple[str, str, str, str]:
    what = gettext("on offer") if conflict.offered else gettext("booked")
    return *_who_and_when(conflict.appointment, conflict.starts_at, conflict.ends_at), what


def _who_and_when(appointment: Appointment, starts_at: datetime, ends_at: datetime) -> tuple[str, str, str]:
    url = desk_page("appointment", appointment.pk) or reverse(
        "admin:appointments_appointment_change", args=[appointment.pk]
    )
    zone = appointment.location.zone
    return url, appointment.customer.name, span(starts_at, ends_at, zone, languages.active(), "short")
