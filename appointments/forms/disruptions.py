"""What cannot take place, as a colleague says it at six in the morning: who or what, from when to when, and why."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.declare import Entry, usual_span
from appointments.domain.schedule.waking import last_quarter
from appointments.enums import DisruptionScope, ReasonAbout, ResourceKind
from appointments.forms.moments import in_utc, moment_field, shown_in
from appointments.forms.words import NoteForColleagues
from appointments.models import Disruption, Location, Reason, Resource

PLACE = "place"
DAY, UNTIL, SPAN, OPEN = "day", "until", "span", "open"
HOW_LONG = (
    (DAY, gettext_lazy("that day")),
    (UNTIL, gettext_lazy("from now on, until …")),
    (SPAN, gettext_lazy("from … to …")),
    (OPEN, gettext_lazy("nobody knows how long")),
)
ABOUT = {
    ResourceKind.PROVIDER: ReasonAbout.PERSON,
    ResourceKind.ROOM: ReasonAbout.ROOM,
    ResourceKind.EQUIPMENT: ReasonAbout.EQUIPMENT,
}
NEEDED = {
    UNTIL: {"ends": gettext_lazy("Say until when.")},
    SPAN: {"starts": gettext_lazy("Say from when."), "ends": gettext_lazy("Say until when.")},
    OPEN: {"news": gettext_lazy("Say by when you know more: customers without a time hear of us by then.")},
}


class DeclareForm(forms.Form):
    """`entry()` is what was said. `day`: that of the board on which it was begun; resources are those of one place."""

    what = forms.MultipleChoiceField(
        label=gettext_lazy("Who or what is not available?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick who or what is not available.")},
    )
    how_long = forms.ChoiceField(label=gettext_lazy("For how long?"), choices=HOW_LONG, widget=forms.RadioSelect)
    starts = moment_field(gettext_lazy("From"), required=False)
    ends = moment_field(gettext_lazy("Until"), required=False)
    news = moment_field(gettext_lazy("We know more by"), required=False)
    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True),
        label=gettext_lazy("Why?"),
        empty_label=gettext_lazy("Choose the reason"),
        error_messages={"required": gettext_lazy("Choose the reason: the customers are told it.")},
    )
    may_stand_in = forms.BooleanField(
        required=False, label=gettext_lazy("The same time with somebody else will do, where that is possible")
    )
    note = NoteForColleagues(
        required=False,
        max_length=300,
        label=gettext_lazy("Note for colleagues (optional)"),
        help_text=gettext_lazy("Never leaves the house. Nothing about anybody’s health, please."),
    )

    def __init__(self, data: Any = None, *, place: Location, day: date, now: datetime, first: str = "") -> None:
        self.place, self.day, self.now, self.zone = place, day, now, place.tzinfo
        self.resources = list(_in_use(place))
        starts, ends = usual_span(day, place, now=now)
        initial = {
            "what": [first] if first else [],
            "how_long": DAY,
            "starts": shown_in(starts, self.zone),
            "ends": shown_in(ends, self.zone),
            "may_stand_in": True,
        }
        super().__init__(data, initial=initial)
        whole = (PLACE, _("The whole of %(place)s") % {"place": place})
        self.fields["what"].choices = [*((str(one.pk), one.name) for one in self.resources), whole]  # type: ignore[attr-defined]
        self.fields["reason"].queryset = Reason.objects.filter(is_active=True).exclude(family="customer")  # type: ignore[attr-defined]
        self.fields["how_long"].choices = self._how_long()  # type: ignore[attr-defined]

    def clean_starts(self) -> datetime | None:
        return self._in_utc("starts")

    def clean_ends(self) -> datetime | None:
        return self._in_utc("ends")

    def clean_news(self) -> datetime | None:
        return self._in_utc("news")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = NEEDED.get(cleaned.get("how_long", ""), {})
        errors = {name: why for name, why in needed.items() if not cleaned.get(name) and name not in self.errors}
        news = cleaned.get("news")
        if "news" in needed and news and news <= self.now:
            errors["news"] = gettext_lazy("Choose an hour that lies ahead.")
        if errors:
            raise ValidationError(errors)
        return cleaned

    def entry(self) -> Entry:
        """Only after `is_valid`."""
        said = self.cleaned_data
        starts, ends = self._span(said)
        whole_place = PLACE in said["what"]
        return Entry(
            missing=WhatIsMissing(
                scope=DisruptionScope.PLACE if whole_place else DisruptionScope.RESOURCES,
                location=self.place,
                starts_at=starts,
                ends_at=ends,
                resource_ids=() if whole_place else tuple(sorted(int(pk) for pk in said["what"])),
            ),
            reason=said["reason"],
            note=said["note"],
            may_stand_in=said["may_stand_in"],
            next_news_at=said["news"] if said["how_long"] == OPEN else None,
        )

    def _span(self, said: dict[str, Any]) -> tuple[datetime, datetime | None]:
        now = last_quarter(self.now)
        if said["how_long"] == DAY:
            return usual_span(self.day, self.place, now=self.now)
        if said["how_long"] == UNTIL:
            return now, said["ends"]
        return (now, None) if said["how_long"] == OPEN else (said["starts"], said["ends"])

    def _how_long(self) -> list[tuple[str, Any]]:
        is_today = self.day == self.now.astimezone(self.zone).date()
        whole = (
            _("the rest of today") if is_today else _("the whole of %(day)s") % {"day": self.place.said_day(self.day)}
        )
        return [(DAY, whole), *HOW_LONG[1:]]

    def _in_utc(self, name: str) -> datetime | None:
        value: datetime | None = self.cleaned_data[name]
        return in_utc(value, self.zone) if value else None


class ChangeEndForm(forms.Form):
    """It lasts longer or shorter than was said: until `ends`, or nobody knows and there is `news` by then."""

    ends = moment_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: nobody knows yet."))
    news = moment_field(gettext_lazy("We know more by"), required=False)

    def __init__(self, data: Any = None, *, disruption: Disruption) -> None:
        self.zone = disruption.location.tzinfo
        shown = {"ends": disruption.ends_at, "news": disruption.next_news_at}
        super().__init__(data, initial={name: shown_in(value, self.zone) for name, value in shown.items() if value})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("ends", "news"):
            if cleaned.get(name):
                cleaned[name] = in_utc(cleaned[name], self.zone)
        if not self.errors and not cleaned.get("ends") and not cleaned.get("news"):
            raise ValidationError({"news": gettext_lazy("Say until when, or by when you know more.")})
        return cleaned


class ClosingForm(forms.Form):
    """What was learned; may be empty, and written later."""

    lessons = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("What we would do better (optional)"),
        help_text=gettext_lazy("About causes and how we work, never about who was to blame."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def usual_reason(resource: Resource | None) -> Reason | None:
    """What is told most often when this is missing: the first reason about such a thing."""
    about = ABOUT[ResourceKind(resource.kind)] if resource else ReasonAbout.PLACE
    return Reason.objects.filter(is_active=True, about=about).exclude(family="customer").first()


def _in_use(place: Location) -> QuerySet[Resource]:
    return place.resources.filter(is_active=True).order_by("position", "name")
