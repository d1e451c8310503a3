"""How a file is to be read: its columns, its names, its place, its days."""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.imports.matching import ANYBODY
from appointments.domain.imports.page.chosen import Chosen
from appointments.domain.imports.page.columns import Column
from appointments.enums import ResourceKind
from appointments.models import Location, Resource, Service
from notifications.text import languages

LONGEST = timedelta(days=366 * 5)
NOT_READ, LEFT_OUT = "", "out"
FIELDS = {
    "customer_name": _lazy("name of the customer"),
    "first_name": _lazy("first name"),
    "last_name": _lazy("last name"),
    "customer_phone": _lazy("telephone"),
    "customer_email": _lazy("e-mail"),
    "customer_language": _lazy("language of the customer"),
    "service": _lazy("service"),
    "provider": _lazy("person who does it"),
    "location": _lazy("place"),
    "room": _lazy("room or device"),
    "start": _lazy("start: day and hour"),
    "date": _lazy("start: day"),
    "time": _lazy("start: hour"),
    "end": _lazy("end: day and hour, or hour"),
    "end_date": _lazy("end: day"),
    "end_time": _lazy("end: hour"),
    "duration": _lazy("length"),
    "zone": _lazy("time zone"),
    "all_day": _lazy("whole day, yes or no"),
    "show_as": _lazy("free or busy"),
    "status": _lazy("status"),
    "cancelled": _lazy("cancelled, yes or when"),
    "uid": _lazy("booking number"),
    "summary": _lazy("title"),
    "description": _lazy("description"),
    "note": _lazy("note for staff"),
    "updated": _lazy("last changed"),
}
"""The fields of `imports.reading.FIELDS`, as a receptionist would call them."""
ORDERS = (
    ("", _lazy("As the file tells")),
    ("dmy", _lazy("Day first: 03/04 is the 3rd of April")),
    ("mdy", _lazy("Month first: 03/04 is the 4th of March")),
    ("ymd", _lazy("Year first: 26/04/03 is the 3rd of April 2026")),
)


@dataclass(frozen=True)
class NameRow:
    """One word of the file for something of ours, how many rows say it, and the field that says what is meant."""

    said: str
    count: int
    field: Any


class ChoicesForm(forms.Form):
    """Everything that is to be said about a file. `columns` are those of the file, `unknown` what the last check has
    not found here: (kind, said, count).
    """

    location = forms.ModelChoiceField(
        Location.objects.filter(is_active=True),
        label=_lazy("Place"),
        help_text=_lazy("For rows that name none."),
        empty_label=None,
    )
    zone = forms.ChoiceField(required=False, label=_lazy("Time zone"), help_text=_lazy("Of hours that name none."))
    date_order = forms.ChoiceField(choices=ORDERS, required=False, label=_lazy("Order of day and month"))
    service = forms.ModelChoiceField(
        Service.objects.filter(is_active=True),
        required=False,
        label=_lazy("Service"),
        help_text=_lazy("For rows that name none."),
        empty_label=_lazy("The one whose length fits best"),
    )
    provider = forms.ModelChoiceField(
        Resource.objects.filter(is_active=True, kind=ResourceKind.PROVIDER),
        required=False,
        label=_lazy("Person"),
        help_text=_lazy("For rows that name none."),
        empty_label=_lazy("Whoever is free"),
    )
    first_day = forms.DateField(label=_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    language = forms.ChoiceField(required=False, label=_lazy("Language of new customers"))
    source = forms.CharField(
        required=False,
        max_length=20,
        label=_lazy("Name of the source"),
        help_text=_lazy("Only where two programs give the same booking numbers, or a note asks for it."),
    )
    all_day = forms.BooleanField(required=False, label=_lazy("Whole days are appointments as well"))
    newest = forms.BooleanField(required=False, label=_lazy("This file counts although a newer one was imported"))
    skip_errors = forms.BooleanField(required=False, label=_lazy("Leave wrong rows out and import the others"))

    def __init__(
        self,
        data: Any = None,
        *,
        chosen: Chosen,
        columns: Sequence[Column],
        unknown: Sequence[tuple[str, str, int]],
    ) -> None:
        super().__init__(data, initial={**chosen.as_json(), "language": chosen.language})
        self.chosen, self.columns = chosen, columns
        zones = [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]
        self.fields["zone"].choices = [("", _("That of the place")), *zones]  # type: ignore[attr-defined]
        kinds = [("", _("That of the business")), *((code, languages.name(code)) for code in languages.codes())]
        self.fields["language"].choices = kinds  # type: ignore[attr-defined]
        for number, column in enumerate(columns):
            self.fields[f"column_{number}"] = _column_field(column)
        self._names = _all_names(chosen, unknown)
        for name, (kind, said, _count) in self._names.items():
            kept = _chosen_for(kind, chosen).get(said, NOT_READ)
            self.fields[name] = _name_field(kind, said, LEFT_OUT if kept is None else str(kept))

    @property
    def column_rows(self) -> list[tuple[Column, Any]]:
        return [(column, self[f"column_{number}"]) for number, column in enumerate(self.columns)]

    @property
    def services(self) -> list[NameRow]:
        return self._rows("service")

    @property
    def people(self) -> list[NameRow]:
        return self._rows("person")

    @property
    def rooms(self) -> list[NameRow]:
        return self._rows("room")

    def _rows(self, kind: str) -> list[NameRow]:
        return [NameRow(said, count, self[name]) for name, (of, said, count) in self._names.items() if of == kind]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not be before the first one."))
        elif first and last and last - first > LONGEST:
            self.add_error("last_day", _("Please choose at most five years at once."))
        self._no_field_twice(cleaned)
        return cleaned

    def _no_field_twice(self, cleaned: dict[str, Any]) -> None:
        taken: dict[str, str] = {}
        for number, column in enumerate(self.columns):
            name = cleaned.get(f"column_{number}")
            if not name:
                continue
            if name in taken:
                sentence = _("“%(other)s” is taken for that already. Only one column can be it.")
                self.add_error(f"column_{number}", sentence % {"other": taken[name]})
            taken.setdefault(name, column.heading)

    def wanted(self) -> Chosen:
        said = self.cleaned_data
        pairs = [(column.heading, said[f"column_{number}"]) for number, column in enumerate(self.columns)]
        return Chosen(
            location=said["location"].pk,
            zone=said["zone"],
            date_order=said["date_order"],
            service=said["service"].pk if said["service"] else None,
            provider=said["provider"].pk if said["provider"] else None,
            first_day=said["first_day"].isoformat(),
            last_day=said["last_day"].isoformat(),
            language=said["language"],
            reader=languages.nearest(get_language() or ""),
            source=said["source"],
            newest=said["newest"],
            all_day=said["all_day"],
            skip_errors=said["skip_errors"],
            mapping={name: heading for heading, name in pairs if name},
            ignored=tuple(heading for heading, name in pairs if not name),
            services=self._meant("service"),
            people=self._meant("person"),
            rooms=self._meant("room"),
        )

    def _meant(self, kind: str) -> dict[str, int | None]:
        found = {said: self.cleaned_data[name] for name, (of, said, _count) in self._names.items() if of == kind}
        return {said: None if value == LEFT_OUT else int(value) for said, value in found.items() if value != NOT_READ}


def _column_field(column: Column) -> forms.ChoiceField:
    choices = [(NOT_READ, _("– not imported –")), *FIELDS.items()]
    return forms.ChoiceField(choices=choices, required=False, initial=column.field, label=column.heading)


def _all_names(chosen: Chosen, unknown: Sequence[tuple[str, str, int]]) -> dict[str, tuple[str, str, int]]:
    """The names by their fields: those that something is chosen for, and those that are not known."""
    counts = {(kind, said): count for kind, said, count in unknown}
    known = [(kind, said) for kind in ("service", "person", "room") for said in _chosen_for(kind, chosen)]
    every = sorted({*counts, *known})
    return {f"name_{number}": (*pair, counts.get(pair, 0)) for number, pair in enumerate(every)}


def _chosen_for(kind: str, chosen: Chosen) -> Mapping[str, int | None]:
    return {"service": chosen.services, "person": chosen.people, "room": chosen.rooms}[kind]


def _name_field(kind: str, said: str, initial: str) -> forms.ChoiceField:
    first = [(NOT_READ, _("– choose –")), (LEFT_OUT, _("Leave these rows out"))]
    if kind == "service":
        ours = [(str(one.pk), str(one)) for one in Service.objects.filter(is_active=True)]
    else:
        is_person = Q(kind=ResourceKind.PROVIDER)
        found = Resource.objects.filter(is_person if kind == "person" else ~is_person, is_active=True)
        ours = [
            (str(ANYBODY), _("Whoever is free") if kind == "person" else _("Whichever is free")),
            *((str(one.pk), f"{one.name} · {one.location}") for one in found.select_related("location")),
        ]
    return forms.ChoiceField(choices=[*first, *ours], required=False, initial=initial, label=said)
