"""Figures of reports as people read them.

{% load reports %}
{{ row.share|percent }}           12.5 %
{{ row.notice_hours|as_hours }}   3.5 h
"""

from django.template import Library

from appointments.admin.display import hours_text

register = Library()


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1; "–" for None."""
    return "–" if share is None else f"{round(share * 100)}\u00a0%"


@register.filter
def as_hours(hours: float | None) -> str:
    """A number of hours; "–" for None."""
    return hours_text(hours)
