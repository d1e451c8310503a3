"""What a booked customer sends to move by themselves: a start and a person, as the page wrote them."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from appointments.domain.schedule.slots import Slot
from appointments.forms.answer import LARGEST, AnswerForm

PLEASE_CHOOSE = _("Please choose one of the times first.")


def in_form(slot: Slot) -> str:
    """A time as a button carries it: its start in seconds, then whom it is with, 0 for nobody in particular."""
    return f"{int(slot.starts_at.timestamp())}.{slot.provider_id or 0}"


class MoveForm(AnswerForm):
    time = forms.CharField(
        max_length=40,
        validators=[RegexValidator(r"^\d{1,10}\.\d{1,18}\Z", PLEASE_CHOOSE)],
        error_messages={"required": PLEASE_CHOOSE, "max_length": PLEASE_CHOOSE},
    )
    seen = forms.IntegerField(min_value=0, max_value=LARGEST)

    @property
    def first_problem(self) -> str:
        return str((self.errors.get("time") or [PLEASE_CHOOSE])[0])

    def chosen(self) -> dict[str, Any]:
        """As `own_choice.move` takes it. Only after `is_valid`."""
        seconds, _dot, provider = self.cleaned_data["time"].partition(".")
        start = datetime.fromtimestamp(int(seconds), tz=UTC)
        said = {"seen": self.cleaned_data["seen"], "nonce": f"{self.cleaned_data['nonce']}.move"}
        return {"to": (start, int(provider) or None), **said}
