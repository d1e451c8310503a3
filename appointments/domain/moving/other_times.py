"""A customer asks for other times: the next round is made of what fits the wishes, without a colleague."""

from datetime import datetime
from typing import Any

from appointments.domain import promises
from appointments.domain.actors import Actor
from appointments.domain.moving import causes, offers
from appointments.domain.moving.drafts import (
    ChosenOffer,
    Draft,
    kept_until,
    proposed_respond_by,
    refused_by,
    takeable_until,
)
from appointments.domain.moving.rounds import open_round
from appointments.domain.schedule.slots import Alternative, Wishes, find_alternatives
from appointments.errors import SlotTaken
from appointments.models import RescheduleRequest

ATTEMPTS = 3
WISHED_ROUNDS = 3
"""After so many rounds of other times a person takes over."""


def open_wished_round(
    round_: RescheduleRequest, wishes: Wishes, *, by: Actor, now: datetime
) -> RescheduleRequest | None:
    """The next round, from what fits the wishes; None when nothing does, or when it is time for a person."""
    if round_.appointment.requests.filter(wished=True).count() >= WISHED_ROUNDS:
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


def _alternatives_for(round_: RescheduleRequest, wishes: Wishes, *, now: datetime) -> list[Alternative]:
    """What fits the wishes, completed by other free times when only one does: nobody gets a choice of one."""
    appointment = round_.appointment
    known = refused_by(appointment) | {one.when_and_whom for one in round_.offers.all()}
    soonest = offers.soonest_for(appointment, now)
    common: dict[str, Any] = {"now": now, "not_before": soonest, "outages": causes.outages_for(appointment)}
    found = find_alternatives(appointment, wishes=wishes, limit=4, excluding=known, **common)
    if len(found) == 1:
        taken = known | {found[0].slot.when_and_whom}
        found += find_alternatives(appointment, limit=2, excluding=taken, **common)
    return found if len(found) > 1 else []


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
    draft = Draft(
        reason=round_.reason,
        offers=tuple(ChosenOffer(one.slot, one.why, is_kept) for one, is_kept in zip(found, kept, strict=True)),
        respond_by=respond_by,
        contact=promises.stand_in_for(round_.contact),
        can_keep=round_.can_keep,
        wished=True,
        disruption=round_.disruption,
    )
    opened: RescheduleRequest = open_round(appointment, draft, by=by, now=now)
    return opened
