"""What cannot take place, as the page asks it: one thing, and from when to when. Reasons answer it as a rule."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain import affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import causes
from appointments.domain.schedule.outages import Outage
from appointments.enums import DisruptionScope
from appointments.errors import DomainError
from appointments.forms.moments import in_utc
from appointments.models import Appointment, Disruption, Reason

RESOURCE, PLACE, ITSELF, KNOWN = "resource", "place", "appointment", "known"
WALL_CLOCK = "%Y-%m-%dT%H:%M"


def _moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL_CLOCK)
    formats = [WALL_CLOCK, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, **options)


class MissingForm(forms.Form):
    """`missing()` is what was answered. While it has not been asked for this reason, the usual answer stands in it.

    Nothing is asked when the customer is who wants to move.
    """

    missing = forms.ChoiceField(
        label=gettext_lazy("What cannot take place?"), widget=forms.RadioSelect, choices=(), required=True
    )
    missing_from = _moment_field(gettext_lazy("From"), required=False)
    missing_until = _moment_field(
        gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: nobody knows yet.")
    )
    answered_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, appointment: Appointment, now: datetime) -> None:
        self.appointment, self.now = appointment, now
        self.zone = appointment.location.tzinfo
        self.known = {f"{KNOWN}:{one.pk}": one for one in causes.known(appointment)}
        self.reason = _reason(data) or self._reason_known()
        self.is_new = data is None or data.get("answered_for", "") != self._mark()
        super().__init__(None if self.is_new else data, initial=self._usual() if self.is_new else None)
        self.fields["missing"].choices = self._options()  # type: ignore[attr-defined]

    @property
    def is_asked(self) -> bool:
        """Whether there is a reason, and it is one of ours."""
        return self.reason is not None and not self.reason.is_wish

    @cached_property
    def others(self) -> int:
        """How many others are booked in it."""
        missing = self.missing_now
        if missing is None or missing.appointment is not None:
            return 0
        return sum(one.pk != self.appointment.pk for one in affected.booked_in(missing, now=self.now))

    @cached_property
    def missing_now(self) -> WhatIsMissing | None:
        """What is answered now, as far as it can be read."""
        if self.reason is not None and self.reason.is_wish:
            return None
        if self.disruption is not None:
            return causes.as_missing(self.disruption)
        if self.reason is None:
            return None
        if self.is_new or not self.is_valid():
            return causes.usual(self.appointment, self.reason, now=self.now)
        return self.said()

    @property
    def disruption(self) -> Disruption | None:
        """The one that is written down already, when that was chosen."""
        if self.reason is not None and self.reason.is_wish:
            return None
        chosen = self.initial.get("missing") if self.is_new else self.data.get("missing")
        return self.known.get(chosen or "")

    @property
    def outages(self) -> list[Outage]:
        return causes.all_outages(self.appointment, self.missing_now)

    def said(self) -> WhatIsMissing:
        """What was answered, when it is new. Only after `is_valid`."""
        kind, __, pk = self.cleaned_data["missing"].partition(":")
        if kind == ITSELF:
            return causes.of_itself(self.appointment)
        return WhatIsMissing(
            scope=DisruptionScope.PLACE if kind == PLACE else DisruptionScope.RESOURCES,
            location=self.appointment.location,
            starts_at=self.cleaned_data["missing_from"],
            ends_at=self.cleaned_data["missing_until"],
            resource_ids=(int(pk),) if kind == RESOURCE else (),
        )

    def posted(self) -> list[tuple[str, str]]:
        """What is answered now, as a browser would send it."""
        values = [(name, self[name].value()) for name in self.fields]
        shown = [(name, value.strftime(WALL_CLOCK) if isinstance(value, datetime) else value) for name, value in values]
        return [(name, str(value)) for name, value in shown if value]

    def clean_missing_from(self) -> datetime | None:
        return self._in_utc("missing_from")

    def clean_missing_until(self) -> datetime | None:
        return self._in_utc("missing_until")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.errors or cleaned["missing"].partition(":")[0] not in (RESOURCE, PLACE):
            return cleaned
        if cleaned["missing_from"] is None:
            raise ValidationError({"missing_from": _("Say from when.")})
        try:
            causes.must_hit(self.said(), self.appointment)
        except DomainError as error:
            raise ValidationError(error.message) from error
        return cleaned

    def _in_utc(self, name: str) -> datetime | None:
        value: datetime | None = self.cleaned_data[name]
        return in_utc(value, self.zone) if value else None

    def _options(self) -> list[tuple[str, str]]:
        known = [(key, self._known_label(one)) for key, one in self.known.items()]
        return [*known, *((_value(one), self._label(one)) for one in causes.choices(self.appointment))]

    def _label(self, choice: causes.Missing) -> str:
        if choice.resource is not None:
            return choice.resource.name
        if _value(choice) == PLACE:
            return _("The whole of %(place)s") % {"place": self.appointment.location}
        return _("Only this appointment")

    def _known_label(self, disruption: Disruption) -> str:
        names = ", ".join(one.name for one in disruption.resources.all()) or str(disruption.location)
        return _("Known already: %(what)s") % {"what": names}

    def _usual(self) -> dict[str, Any]:
        if self.known:
            return {"missing": next(iter(self.known)), "answered_for": self._mark()}
        usual = causes.usual(self.appointment, self.reason, now=self.now) if self.reason else None
        if usual is None:
            return {"answered_for": self._mark()}
        if usual.scope == DisruptionScope.RESOURCES:
            chosen = f"{RESOURCE}:{usual.resource_ids[0]}"
        else:
            chosen = PLACE if usual.scope == DisruptionScope.PLACE else ITSELF
        return {
            "missing": chosen,
            "missing_from": self._shown(usual.starts_at),
            "missing_until": self._shown(usual.ends_at) if usual.ends_at else None,
            "answered_for": self._mark(),
        }

    def _shown(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _mark(self) -> str:
        return str(self.reason.pk) if self.reason else ""

    def _reason_known(self) -> Reason | None:
        return next((one.reason for one in self.known.values() if one.reason is not None), None)


def _reason(data: Any) -> Reason | None:
    """The reason that is chosen on the page, if one is."""
    chosen = str(data.get("reason", "")) if data is not None else ""
    return Reason.objects.filter(pk=chosen, is_active=True).first() if chosen.isdecimal() else None


def _value(choice: causes.Missing) -> str:
    if choice.resource is not None:
        return f"{RESOURCE}:{choice.resource.pk}"
    return str(choice.about)
