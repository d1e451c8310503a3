"""Until when: to answer an offer, and to take one. Pure but for what the business has set as usual."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from appointments.models import Business, Service
from notifications.policy import QUIET

TIME_TO_ANSWER = timedelta(hours=4)
"""Alternatives are looked for after this, so that an answer in time is possible."""
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


def proposed_respond_by(starts: Iterable[datetime], *, service: Service, now: datetime) -> datetime:
    """The usual time to answer, shortened to half an hour before the first of these can no longer be taken."""
    usual = now + timedelta(hours=Business.current().answer_hours)
    latest = (takeable_until(start, service, offered_at=now) - timedelta(minutes=30) for start in starts)
    return max(now + timedelta(minutes=15), min([usual, *latest]))


def takeable_until(starts_at: datetime, service: Service, *, offered_at: datetime) -> datetime:
    """Until when an offer can be taken: its start less the notice, or its start when it was offered inside that."""
    before_notice = starts_at - timedelta(minutes=service.notice_minutes)
    return before_notice if before_notice > offered_at else starts_at
