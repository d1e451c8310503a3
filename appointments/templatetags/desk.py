"""Small parts of staff pages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse

from appointments.domain import own_words, reaching
from appointments.domain.pages.diary.scale import Scale
from appointments.domain.pages.queues.counts import ENOUGH
from appointments.domain.recovery.insults import insults, masked
from appointments.domain.schedule.spans import Span
from appointments.domain.setup import checklist
from appointments.roles import MAY_CHANGE_THE_BUSINESS
from notifications.text.when import Zone
from notifications.text.when import zone_name as name_of_zone

ROW = timedelta(minutes=5)
"""What one row of the board stands for."""
ROWS_AN_HOUR = 12
FOLDED_FROM, FOLDED_LINES, SHOWN_OF_FOLDED = 600, 12, 240
"""Characters and lines of somebody's words: from where on they are folded, and what is shown of them then."""

register = template.Library()


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(
    context: RequestContext,
    name: str,
    label: str,
    *,
    count: int | None = None,
    overdue: bool = False,
    also: str = "",
    key: str = "",
) -> dict[str, Any]:
    """One entry of the main navigation; absent while there is no page of that name.

    `count` stands beside it, and is refreshed by itself; None for an entry without one. `also`: names of further pages,
    separated by spaces, on which this entry is the current one. `key`: by which it opens, too.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = ""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match is not None and match.url_name in (name, *also.split())
    shown = {"url": url, "name": name, "label": label, "here": here}
    return {**shown, "count": count, "overdue": overdue, "key": key}


@register.inclusion_tag("components/checklist.html", takes_context=True)
def setup_checklist(context: RequestContext) -> dict[str, Any]:
    """What of the first day is left to do, for whoever may do it; nothing is asked for others."""
    user = getattr(context.get("request"), "user", None)
    may = user is not None and user.has_perm(MAY_CHANGE_THE_BUSINESS)
    return {"list": checklist.on_the_board() if may else None, "csrf_token": context.get("csrf_token")}


register.filter("said", own_words.said)
register.filter("noted", own_words.noted)
register.filter("masked", masked)


@register.filter
def at(numbers: Mapping[str, int], name: str) -> int:
    """What stands in `numbers` under a name that only the page knows; 0 for none."""
    return numbers.get(name, 0)


@register.filter
def many(number: int) -> str:
    """A number that was counted to `ENOUGH` at most: "999+" for so many or more."""
    return f"{ENOUGH - 1}+" if number >= ENOUGH else str(number)


@register.filter
def best_reached(reach: Mapping[str, Any] | None) -> str:
    """When a customer is reached best, of a promise's `reach`; "" for any time."""
    return reaching.in_words(reaching.parts_in(reach))


@register.inclusion_tag("components/words.html")
def words(text: str) -> dict[str, Any]:
    """Somebody's own words as a quotation. Folded when they are longer than a colleague reads at a glance; closed when
    they insult.
    """
    folded = len(text) > FOLDED_FROM or text.count("\n") > FOLDED_LINES
    return {"words": text, "folded": folded, "shown": SHOWN_OF_FOLDED, "insulting": insults(text)}


@register.filter
def rows(span: Span[datetime], on: Scale | Span[datetime]) -> str:
    """The classes that put `span` into its rows of the board (board/rows.css): from an hour and a row in it to another.

    `on` is what is drawn of the day: its scale, or a window in which hours lie as they pass. Cut to it, never less than
    one row.
    """
    if isinstance(on, Scale):
        return _classes(on.places(span), on.length)
    return _classes(Span(span.start - on.start, span.end - on.start), on.end - on.start)


@register.filter
def row(moment: datetime, on: Scale | Span[datetime]) -> str:
    """The same for a moment: the row it is in."""
    return rows(Span(moment, moment), on)


@register.filter
def gap_rows(scale: Scale) -> str:
    """The same for the hours that other days have and this one has not; "" where there are none."""
    return _classes(scale.gap, scale.length) if scale.gap else ""


def _classes(places: Span[timedelta], length: timedelta) -> str:
    first = max(0, places.start // ROW)
    last = max(min(-(-places.end // ROW), length // ROW), first + 1)
    (hour, part), (end_hour, end_part) = divmod(first, ROWS_AN_HOUR), divmod(last, ROWS_AN_HOUR)
    return f"h{hour} p{part} eh{end_hour} ep{end_part}"


@register.filter
def zone_name(moment: datetime, zone: Zone) -> str:
    """What people there call their time at that moment: WIB, CEST."""
    return name_of_zone(moment, zone)
