"""What the diary's pages are asked: a day, a page of a story, words to look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.enums import ResourceKind
from appointments.forms.moments import WALL_CLOCK, on_the_calendar

MOST = 2**63 - 1
"""The highest number that a row can have."""


class BoardForm(forms.Form):
    """What a board's address may ask besides place and day; nonsense is left out rather than complained about."""

    day = forms.DateField(required=False, validators=[on_the_calendar])
    kind = forms.ChoiceField(required=False, choices=ResourceKind.choices)
    service = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    resource = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    open = forms.IntegerField(required=False, min_value=1, max_value=MOST)


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
    after = forms.IntegerField(required=False, min_value=1, max_value=MOST)


class NewForm(forms.Form):
    """What the address of something new may tell beforehand: where one has clicked, who is on the phone, what was
    blocked there before.
    """

    place = forms.SlugField(required=False, max_length=60)
    day = forms.DateField(required=False, validators=[on_the_calendar])
    starts_at = forms.DateTimeField(required=False, input_formats=[WALL_CLOCK], validators=[on_the_calendar])
    provider = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    resource = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    ends_at = forms.DateTimeField(required=False, input_formats=[WALL_CLOCK], validators=[on_the_calendar])
    title = forms.CharField(required=False, max_length=60)
    weekly = forms.BooleanField(required=False)
    last_day = forms.DateField(required=False, validators=[on_the_calendar])
    customer = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    service = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    name = forms.CharField(required=False, max_length=150)


def told_beforehand(query: Any) -> dict[str, Any]:
    """What of it stands in an address and can be read."""
    form = NewForm(query)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
