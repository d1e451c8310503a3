"""What cannot take place, as the page asks it: all of it, and from when to when. Reasons answer it as a rule."""

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
from appointments.forms.moments import WALL_CLOCK, in_utc, moment_field, shown_in
from appointments.models import AffectedAppointment, Appointment, Disruption, Reason

RESOURCE, PLACE, ITSELF, KNOWN = "resource", "place", "appointment", "known"


class OneOrMore(forms.CheckboxSelectMultiple):
    """Boxes of which all but one may be ticked together: the page unticks the others beside that one, and it."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        if value == ITSELF:
            option["attrs"]["data-alone"] = True
        return option


class MissingForm(forms.Form):
    """`missing()` is what was answered. While it has not been asked for this reason, the usual answer stands in it.

    Nothing is asked when the customer is who wants to move.
    """

    missing = forms.MultipleChoiceField(
        label=gettext_lazy("What cannot take place?"),
        widget=OneOrMore,
        choices=(),
        error_messages={
            "required": gettext_lazy("Say what cannot take place: a time that lies in it is not offered."),
            "invalid_choice": gettext_lazy("What cannot take place has changed meanwhile. Please look at it again."),
        },
    )
    missing_from = moment_field(gettext_lazy("From"), required=False)
    missing_until = moment_field(
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
        self.chosen: list[str] = self["missing"].value() or []

    @property
    def is_asked(self) -> bool:
        """Whether there is a reason, and it is one of ours."""
        return self.reason is not None and not self.reason.is_wish

    @cached_property
    def others(self) -> int:
        """How many others are booked in it."""
        if self.reason is not None and self.reason.is_wish:
            return 0
        known = [one for key, one in self.known.items() if key in self.chosen]
        stand = AffectedAppointment.objects.unsettled().filter(disruption__in=known)
        hit = set(stand.values_list("appointment", flat=True)) if known else set()
        if self.new_now is not None:
            hit |= {one.pk for one in affected.booked_in(self.new_now, now=self.now)}
        return len(hit - {self.appointment.pk})

    @cached_property
    def missing_now(self) -> WhatIsMissing | None:
        """What is answered now, as far as it can be read: what is new, else what is known already."""
        if self.new_now is None and self.disruption is not None:
            return causes.as_missing(self.disruption)
        return self.new_now

    @cached_property
    def new_now(self) -> WhatIsMissing | None:
        """What is answered now and not written down yet."""
        if self.reason is None or self.reason.is_wish:
            return None
        if not self.is_new and self.is_valid():
            return self.said()
        usual = self._usual_beside_known()
        return usual if usual is not None and (self.is_new or self.disruption is None) else None

    @property
    def disruption(self) -> Disruption | None:
        """The one that is written down already, when that was chosen; of several the newest."""
        if self.reason is not None and self.reason.is_wish:
            return None
        return next((one for key, one in self.known.items() if key in self.chosen), None)

    @cached_property
    def outages(self) -> list[Outage]:
        return causes.all_outages(self.appointment, self.missing_now)

    def said(self) -> WhatIsMissing | None:
        """What was answered that is new; the whole place has everybody and everything in it. Only after `is_valid`."""
        parts = [one.partition(":") for one in self.cleaned_data["missing"]]
        kinds = {kind for kind, __, __ in parts}
        if ITSELF in kinds:
            return causes.of_itself(self.appointment)
        if not kinds & {RESOURCE, PLACE}:
            return None
        whole_place = PLACE in kinds
        return WhatIsMissing(
            scope=DisruptionScope.PLACE if whole_place else DisruptionScope.RESOURCES,
            location=self.appointment.location,
            starts_at=self.cleaned_data["missing_from"],
            ends_at=self.cleaned_data["missing_until"],
            resource_ids=() if whole_place else tuple(sorted(int(pk) for kind, __, pk in parts if kind == RESOURCE)),
        )

    def lines(self) -> list[tuple[Any, Disruption | None]]:
        """The boxes in the order of the page, each with what is known already when it stands for that."""
        return [(box, self.known.get(str(box.data["value"]))) for box in self["missing"]]

    def posted(self) -> list[tuple[str, str]]:
        """What is answered now, as a browser would send it."""
        values: list[tuple[str, Any]] = [("missing", one) for one in self.chosen]
        values += [(name, self[name].value()) for name in self.fields if name != "missing"]
        shown = [(name, value.strftime(WALL_CLOCK) if isinstance(value, datetime) else value) for name, value in values]
        return [(name, str(value)) for name, value in shown if value]

    def clean_missing_from(self) -> datetime | None:
        return self._in_utc("missing_from")

    def clean_missing_until(self) -> datetime | None:
        return self._in_utc("missing_until")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        kinds = {one.partition(":")[0] for one in cleaned["missing"]}
        if ITSELF in kinds and len(kinds) > 1:
            alone = _("“Only this appointment” means that nothing else is missing. Untick it, or all the others.")
            raise ValidationError({"missing": alone})
        if kinds & {RESOURCE, PLACE} and cleaned["missing_from"] is None:
            raise ValidationError({"missing_from": _("Say from when.")})
        said = self.said()
        try:
            if said is not None:
                causes.must_hit(said, self.appointment)
        except DomainError as error:
            raise ValidationError(error.message) from error
        return cleaned

    def _in_utc(self, name: str) -> datetime | None:
        value: datetime | None = self.cleaned_data[name]
        return in_utc(value, self.zone) if value else None

    def _options(self) -> list[tuple[str, str]]:
        known = [(key, str(one)) for key, one in self.known.items()]
        return [*known, *((_value(one), self._label(one)) for one in causes.choices(self.appointment))]

    def _label(self, choice: causes.Missing) -> str:
        if choice.resource is not None:
            return choice.resource.name
        if _value(choice) == PLACE:
            return _("The whole of %(place)s") % {"place": self.appointment.location}
        return _("Only this appointment")

    def _usual(self) -> dict[str, Any]:
        if self.reason is None or self.reason.is_wish:
            return {"answered_for": self._mark()}
        # The usual span even where nothing is ticked that has one: it is there when something else is ticked.
        since, until = causes.usual_span(self.appointment, self.reason, now=self.now)
        usual = self._usual_beside_known()
        return {
            "missing": [*self.known, *(boxes_of(usual) if usual is not None else [])],
            "missing_from": shown_in(since, self.zone),
            "missing_until": shown_in(until, self.zone),
            "answered_for": self._mark(),
        }

    def _usual_beside_known(self) -> WhatIsMissing | None:
        """What the reason takes away as a rule, unless that is known already."""
        usual = causes.usual(self.appointment, self.reason, now=self.now) if self.reason else None
        if usual is None or any(causes.covers(causes.as_missing(one), usual) for one in self.known.values()):
            return None
        return usual

    def _mark(self) -> str:
        return str(self.reason.pk) if self.reason else ""

    def _reason_known(self) -> Reason | None:
        return next((one.reason for one in self.known.values() if one.reason is not None), None)


def _reason(data: Any) -> Reason | None:
    """The reason that is chosen on the page, if one is."""
    chosen = str(data.get("reason", "")) if data is not None else ""
    return Reason.objects.filter(pk=chosen, is_active=True).first() if chosen.isdecimal() else None


def boxes_of(missing: WhatIsMissing) -> list[str]:
    """The boxes that say it."""
    if missing.scope == DisruptionScope.RESOURCES:
        return [f"{RESOURCE}:{pk}" for pk in missing.resource_ids]
    return [PLACE if missing.scope == DisruptionScope.PLACE else ITSELF]


def _value(choice: causes.Missing) -> str:
    if choice.resource is not None:
        return f"{RESOURCE}:{choice.resource.pk}"
    return str(choice.about)
