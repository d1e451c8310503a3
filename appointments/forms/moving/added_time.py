"""One time more than those that are proposed."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.schedule.requirements import providers_for
from appointments.domain.schedule.slots import slot_at
from appointments.enums import Why
from appointments.errors import DomainError
from appointments.forms.missing import MissingForm
from appointments.forms.moments import in_utc, must_be_near
from appointments.forms.moving.proposing import key_of
from appointments.models import Resource


class AddTimeForm(forms.Form):
    """One time that a colleague has in mind, also outside the open hours."""

    add_day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    add_time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    add_provider = forms.ModelChoiceField(
        Resource.objects.none(), required=False, label=_("With"), empty_label=_("whoever is free")
    )

    def __init__(self, data: Any = None, *, question: MissingForm) -> None:
        self.appointment, self.now, self.outages = question.appointment, question.now, question.outages
        appointment = self.appointment
        self.key = ""
        super().__init__(data)
        able = providers_for(appointment.service, appointment.location)
        self.fields["add_provider"].queryset = able  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        day: date | None = self.cleaned_data.get("add_day")
        clock: time | None = self.cleaned_data.get("add_time")
        if day is None or clock is None:
            return self.cleaned_data
        starts_at = in_utc(datetime.combine(day, clock), self.appointment.location.tzinfo)
        must_be_near(starts_at, now=self.now)
        provider: Resource | None = self.cleaned_data.get("add_provider")
        try:
            slot = slot_at(
                self.appointment,
                starts_at=starts_at,
                provider_id=provider.pk if provider else None,
                now=self.now,
                outages=self.outages,
            )
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        self.key = key_of(slot, Why.STAFF_CHOICE)
        return self.cleaned_data
