"""What was agreed with the customer, on the phone or face to face."""

import copy
import secrets
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from appointments.domain.moving import drafts
from appointments.domain.moving.phone import agreed
from appointments.domain.moving.phone.agreed import Agreed
from appointments.domain.pages.diary.carrying import free_between
from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts
from appointments.domain.schedule.requirements import places_for, providers_for
from appointments.domain.schedule.slots import Slot, find_alternatives
from appointments.enums import Manner
from appointments.forms.diary.chosen_time import OTHER, ChosenTime, key_of
from appointments.forms.moments import in_utc, on_the_calendar
from appointments.forms.words import WordsForCustomers, WritesToCustomers
from appointments.models import Appointment, Location, Reason, Resource

SHOWN = 8


class AgreedForm(ChosenTime, WritesToCustomers):
    """Why, where, in which way and when: one of the free times there, or another one that somebody has in mind."""

    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True),
        label=gettext_lazy("Why does it move?"),
        empty_label=gettext_lazy("Choose the reason"),
    )
    place = forms.ModelChoiceField(Location.objects.none(), label=gettext_lazy("Where"), empty_label=None)
    manner = forms.TypedChoiceField(label=gettext_lazy("In which way"), coerce=Manner, widget=forms.RadioSelect)
    could_change = WordsForCustomers(
        required=False,
        max_length=190,
        label=gettext_lazy("What could still change (optional)"),
        help_text=gettext_lazy(
            "One sentence, which the customer reads: what may get in the way, and by when we will know."
        ),
        widget=forms.TextInput,
    )
    day = forms.DateField(
        required=False,
        widget=forms.HiddenInput,
        validators=[on_the_calendar],
    )
    nonce = forms.CharField(max_length=60, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        appointment: Appointment,
        within: QuerySet[Location],
        now: datetime,
        asked: dict[str, Any] | None = None,
    ) -> None:
        """`within`: the places whose boards the reader sees; `asked`: what the address tells beforehand."""
        self.appointment, self.now = appointment, now
        places = places_for(appointment.service)
        own, asked = appointment.location, asked or {}
        marks = {"nonce": secrets.token_urlsafe(16), "seen": drafts.state_of(appointment)}
        known = within.filter(pk__in={own.pk, *(one.pk for one in places)})
        asked_for = next((one.pk for one in known if one.code == asked.get("place")), own.pk)
        first = {"place": asked_for, "manner": appointment.manner, **marks, **self._time_of(asked)}
        super().__init__(data, initial=first if data is None else None)
        possible = dict.fromkeys([*appointment.service.manners, Manner(appointment.manner)])
        ways = [(one.value, one.label) for one in possible]
        self.fields["place"].queryset = known  # type: ignore[attr-defined]
        self.fields["manner"].choices = ways  # type: ignore[attr-defined]
        self.there = self._there()
        able = providers_for(appointment.service, self.there)
        self.fields["provider"].queryset = able  # type: ignore[attr-defined]

    def _time_of(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The time that a colleague has pointed at, or the day; without somebody else, with whom it is booked."""
        if not asked.get("starts_at"):
            return {name: asked[name] for name in ("day", "provider") if asked.get(name)}
        shown = asked["starts_at"].replace(tzinfo=None)
        return {"slot": OTHER, "starts_at": shown, "provider": asked.get("provider") or self.appointment.provider_id}

    def stands_against(self) -> str:
        """What is known against the time that the address has brought; "" also where it has brought none."""
        shown = None if self.is_bound else self.initial.get("starts_at")
        if shown is None or self.there is None:
            return ""
        try:
            starts_at = in_utc(shown, self.there.tzinfo)
        except ValidationError as error:
            return " ".join(error.messages)
        found = {"starts_at": starts_at, "provider_id": self.initial["provider"], "place": self.there}
        return agreed.stands_against(self.appointment, **found, now=self.now)

    def _there(self) -> Location | None:
        """The place that is chosen; None where that cannot be read."""
        try:
            found: Location = self.fields["place"].clean(self["place"].value())
        except ValidationError:
            return None
        return found

    def facts(self) -> Facts:
        return wording.about(self.appointment, reason=self.cleaned_data.get("reason"))

    @property
    def wanted_day(self) -> date | None:
        """The only day whose times are asked for; None where any will do, or where that cannot be read."""
        try:
            found: date | None = self.fields["day"].clean(self["day"].value())
        except ValidationError:
            return None
        return found

    def free(self) -> list[tuple[str, Slot, Resource | None]]:
        """Free times at the chosen place, each with its key and who it is with: all of the day that is asked for and of
        whom it is asked for, else the few that suit best.
        """
        if self.there is None:
            return []
        found = self._of_the_day(self.wanted_day, self.there) if self.wanted_day else self._best(self.there)
        people = Resource.objects.in_bulk({one.provider_id for one in found if one.provider_id})
        rows = [(key_of(one, one.provider_id), one, people.get(one.provider_id or 0)) for one in found]
        return sorted(rows, key=lambda row: row[1].starts_at)

    def _of_the_day(self, day: date, place: Location) -> list[Slot]:
        found = free_between(self.appointment, place, day, day, now=self.now)
        asked = str(self["provider"].value() or "")
        return [one for one in found if not asked or not one.provider_id or str(one.provider_id) == asked]

    def _best(self, place: Location) -> list[Slot]:
        asked = copy.copy(self.appointment)
        asked.location = place
        outages = agreed.out_of_reach(self.appointment, place, self.appointment.manner)
        found = find_alternatives(asked, now=self.now, limit=SHOWN, not_before=self.now, outages=outages)
        return [one.slot for one in found]

    def clean(self) -> dict[str, Any]:
        self.read_time()
        return self.cleaned_data

    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(
            reason=said["reason"],
            starts_at=said["starts_at"],
            provider_id=said["provider_id"],
            location=said["place"],
            manner=said["manner"],
            could_change=said["could_change"],
        )
