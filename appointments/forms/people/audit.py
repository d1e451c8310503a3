"""What one looks for among the changes of the settings."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import name_of
from appointments.domain.pages import audit

LONGEST_CURSOR = 40
NATIVE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AuditForm(forms.Form):
    """Who, what, which, from when to when: nothing else is asked of the table. Days are those of the clock `zone`."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Who"), required=False, empty_label=_("everybody"))
    noun = forms.ChoiceField(label=_("What"), required=False)
    words = forms.CharField(label=_("Which"), required=False, max_length=100)
    since = forms.DateField(label=_("From"), required=False, widget=NATIVE)
    until = forms.DateField(label=_("To"), required=False, widget=NATIVE)
    before = forms.RegexField(
        r"\A\d{1,12}\.\d{6}~\d{1,18}\Z", required=False, max_length=LONGEST_CURSOR, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, zone: str) -> None:
        super().__init__(data)
        self._zone = ZoneInfo(zone)
        person, noun = self.fields["person"], self.fields["noun"]
        person.queryset = User.objects.order_by("first_name", "last_name", "username")  # type: ignore[attr-defined]
        person.label_from_instance = name_of  # type: ignore[attr-defined]
        noun.choices = [("", _("everything")), *audit.nouns()]  # type: ignore[attr-defined]

    def asked(self) -> audit.Asked:
        said = self.cleaned_data
        return audit.Asked(
            person=said["person"].pk if said["person"] else None,
            noun=said["noun"],
            words=said["words"],
            since=self._midnight(said["since"]) if said["since"] else None,
            until=self._midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
            before=_row(said["before"]) if said["before"] else None,
        )

    def clean_until(self) -> Any:
        """The last day that there is has no day after it."""
        day = self.cleaned_data["until"]
        return min(day, day.max - timedelta(days=2)) if day else day

    def _midnight(self, day: Any) -> datetime:
        return datetime.combine(max(day, day.min + timedelta(days=2)), time(), self._zone)


def _row(cursor: str) -> tuple[datetime, int]:
    seconds, __, pk = cursor.partition("~")
    whole, __, part = seconds.partition(".")
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(int(whole), 250_000_000_000), microseconds=int(part))
    return at, int(pk)
