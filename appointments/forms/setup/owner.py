"""Who the first visitor is, and the code that says they may be the owner."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from appointments.domain.setup import countries
from notifications.text import languages

NEW_PASSWORD = {"autocomplete": "new-password"}


class OwnerForm(forms.ModelForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("It stands in the window where the program was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(label=_("Country"), help_text=_("Decides what is proposed to you next."))
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least eight characters; several words are best."),
        widget=forms.PasswordInput(attrs=NEW_PASSWORD, render_value=True),
    )

    class Meta:
        model = User
        fields = ("code", "country", "first_name", "last_name", "email", "username", "password")
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "email": _("E-mail"),
            "username": _("Name to sign in with"),
        }
        help_texts = {"username": _("Short and without blanks, for instance your first name.")}

    def __init__(self, data: Any = None, *, country: str) -> None:
        super().__init__(data, initial={"country": country})
        self.fields["country"].choices = countries.choices(languages.active())  # type: ignore[attr-defined]
        for name in ("first_name", "email"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            known = {name: cleaned.get(name) or "" for name in ("username", "first_name", "last_name", "email")}
            try:
                validate_password(password, User(**known))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
