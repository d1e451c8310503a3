"""Hours that one can tell people and expect of them: by day, and on a quarter of an hour."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from appointments.domain.schedule.spans import Span
from appointments.errors import DomainError

MORNING, EVENING = time(8), time(21)
"""Nobody has to answer or to be phoned earlier or later, by the clock of the place."""
QUARTER = timedelta(minutes=15)


def waking(spans: Iterable[Span[datetime]], zone: tzinfo) -> Iterator[Span[datetime]]:
    """The parts of `spans` (aware) that lie between MORNING and EVENING in `zone`, in their order."""
    for span in spans:
        day, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
        while day <= last:
            part = span.intersect(
                Span(datetime.combine(day, MORNING, tzinfo=zone), datetime.combine(day, EVENING, tzinfo=zone))
            )
            if not part.is_empty:
                yield part
            day += timedelta(days=1)


def is_waking(moment: datetime, zone: tzinfo) -> bool:
    """Whether `moment` is an hour one can tell people, both ends included."""
    return MORNING <= moment.astimezone(zone).time() <= EVENING


def soonest_hour(moment: datetime, zone: tzinfo) -> datetime:
    """The first hour at `moment` or after it that one can tell people: a quarter, by day in `zone`."""
    local = next_quarter(moment).astimezone(zone)
    if local.time() > EVENING:
        return datetime.combine(local.date() + timedelta(days=1), MORNING, tzinfo=zone)
    return max(local, datetime.combine(local.date(), MORNING, tzinfo=zone))


def latest_hour(moment: datetime, zone: tzinfo) -> datetime:
    """The last one at `moment` or before it."""
    local = last_quarter(moment).astimezone(zone)
    if local.time() < MORNING:
        return datetime.combine(local.date() - timedelta(days=1), EVENING, tzinfo=zone)
    return min(local, datetime.combine(local.date(), EVENING, tzinfo=zone))


def must_be_an_hour_to_tell(moment: datetime, zone: tzinfo) -> None:
    """Raises `DomainError` for an hour at night, and for one that is no quarter."""
    if not is_waking(moment, zone):
        raise DomainError(
            _("%(time)s is at night. Choose an hour between %(morning)s and %(evening)s.")
            % {
                "time": f"{moment.astimezone(zone):%H:%M}",
                "morning": f"{MORNING:%H:%M}",
                "evening": f"{EVENING:%H:%M}",
            }
        )
    if next_quarter(moment) != moment:
        raise DomainError(_("Choose a full, a half or a quarter of an hour."))


def next_quarter(moment: datetime) -> datetime:
    """The first quarter of an hour at `moment` or after it; zones differ from UTC by whole quarters."""
    return moment + (-_past_quarter(moment)) % QUARTER


def last_quarter(moment: datetime) -> datetime:
    """The last quarter of an hour at `moment` or before it."""
    return moment - _past_quarter(moment)


def _past_quarter(moment: datetime) -> timedelta:
    return timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
