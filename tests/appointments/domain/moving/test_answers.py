"""The five answers: each once, each exactly what it says, and never a dead end."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, promises
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing, offers, other_times, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.pages.customer_page import CustomerState, customer_situation
from appointments.domain.schedule.slots import Wishes, slot_of
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
from appointments.errors import MoveRefused, NotOffered, RoundOver, SlotTaken, ToldEnough
from appointments.models import Answer, Appointment, AppointmentEvent, Occupancy, Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import AbsenceFactory, Clinic, ClosureFactory, CustomerFactory

pytestmark = pytest.mark.django_db


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
    assert in_limbo(NOW).count() == 0


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
    assert not appointment.occupancies.exists()
    assert Message.objects.get(kind="cancellation").true_if["sequence"] == 1
    assert in_limbo(NOW).count() == 0


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
    assert in_limbo(NOW).count() == 0


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
    assert in_limbo(NOW).count() == 0


def test_a_call_is_owed_by_a_named_colleague_within_working_hours(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    evening = NOW + hours(1)
    answers.call_me(round_, nonce="call", now=evening)
    owed = round_.promises.open().get(kind=PromiseKind.CALL)
    assert owed.owner == melati.staff
    assert 8 <= owed.due_at.astimezone(melati.location.tzinfo).hour < 18
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.RELEASED
    assert len(offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=evening)) == 3


def test_wishes_with_words_are_acknowledged_as_words(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    wishes = Wishes(parts=frozenset({"afternoon"}))
    answers.ask_other_times(round_, wishes=wishes, words="And bring my results", nonce="o", now=NOW)
    assert Message.objects.get(kind="acknowledgement").context["answer"] == "tell"


AFTERNOONS, MORNINGS = Wishes(parts=frozenset({"afternoon"})), Wishes(parts=frozenset({"morning"}))


def test_after_three_rounds_of_other_times_a_person_takes_over(melati: Clinic) -> None:
    """So much must be free that only the number of rounds can be the reason."""
    round_ = melati.offered()
    seen = []
    for turn, wishes in enumerate((AFTERNOONS, MORNINGS, AFTERNOONS, MORNINGS)):
        answers.ask_other_times(round_, wishes=wishes, nonce=f"o{turn}", now=NOW + minutes(turn))
        round_ = RescheduleRequest.objects.live().get()
        seen.append((round_.round, round_.state))
    assert seen == [
        (2, RequestState.OPEN), (3, RequestState.OPEN), (4, RequestState.OPEN), (4, RequestState.WITH_US),
    ]  # fmt: skip
    assert Promise.objects.open().filter(request=round_, kind=PromiseKind.FIND_TIMES).count() == 1


def test_rounds_that_we_opened_do_not_count_as_wishes(melati: Clinic) -> None:
    round_ = melati.offered()
    for turn in range(1, 4):
        round_ = melati.offered(round_.appointment, now=NOW + minutes(turn))
    answers.ask_other_times(round_, wishes=AFTERNOONS, nonce="o", now=NOW + minutes(5))
    assert RescheduleRequest.objects.live().get().wished is True


def test_a_time_that_went_to_somebody_else_is_told_as_taken_and_one_taken_back_as_not_offered(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.offers.filter(position=1).update(state=OfferState.GONE)
    round_.offers.filter(position=2).update(state=OfferState.WITHDRAWN)
    for position, error in ((1, SlotTaken), (2, NotOffered)):
        with pytest.raises(error):
            answers.accept(round_.offers.get(position=position), nonce=f"p{position}", now=NOW)
    assert not Answer.objects.exists()


def test_the_same_choice_by_another_form_is_the_same_answer_and_never_somebody_elses(melati: Clinic) -> None:
    round_ = melati.offered()
    first = answers.accept(round_.offers.get(position=1), nonce="a", now=NOW)
    assert answers.accept(round_.offers.get(position=1), nonce="b", now=NOW) == first
    other = melati.offered(melati.booked("2026-11-28 16:30", customer=CustomerFactory()))
    for give in (answers.call_me, answers.cancel, answers.keep):
        with pytest.raises(NotOffered, match="does not belong"):
            give(other, nonce="a", now=NOW)


@pytest.mark.parametrize("give", [answers.keep, answers.cancel])
def test_the_same_end_again_is_the_same_answer_whatever_the_form(melati: Clinic, give: Any) -> None:
    round_ = melati.offered(can_keep=True)
    first = give(round_, nonce="a", now=NOW)
    assert give(round_, nonce="a", now=NOW) == give(round_, nonce="b", now=NOW) == first
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("give", [answers.call_me, answers.tell])
def test_a_form_sent_twice_is_one_wish_and_two_forms_are_two(melati: Clinic, give: Any) -> None:
    round_ = melati.offered()
    words = {"words": "Hello"}
    first = give(round_, nonce="a", now=NOW, **words)
    assert give(round_, nonce="a", now=NOW, **words) == first
    assert give(round_, nonce="b", now=NOW, **words) != first
    assert Answer.objects.count() == 2


def test_wishes_sent_twice_open_one_round(melati: Clinic) -> None:
    round_ = melati.offered()
    given = [answers.ask_other_times(round_, wishes=AFTERNOONS, nonce="o", now=NOW) for __ in range(2)]
    assert given[0] == given[1]
    assert RescheduleRequest.objects.count() == 2


def test_who_kept_the_time_cannot_cancel_the_round_and_the_other_way_round(melati: Clinic) -> None:
    kept = melati.offered(can_keep=True)
    answers.keep(kept, nonce="k", now=NOW)
    with pytest.raises(RoundOver):
        answers.cancel(kept, nonce="c", now=NOW)
    ended = melati.offered(melati.booked("2026-11-28 16:30", customer=CustomerFactory()), can_keep=True)
    answers.cancel(ended, nonce="c2", now=NOW)
    with pytest.raises(RoundOver):
        answers.keep(ended, nonce="k2", now=NOW)


def test_a_round_of_what_is_no_longer_booked_takes_no_answer(melati: Clinic) -> None:
    round_ = melati.offered(can_keep=True)
    Appointment.objects.update(state=AppointmentState.MISSED)
    for give in (answers.keep, answers.cancel):
        with pytest.raises(RoundOver):
            give(round_, nonce="x", now=NOW)


@pytest.mark.parametrize(("now", "possible"), [("2026-11-24 09:59", True), ("2026-11-24 10:00", False)])
def test_the_original_time_can_be_kept_until_it_begins(melati: Clinic, now: str, possible: bool) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 10:00"), can_keep=True)
    if possible:
        assert answers.keep(round_, nonce="k", now=at(now)).kind == AnswerKind.KEEP
        return
    with pytest.raises(MoveRefused):
        answers.keep(round_, nonce="k", now=at(now))


def test_what_is_too_near_at_the_tap_is_refused_with_a_way_on(melati: Clinic) -> None:
    melati.service.notice_minutes = 60
    melati.service.save()
    offer = melati.offered().offers.order_by("starts_at").first()
    assert offer
    with pytest.raises(NotOffered, match="too near"):
        answers.accept(offer, nonce="p", now=offer.starts_at - minutes(60))
    assert answers.accept(offer, nonce="p", now=offer.starts_at - minutes(61))


def test_a_confirmation_knows_whether_it_was_agreed_on_the_phone(melati: Clinic) -> None:
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    assert Message.objects.get(kind="confirmation").context["by_phone"] is False


def test_words_are_trimmed_and_cut_at_four_thousand_letters(melati: Clinic) -> None:
    round_ = melati.offered()
    assert answers.tell(round_, words=" Hello \n", nonce="a", now=NOW).words == "Hello"
    assert len(answers.tell(round_, words="x" * 3999, nonce="b", now=NOW).words) == 3999
    assert len(answers.tell(round_, words="x" * 4001, nonce="c", now=NOW).words) == 4000


def test_what_was_written_down_for_a_customer_is_not_acknowledged_to_them(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="a", now=NOW, by=actors.staff(melati.staff), recorded_by=melati.staff)
    assert not Message.objects.filter(kind="acknowledgement").exists()
    answers.call_me(round_, nonce="b", now=NOW)
    assert Message.objects.filter(kind="acknowledgement").count() == 1


def test_a_call_is_asked_for_in_a_live_round_and_owed_after_it_too(melati: Clinic) -> None:
    round_ = melati.offered(can_keep=True)
    answers.call_me(round_, nonce="a", now=NOW + minutes(5))
    answers.call_me(round_, nonce="b", now=NOW + minutes(9))
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.WITH_US, NOW + minutes(5))
    assert Promise.objects.open().filter(kind=PromiseKind.CALL).count() == 1
    answers.keep(round_, nonce="k", now=NOW + minutes(10))
    answers.call_me(round_, nonce="c", now=NOW + minutes(11))
    round_.refresh_from_db()
    assert round_.state == RequestState.KEPT
    assert Promise.objects.open().get().kind == PromiseKind.CALL


def test_own_words_beside_wishes_are_read_by_a_person(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.ask_other_times(round_, wishes=AFTERNOONS, words="I come by bus", nonce="o", now=NOW)
    opened = RescheduleRequest.objects.live().get()
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert (owed.request, owed.details) == (opened, "I come by bus")
    answers.ask_other_times(opened, wishes=MORNINGS, nonce="o2", now=NOW)
    assert Promise.objects.open().filter(kind=PromiseKind.REPLY).count() == 1


def one_time_on(melati: Clinic, *days_: str) -> Wishes:
    """A wish that a single free time a day meets: the last half hour, with one of the two providers."""
    for day in days_:
        AbsenceFactory(resource=melati.colleague, starts_at=at(f"{day} 08:00"), ends_at=at(f"{day} 17:00"))
        AbsenceFactory(resource=melati.provider, starts_at=at(f"{day} 08:00"), ends_at=at(f"{day} 16:30"))
    return Wishes(from_day=at(f"{days_[0]} 08:00").date(), until_day=at(f"{days_[-1]} 08:00").date())


def test_nobody_gets_a_choice_of_one(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.ask_other_times(round_, wishes=one_time_on(melati, "2026-11-30"), nonce="o", now=NOW)
    opened = RescheduleRequest.objects.live().get()
    starts = [offer.starts_at for offer in opened.offers.order_by("starts_at")]
    assert len(starts) == 3
    assert starts[-1] == at("2026-11-30 16:30")
    assert not set(starts) & set(round_.offers.values_list("starts_at", flat=True))


def test_two_that_fit_are_a_choice_and_nothing_else_is_added(melati: Clinic) -> None:
    wishes = one_time_on(melati, "2026-11-30", "2026-12-01")
    answers.ask_other_times(melati.offered(), wishes=wishes, nonce="o", now=NOW)
    starts = RescheduleRequest.objects.live().get().offers.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [at("2026-11-30 16:30"), at("2026-12-01 16:30")]


def test_a_choice_of_one_and_no_other_time_is_for_a_person(melati: Clinic) -> None:
    round_ = melati.offered()
    wishes = one_time_on(melati, "2026-11-30")
    ClosureFactory(location=melati.location, starts_at=at("2026-11-23 12:00"), ends_at=at("2026-11-30 08:00"))
    ClosureFactory(location=melati.location, starts_at=at("2026-12-01 00:00"), ends_at=at("2027-12-01 00:00"))
    ClosureFactory(location=melati.location, starts_at=at("2026-11-23 08:00"), ends_at=at("2026-11-23 12:00"))
    answers.ask_other_times(round_, wishes=wishes, nonce="o", now=NOW)
    assert RescheduleRequest.objects.live().get().state == RequestState.WITH_US


@pytest.mark.parametrize(("losses", "found"), [(2, True), (3, False)])
def test_a_lost_race_for_wished_times_is_run_three_times(
    melati: Clinic, losses: int, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else is faster so many times."""
    round_ = melati.offered()
    lost: list[int] = []

    def open_or_lose(*args: Any, **options: Any) -> RescheduleRequest:
        if len(lost) < losses:
            lost.append(1)
            raise SlotTaken
        return rounds.open_round(*args, **options)

    monkeypatch.setattr(other_times, "open_round", open_or_lose)
    answers.ask_other_times(round_, wishes=AFTERNOONS, nonce="o", now=NOW)
    assert RescheduleRequest.objects.live().get().wished is found
    assert len(lost) == losses


def wished_after(melati: Clinic, day: str) -> datetime:
    """By when an answer is wanted to a round whose times begin on `day`."""
    round_ = melati.offered()
    answers.ask_other_times(round_, wishes=Wishes(from_day=at(f"{day} 00:00").date()), nonce="o", now=NOW)
    opened = RescheduleRequest.objects.live().get()
    assert opened.wished
    return opened.respond_by


def test_wished_times_far_ahead_leave_a_day_to_answer(melati: Clinic) -> None:
    assert wished_after(melati, "2026-12-01") == NOW + hours(24)


def test_wished_times_that_are_near_are_kept_until_hours_of_their_own(melati: Clinic) -> None:
    respond_by = wished_after(melati, "2026-11-23")
    offers = list(RescheduleRequest.objects.live().get().offers.order_by("starts_at"))
    assert (offers[0].starts_at, offers[0].kept_until) == (at("2026-11-23 10:00"), at("2026-11-23 09:30"))
    assert (offers[-1].kept_until, respond_by) == (NOW + hours(24), NOW + hours(24))


def test_wished_times_are_far_enough_away_to_be_tapped(melati: Clinic) -> None:
    answers.ask_other_times(melati.offered(), wishes=Wishes(from_day=NOW.date()), nonce="o", now=NOW)
    starts = RescheduleRequest.objects.live().get().offers.values_list("starts_at", flat=True)
    assert min(starts) >= NOW + minutes(30)


def test_a_form_has_one_answer_even_where_another_form_chose_the_same_time(melati: Clinic) -> None:
    offer = melati.offered().offers.get(position=1)
    answers.accept(offer, nonce="a", now=NOW)
    told = answers.tell(offer.request, words="Thank you", nonce="b", now=NOW)
    assert answers.accept(offer, nonce="b", now=NOW) == told


def test_an_open_time_is_for_the_first_and_the_next_learns_it_by_one_query(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    mine = melati.offered(guaranteed=False)
    same = tuple(
        ChosenOffer(slot_of(offer), Why.SOONEST, guaranteed=False) for offer in mine.offers.order_by("position")
    )
    theirs = melati.offered(melati.booked("2026-12-01 16:00", customer=CustomerFactory()), offers=same)
    late = Offer.objects.select_related("request__appointment").get(request=theirs, position=1)
    answers.accept(mine.offers.get(position=1), nonce="me", now=NOW)
    with django_assert_num_queries(1), pytest.raises(SlotTaken):
        answers.accept(late, nonce="them", now=NOW)
    assert answers.accept(theirs.offers.get(position=2), nonce="them", now=NOW)


def test_after_enough_for_one_day_a_customer_can_still_end_it_and_be_written_down(melati: Clinic) -> None:
    round_ = melati.offered()
    for number in range(10):
        answers.tell(round_, words="Hello", nonce=f"t{number}", now=NOW)
    for give in (answers.call_me, answers.tell):
        with pytest.raises(ToldEnough):
            give(round_, nonce="more", words="Hello", now=NOW)
    by = actors.staff(melati.staff)
    assert answers.call_me(round_, nonce="phone", now=NOW, by=by, recorded_by=melati.staff)
    assert answers.call_me(round_, nonce="for them", now=NOW, recorded_by=melati.staff)
    assert answers.call_me(round_, nonce="by us", now=NOW, by=by)
    assert answers.cancel(round_, nonce="bye", now=NOW).kind == AnswerKind.CANCEL


def test_a_call_is_due_when_they_are_reached_best_and_the_answer_keeps_it(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-26 10:00"))
    answer = answers.call_me(round_, reached=["afternoon"], nonce="c", now=NOW)
    assert answer.wishes == {"reached": ["afternoon"]}
    promise = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert promise.due_at == at("2026-11-23 17:00")
    assert promise.due_at > promises.usually_due(melati.location, now=NOW)


def test_a_call_is_not_put_off_by_what_is_said_later_nor_beyond_an_hour_that_the_silent_were_told(
    melati: Clinic,
) -> None:
    round_ = melati.offered(melati.booked("2026-11-26 10:00"))
    answers.call_me(round_, nonce="a", now=NOW)
    first = Promise.objects.open().get(kind=PromiseKind.CALL)
    answers.call_me(round_, reached=["afternoon"], nonce="b", now=NOW + minutes(5))
    assert Promise.objects.open().get(kind=PromiseKind.CALL).due_at == first.due_at

    silent = melati.offered(melati.booked("2026-11-26 11:00"))
    chasing.chase_answers(now=silent.respond_by + minutes(1))
    silent.refresh_from_db()
    told = silent.promises.open().get(kind=PromiseKind.ANSWER_OR_CALL).due_at
    answers.call_me(silent, reached=["afternoon"], nonce="c", now=silent.respond_by + minutes(2))
    assert silent.promises.open().get(kind=PromiseKind.CALL).due_at == told


def test_a_number_is_taken_where_we_have_none_and_a_link_changes_none_that_we_have(melati: Clinic) -> None:
    round_ = melati.offered()
    customer = round_.appointment.customer
    customer.phone = ""
    customer.save()
    answers.call_me(round_, phone="+6281234567890", nonce="a", now=NOW)
    customer.refresh_from_db()
    assert str(customer.phone) == "+6281234567890"
    answers.call_me(round_, phone="+6281234567891", nonce="b", now=NOW + minutes(1))
    customer.refresh_from_db()
    assert str(customer.phone) == "+6281234567890"
