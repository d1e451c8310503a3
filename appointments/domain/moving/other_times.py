"""A customer asks for other times: the next round is made of what fits the wishes, without a colleague.

At once from what is free, or later from a time that has become free meanwhile: that one is kept for a few hours, so
that it comes to somebody else while it is still of use.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from appointments.domain import promises
from appointments.domain.actors import Actor
from appointments.domain.moving import causes, offers
from appointments.domain.moving.drafts import (
    ChosenOffer,
    Draft,
    answerable_by,
    kept_until,
    proposed_respond_by,
    takeable_until,
)
from appointments.domain.moving.rounds import open_round
from appointments.domain.moving.wished import refused_by
from appointments.domain.schedule.slots import Alternative, Wishes, find_alternatives
from appointments.domain.schedule.waking import latest_hour
from appointments.errors import SlotTaken
from appointments.models import Appointment, RescheduleRequest

ATTEMPTS = 3
WISHED_ROUNDS = 3
"""After so many rounds of other times a person takes over."""
MOST_AT_ONCE = 4
Times = Collection[tuple[datetime, int | None]]
"""By which a customer chooses: start and provider."""


def open_wished_round(
    round_: RescheduleRequest, wishes: Wishes, *, by: Actor, now: datetime
) -> RescheduleRequest | None:
    """The next round, from what fits the wishes; None when nothing does, or when it is time for a person."""
    if has_had_enough(round_) or wishes.is_for_a_person:
        return None
    for __ in range(ATTEMPTS):
        found = _alternatives_for(round_, wishes, now=now)
        if not found or not _can_be_answered(round_, found, now=now):
            return None
        try:
            return _offer_wished(round_, found, by=by, now=now)
        except SlotTaken:
            continue  # somebody took one of them meanwhile: look again
    return None


def open_round_of_freed(
    round_: RescheduleRequest, wishes: Wishes, *, elsewhere: Times, by: Actor, now: datetime
) -> RescheduleRequest | None:
    """The next round, from one time that fits and is on offer nowhere else (`elsewhere`), kept for a few hours; others
    stand open beside it. None when there is none, or when it is time for a person.
    """
    if has_had_enough(round_) or wishes.is_for_a_person:
        return None
    for __ in range(ATTEMPTS):
        found = _freed_for(round_, wishes, elsewhere, now=now)
        if not found:
            return None
        try:
            return _open_kept(round_, found, by=by, now=now)
        except SlotTaken:
            continue  # somebody took it meanwhile: look again
    return None


def has_had_enough(round_: RescheduleRequest) -> bool:
    """Whether it is time for a person to look for times."""
    return bool(round_.appointment.requests.filter(wished=True).count() >= WISHED_ROUNDS)


def _alternatives_for(round_: RescheduleRequest, wishes: Wishes, *, now: datetime) -> list[Alternative]:
    """What fits the wishes, completed by other free times when only one does: nobody gets a choice of one."""
    appointment, known = round_.appointment, _known(round_)
    common = _common(appointment, not_before=offers.soonest_for(appointment, now), now=now)
    found = find_alternatives(appointment, wishes=wishes, limit=MOST_AT_ONCE, excluding=known, **common)
    if len(found) == 1:
        found += _others(appointment, known | {found[0].slot.when_and_whom}, common)
    return found if len(found) > 1 else []


def _freed_for(round_: RescheduleRequest, wishes: Wishes, elsewhere: Times, *, now: datetime) -> list[Alternative]:
    """What fits first, then others to choose from: such as are on offer nowhere else, as long as there are any."""
    appointment, known = round_.appointment, _known(round_)
    notice = timedelta(minutes=appointment.service.notice_minutes)
    soonest = answerable_by(now, appointment.location.tzinfo) + notice
    common = _common(appointment, not_before=soonest, now=now)
    found = find_alternatives(appointment, wishes=wishes, limit=1, excluding={*known, *elsewhere}, **common)
    if found:
        known = known | {found[0].slot.when_and_whom}
        found += _others(appointment, {*known, *elsewhere}, common) or _others(appointment, known, common)
    return found


def _known(round_: RescheduleRequest) -> set[tuple[datetime, int | None]]:
    """What this customer has been offered and does not want."""
    return refused_by(round_.appointment) | {one.when_and_whom for one in round_.offers.all()}


def _common(appointment: Appointment, *, not_before: datetime, now: datetime) -> dict[str, Any]:
    return {"now": now, "not_before": not_before, "outages": causes.out_of_reach_of(appointment)}


def _others(appointment: Appointment, known: Times, common: dict[str, Any]) -> list[Alternative]:
    """Free times that do not fit, so that there is a choice."""
    return find_alternatives(appointment, limit=2, excluding=known, **common)


def _can_be_answered(round_: RescheduleRequest, found: list[Alternative], *, now: datetime) -> bool:
    """Not where the last of these is gone before morning: then there is no hour that we could name."""
    appointment = round_.appointment
    starts = [one.slot.starts_at for one in found]
    last = takeable_until(max(starts), appointment.service, offered_at=now)
    return proposed_respond_by(appointment, starts, now=now) <= last


def _offer_wished(
    round_: RescheduleRequest, found: list[Alternative], *, by: Actor, now: datetime
) -> RescheduleRequest:
    appointment = round_.appointment
    respond_by = proposed_respond_by(appointment, [one.slot.starts_at for one in found], now=now)
    kept = [bool(kept_until(appointment, one.slot.starts_at, respond_by=respond_by, now=now)) for one in found]
    return _open(round_, list(zip(found, kept, strict=True)), respond_by=respond_by, by=by, now=now)


def _open_kept(round_: RescheduleRequest, found: list[Alternative], *, by: Actor, now: datetime) -> RescheduleRequest:
    """The first is kept until an hour that one can tell people, after as long as somebody needs to answer by day."""
    appointment = round_.appointment
    zone, starts = appointment.location.tzinfo, [one.slot.starts_at for one in found]
    soon = latest_hour(answerable_by(now, zone), zone)
    respond_by = min(proposed_respond_by(appointment, starts, now=now), soon)
    return _open(round_, [(one, one is found[0]) for one in found], respond_by=respond_by, by=by, now=now)


def _open(
    round_: RescheduleRequest,
    chosen: list[tuple[Alternative, bool]],
    *,
    respond_by: datetime,
    by: Actor,
    now: datetime,
) -> RescheduleRequest:
    """`chosen`: each time, and whether it is kept."""
    draft = Draft(
        reason=round_.reason,
        offers=tuple(ChosenOffer(one.slot, one.why, is_kept) for one, is_kept in chosen),
        respond_by=respond_by,
        contact=promises.stand_in_for(round_.contact),
        can_keep=round_.can_keep,
        wished=True,
        disruption=round_.disruption,
    )
    opened: RescheduleRequest = open_round(round_.appointment, draft, by=by, now=now)
    return opened
