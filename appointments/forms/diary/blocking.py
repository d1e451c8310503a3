"""A time that is kept free of customers: of whom or what, from when to when, and under which private title."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.disruptions.blocking import EVERY_WEEK, BlockedTime, SomebodyIsThere
from appointments.domain.schedule.conflicts import Conflict, fingerprint
from appointments.domain.schedule.rrule import parse_rule
from appointments.forms.moments import in_utc, moment_field, must_be_near, shown_in
from appointments.forms.words import NoteForColleagues
from appointments.models import Absence, Resource
from appointments.models.resources import LONGEST_TITLE

AS_A_RULE = timedelta(hours=1)
LONGEST = timedelta(days=6)
"""Longer is an absence, and would meet itself when it returns every week."""


class BlockForm(forms.Form):
    """`wanted()` is what was said. `knowing` is ticked under the list of those who are in the way."""

    resource = forms.ModelChoiceField(
        Resource.objects.none(),
        label=gettext_lazy("Who or what is blocked"),
        empty_label=gettext_lazy("Choose somebody or something"),
    )
    title = NoteForColleagues(
        max_length=LONGEST_TITLE,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Read by you, by the person it is about and by managers. Others see “Blocked”."),
    )
    starts = moment_field(gettext_lazy("From"))
    ends = moment_field(gettext_lazy("Until"))
    weekly = forms.BooleanField(required=False, label=gettext_lazy("Every week at the same time"))
    last_day = forms.DateField(
        required=False,
        label=gettext_lazy("The last day (optional)"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    knowing = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, resources: QuerySet[Resource], first: Mapping[str, Any], now: datetime
    ) -> None:
        self.now, self.in_the_way = now, list[Conflict]()
        super().__init__(data, initial=dict(first))
        self.fields["resource"].queryset = resources  # type: ignore[attr-defined]
        self.fields["resource"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one} · {one.location}"
        )

    @property
    def tick(self) -> str:
        """What a tick stands for: exactly the list that is shown."""
        return fingerprint(self.in_the_way)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        zone = said["resource"].location.tzinfo if said.get("resource") else None
        for name in ("starts", "ends"):
            if zone and said.get(name):
                try:
                    said[name] = in_utc(said[name].replace(tzinfo=None), zone)
                    must_be_near(said[name], now=self.now)
                except ValidationError as error:
                    self.add_error(name, error)
        if zone and said.get("starts") and said.get("ends"):
            if said["ends"] <= said["starts"]:
                self.add_error("ends", _("The end must be after the start."))
            elif said["ends"] - said["starts"] > LONGEST:
                self.add_error("ends", _("That is longer than six days: say that they are not available instead."))
            last_day = said.get("last_day")
            if last_day and said.get("weekly") and last_day < said["starts"].astimezone(zone).date():
                self.add_error("last_day", _("The last day is before the first."))
        return said

    def wanted(self) -> BlockedTime:
        said = self.cleaned_data
        return BlockedTime(
            resource=said["resource"],
            starts_at=said["starts"],
            ends_at=said["ends"],
            title=said["title"],
            weekly=said["weekly"],
            last_day=said["last_day"] if said["weekly"] else None,
        )

    def refuse(self, error: Any) -> None:
        """Says why it was not blocked, and whom it would hit."""
        self.add_error(None, error.message)
        if isinstance(error, SomebodyIsThere):
            self.in_the_way = error.hits


def asked_first(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the form begins with where somebody has clicked on a free place of a board."""
    first: dict[str, Any] = {name: said[name] for name in ("title", "weekly", "last_day") if said.get(name)}
    first["resource"] = said.get("resource") or said.get("provider")
    if said.get("starts_at"):
        first["starts"] = said["starts_at"].replace(tzinfo=None)
        first["ends"] = (said.get("ends_at") or said["starts_at"] + AS_A_RULE).replace(tzinfo=None)
    return first


def as_it_is(absence: Absence) -> dict[str, Any]:
    """What the form begins with where a time is blocked already."""
    zone = absence.resource.location.tzinfo
    last = parse_rule(absence.rrule).last_on_the_wall(zone) if absence.rrule else None
    return {
        "resource": absence.resource_id,
        "title": absence.title,
        "starts": shown_in(absence.starts_at, zone),
        "ends": shown_in(absence.ends_at, zone),
        "weekly": absence.rrule.startswith(EVERY_WEEK),
        "last_day": last and last.date(),
    }
