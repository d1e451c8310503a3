"""One round of moving one appointment, from the colleague's decision to its end."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors, booking, promises
from appointments.domain.messages import kinds
from appointments.domain.moving import answers, chasing, deadlines, offers, rounds
from appointments.domain.moving.rounds import ChosenOffer
from appointments.domain.pages.customer_page import CustomerState, customer_situation
from appointments.domain.schedule.slots import Wishes
from appointments.enums import (
    AnswerKind,
    AppointmentState,
    EventKind,
    OfferState,
    PromiseKind,
    PromiseState,
    RequestState,
    Why,
)
from appointments.errors import DomainError, MoveRefused, NotOffered, RoundOver, SlotTaken
from appointments.models import Appointment, AppointmentEvent, Occupancy, Offer, Promise, RescheduleRequest
from notifications.enums import Urgency
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


def occupied(appointment: Appointment) -> set[tuple[int, datetime, bool]]:
    rows = Occupancy.objects.filter(appointment=appointment)
    return {(row.resource_id, row.starts_at, row.request_id is not None) for row in rows}


def in_limbo() -> int:
    return Appointment.objects.in_limbo(NOW).count()


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
    assert in_limbo() == 0


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


def find_slot(offer: Offer) -> booking.Slot:
    resources = tuple(sorted(offer.resources.values_list("pk", flat=True)))
    return booking.Slot(offer.starts_at, offer.ends_at, offer.provider_id, resources)


def test_an_appointment_can_move_by_a_quarter_of_an_hour_into_its_own_time(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    near = [
        booking.Slot(
            appointment.starts_at + minutes(shift), appointment.ends_at + minutes(shift), melati.provider.pk,
            tuple(sorted((melati.provider.pk, melati.room.pk))),
        )
        for shift in (15, -15)
    ]  # fmt: skip
    draft = melati.draft(appointment, offers=tuple(ChosenOffer(slot, Why.STAFF_CHOICE, True) for slot in near))
    round_ = rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    later = round_.offers.get(starts_at=near[0].starts_at)

    answers.accept(later, nonce="tap", now=NOW)

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.sequence) == (near[0].starts_at, 1)
    assert occupied(appointment) == {
        (melati.provider.pk, near[0].starts_at, False), (melati.room.pk, near[0].starts_at, False),
    }  # fmt: skip


def test_a_pick_moves_the_appointment_and_settles_everything(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    offer = round_.offers.order_by("position").last()
    assert offer is not None

    answer = answers.accept(offer, nonce="tap", now=NOW + hours(1))

    appointment.refresh_from_db()
    round_.refresh_from_db()
    assert (answer.kind, answer.offer) == (AnswerKind.PICK, offer)
    assert (appointment.starts_at, appointment.provider_id) == (offer.starts_at, offer.provider_id)
    assert (round_.state, round_.answered_at) == (RequestState.ACCEPTED, NOW + hours(1))
    assert sorted(round_.offers.values_list("state", flat=True)) == sorted(["taken", "lapsed", "lapsed"])
    assert Occupancy.objects.filter(request__isnull=False).count() == 0
    assert Promise.objects.open().count() == 0
    assert Message.objects.get(kind="confirmation").true_if["sequence"] == 1
    assert Message.objects.get(kind="offer").state == "cancelled"  # it had not left yet, and is no longer true
    assert customer_situation(appointment, now=NOW + hours(1)).state == CustomerState.BOOKED
    assert in_limbo() == 0


def test_history_keeps_before_and_after_of_a_move(melati: Clinic) -> None:
    appointment = melati.booked()
    offer = melati.offered(appointment).offers.first()
    assert offer is not None
    answers.accept(offer, nonce="tap", now=NOW)
    moved = AppointmentEvent.objects.get(kind=EventKind.MOVED)
    assert moved.before
    assert moved.after
    assert datetime.fromisoformat(moved.before["starts_at"]) == appointment.starts_at
    assert datetime.fromisoformat(moved.after["starts_at"]) == offer.starts_at
    assert moved.before["resources"] == sorted([melati.provider.pk, melati.room.pk])


def test_fifty_taps_are_one_change_and_one_message(melati: Clinic) -> None:
    offer = melati.offered(melati.booked()).offers.first()
    assert offer is not None
    given = {answers.accept(offer, nonce=f"tap-{n % 2}", now=NOW).pk for n in range(50)}
    assert len(given) == 1
    assert Message.objects.filter(kind="confirmation").count() == 1
    assert AppointmentEvent.objects.filter(kind=EventKind.MOVED).count() == 1


def test_another_time_after_the_pick_is_told_that_the_round_is_over(melati: Clinic) -> None:
    first, second, __ = melati.offered(melati.booked()).offers.order_by("position")
    answers.accept(first, nonce="one", now=NOW)
    with pytest.raises(RoundOver):
        answers.accept(second, nonce="two", now=NOW)


def test_the_second_customer_sees_fresh_times(melati: Clinic) -> None:
    mine = melati.booked("2026-11-24 10:00")
    theirs = melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    slot = rounds.propose(mine, now=NOW, limit=1)[0].slot
    other = rounds.propose(mine, now=NOW, limit=3)[2].slot
    pair = tuple(ChosenOffer(one, Why.SOONEST, False) for one in (slot, other))
    by = actors.staff(melati.staff)
    my_round = rounds.open_round(mine, melati.draft(mine, offers=pair, nonce="a"), by=by, now=NOW)
    their_round = rounds.open_round(theirs, melati.draft(theirs, offers=pair, nonce="b"), by=by, now=NOW)

    answers.accept(my_round.offers.get(starts_at=slot.starts_at), nonce="me", now=NOW)
    late = their_round.offers.get(starts_at=slot.starts_at)
    with pytest.raises(SlotTaken):
        answers.accept(late, nonce="them", now=NOW)
    fresh = offers.refresh(their_round, gone=late, now=NOW)

    late.refresh_from_db()
    assert late.state == OfferState.GONE
    assert slot.starts_at not in {one.starts_at for one in fresh if one.provider_id == slot.provider_id}
    assert len(fresh) >= 3
    theirs.refresh_from_db()
    assert theirs.starts_at == late.request.was_starts_at
    answers.accept(fresh[0], nonce="again", now=NOW)
    theirs.refresh_from_db()
    assert theirs.starts_at == fresh[0].starts_at


def test_a_time_that_has_passed_cannot_be_taken(melati: Clinic) -> None:
    offer = melati.offered(melati.booked()).offers.order_by("starts_at").first()
    assert offer is not None
    with pytest.raises(NotOffered):
        answers.accept(offer, nonce="late", now=offer.starts_at)


def test_keeping_the_original_time_is_possible_only_where_it_is(melati: Clinic) -> None:
    gone = melati.offered(melati.booked())
    with pytest.raises(MoveRefused):
        answers.keep(gone, nonce="k", now=NOW)

    possible = melati.offered(melati.booked("2026-11-28 16:00"), can_keep=True, nonce="other")
    answers.keep(possible, nonce="k2", now=NOW)
    possible.refresh_from_db()
    assert possible.state == RequestState.KEPT
    assert Message.objects.get(kind="kept").true_if["sequence"] == 0
    assert Occupancy.objects.filter(request=possible).count() == 0


def test_cancelling_frees_the_time_and_says_goodbye(melati: Clinic) -> None:
    appointment = melati.booked()
    answers.cancel(melati.offered(appointment), nonce="c", now=NOW)
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.CANCELLED
    assert occupied(appointment) == set()
    assert Message.objects.get(kind="cancellation").true_if["sequence"] == 1
    assert in_limbo() == 0


def test_other_times_open_a_new_round_at_once(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    answers.ask_other_times(first, wishes=Wishes(parts=frozenset({"afternoon"})), nonce="o", now=NOW)

    situation = customer_situation(appointment, now=NOW)
    assert situation.state == CustomerState.CHOOSE
    assert situation.request is not None
    assert (situation.request.round, situation.request.wished) == (2, True)
    local = [offer.starts_at.astimezone(melati.location.tzinfo).hour for offer in situation.offers]
    assert len(local) >= 2
    assert all(12 <= hour < 17 for hour in local)
    first.refresh_from_db()
    assert first.state == RequestState.REPLACED
    assert situation.request.was_starts_at == first.was_starts_at
    assert in_limbo() == 0


def test_other_times_that_do_not_exist_become_a_promise(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    answers.ask_other_times(
        round_, wishes=Wishes(days=frozenset({6})), words="Only Sundays, please", nonce="o", now=NOW
    )
    situation = customer_situation(appointment, now=NOW)
    assert situation.state == CustomerState.WITH_US
    assert situation.owed is not None
    assert (situation.owed.kind, situation.owed.owner, situation.owed.details) == (
        PromiseKind.FIND_TIMES, melati.staff, "Only Sundays, please",
    )  # fmt: skip
    acknowledged = Message.objects.get(kind="acknowledgement")
    assert datetime.fromisoformat(str(acknowledged.context["promise_due"])) == situation.owed.due_at
    assert in_limbo() == 0


def test_a_call_is_owed_by_a_named_colleague_within_working_hours(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    evening = NOW + hours(1)
    answers.call_me(round_, nonce="call", now=evening)
    owed = round_.promises.open().get(kind=PromiseKind.CALL)
    assert owed.owner == melati.staff
    assert 8 <= owed.due_at.astimezone(melati.location.tzinfo).hour < 18
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.RELEASED
    assert len(offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=evening)) == 3


def test_silence_is_nudged_twice_and_ends_in_a_call(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    kinds = []
    for passed in (60, 65, 100, 105, 121, 125):
        chasing.chase_answers(now=NOW + minutes(passed))
        kinds.append(sorted(Message.objects.exclude(kind="offer").values_list("kind", flat=True)))
    assert kinds == [
        ["nudge"], ["nudge"], ["nudge", "nudge"], ["nudge", "nudge"],
        ["expiry", "nudge", "nudge"], ["expiry", "nudge", "nudge"],
    ]  # fmt: skip
    round_.refresh_from_db()
    assert (round_.state, round_.holds_lapsed) == (RequestState.WITH_US, True)
    assert list(Promise.objects.to_work_on()) == [round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL)]
    assert Appointment.objects.in_limbo(NOW + minutes(125)).count() == 0
    offer = offers.takeable(round_, now=NOW + minutes(125))[0]
    answers.accept(offer, nonce="late", now=NOW + minutes(126))
    appointment.refresh_from_db()
    assert appointment.starts_at == offer.starts_at
    assert Promise.objects.open().count() == 0


def test_undo_leaves_no_trace_with_the_customer(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW + minutes(0.1)) is True
    round_.refresh_from_db()
    assert round_.state == RequestState.WITHDRAWN
    assert Message.objects.get().state == "cancelled"
    assert Promise.objects.open().count() == 0
    assert Occupancy.objects.filter(request=round_).count() == 0


def test_after_the_window_the_customer_is_told_that_the_time_stands(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW + hours(1)) is False
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW + hours(1))
    assert Message.objects.get(kind="kept").context["withdrawn"] is True


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"offers": ()}, "between two and five"),
        ({"respond_by": NOW}, "lies ahead"),
        ({"respond_by": NOW + hours(24 * 30)}, "before the first offered time"),
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


def test_a_message_of_an_answered_round_is_stale(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    true_if = Message.objects.get(kind="offer").true_if
    assert kinds.why_stale("offer", true_if, now=NOW) is None
    answers.cancel(round_, nonce="c", now=NOW)
    assert kinds.why_stale("offer", true_if, now=NOW) is not None


def test_a_promise_about_to_break_is_escalated_once_and_then_marked(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="call", now=NOW)
    owed = round_.promises.open().get(kind=PromiseKind.CALL)
    for moment in (owed.due_at - minutes(30), owed.due_at - minutes(20), owed.due_at + minutes(1)):
        promises.watch(now=moment)
    owed.refresh_from_db()
    assert owed.warned_at == owed.due_at - minutes(30)
    assert owed.broken_at == owed.due_at + minutes(1)
    assert list(Message.objects.filter(kind="escalation").values_list("urgency", flat=True)) == [Urgency.NOW]
    assert promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=owed.due_at + minutes(5))
    owed.refresh_from_db()
    assert owed.state == PromiseState.BROKEN


def test_whose_time_passed_unanswered_can_still_be_offered_another(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-23 15:00")
    round_ = melati.offered(appointment)
    tomorrow = NOW + hours(26)
    chasing.chase_answers(now=tomorrow)
    again = melati.draft(appointment, now=tomorrow, nonce="next day", respond_by=tomorrow + hours(1))
    second = rounds.open_round(appointment, again, by=actors.staff(melati.staff), now=tomorrow)
    round_.refresh_from_db()
    assert (round_.state, second.round, second.was_starts_at) == (RequestState.REPLACED, 2, appointment.starts_at)
    assert Appointment.objects.in_limbo(tomorrow).count() == 0


def test_what_has_ended_without_a_round_is_not_moved(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-20 10:00")
    with pytest.raises(MoveRefused):
        melati.offered(appointment)


def test_when_every_offered_time_is_gone_a_person_looks_for_others(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked(), guaranteed=False)
    round_.offers.update(state=OfferState.GONE)
    melati.service.horizon_days = 0
    melati.service.save()
    assert offers.refresh(round_, gone=None, now=NOW) == []
    owed = round_.promises.open().get()
    assert (owed.kind, owed.owner) == (PromiseKind.FIND_TIMES, melati.staff)
    assert in_limbo() == 0


@pytest.mark.parametrize(
    ("written", "answerable"),
    [
        ("2026-11-23 09:00", "2026-11-23 13:00"),
        ("2026-11-23 17:00", "2026-11-23 21:00"),
        ("2026-11-23 19:30", "2026-11-24 10:30"),
        ("2026-11-23 21:00", "2026-11-24 12:00"),
        ("2026-11-23 23:59", "2026-11-24 12:00"),
        ("2026-11-24 03:00", "2026-11-24 12:00"),
        ("2026-11-24 08:00", "2026-11-24 12:00"),
    ],
)
def test_nobody_has_to_answer_in_the_night(melati: Clinic, written: str, answerable: str) -> None:
    now = at(written)
    assert deadlines.answerable_by(now, melati.location.tzinfo) == at(answerable)
    appointment = melati.booked("2026-11-26 10:00")
    starts = [one.slot.starts_at for one in rounds.propose(appointment, now=now, limit=5)]
    assert len(starts) == 5
    assert min(starts) >= at(answerable)
