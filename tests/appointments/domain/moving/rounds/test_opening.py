"""Opening a round, from the colleague's decision on."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors, booking
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing, drafts, rounds, wished
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.enums import (
    AppointmentState,
    EventKind,
    Family,
    OfferState,
    PromiseKind,
    PromiseState,
    RequestState,
    Why,
)
from appointments.errors import DomainError, MoveRefused, SlotTaken
from appointments.models import Appointment, Occupancy, Offer, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory

pytestmark = pytest.mark.django_db

SIX_DAYS = [f"2026-11-{day} 12:00" for day in (25, 26, 27, 28, 30)] + ["2026-12-01 12:00"]


def test_a_form_is_known_by_the_round_that_it_has_opened_for_this_appointment(melati: Clinic) -> None:
    round_ = melati.offered(nonce="form")
    other = melati.booked("2026-11-26 10:00", customer=CustomerFactory())
    assert rounds.opened_by(round_.appointment, nonce="form") == round_
    assert rounds.opened_by(other, nonce="form") is None
    assert rounds.opened_by(melati.offered(other).appointment, nonce="") is None


def occupied(appointment: Appointment) -> set[tuple[int, datetime, bool]]:
    rows = Occupancy.objects.filter(appointment=appointment)
    return {(row.resource_id, row.starts_at, row.request_id is not None) for row in rows}


def test_an_offer_writes_everything_it_says(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)

    assert round_.state == RequestState.OPEN
    assert (round_.was_starts_at, round_.was_provider) == (appointment.starts_at, melati.provider)
    assert [offer.state for offer in round_.offers.all()] == [OfferState.LIVE] * 3
    assert {promise.kind for promise in round_.promises.all()} == {PromiseKind.HOLD, PromiseKind.ANSWER_OR_CALL}
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).due_at == round_.call_by
    message = Message.objects.get(kind="offer")
    assert message.due_at >= round_.undo_until
    assert [event.kind for event in appointment.events.all()] == [
        EventKind.PROMISED, EventKind.OFFERED,
    ]  # fmt: skip
    assert in_limbo(NOW).count() == 0


def test_the_same_form_sent_twice_is_one_round(melati: Clinic) -> None:
    appointment = melati.booked()
    draft = melati.draft(appointment, nonce="form-1")
    first = rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    second = rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    assert first == second
    assert (RescheduleRequest.objects.count(), Message.objects.count()) == (1, 1)


def test_a_guaranteed_time_is_held_against_everybody_else(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    offer = round_.offers.first()
    assert offer is not None
    slot = find_slot(offer)
    with pytest.raises(SlotTaken):
        booking.book(
            customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slot,
            by=actors.SYSTEM, now=NOW,
        )  # fmt: skip
    booking.book(
        customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slot,
        by=actors.SYSTEM, now=round_.respond_by,
    )  # fmt: skip


def find_slot(offer: Offer) -> Slot:
    resources = tuple(sorted(offer.resources.values_list("pk", flat=True)))
    return Slot(offer.starts_at, offer.ends_at, offer.provider_id, resources)


def test_an_appointment_can_move_by_a_quarter_of_an_hour_into_its_own_time(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    near = [
        Slot(
            appointment.starts_at + minutes(shift), appointment.ends_at + minutes(shift), melati.provider.pk,
            tuple(sorted((melati.provider.pk, melati.room.pk))),
        )
        for shift in (15, -15)
    ]  # fmt: skip
    offers = tuple(ChosenOffer(slot, Why.STAFF_CHOICE, True) for slot in near)
    draft = melati.draft(appointment, offers=offers, reason=ReasonFactory(family=Family.CUSTOMER))
    round_ = rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    later = round_.offers.get(starts_at=near[0].starts_at)

    answers.accept(later, nonce="tap", now=NOW)

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.sequence) == (near[0].starts_at, 1)
    assert occupied(appointment) == {
        (melati.provider.pk, near[0].starts_at, False), (melati.room.pk, near[0].starts_at, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"offers": ()}, "between two and five"),
        ({"respond_by": NOW}, "lies ahead"),
        ({"respond_by": NOW + hours(24 * 30)}, "Set the answer deadline to Wed 25 Nov, 10:00 WIB or earlier"),
        ({"respond_by": NOW + minutes(41)}, "a quarter of an hour"),
        ({"respond_by": NOW + hours(12.25)}, "21:15 is at night. Choose an hour between 08:00 and 21:00."),
        ({"respond_by": NOW + hours(22)}, "07:00 is at night"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_with_a_sentence(
    melati: Clinic, change: dict[str, Any], sentence: str
) -> None:
    appointment = melati.booked()
    with pytest.raises(DomainError, match=sentence):
        melati.offered(appointment, **change)
    assert (RescheduleRequest.objects.count(), Message.objects.count()) == (0, 0)


def test_one_live_round_is_the_databases_own_rule(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    twin = RescheduleRequest.objects.get(pk=round_.pk)
    twin.pk, twin.round, twin.nonce, twin._state.adding = None, 2, "x", True
    with pytest.raises(IntegrityError, match=r"request_one_live_round|appointment_id"), transaction.atomic():
        twin.save(force_insert=True)


def test_whose_time_passed_unanswered_can_still_be_offered_another(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-23 15:00")
    round_ = melati.offered(appointment)
    tomorrow = NOW + hours(26)
    chasing.chase_answers(now=tomorrow)
    again = melati.draft(appointment, now=tomorrow, nonce="next day", respond_by=tomorrow + hours(1))
    second = rounds.open_round(appointment, again, by=actors.staff(melati.staff), now=tomorrow)
    round_.refresh_from_db()
    assert (round_.state, second.round, second.was_starts_at) == (RequestState.REPLACED, 2, appointment.starts_at)
    assert in_limbo(tomorrow).count() == 0


def test_what_has_ended_without_a_round_is_not_moved(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-20 10:00")
    with pytest.raises(MoveRefused):
        melati.offered(appointment)


def at_times(melati: Clinic, *starts: str, guaranteed: bool = True) -> tuple[ChosenOffer, ...]:
    """Times of the first provider and room, as a colleague might choose them."""
    resources = (melati.provider.pk, melati.room.pk)
    return tuple(
        ChosenOffer(Slot(at(one), at(one) + minutes(30), melati.provider.pk, resources), Why.STAFF_CHOICE, guaranteed)
        for one in starts
    )


@pytest.mark.parametrize(("count", "possible"), [(1, False), (2, True), (5, True), (6, False)])
def test_two_to_five_times_are_offered(melati: Clinic, count: int, possible: bool) -> None:
    chosen = at_times(melati, *SIX_DAYS[:count])
    if possible:
        assert melati.offered(offers=chosen).offers.count() == count
        return
    with pytest.raises(DomainError, match="between two and five"):
        melati.offered(offers=chosen)


def test_the_same_time_is_not_offered_twice(melati: Clinic) -> None:
    with pytest.raises(DomainError, match="are the same"):
        melati.offered(offers=at_times(melati, SIX_DAYS[0], SIX_DAYS[0]))


@pytest.mark.parametrize(("respond_by", "possible"), [("09:00", False), ("09:15", True)])
def test_there_are_more_than_five_minutes_to_answer(melati: Clinic, respond_by: str, possible: bool) -> None:
    until = at(f"2026-11-23 {respond_by}")
    if possible:
        assert melati.offered(respond_by=until).respond_by == until
        return
    with pytest.raises(DomainError, match="lies ahead"):
        melati.offered(respond_by=until)


@pytest.mark.parametrize(
    ("first", "refused"), [("2026-11-23 09:00", "already past"), ("2026-11-23 09:01", "nobody can answer before that")]
)
def test_a_time_that_has_begun_is_past(melati: Clinic, first: str, refused: str) -> None:
    with pytest.raises(DomainError, match=refused):
        melati.offered(offers=at_times(melati, first, SIX_DAYS[0]))


@pytest.mark.parametrize(("respond_by", "possible"), [("11:30", True), ("11:45", False)])
def test_the_time_to_answer_ends_before_the_notice_of_the_last_time(
    melati: Clinic, respond_by: str, possible: bool
) -> None:
    melati.service.notice_minutes = 150
    melati.service.save()
    chosen: dict[str, Any] = {
        "offers": at_times(melati, "2026-11-23 13:30", "2026-11-23 14:00"),
        "respond_by": at(f"2026-11-23 {respond_by}"),
    }
    if possible:
        assert melati.offered(**chosen)
        return
    with pytest.raises(DomainError, match="Set the answer deadline to Mon 23 Nov, 11:30 WIB or earlier"):
        melati.offered(**chosen)


def test_who_does_not_work_here_any_more_is_responsible_for_nothing(melati: Clinic) -> None:
    melati.staff.is_active = False
    with pytest.raises(DomainError, match="does not work here"):
        melati.offered()


def test_a_form_of_another_appointment_is_refused(melati: Clinic) -> None:
    melati.offered(nonce="form")
    other = melati.booked("2026-11-28 16:30", customer=CustomerFactory())
    with pytest.raises(DomainError, match="another appointment"):
        melati.offered(other, nonce="form")


@pytest.mark.parametrize(("now", "possible"), [("2026-11-24 10:29", True), ("2026-11-24 10:30", False)])
def test_it_can_be_moved_until_it_has_ended(melati: Clinic, now: str, possible: bool) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    assert drafts.can_be_moved(appointment, now=at(now)) is possible


def test_it_can_be_moved_after_its_end_while_a_round_is_open_and_never_once_it_is_over(melati: Clinic) -> None:
    round_ = melati.offered()
    appointment = round_.appointment
    later = at("2026-11-25 10:00")
    assert drafts.can_be_moved(appointment, now=later)
    appointment.state = AppointmentState.COMPLETED
    assert not drafts.can_be_moved(appointment, now=later)
    assert not drafts.can_be_moved(appointment, now=NOW)


def test_a_round_says_by_when_we_call_and_until_when_it_can_be_taken_back(melati: Clinic) -> None:
    round_ = melati.offered(offers=at_times(melati, *SIX_DAYS[:2]), respond_by=at("2026-11-23 16:30"))
    assert round_.call_by == at("2026-11-24 09:30")
    assert round_.undo_until == NOW + minutes(20 / 60)
    wished = melati.offered(round_.appointment, wished=True)
    assert wished.undo_until == NOW


def test_a_newer_round_settles_what_we_owed_in_the_earlier_one(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.ask_other_times(round_, wishes=Wishes(days=frozenset({6})), nonce="o", now=NOW)
    answers.call_me(round_, nonce="c", now=NOW)
    second = melati.offered(round_.appointment, now=NOW + hours(1))
    round_.refresh_from_db()
    assert (round_.state, second.round) == (RequestState.REPLACED, 2)
    states = dict(round_.promises.values_list("kind", "state"))
    assert states[PromiseKind.FIND_TIMES] == PromiseState.KEPT
    assert states[PromiseKind.CALL] == PromiseState.RELEASED
    assert set(round_.offers.values_list("state", flat=True)) == {OfferState.LAPSED}


def test_a_near_time_is_kept_until_its_own_hour_and_shortens_no_other(melati: Clinic) -> None:
    near, *far = ["2026-11-23 13:30", *SIX_DAYS[1:3]]
    due = at("2026-11-24 09:00")
    round_ = melati.offered(offers=at_times(melati, near, *far), respond_by=due)
    assert [offer.kept_until for offer in round_.offers.all()] == [at("2026-11-23 13:00"), due, due]
    assert round_.promises.get(kind=PromiseKind.HOLD).due_at == due
    assert {row.expires_at for row in round_.holds.filter(starts_at=at(near))} == {at("2026-11-23 13:00")}

    slots = {one.starts_at: find_slot(one) for one in round_.offers.all()}

    def others_book(start: str, *, now: str) -> None:
        booking.book(
            customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slots[at(start)],
            by=actors.SYSTEM, now=at(now),
        )  # fmt: skip

    with pytest.raises(SlotTaken):
        others_book(near, now="2026-11-23 12:59")
    others_book(near, now="2026-11-23 13:00")
    for start in far:
        with pytest.raises(SlotTaken):
            others_book(start, now="2026-11-24 08:59")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"kept_until": None}, "offer_kept_iff_guaranteed"),
        ({"guaranteed": False}, "offer_kept_iff_guaranteed"),
        ({"kept_until": at(SIX_DAYS[1]) + minutes(1)}, "offer_kept_before_it_starts"),
    ],
)
def test_until_when_an_offer_is_kept_is_the_databases_own_rule(
    melati: Clinic, change: dict[str, Any], broken: str
) -> None:
    round_ = melati.offered(offers=at_times(melati, *SIX_DAYS[1:3]))
    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        round_.offers.filter(position=1).update(**change)
    round_.offers.filter(position=1).update(kept_until=at(SIX_DAYS[1]))


def test_only_guaranteed_times_are_held(melati: Clinic) -> None:
    held, free = at_times(melati, SIX_DAYS[0]), at_times(melati, SIX_DAYS[1], guaranteed=False)
    round_ = melati.offered(offers=held + free)
    assert {row.starts_at for row in round_.holds.all()} == {at(SIX_DAYS[0])}
    assert round_.promises.get(kind=PromiseKind.HOLD).due_at == round_.respond_by
    other = melati.booked("2026-11-25 16:00", customer=CustomerFactory())
    unheld = melati.offered(other, offers=at_times(melati, SIX_DAYS[1], SIX_DAYS[2], guaranteed=False))
    assert not unheld.promises.filter(kind=PromiseKind.HOLD).exists()
    assert not unheld.holds.exists()


def test_offers_are_numbered_in_order_of_time_after_those_there_are(melati: Clinic) -> None:
    round_ = melati.offered(offers=at_times(melati, SIX_DAYS[1], SIX_DAYS[0]))
    rounds.add_offers(round_, at_times(melati, SIX_DAYS[3], SIX_DAYS[2]))
    assert list(round_.offers.order_by("position").values_list("position", "starts_at")) == [
        (1, at(SIX_DAYS[0])), (2, at(SIX_DAYS[1])), (3, at(SIX_DAYS[2])), (4, at(SIX_DAYS[3])),
    ]  # fmt: skip
    assert {offer.resources.count() for offer in round_.offers.all()} == {2}


def test_what_a_customer_refused_is_not_suggested_again(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    first = melati.offered(appointment)
    seen = {one.when_and_whom for one in first.offers.all()}
    assert wished.refused_by(appointment) == set()
    answers.ask_other_times(first, wishes=Wishes(), nonce="more", now=NOW)
    again = RescheduleRequest.objects.live().get()
    answers.ask_other_times(again, wishes=Wishes(), nonce="and more", now=NOW)
    seen |= {one.when_and_whom for one in again.offers.all()}
    latest = RescheduleRequest.objects.live().get()
    assert wished.refused_by(appointment) == seen
    assert seen.isdisjoint(one.when_and_whom for one in latest.offers.all())
    assert seen.isdisjoint(one.slot.when_and_whom for one in drafts.propose(appointment, now=NOW, limit=12))
