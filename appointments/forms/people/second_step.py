"""What is shown beside the password, and how it is set up."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from appointments.domain.second_step import showing
from appointments.forms.people.passwords import LONGEST

LONGEST_ANSWER = 20_000
"""Of a device that signs: keys with a certificate of their maker are the longest."""
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
NAME = {"autocomplete": "off"}


class PasskeyForm(forms.Form):
    """A passkey: what a browser says of it, as it stands in a hidden field."""

    credential = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """Empty where it is nothing that a browser writes: then no passkey accepts it."""
        try:
            found = json.loads(self.data.get("credential") or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class ShowForm(PasskeyForm):
    """One of the three, and which."""

    how = forms.ChoiceField(choices=[(one, one) for one in (showing.APP, showing.PASSKEY, showing.RECOVERY)])
    code = forms.CharField(required=False, max_length=40, label=_("Code"))


class AppForm(forms.Form):
    """The first code of a new app; `sealed` is the key that the page has shown."""

    sealed = forms.CharField(max_length=400, widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, label=_("Code that the app shows"), widget=forms.TextInput(attrs=CODE))


class NewPasskeyForm(PasskeyForm):
    """A device that has just signed, and what its owner calls it."""

    name = forms.CharField(
        max_length=60,
        label=_("Name of the passkey"),
        help_text=_("So that you know it again: the device on which it is."),
        widget=forms.TextInput(attrs=NAME),
    )

    def clean_credential(self) -> str:
        if not self.data.get("credential"):
            raise ValidationError(_now("The device has not answered yet. Press the button once more."))
        return str(self.cleaned_data["credential"])


class RenameForm(forms.Form):
    name = forms.CharField(max_length=60, label=_("Name of the passkey"), widget=forms.TextInput(attrs=NAME))


class ConfirmForm(forms.Form):
    """That it is still the one who signed in."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class ResetForm(forms.Form):
    """Why a colleague's second step is taken away."""

    why = forms.CharField(
        max_length=200,
        label=_("Why"),
        help_text=_("For instance: phone lost. It stands under “Who changed what”."),
        widget=forms.TextInput(attrs=NAME),
    )
