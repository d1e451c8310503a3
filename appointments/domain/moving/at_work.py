"""Who has an appointment in hand right now, so that two colleagues do not write to one customer.

It only tells: what is sent is checked against the present state as ever, whoever sends it. A page says it when it is
open, not when it is asked for (what only looks writes nothing), renews it, and says when it is left; a browser that
dies is believed for `KEPT_FOR`. It stands in a table as every process has to see it, and the embedded installation has
no cache that they share.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from appointments.models import Appointment, AtWork

KEPT_FOR = timedelta(minutes=2)
"""So long it is believed; pages renew it every 45 seconds (static/js/desk-at-work.js)."""
BETWEEN_PAGES = timedelta(seconds=20)
"""Whoever is back so soon, from the form to the preview say, has never been away."""


def begin(appointment: Appointment, *, by: User, now: datetime) -> None:
    """`by` has it in hand, or still has it; `since` is when they began. Two statements at most."""
    until = now + KEPT_FOR
    own = AtWork.objects.filter(appointment=appointment, colleague=by)
    if not own.filter(until__gt=now - BETWEEN_PAGES).update(until=until):
        row = AtWork(appointment=appointment, colleague=by, since=now, until=until)
        AtWork.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["appointment", "colleague"],
            update_fields=["since", "until"],
        )


def leave(appointment: Appointment, *, by: User, now: datetime) -> None:
    """`by` has sent it or let it be."""
    AtWork.objects.on(appointment, now=now).filter(colleague=by).update(until=now)


def others(appointment: Appointment, *, reader: User, now: datetime) -> list[AtWork]:
    """The colleagues besides `reader` who have it in hand, the first one first. One query."""
    return list(AtWork.objects.on(appointment, now=now).exclude(colleague=reader).select_related("colleague"))


def forget(*, now: datetime) -> None:
    """What has ended so long ago that nobody comes back to it."""
    AtWork.objects.filter(until__lte=now - BETWEEN_PAGES).delete()
