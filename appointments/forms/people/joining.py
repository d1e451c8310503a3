"""How somebody who was invited will sign in."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from appointments.models import Invitation


class JoinForm(forms.Form):
    """Their name as colleagues and customers read it, the name they sign in with, and a password twice."""

    name = forms.CharField(
        max_length=150,
        label=_("Your name"),
        help_text=_("Colleagues and customers read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = forms.CharField(
        max_length=150,
        label=_("Name to sign in with"),
        help_text=_("Letters, digits and @ . + - _ only."),
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, not your own name, and not one that everybody uses."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name, "username": invitation.email.partition("@")[0]})
        self._email = invitation.email

    def clean_username(self) -> str:
        name = User.normalize_username(str(self.cleaned_data["username"]))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_now("Somebody signs in with this name already. Please choose another one."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _now("The two passwords are not the same. Please type both again."))
        elif password:
            first, __, last = str(cleaned.get("name", "")).partition(" ")
            owner = User(
                username=cleaned.get("username", ""), email=self._email, first_name=first[:150], last_name=last[:150]
            )
            try:
                password_validation.validate_password(password, owner)
            except ValidationError as refused:
                self.add_error("password", refused)
        return cleaned
