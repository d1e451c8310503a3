"""What is corrected of an appointment without moving it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.diary import details
from appointments.forms.words import note_beside
from appointments.models import Appointment

SHORTEST, LONGEST = 5, 24 * 60
"""Minutes."""
LONGEST_NOTE = 500


class DetailsForm(forms.Form):
    """The note of the house, and how long it takes."""

    note = forms.CharField(
        required=False,
        label=_("Note for colleagues"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only colleagues read it."),
    )
    minutes = forms.IntegerField(
        label=_("How long it takes (minutes)"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("It begins when it did, and the customer is not written to."),
    )
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        self.appointment = appointment
        length = appointment.duration // timedelta(minutes=1)
        seen = details.state_of(appointment)
        super().__init__(data, initial={"note": appointment.note, "minutes": length, "seen": seen})

    def clean_note(self) -> str:
        return note_beside(self.cleaned_data["note"], str(self.appointment.note), longest=LONGEST_NOTE)

    def length(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])
