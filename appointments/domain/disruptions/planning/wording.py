"""What a plan says of each of its lines, in words: why somebody gets this time, or what it would take to find one.

Reads what `planner.explain` found and the plan has stored; every word of it can be checked against the plan.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.schedule.wallclock import moment_of
from appointments.models import Location

Stored = Mapping[str, Any]


def why(reasons: Stored) -> str:
    """Of a line that has a time; "" where nothing is known, as when a colleague has chosen it."""
    if not reasons:
        return ""
    return ", ".join(_why(reasons))


def lack(found: Stored, *, location: Location) -> str:
    """Of a line that has none: why not, and with what it would have one."""
    if not found:
        return ""
    helps = "; ".join(_would_help(found, location))
    why_not = _why_none(found)
    return f"{why_not} {_('It would take:')} {helps}." if helps else why_not


def _why(reasons: Stored) -> Iterator[str]:
    nearer, held = reasons["cheaper"], reasons["held"]
    if not nearer:
        yield _("the nearest time there is")
    else:
        yield ngettext("%(count)s nearer time cannot be had", "%(count)s nearer times cannot be had", nearer) % {
            "count": nearer
        }
        yield from _with_whom(held)
    if reasons["priority"] > 1:
        yield _("comes before others: we have moved this customer before")


def _with_whom(held: Stored) -> Iterator[str]:
    if count := held["more_urgent"]:
        yield ngettext(
            "%(count)s goes to somebody whom we have moved more",
            "%(count)s go to those whom we have moved more",
            count,
        ) % {"count": count}
    if count := held["others"]:
        yield ngettext("%(count)s to somebody else", "%(count)s to others", count) % {"count": count}
    if count := held["pinned"]:
        yield ngettext("%(count)s is pinned", "%(count)s are pinned", count) % {"count": count}
    if count := held["limits"]:
        yield ngettext("%(count)s lies on a full day", "%(count)s lie on full days", count) % {"count": count}


def _why_none(found: Stored) -> str:
    if not found["ways"]:
        return _("Within these limits there is no time at all.")
    return ngettext(
        "The only time within these limits is somebody else’s.",
        "All %(count)s times within these limits are somebody else’s.",
        found["ways"],
    ) % {"count": found["ways"]}


def _would_help(found: Stored, location: Location) -> Iterator[str]:
    sentences = (
        ("another_person", _("somebody else (%(time)s)")),
        ("later", _("more days (%(time)s)")),
        ("outside", _("an hour outside the open ones (%(time)s)")),
        ("share_given_up", _("less kept free for new bookings (%(time)s)")),
        ("other_wishes", _("other than what was wished (%(time)s)")),
    )
    for name, sentence in sentences:
        if place := found.get(name):
            yield sentence % {"time": location.said(moment_of(place[0]))}
