"""On which holidays a place is closed, and when else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.setup import repeats
from appointments.domain.setup.days import Day
from appointments.domain.setup.repeats import Repeats
from appointments.forms.moments import in_utc, moment_field
from appointments.models import Closure, Location


class YearForm(forms.Form):
    """The days of a year, ticked where the place is closed."""

    closed = forms.MultipleChoiceField(required=False, label=_("Closed"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, place: Location, days: Sequence[Day]) -> None:
        super().__init__(data, initial={"closed": [one.day.isoformat() for one in days if one.is_closed]})
        choices = [(one.day.isoformat(), f"{place.said_day(one.day)} · {one.name}") for one in days]
        self.fields["closed"].choices = choices  # type: ignore[attr-defined]

    def days(self) -> set[date]:
        return {date.fromisoformat(one) for one in self.cleaned_data["closed"]}


class ClosureForm(forms.Form):
    """From, until, by the clock of the place, and how often."""

    title = forms.CharField(label=_("What for"), max_length=120)
    starts_at = moment_field(_("From"))
    ends_at = moment_field(_("Until"))
    repeats = forms.ChoiceField(label=_("How often"), choices=Repeats.choices, required=False)

    def __init__(self, data: Any = None, *, place: Location) -> None:
        super().__init__(data)
        self.place = place

    def clean_starts_at(self) -> Any:
        return in_utc(self.cleaned_data["starts_at"].replace(tzinfo=None), self.place.tzinfo)

    def clean_ends_at(self) -> Any:
        return in_utc(self.cleaned_data["ends_at"].replace(tzinfo=None), self.place.tzinfo)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("ends_at", _("The end must be after the start."))
        return cleaned

    def closure(self) -> Closure:
        """Not saved yet."""
        said = self.cleaned_data
        first = said["starts_at"].astimezone(self.place.tzinfo).date()
        rule = repeats.rule(said["repeats"], first)
        return Closure(
            location=self.place, title=said["title"], starts_at=said["starts_at"], ends_at=said["ends_at"], rrule=rule
        )
