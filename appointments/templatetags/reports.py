"""Figures of reports as people read them.

{% load reports %}
{{ row.share|percent }}           12.5 %
{{ row.notice_hours|as_hours }}   3.5 h
{{ row.later_days|as_days }}      2.5 days
"""

from django.template import Library
from django.utils.formats import number_format
from django.utils.translation import ngettext

from appointments.admin.display import hours_text

register = Library()


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1; "–" for None."""
    return "–" if share is None else f"{round(share * 100)}\u00a0%"


@register.filter
def as_days(days: float | None) -> str:
    """A number of days, with one digit after the point where there is something to say; "–" for None. Fewer than none
    are so many sooner.
    """
    if days is None:
        return "–"
    shown = round(abs(days), 1)
    figure = {"days": number_format(shown, 0 if shown == int(shown) else 1)}
    count = 1 if shown == 1 else 2
    if days < 0 < shown:
        return ngettext("%(days)s day sooner", "%(days)s days sooner", count) % figure
    return ngettext("%(days)s day", "%(days)s days", count) % figure


@register.filter
def as_hours(hours: float | None) -> str:
    """A number of hours; "–" for None."""
    return hours_text(hours)
