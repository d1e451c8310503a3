"""Words that a colleague writes to a customer."""

import re

from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _

PLACEHOLDER = re.compile(r"\{[^{}]*\}|\{\{|\}\}|\{%|%\}|\[\[|\]\]|\$\{")


def without_placeholders(words: str) -> str:
    """The words as they are. Raises `ValidationError` for what looks like a gap that somebody forgot to fill."""
    if found := PLACEHOLDER.search(words):
        raise ValidationError(
            _("“%(found)s” looks like a placeholder. Please write it out."), params={"found": found.group()}
        )
    return words
