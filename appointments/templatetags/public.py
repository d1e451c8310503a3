"""Figures of pages that everybody may read."""

import math

from django.template import Library

from notifications.text import languages
from notifications.text.habits import habits

register = Library()


@register.filter
def as_number(value: float) -> str:
    """A figure as the language writes it, without a fraction of zero: 3, 3.5, 3,5."""
    return habits(languages.active()).number(value, places=0 if value == int(value) else 1)


@register.filter
def whole(value: float) -> int:
    """By which a language tells one from many: half an hour more than one are many."""
    return math.ceil(value)


@register.filter
def as_percent(share: float) -> str:
    """A share between 0 and 1 in whole per cent; never 100 where something is missing."""
    whole = int(share * 100) if share < 1 else 100
    return f"{whole}%"
