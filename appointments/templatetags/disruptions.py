"""What a plan says of each of its lines."""

from django import template

from appointments.domain.disruptions.planning import wording
from appointments.models import PlanLine

register = template.Library()


@register.filter
def why_this(line: PlanLine) -> str:
    """Why this customer gets this time."""
    return wording.why(line.why)


@register.filter
def what_it_takes(line: PlanLine) -> str:
    """What it would take to find a time."""
    return wording.lack(line.lack, location=line.appointment.location)
