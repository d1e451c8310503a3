"""How somebody who was invited will sign in."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from appointments.forms.people.passwords import PasswordTwice
from appointments.models import Invitation


class JoinForm(PasswordTwice):
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
    field_order = ("name", "username", "password", "again")

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name, "username": invitation.email.partition("@")[0]})
        self._email = invitation.email

    def clean_username(self) -> str:
        name = User.normalize_username(str(self.cleaned_data["username"]))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_now("Somebody signs in with this name already. Please choose another one."))
        return name

    def owner(self) -> User:
        cleaned = self.cleaned_data
        first, __, last = str(cleaned.get("name", "")).partition(" ")
        names = {"first_name": first[:150], "last_name": last[:150]}
        return User(username=cleaned.get("username", ""), email=self._email, **names)
