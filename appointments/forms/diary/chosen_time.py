"""The time that was agreed: one of those that are free, or another one that somebody has in mind."""

import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.schedule.slots import Slot
from appointments.forms.moments import QUARTERS, WALL_CLOCK, in_utc, must_be_near
from appointments.models import Location, Resource

OTHER = "other"
KEY = re.compile(r"^(\d{9,11})\.(\d{1,18})$", re.ASCII)


class ChosenTime(forms.Form):
    """`slot` is the key of a free time, or `other` for what `starts_at` shows on the clock of the place `there`."""

    slot = forms.CharField(required=False, max_length=40)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Another time"),
        required=False,
        input_formats=[WALL_CLOCK, f"{WALL_CLOCK}:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs=QUARTERS, format=WALL_CLOCK),
    )
    provider = forms.ModelChoiceField(
        Resource.objects.none(), required=False, label=gettext_lazy("With"), empty_label=gettext_lazy("whoever is free")
    )

    there: Location | None
    now: datetime

    def read_time(self) -> None:
        """Puts the moment into `starts_at`, and who is asked for into `provider_id`; faults stand at the time."""
        if "starts_at" in self.errors:
            return
        try:
            starts_at, provider_id = self._time(self.cleaned_data)
            must_be_near(starts_at, now=self.now)
        except ValidationError as error:
            self.add_error("starts_at", error)
        else:
            self.cleaned_data |= {"starts_at": starts_at, "provider_id": provider_id}

    def _time(self, said: dict[str, Any]) -> tuple[datetime, int | None]:
        if match := KEY.match(said.get("slot") or ""):
            return datetime.fromtimestamp(int(match[1]), tz=UTC), int(match[2]) or None
        if said.get("slot") in ("", OTHER, None) and said.get("starts_at") and self.there:
            moment = in_utc(said["starts_at"].replace(tzinfo=None), self.there.tzinfo)
            return moment, said["provider"].pk if said.get("provider") else None
        raise ValidationError(_("Choose the time that was agreed."))


def key_of(slot: Slot, provider_id: int | None) -> str:
    """By which a free time comes back; `provider_id` None: with whoever is free."""
    return f"{int(slot.starts_at.timestamp())}.{provider_id or 0}"
