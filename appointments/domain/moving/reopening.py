"""Putting a round back as it was, when the newer one that had closed it is undone before anybody read of it."""

from datetime import datetime

from django.db import transaction

from appointments.domain import booking
from appointments.domain.messages import announce, sent
from appointments.domain.schedule.slots import Slot, slot_of
from appointments.enums import OfferState, PromiseKind, PromiseState, RequestState
from appointments.errors import SlotTaken
from appointments.models import Offer, Promise, RescheduleRequest


def reopen(round_: RescheduleRequest, *, now: datetime) -> None:
    """The opposite of `rounds.end`: the customer has read these offers and promises, so they must stand again.

    Call it in a transaction that holds the appointment's lock. A held time that went to somebody else meanwhile is
    marked as gone.
    """
    closed_at = round_.closed_at
    looked_for = Promise.objects.filter(request=round_, settled_at=closed_at, kind=PromiseKind.FIND_TIMES).exists()
    waits = round_.answered_at is None and round_.expired_at is None and not looked_for
    round_.state, round_.closed_at = RequestState.OPEN if waits else RequestState.WITH_US, None
    round_.save(update_fields=["state", "closed_at"])
    round_.offers.filter(state=OfferState.LAPSED, starts_at__gt=now).update(state=OfferState.LIVE)
    settled = Promise.objects.filter(request=round_, settled_at=closed_at)
    settled.exclude(kind__in=[promise.kind for promise in round_.promises.open()]).update(
        state=PromiseState.OPEN, settled_at=None, outcome=""
    )
    if round_.expired_at is None:
        hold_again(round_, now=now)
    if not sent.has_left(round_):
        announce.the_move(round_, now=now, again=True)


def hold_again(round_: RescheduleRequest, *, now: datetime, held_before: bool = False) -> None:
    """Holds exactly the live offers that are still to be kept; what somebody else has meanwhile is marked as gone.

    `held_before`: they have been held until now.
    """
    booking.release_holds(round_)
    held: list[tuple[Slot, datetime]] = []
    for offer in round_.offers.filter(state=OfferState.LIVE, kept_until__gt=now):
        kept = slot_of(offer), offer.kept_until or now
        try:
            with transaction.atomic():
                # All at once each time: offers of one round may touch each other, and then they share a row.
                booking.release_holds(round_)
                booking.hold(round_, [*held, kept], now=now, held_before=held_before)
        except SlotTaken:
            Offer.objects.filter(pk=offer.pk).update(state=OfferState.GONE)
        else:
            held.append(kept)
