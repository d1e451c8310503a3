"""Choosing a password, and asking for a link to do so."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

LONGEST = 4096


def _box(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class PasswordTwice(forms.Form):
    """A new password, typed twice, held to the rules for its `owner`."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST,
        widget=_box("new-password"),
        help_text=_("At least eight characters, not your own name, and not one that everybody uses."),
    )
    again = forms.CharField(
        label=_("The same password again"), strip=False, max_length=LONGEST, widget=_box("new-password")
    )

    def owner(self) -> User:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _now("The two passwords are not the same. Please type both again."))
        elif password:
            try:
                password_validation.validate_password(password, self.owner())
            except ValidationError as refused:
                self.add_error("password", refused)
        return cleaned


class NewPasswordForm(PasswordTwice):
    """By a link."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self._user = user

    def owner(self) -> User:
        return self._user


class OwnPasswordForm(NewPasswordForm):
    """By whoever is signed in, who has to know the one that counts until now."""

    now = forms.CharField(
        label=_("The password you have now"), strip=False, max_length=LONGEST, widget=_box("current-password")
    )

    field_order = ("now", "password", "again")

    def __init__(self, data: Any = None, *, user: User, is_right: Callable[[str], bool]) -> None:
        super().__init__(data, user=user)
        self._is_right = is_right

    def clean_now(self) -> str:
        said = str(self.cleaned_data["now"])
        if not self._is_right(said):
            raise ValidationError(_now("This is not your password. It tells capital from small letters."))
        return said


class ForgottenForm(forms.Form):
    """To which address the link goes."""

    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
