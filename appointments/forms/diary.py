"""What the diary's pages are asked: a day, words to look for, why an appointment ends."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from appointments.domain.recovery import remarks, wording
from appointments.enums import Family, ResourceKind
from appointments.models import Reason


class BoardForm(forms.Form):
    """What a board's address may ask besides place and day; nonsense is left out rather than complained about."""

    day = forms.DateField(
        required=False, validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
    )
    kind = forms.ChoiceField(required=False, choices=ResourceKind.choices)
    open = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class StoryForm(forms.Form):
    """Which page of a story, the first being the newest."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1000)


class SearchForm(forms.Form):
    q = forms.CharField(
        required=False,
        max_length=100,
        label=_("Search"),
        error_messages={
            "max_length": _("That is too long to look for. A name, a phone number or an e-mail address is enough."),
            "null_characters_not_allowed": _("This holds characters that nobody can type. Please type it again."),
        },
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


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
        label=_("Why, for colleagues"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the history. Only colleagues read it."),
        error_messages={"required": _("Write in a few words why, so that a colleague understands it later.")},
    )

    def clean(self) -> dict[str, Any]:
        ours = self.cleaned_data.get("whose") == self.OURS
        if ours and "reason" not in self.errors and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Choose the reason: the customer is told it."))
        if ours and (found := wording.check(self.cleaned_data.get("note", ""), facts=wording.NOTE)):
            self.add_error("note", [remarks.said(one) for one in found])
        return self.cleaned_data

    def because(self) -> Reason | None:
        """Our reason; None when it is the customer's wish. Only after `is_valid`."""
        reason: Reason | None = self.cleaned_data["reason"]
        return reason if self.cleaned_data["whose"] == self.OURS else None
