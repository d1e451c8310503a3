"""What no password may be, beside what Django refuses."""

import re
import unicodedata
from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST_NAME = 3
"""Shorter parts of a name are in half of all words."""


class WithoutOwnName:
    """Refuses a password that contains its owner's name: the first thing that somebody who knows her tries.

    Django compares the whole password with the whole name, so "sari-2026-garden" passes there.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError for any part of login, first and last name, and the e-mail address up to its @."""
        hidden = _plain(password)
        if any(part in hidden for part in _parts_of_name(user)):
            raise ValidationError(
                _("The password must not contain your name, your login or your e-mail address."),
                code="password_contains_name",
            )

    def get_help_text(self) -> str:
        return _("Your password must not contain your name, your login or your e-mail address.")


def _parts_of_name(user: AbstractBaseUser | None) -> Iterator[str]:
    for attribute in ("username", "first_name", "last_name", "email"):
        value = _plain(str(getattr(user, attribute, "") or "")).partition("@")[0]
        yield from (part for part in re.split(r"[\W_\d]+", value) if len(part) >= SHORTEST_NAME)
        if len(value) >= SHORTEST_NAME:
            yield value


def _plain(text: str) -> str:
    """Without capitals and accents, which hide nothing from somebody who guesses."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
