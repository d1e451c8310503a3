"""A round that stands again as the customer has read it."""

from datetime import datetime

import pytest

from appointments.domain import actors, booking, promises
from appointments.domain.moving import answers, chasing, rounds
from appointments.domain.schedule.slots import slot_of
from appointments.enums import OfferState, PromiseKind, RequestState
from appointments.models import Appointment, Offer, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_undoing_the_correction_sends_the_first_offer_after_all(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    second = melati.offered(appointment, now=NOW + minutes(0.1))
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(0.2))
    first.refresh_from_db()
    assert first.state == RequestState.OPEN
    assert Message.objects.get(key=f"offer:request:{first.pk}:again").state == "queued"


def undone(melati: Clinic, first: RescheduleRequest, *, now: datetime) -> RescheduleRequest:
    """`first` after a newer round was opened `now` and taken back within a second."""
    second = melati.offered(first.appointment, now=now, respond_by=now + hours(2))
    assert rounds.undo(second, by=actors.staff(melati.staff), now=now + minutes(0.01))
    first.refresh_from_db()
    return first


def test_of_two_that_were_replaced_in_one_instant_the_later_stands_again(melati: Clinic) -> None:
    first, second, third = (melati.offered(Appointment.objects.first(), respond_by=NOW + hours(2)) for __ in range(3))
    assert rounds.undo(third, by=actors.staff(melati.staff), now=NOW)
    states = RescheduleRequest.objects.order_by("round").values_list("pk", "state")
    assert dict(states) == {first.pk: "replaced", second.pk: "open", third.pk: "withdrawn"}


def test_what_was_promised_and_held_stands_again(melati: Clinic) -> None:
    first = melati.offered()
    held = set(first.holds.values_list("resource_id", "starts_at"))
    again = undone(melati, first, now=NOW + minutes(30))
    assert (again.state, again.closed_at) == (RequestState.OPEN, None)
    assert set(again.holds.values_list("resource_id", "starts_at")) == held
    assert set(again.offers.values_list("state", flat=True)) == {OfferState.LIVE}
    assert {one.kind for one in again.promises.open()} == {PromiseKind.HOLD, PromiseKind.ANSWER_OR_CALL}
    assert set(again.promises.values_list("settled_at", "outcome")) == {(None, "")}


def test_a_round_that_was_with_us_is_with_us_again(melati: Clinic) -> None:
    first = melati.offered()
    answers.call_me(first, nonce="c", now=NOW)
    again = undone(melati, first, now=NOW + minutes(30))
    assert again.state == RequestState.WITH_US
    assert [one.kind for one in again.promises.open().order_by("kind")] == [PromiseKind.CALL, PromiseKind.HOLD]


def test_a_round_whose_time_was_over_holds_nothing_again(melati: Clinic) -> None:
    first = melati.offered()
    chasing.chase_answers(now=NOW + hours(2))
    again = undone(melati, first, now=NOW + hours(3))
    assert (again.state, again.holds.count()) == (RequestState.WITH_US, 0)
    assert again.promises.open().get(kind=PromiseKind.ANSWER_OR_CALL)


def test_a_round_for_which_a_person_looks_for_times_waits_for_that_person_again(melati: Clinic) -> None:
    first = melati.offered()
    first.state = RequestState.WITH_US
    first.save()
    promises.owe(PromiseKind.FIND_TIMES, first, owner=melati.staff, now=NOW)
    again = undone(melati, first, now=NOW + minutes(30))
    assert again.state == RequestState.WITH_US
    assert again.promises.open().filter(kind=PromiseKind.FIND_TIMES).exists()


def test_what_somebody_took_meanwhile_is_gone_and_the_rest_is_held(melati: Clinic) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + minutes(30), count=2)
    taken = first.offers.exclude(starts_at__in=second.offers.values("starts_at")).first()
    assert taken
    booking.book(
        customer=CustomerFactory(), service=melati.service, location=melati.location,
        slot=slot_of(taken), by=actors.SYSTEM, now=NOW + minutes(30),
    )  # fmt: skip
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(30.1))
    taken.refresh_from_db()
    assert taken.state == OfferState.GONE
    assert sorted(first.offers.values_list("state", flat=True)) == ["gone", "live", "live"]
    assert {row.starts_at for row in first.holds.all()} == {
        offer.starts_at for offer in first.offers.filter(state=OfferState.LIVE)
    }


def test_open_times_are_offered_again_and_not_held(melati: Clinic) -> None:
    again = undone(melati, melati.offered(guaranteed=False), now=NOW + minutes(30))
    assert set(again.offers.values_list("state", flat=True)) == {OfferState.LIVE}
    assert not again.holds.exists()


def test_a_message_that_has_left_is_not_sent_again(melati: Clinic) -> None:
    first = melati.offered()
    Message.objects.update(state="sent", sent_at=NOW, secrets={}, mime=None)
    undone(melati, first, now=NOW + minutes(30))
    assert not Message.objects.filter(key=f"offer:request:{first.pk}:again").exists()


@pytest.mark.parametrize(("undo", "held"), [(119, True), (120, False)])
def test_times_are_held_again_only_until_the_time_to_answer_is_over(melati: Clinic, undo: int, held: bool) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + minutes(110), respond_by=NOW + hours(4))
    RescheduleRequest.objects.filter(pk=second.pk).update(undo_until=NOW + hours(3))
    Message.objects.filter(key=f"offer:request:{second.pk}").update(due_at=NOW + hours(3))
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(undo))
    assert first.holds.exists() is held


def test_what_was_gone_before_is_not_held_again(melati: Clinic) -> None:
    first = melati.offered()
    gone = first.offers.get(position=1)
    Offer.objects.filter(pk=gone.pk).update(state=OfferState.GONE)
    again = undone(melati, first, now=NOW + minutes(30))
    assert gone.starts_at not in set(again.holds.values_list("starts_at", flat=True))
    assert sorted(again.offers.values_list("state", flat=True)) == ["gone", "live", "live"]
