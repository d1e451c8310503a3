"""What is taken back before it is sent leaves everything as it was: also the round that it had replaced."""

import pytest

from appointments.domain import actors, booking
from appointments.domain.moving import answers, drafts, rounds
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.domain.pages.customer_page import CustomerState, customer_situation
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.enums import OfferState, PromiseKind, RequestState
from appointments.errors import MoveRefused
from appointments.models import Appointment, Occupancy, Promise, RescheduleRequest
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


def offer(world: Clinic, appointment: Appointment, *, after: float = 0) -> RescheduleRequest:
    """A round `after` so many minutes, all of it held for three hours."""
    now = NOW + minutes(after)
    return world.offered(appointment, now=now, respond_by=now + hours(3))


def undo(round_: RescheduleRequest, world: Clinic, *, after: float) -> bool:
    return rounds.undo(round_, by=actors.staff(world.staff), now=NOW + minutes(after))


def test_the_round_that_was_replaced_stands_again_with_its_offers_holds_and_promises(melati: Clinic) -> None:
    appointment = melati.booked()
    first = offer(melati, appointment)
    held = set(Occupancy.objects.filter(request=first).values_list("resource", "starts_at", "ends_at", "expires_at"))
    owed = set(first.promises.open().values_list("kind", "due_at"))

    second = offer(melati, appointment, after=30)
    assert undo(second, melati, after=30.1)

    first.refresh_from_db()
    assert (first.state, first.closed_at) == (RequestState.OPEN, None)
    assert {one.state for one in first.offers.all()} == {OfferState.LIVE}
    assert held == set(
        Occupancy.objects.filter(request=first).values_list("resource", "starts_at", "ends_at", "expires_at")
    )
    assert owed == set(first.promises.open().values_list("kind", "due_at"))
    situation = customer_situation(appointment, now=NOW + minutes(31))
    assert situation.request == first
    assert situation.state == CustomerState.CHOOSE
    invariants.check(NOW + minutes(31))
    answers.accept(first.offers.get(position=2), nonce="tap", now=NOW + minutes(32))
    invariants.check(NOW + minutes(32))


def test_what_we_owe_a_customer_who_asked_for_other_times_is_owed_again(melati: Clinic) -> None:
    appointment = melati.booked()
    first = offer(melati, appointment)
    never = Wishes(until_day=NOW.date(), parts=frozenset({"evening"}))
    answers.ask_other_times(first, wishes=never, nonce="o", now=NOW + minutes(5))
    due_at = Promise.objects.get(kind=PromiseKind.FIND_TIMES).due_at

    second = offer(melati, appointment, after=30)
    assert undo(second, melati, after=30.1)

    assert list(Promise.objects.to_work_on().values_list("kind", "due_at")) == [(PromiseKind.FIND_TIMES, due_at)]
    assert customer_situation(appointment, now=NOW + minutes(31)).state == CustomerState.WITH_US
    invariants.check(NOW + minutes(31))


def test_a_held_time_that_went_meanwhile_is_gone_and_the_others_stand(melati: Clinic) -> None:
    appointment = melati.booked()
    first = offer(melati, appointment)
    lost = first.offers.get(position=1)
    now = NOW + minutes(30)
    others = drafts.propose(appointment, now=now, limit=5)[3:]
    draft = Draft(
        reason=melati.reason,
        offers=tuple(ChosenOffer(one.slot, one.why, guaranteed=True) for one in others),
        respond_by=now + hours(3),
        contact=melati.staff,
    )
    second = rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=now)
    resources = tuple(sorted(lost.resources.values_list("pk", flat=True)))
    slot = Slot(lost.starts_at, lost.ends_at, lost.provider_id, resources)
    booking.book(
        customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slot,
        by=actors.SYSTEM, now=now,
    )  # fmt: skip

    assert undo(second, melati, after=30.1)

    states = list(first.offers.order_by("position").values_list("state", flat=True))
    assert states == [OfferState.GONE, OfferState.LIVE, OfferState.LIVE]
    invariants.check(now)


def test_a_first_round_that_is_undone_leaves_the_appointment_as_it_was(melati: Clinic) -> None:
    appointment = melati.booked()
    assert undo(offer(melati, appointment), melati, after=0.1)
    assert customer_situation(appointment, now=NOW + minutes(1)).state == CustomerState.STANDS
    invariants.check(NOW + minutes(1))


def test_a_customer_whom_we_were_moving_is_never_marked_as_missing(melati: Clinic) -> None:
    appointment = melati.booked()
    offer(melati, appointment)
    with pytest.raises(MoveRefused, match="We were moving this appointment"):
        booking.mark_missed(appointment, by=actors.staff(melati.staff), now=appointment.starts_at + minutes(20))
    invariants.check(NOW)
