"""By when a customer is to answer, and until when each time is kept for them: hours that one can tell people."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from appointments.domain.schedule.waking import latest_hour, soonest_hour
from appointments.models import Appointment, Business, Service
from notifications.policy import QUIET

TIME_TO_ANSWER = timedelta(hours=4)
"""Alternatives are looked for after this, so that an answer in time is possible."""
TOO_SHORT = timedelta(minutes=5)
"""Nobody has read and answered by then."""
SHORTEST, BEFORE_THE_LAST = timedelta(minutes=15), timedelta(minutes=30)
"""The least time to answer that we propose, and how long before a time can no longer be taken it ends."""
EVENING, MORNING = QUIET
"""Nobody is expected to read and answer while nobody is disturbed."""


def answerable_by(now: datetime, zone: tzinfo) -> datetime:
    """By when somebody who is written to `now` has had the time to answer; the night in `zone` does not count."""
    local = now.astimezone(zone)
    morning, evening = (datetime.combine(local.date(), hour, tzinfo=zone) for hour in (MORNING, EVENING))
    begin = min(max(local, morning), evening)
    over = begin + TIME_TO_ANSWER - evening
    if over <= timedelta():
        return begin + TIME_TO_ANSWER
    return datetime.combine(local.date() + timedelta(days=1), MORNING, tzinfo=zone) + over


def proposed_respond_by(
    appointment: Appointment, starts: Iterable[datetime], *, now: datetime, business: Business | None = None
) -> datetime:
    """The usual time to answer, shortened to half an hour before the last of these can no longer be taken.

    It is an hour that one can tell people, and a quarter of an hour ahead at least. What is nearer has an hour of its
    own: see `kept_until`.
    """
    zone, service = appointment.location.tzinfo, appointment.service
    usual = soonest_hour(now + timedelta(hours=(business or Business.current()).answer_hours), zone)
    ends = [takeable_until(start, service, offered_at=now) - BEFORE_THE_LAST for start in starts]
    longest = latest_hour(max(ends), zone) if ends else usual
    return max(soonest_hour(now + SHORTEST, zone), min(usual, longest))


def kept_until(
    appointment: Appointment, starts_at: datetime, *, respond_by: datetime, now: datetime
) -> datetime | None:
    """Until when a time offered `now` is kept: until the answer is due, else as long as it can be taken.

    Then too it is an hour that one can tell people, half an hour before that where there is so much. None where it
    can no longer be taken before such an hour comes.
    """
    zone, last = appointment.location.tzinfo, takeable_until(starts_at, appointment.service, offered_at=now)
    if respond_by <= last:
        return respond_by
    early, late = latest_hour(last - BEFORE_THE_LAST, zone), latest_hour(last, zone)
    if early >= now + SHORTEST:
        return early
    return late if late > now + TOO_SHORT else None


def takeable_until(starts_at: datetime, service: Service, *, offered_at: datetime) -> datetime:
    """Until when an offer can be taken: its start less the notice, or its start when it was offered inside that."""
    before_notice = starts_at - timedelta(minutes=service.notice_minutes)
    return before_notice if before_notice > offered_at else starts_at
