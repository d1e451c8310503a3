"""Why an appointment ends without a new time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.recovery import remarks, wording
from appointments.enums import Family
from appointments.models import Reason


class CancelForm(forms.Form):
    """Ending an appointment without a new time. The customer is told whose wish it is, and our reason."""

    OURS, THEIRS = "ours", "theirs"

    whose = forms.ChoiceField(
        label=_("Whose wish is it?"),
        choices=[(THEIRS, _("The customer asked for it")), (OURS, _("We have to cancel"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whose wish it is: the message to the customer depends on it.")},
    )
    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True).exclude(family=Family.CUSTOMER),
        required=False,
        label=_("What the customer is told as the reason"),
        empty_label=_("Choose the reason"),
    )
    note = forms.CharField(
        required=False,
        label=_("Why, for colleagues"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the history. Only colleagues read it. If the customer asked for it, it may stay empty."),
    )

    def clean(self) -> dict[str, Any]:
        ours = self.cleaned_data.get("whose") == self.OURS
        if ours and "reason" not in self.errors and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Choose the reason: the customer is told it."))
        if ours and "note" not in self.errors and not self.cleaned_data.get("note"):
            self.add_error("note", _("Write in a few words why, so that a colleague understands it later."))
        if ours and (found := wording.check(self.cleaned_data.get("note", ""), facts=wording.NOTE)):
            self.add_error("note", [remarks.said(one) for one in found])
        return self.cleaned_data

    def because(self) -> Reason | None:
        """Our reason; None when it is the customer's wish. Only after `is_valid`."""
        reason: Reason | None = self.cleaned_data["reason"]
        return reason if self.cleaned_data["whose"] == self.OURS else None
