"""The same again: how often, and which of those times."""

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.diary.repeating import MOST_TIMES, Again, look, times
from appointments.models import Appointment

LONGEST = 52
"""Weeks."""


class RepeatForm(forms.Form):
    """Every so many weeks, so often; `start` holds the ticked ones of the times that this gives."""

    weeks = forms.IntegerField(
        label=_("Every how many weeks"), min_value=1, max_value=LONGEST, initial=1, widget=forms.NumberInput
    )
    count = forms.IntegerField(label=_("How many times more"), min_value=1, max_value=MOST_TIMES, initial=1)
    tells = forms.BooleanField(
        required=False, label=_("Send one confirmation for all, with the calendar entries"), initial=True
    )
    nonce = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, appointment: Appointment, now: datetime) -> None:
        self.appointment, self.now = appointment, now
        super().__init__(data, initial={"nonce": secrets.token_urlsafe(16)})

    @property
    def is_new(self) -> bool:
        """Whether these times are looked at for the first time."""
        return self.data.get("step") != "send"

    @cached_property
    def rows(self) -> list[tuple[Again, bool]]:
        """The times that this gives, each with whether it is ticked: at first all that are free."""
        weeks, count = (self._number(name) for name in ("weeks", "count"))
        if weeks is None or count is None:
            return []
        found = look(self.appointment, times(self.appointment, weeks=weeks, count=count), now=self.now)
        is_ticked = {int(one) for one in self._sent() if one.isascii() and one.isdecimal() and len(one) < 12}
        return [(one, not one.why_not and (self.is_new or _key(one) in is_ticked)) for one in found]

    def _number(self, name: str) -> int | None:
        try:
            number: int = self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None
        return number

    def _sent(self) -> list[str]:
        return list(self.data.getlist("start")) if hasattr(self.data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.starts():
            self.add_error(None, _("Tick at least one time that is free."))
        return self.cleaned_data

    def starts(self) -> list[datetime]:
        """The ticked ones that are among those times, and free."""
        sent = set(self._sent())
        free = [one for one, _ticked in self.rows if not one.why_not]
        return [datetime.fromtimestamp(_key(one), tz=UTC) for one in free if str(_key(one)) in sent]


def _key(one: Again) -> int:
    return int(one.starts_at.timestamp()) if one.starts_at else 0
