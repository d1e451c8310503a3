"""How long we take to come back to people, in open hours: measured from what we did, and what we say because of it.

Said is what four of five promises were done within, and never less than the business asks for: an hour to hope for is
worse than a later one that holds.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.spans import Span
from appointments.enums import PromiseState
from appointments.models import Business, Location, Promise
from appointments.models.promise import CALL_KINDS

LOOK_BACK = timedelta(days=90)
FEWEST = 20
"""Of fewer promises nothing is said: chance speaks louder than habit."""
SHARE = 0.8
STEP = 0.5
"""Hours are said in halves, rounded up."""
LONGEST = 72.0
_SETTLED = (PromiseState.KEPT, PromiseState.BROKEN)


@dataclass(frozen=True)
class Pace:
    """Four of five of `count` calls and answers were done within so many open hours."""

    hours: float
    count: int


def measured(*, now: datetime) -> Pace | None:
    """Of the calls, times and answers promised in the last 90 days; None where there were too few. What is still owed
    and late counts with as long as it has taken until now. Two queries, and one for each place.
    """
    made = Promise.objects.filter(kind__in=CALL_KINDS, made_at__gte=now - LOOK_BACK)
    settled = made.filter(state__in=_SETTLED).values_list("appointment__location", "made_at", "settled_at")
    late = made.overdue(now).values_list("appointment__location", "made_at")
    took = [*settled, *((place, begun, now) for place, begun in late)]
    if len(took) < FEWEST:
        return None
    window = Span(now - LOOK_BACK, now)
    open_hours = {place.pk: _Clock(public_spans(place, window)) for place in Location.objects.all()}
    hours = sorted(open_hours[place].between(begun, done) for place, begun, done in took if done)
    return Pace(_rounded(hours[math.ceil(SHARE * len(hours)) - 1]), len(hours))


def remember(*, now: datetime) -> None:
    """Keeps what is measured with the business, so that nobody who promises something has to measure. A sweep."""
    pace = measured(now=now)
    Business.objects.filter(pk=1).update(measured_hours=pace.hours if pace else None)


def hours_to_say(business: Business) -> float:
    """Within how many open hours we say that we come back."""
    return max(float(business.promise_hours), business.measured_hours or 0.0)


def _rounded(hours: float) -> float:
    return min(math.ceil(hours / STEP) * STEP, LONGEST)


class _Clock:
    """Counts the hours of some spans, which stand in their order and apart."""

    def __init__(self, spans: Sequence[Span[datetime]]) -> None:
        self._starts = [span.start for span in spans]
        self._spans = spans
        self._before = [0.0]
        for span in spans:
            self._before.append(self._before[-1] + (span.end - span.start) / timedelta(hours=1))

    def between(self, start: datetime, end: datetime) -> float:
        return max(self._until(end) - self._until(start), 0.0)

    def _until(self, moment: datetime) -> float:
        place = bisect_right(self._starts, moment)
        if not place:
            return 0.0
        last = self._spans[place - 1]
        return self._before[place - 1] + (min(moment, last.end) - last.start) / timedelta(hours=1)
