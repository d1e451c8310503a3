"""What somebody typed as a time of day at a place, as the moment it stands for."""

from datetime import UTC, datetime, tzinfo

from django import forms
from django.utils.translation import gettext as _


def in_utc(shown: datetime, zone: tzinfo) -> datetime:
    """The moment at which a clock in `zone` shows `shown`. Raises ValidationError at the ends of the calendar."""
    try:
        return shown.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError as error:
        raise forms.ValidationError(_("There is no such day. Please choose another one.")) from error
