"""Filters over notifications.text.when, for messages and pages alike.

    {% load when %}
    {{ offer.starts_at|when:zone }}       Tuesday, 24 November 2026 at 14:30 WIB
    {{ offer.starts_at|when_short:zone }} Tue 24 Nov, 14:30 WIB
    {{ offer.starts_at|day:zone }}        Tuesday, 24 November 2026        (day_short: Tue 24 Nov; weekday: Tuesday)
    {{ offer.starts_at|hour:zone }}       14:30 WIB                        (clock: 14:30, where the zone stands beside)
    {% window start end zone %}           13:00–15:00 WIB                  (span: with the day; span_short)
    {{ promise.due_at|left:now }}         in 3 h

The value is an aware datetime or its ISO text, the zone an IANA name or a tzinfo. Filters speak the active language;
the tags prefer the context's `language`. An empty value gives an empty text; a wrong one is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template import Context, Library

from notifications.text import languages
from notifications.text import when as writing

register = Library()


def language_of(context: Context) -> str:
    """The language of the message or page that is being written."""
    given = context.get("language")
    return given if isinstance(given, str) and given else languages.active()


def _filter(name: str, write: Callable[..., str], *options: str) -> None:
    def in_active_language(moment: Any, zone: Any) -> str:
        return write(moment, zone, languages.active(), *options) if moment else ""

    register.filter(name, in_active_language)


_filter("when", writing.when)
_filter("when_short", writing.when, "short")
_filter("day", writing.day)
_filter("day_short", writing.day, "short")
_filter("weekday", writing.weekday)
_filter("hour", writing.hour)
_filter("clock", writing.clock)


@register.filter
def left(moment: Any, now: datetime) -> str:
    """How far `moment` is from `now`, which the view has read once."""
    return writing.left(moment, now, languages.active()) if moment else ""


@register.simple_tag(takes_context=True)
def window(context: Context, start: Any, end: Any, zone: Any) -> str:
    return writing.window(start, end, zone, language_of(context))


@register.simple_tag(takes_context=True)
def span(context: Context, start: Any, end: Any, zone: Any) -> str:
    return writing.span(start, end, zone, language_of(context))


@register.simple_tag(takes_context=True)
def span_short(context: Context, start: Any, end: Any, zone: Any) -> str:
    return writing.span(start, end, zone, language_of(context), "short")
