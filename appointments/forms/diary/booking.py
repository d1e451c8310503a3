"""A new appointment: who, what, where, with whom and when, as it was agreed with the customer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain import customers
from appointments.domain.customers.merging import who_stays
from appointments.domain.diary.new import NewAppointment, OutsideHours
from appointments.domain.messages.recipients import can_be_written_to
from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts
from appointments.domain.schedule.requirements import providers_for, services_at
from appointments.domain.schedule.slots import Slot, free_slots
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import Manner
from appointments.errors import DomainError
from appointments.forms.customers import NewCustomerForm
from appointments.forms.diary.chosen_time import OTHER, ChosenTime, key_of
from appointments.forms.moments import in_utc, on_the_calendar
from appointments.forms.words import NoteForColleagues, WordsForCustomers, WritesToCustomers
from appointments.models import Appointment, Customer, Location, Service

NEW = "new"
WEEK = 7


@dataclass(frozen=True)
class FreeDay:
    """A day of the strip, with the slots that are free on it: one for each start."""

    day: date
    slots: tuple[Slot, ...]


class BookingForm(ChosenTime, WritesToCustomers):
    """`person` are the fields of somebody new. What the page was asked with (`asked`) stands there first."""

    place = forms.ModelChoiceField(Location.objects.none(), label=gettext_lazy("Where"), empty_label=None)
    customer = forms.CharField(required=False, max_length=20, label=gettext_lazy("Customer"))
    somebody_else = forms.BooleanField(required=False, label=gettext_lazy("It is somebody else"))
    service = forms.ModelChoiceField(
        Service.objects.none(), label=gettext_lazy("What"), empty_label=gettext_lazy("Choose the service")
    )
    manner = forms.TypedChoiceField(label=gettext_lazy("In which way"), coerce=Manner, widget=forms.RadioSelect)
    day = forms.DateField(
        required=False,
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[on_the_calendar],
    )
    insists = forms.BooleanField(required=False, label=gettext_lazy("Book it outside the hours all the same"))
    note = NoteForColleagues(
        required=False,
        max_length=500,
        label=gettext_lazy("Note for colleagues (optional)"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tells = forms.BooleanField(
        required=False, label=gettext_lazy("Send a confirmation with the calendar entry"), initial=True
    )
    personal_note = WordsForCustomers(
        required=False,
        max_length=600,
        label=gettext_lazy("A personal line (optional)"),
        help_text=gettext_lazy("Stands in the confirmation as you write it, with your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    nonce = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        asked: Mapping[str, Any],
        within: QuerySet[Location],
        usual: Location | None,
        now: datetime,
    ) -> None:
        """`within`: the places whose boards the reader sees; `usual`: where they work."""
        self.now, self.alike, self.is_outside = now, list[Customer](), False
        first = {"place": usual and usual.pk, "manner": Manner.USUAL, "tells": True, **asked}
        super().__init__(data, initial={**first, "nonce": secrets.token_urlsafe(16)})
        self.person = NewCustomerForm(data, initial={"name": first.get("name", "")})
        self._choices("place", within.filter(is_active=True))
        self.there: Location | None = self._chosen("place")
        self._choices("service", services_at(self.there) if self.there else Service.objects.none())
        self.what: Service | None = self._chosen("service")
        self._choices("provider", providers_for(self.what, self.there))
        manners = self.what.manners if self.what else [Manner.USUAL]
        self.fields["manner"].choices = [(one.value, one.label) for one in manners]  # type: ignore[attr-defined]

    def _choices(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _chosen(self, name: str) -> Any:
        """The row that is chosen; None where that cannot be read."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    @property
    def has_ways(self) -> bool:
        return len(self.fields["manner"].choices) > 1  # type: ignore[attr-defined]

    @cached_property
    def known(self) -> Customer | None:
        """The customer that is chosen, if they are known already."""
        value = str(self["customer"].value() or "")
        found = Customer.objects.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 18 else None
        return who_stays(found) if found else None

    @property
    def today(self) -> date | None:
        """On the clock of the place."""
        return self.now.astimezone(self.there.tzinfo).date() if self.there else None

    @cached_property
    def wanted_day(self) -> date | None:
        """The day that is asked for, today at the earliest; None while it is not known where."""
        asked: date | None = self._chosen("day")
        return max(asked, self.today) if asked and self.today else self.today

    @cached_property
    def strip(self) -> list[FreeDay]:
        """The week of that day, from Monday on, with what is free; the next one where nobody asked for a day and
        nothing is left of this. [] until it is known what is booked.
        """
        if self.what is None or self.there is None or self.wanted_day is None:
            return []
        monday = self.wanted_day - timedelta(days=self.wanted_day.weekday())
        week = self._week(self.what, self.there, monday)
        if self._chosen("day") is None and not any(day.slots for day in week):
            return self._week(self.what, self.there, monday + timedelta(days=WEEK))
        return week

    def _week(self, service: Service, place: Location, monday: date) -> list[FreeDay]:
        provider = self._chosen("provider")
        days = [monday + timedelta(days=number) for number in range(WEEK)]
        found: dict[date, dict[datetime, Slot]] = {day: {} for day in days}
        window = day_span(monday, place.tzinfo, last=days[-1])
        for slot in free_slots(service, place, window=window, now=self.now, at_once=True):
            if provider is None or slot.provider_id == provider.pk:
                found[slot.starts_at.astimezone(place.tzinfo).date()].setdefault(slot.starts_at, slot)
        return [FreeDay(day, tuple(slots.values())) for day, slots in found.items()]

    @property
    def week_before(self) -> date | None:
        """A day of it; None where all of it has passed."""
        before = self.strip[0].day - timedelta(days=1) if self.strip else None
        return before if before and self.today and before >= self.today else None

    @property
    def week_after(self) -> date | None:
        return self.strip[-1].day + timedelta(days=1) if self.strip else None

    @cached_property
    def shown(self) -> FreeDay | None:
        """The day whose times stand below: the one that is asked for, else the next with any that are free."""
        free = [one for one in self.strip if one.slots]
        return next((one for one in free if self.wanted_day and one.day >= self.wanted_day), free[0] if free else None)

    @property
    def picked(self) -> str:
        """The key of the time that is chosen: of those that are free, or another one."""
        said, typed = str(self["slot"].value() or ""), self._chosen("starts_at")
        keys = {key: slot.starts_at for key, slot in self.times()}
        if said in keys or said == OTHER or typed is None or self.there is None:
            return said
        try:
            moment = in_utc(typed.replace(tzinfo=None), self.there.tzinfo)
        except ValidationError:
            return OTHER
        return next((key for key, starts_at in keys.items() if starts_at == moment), OTHER)

    def times(self) -> list[tuple[str, Slot]]:
        """The free times of that day, each with its key."""
        provider = self._chosen("provider")
        pk = provider.pk if provider else None
        return [(key_of(slot, pk), slot) for slot in (self.shown.slots if self.shown else ())]

    def clean(self) -> dict[str, Any]:
        self.read_time()
        self._clean_customer()
        self._clean_note()
        return self.cleaned_data

    def _clean_note(self) -> None:
        """A line of one's own needs a letter that it stands in."""
        if not self.cleaned_data.get("personal_note"):
            return
        customer, place = self.known or self.person.instance, self.cleaned_data.get("place")
        if not self.cleaned_data.get("tells"):
            self.add_error("personal_note", _("This line would reach nobody: send the confirmation, or leave it out."))
        elif place and not can_be_written_to(Appointment(customer=customer, location=place)):
            self.add_error(
                "personal_note", _("This line would reach nobody: there is no way to write to them. Leave it out.")
            )

    def facts(self) -> Facts:
        place, service = self.cleaned_data.get("place"), self.cleaned_data.get("service")
        if place is None or service is None:
            return wording.NOTE
        customer = self.known or self.person.instance
        known = wording.about_many(place, [service], reads=[customer.reads])
        return replace(known, customer=customer.name)

    def _clean_customer(self) -> None:
        """Somebody known, or somebody new of whom a colleague says that it is nobody whom we know."""
        if self.known is not None:
            return
        if self.cleaned_data.get("customer") != NEW:
            self.add_error("customer", _("Choose who it is for, or write down somebody new."))
            return
        if not self.person.is_valid():
            self.add_error("customer", _("Something is missing of the new customer."))
            return
        self.alike = customers.alike(self.person.customer())
        if self.alike and not self.cleaned_data.get("somebody_else"):
            self.add_error("customer", _("We may know this person already: please look below."))

    def refuse(self, error: DomainError) -> None:
        """What the rules say of the time that was chosen; outside the hours a colleague may insist."""
        self.is_outside = isinstance(error, OutsideHours)
        self.add_error("insists" if self.is_outside else "starts_at", error.for_colleagues)

    def wanted(self) -> NewAppointment:
        said = self.cleaned_data
        return NewAppointment(
            customer=self.known or self.person.customer(),
            service=said["service"],
            location=said["place"],
            starts_at=said["starts_at"],
            provider_id=said["provider_id"],
            manner=said["manner"],
            note=said["note"],
            tells=said["tells"],
            personal_note=said["personal_note"].strip(),
            insists=said["insists"],
        )
