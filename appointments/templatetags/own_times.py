"""Times as the page of free times writes them into its buttons."""

from datetime import datetime

from django.template import Library

from appointments.domain.schedule.slots import Slot
from appointments.forms import own_choice
from notifications.text.when import zone_name

register = Library()


@register.filter
def in_form(slot: Slot) -> str:
    return own_choice.in_form(slot)


@register.filter
def zone_at(moment: datetime, zone: str) -> str:
    """The letters of the zone, for hours that stand without it."""
    return zone_name(moment, zone)
