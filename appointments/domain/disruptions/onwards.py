"""The wait list: what becomes free goes onwards, to those who asked for something better that there was not.

Somebody picks another time than the one that was kept for them, cancels, or lets it lapse: whom we have cost most gets
it first, kept for a few hours; who does not want it, or does not answer, makes way for the next.
"""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop as noop

from appointments.domain import actors, booking, promises
from appointments.domain.disruptions import inconvenience
from appointments.domain.moving import other_times
from appointments.domain.moving.left_to_us import owe_for
from appointments.domain.moving.rounds import lock_round
from appointments.domain.moving.wished import wishes_of
from appointments.domain.schedule.slots import Wishes
from appointments.domain.transactions import one_transaction
from appointments.enums import ActorKind, AnswerKind, EventKind, OfferState, PromiseKind, RequestState
from appointments.errors import DomainError
from appointments.models import Answer, AppointmentEvent, Offer, Promise, RescheduleRequest
from appointments.models.rescheduling import RequestQuerySet

logger = logging.getLogger(__name__)


def offer_freed(*, now: datetime) -> int:
    """Looks for a time for everybody who waits for one. Returns how many were offered one. A sweep: safe to run twice
    at once.
    """
    for round_ in _refused(now):
        _make_way(round_, now=now)
    return sum(_offer(round_, now=now) for round_ in _in_turn(waiting(), now=now))


def waiting() -> RequestQuerySet:
    """Rounds in which the customer asked for other times, we found none, and owe some; not of those whom
    a colleague phones.
    """
    owed = Promise.objects.open().filter(request=OuterRef("pk"))
    asked = Answer.objects.filter(request=OuterRef("pk"), kind=AnswerKind.OTHER_TIMES)
    found: RequestQuerySet = RescheduleRequest.objects.filter(
        Exists(asked),
        Exists(owed.filter(kind=PromiseKind.FIND_TIMES)),
        ~Exists(owed.filter(kind=PromiseKind.CALL)),
        state=RequestState.WITH_US,
        expired_at__isnull=True,
        disruption__ended_at__isnull=True,
    )
    return found


def is_waiting(round_: RescheduleRequest) -> bool:
    """Whether what becomes free is offered to this customer by itself. Three queries at most."""
    if not waiting().filter(pk=round_.pk).exists() or other_times.has_had_enough(round_):
        return False
    wishes = wishes_of(round_.appointment)
    return wishes is None or not wishes.is_for_a_person


def _refused(now: datetime) -> RequestQuerySet:
    """Those who do not want what was kept for them here, while it still is. What a colleague, or an answer at once, has
    kept for somebody stays kept as long as it was said.
    """
    by_us = AppointmentEvent.objects.filter(request=OuterRef("pk"), kind=EventKind.OFFERED, actor_kind=ActorKind.SYSTEM)
    kept = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.LIVE, kept_until__gt=now)
    found: RequestQuerySet = waiting().filter(Exists(by_us), Exists(kept), wished=True)
    return found


@one_transaction
def _make_way(round_: RescheduleRequest, *, now: datetime) -> None:
    locked = lock_round(round_)
    if _refused(now).filter(pk=locked.pk).exists():
        booking.release_holds(locked)
        locked.offers.filter(state=OfferState.LIVE, kept_until__gt=now).update(state=OfferState.LAPSED)
        promises.release(locked, how=noop("the customer asked for other times"), now=now, kinds=(PromiseKind.HOLD,))


def _in_turn(rounds: RequestQuerySet, *, now: datetime) -> list[RescheduleRequest]:
    """Whom we have cost most first; of equals those who said that it is urgent, and then whoever asked first."""
    urgent = Exists(Answer.objects.filter(request=OuterRef("pk"), wishes__urgent=True))
    found = rounds.select_related("appointment").annotate(is_urgent=urgent).order_by("-is_urgent", "answered_at", "pk")
    costs = inconvenience.of_customers([one.appointment.customer_id for one in found], now=now) if found else {}
    return sorted(found, key=lambda one: -costs.get(one.appointment.customer_id, 0.0))


def _offer(round_: RescheduleRequest, *, now: datetime) -> bool:
    try:
        return _offer_one(round_, now=now)
    except DomainError as error:
        logger.warning("Nothing that became free could be offered in round %s: %s", round_.pk, error.message)
        return False


@one_transaction
def _offer_one(round_: RescheduleRequest, *, now: datetime) -> bool:
    """False when there is nothing for this customer, or when somebody was faster."""
    locked = lock_round(round_)
    if not waiting().filter(pk=locked.pk).exists():
        return False
    wishes = wishes_of(locked.appointment) or Wishes()
    elsewhere = _on_offer(locked)
    opened = other_times.open_round_of_freed(locked, wishes, elsewhere=elsewhere, by=actors.SYSTEM, now=now)
    asked = locked.answers.filter(kind=AnswerKind.OTHER_TIMES).order_by("-at", "-pk").first()
    if opened is not None and asked is not None and asked.words:
        owe_for(opened, PromiseKind.REPLY, asked, now=now)  # own words are read by a person, whatever became free
    return opened is not None


def _on_offer(round_: RescheduleRequest) -> set[tuple[datetime, int | None]]:
    """What others at the same place are asked to choose from: no time is kept for one and shown to
    another.
    """
    place = round_.appointment.location_id
    others = RescheduleRequest.objects.filter(state=RequestState.OPEN, appointment__location=place)
    rows = Offer.objects.filter(request__in=others.exclude(pk=round_.pk).values("pk"), state=OfferState.LIVE)
    return set(rows.values_list("starts_at", "provider"))
