"""The hours of a week: a line for each day."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from appointments.domain.setup import hours
from appointments.domain.setup.hours import NotHours
from appointments.enums import Weekday
from appointments.models import Location

LONGEST_LINE = 80


class WeekForm(forms.Form):
    """Empty is closed. `nights`: what ends before it begins goes on until the next day."""

    needs_a_day = True
    """Whether a week without any hours is refused: a place without hours would be open day and night."""

    def __init__(self, data: Any = None, *, week: hours.Week, nights: bool = False, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        for day in Weekday:
            self.fields[f"day_{day.value}"] = forms.CharField(
                required=False,
                label=day.label,
                max_length=LONGEST_LINE,
                initial=week.get(day.value, ""),
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("closed"), "class": "hours"}),
            )
        self.fields["nights"] = forms.BooleanField(
            required=False,
            initial=nights,
            label=_("Night shifts: hours that end before they begin end on “the next day”"),
        )

    def lines(self) -> list[BoundField]:
        return [self[f"day_{day.value}"] for day in Weekday]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for day in Weekday:
            name = f"day_{day.value}"
            try:
                hours.read(cleaned.get(name) or "", nights=bool(cleaned.get("nights")))
            except NotHours as error:
                self.add_error(name, error.message)
        if self.needs_a_day and not self.errors and not any(self.week().values()):
            self.add_error("day_0", _("Write the hours of one day at least. Day and night is 00:00–24:00."))
        return cleaned

    def week(self) -> dict[int, str]:
        return {day.value: self.cleaned_data.get(f"day_{day.value}") or "" for day in Weekday}

    @property
    def nights(self) -> bool:
        return bool(self.cleaned_data.get("nights"))


class OwnWeekForm(WeekForm):
    """Of a person, a room or a device, inside of the hours of their place; without any they are those of the place."""

    needs_a_day = False

    @property
    def is_typed(self) -> bool:
        """Whether somebody has written other hours than those that were proposed."""
        return self.is_bound and self.has_changed()

    def is_valid_beside(self, is_same: bool | None, *, place: Location | None, today: date) -> bool:
        """`is_same`: whether it was ticked that the hours are those of the place. Then nothing else may be typed, and
        otherwise something has to be, so that nothing typed is passed over.
        """
        if not self.is_valid():
            return False
        if is_same and self.has_changed():
            self.add_error("day_0", _("Other hours are typed here: take the tick at “the same hours” away."))
        if is_same is False and not any(self.week().values()):
            self.add_error("day_0", _("Write the hours of one day at least, or tick “the same hours”."))
        if place and not is_same:
            self._keep_inside(place, hours.week_of(place, today=today), days=self.changed_days())
        return not self.errors

    def is_valid_at(self, place: Location, *, today: date) -> bool:
        """Whether these can be the hours of somebody new."""
        if not self.is_valid():
            return False
        if not any(self.week().values()):
            self.add_error("day_0", _("Write the hours of one day at least, or those of the place."))
        else:
            self._keep_inside(place, hours.week_of(place, today=today), days=set(range(7)))
        return not self.errors

    def changed_days(self) -> set[int]:
        """What is there already stays: a place may have been open longer."""
        return {day.value for day in Weekday if f"day_{day.value}" in self.changed_data}

    def _keep_inside(self, place: Location, opened: hours.Week, *, days: Collection[int]) -> None:
        for day, outside in hours.beyond(self.week(), opened, nights=self.nights).items():
            if day not in days:
                continue
            known = {"place": place, "hours": opened[day], "outside": outside}
            said = _("%(place)s is open %(hours)s on this day: %(outside)s lies outside.")
            closed = _("%(place)s is closed on this day: %(outside)s lies outside.")
            self.add_error(f"day_{day}", (said if opened[day] else closed) % known)
