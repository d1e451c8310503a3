"""Which offers can be taken: a latecomer learns it at little cost, and whoever is in time is let through."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, drafts, offers, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot
from appointments.enums import OfferState, PromiseKind, PromiseState, RequestState, Why
from appointments.errors import RoundOver, SlotTaken
from appointments.models import Answer, Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def rivals() -> tuple[Offer, Offer]:
    """Two customers to whom one open time is offered."""
    world = clinic(rooms=2)
    first = drafts.propose(world.booked("2026-11-26 10:00"), now=NOW, limit=2)
    return offer_of(world, first), offer_of(world, first, hour=11)


def offer_of(world: Clinic, slots: Any, *, hour: int = 10) -> Offer:
    appointment = world.booked(f"2026-12-01 {hour}:00", customer=CustomerFactory())
    open_times = tuple(ChosenOffer(one.slot, Why.SOONEST, guaranteed=False) for one in slots)
    round_ = world.offered(appointment, offers=open_times)
    return Offer.objects.select_related("request__appointment").get(request=round_, position=1)


def test_a_latecomer_is_told_by_one_query_and_waits_for_nobody(rivals: tuple[Offer, Offer]) -> None:
    winner, late = rivals
    answers.accept(winner, nonce="winner", now=NOW)
    with CaptureQueriesContext(connection) as queries, pytest.raises(SlotTaken):
        answers.accept(late, nonce="late", now=NOW)
    assert len(queries) == 1
    assert Answer.objects.count() == 1


def test_nothing_is_lost_before_somebody_has_it(rivals: tuple[Offer, Offer]) -> None:
    winner, late = rivals
    assert not offers.status_of(winner, nonce="winner", now=NOW).is_lost
    assert not offers.status_of(late, nonce="late", now=NOW).is_lost
    answers.accept(winner, nonce="winner", now=NOW)
    assert not offers.status_of(winner, nonce="winner", now=NOW).is_lost
    assert offers.status_of(late, nonce="late", now=NOW).is_lost


def test_a_form_that_was_answered_is_answered_again_and_a_round_that_is_over_says_so(
    rivals: tuple[Offer, Offer],
) -> None:
    winner, late = rivals
    answers.cancel(late.request, nonce="bye", now=NOW)
    given = answers.accept(winner, nonce="winner", now=NOW)
    assert answers.accept(winner, nonce="winner", now=NOW + days(1)) == given
    with pytest.raises(RoundOver):
        answers.accept(late, nonce="late", now=NOW)


def test_the_second_customer_sees_fresh_times(melati: Clinic) -> None:
    mine = melati.booked("2026-11-24 10:00")
    theirs = melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    slot = drafts.propose(mine, now=NOW, limit=1)[0].slot
    other = drafts.propose(mine, now=NOW, limit=3)[2].slot
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


def test_when_every_offered_time_is_gone_a_person_looks_for_others(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked(), guaranteed=False)
    round_.offers.update(state=OfferState.GONE)
    melati.service.horizon_days = 0
    melati.service.save()
    assert offers.refresh(round_, gone=None, now=NOW) == []
    owed = round_.promises.open().get()
    assert (owed.kind, owed.owner) == (PromiseKind.FIND_TIMES, melati.staff)
    assert in_limbo(NOW).count() == 0
    told = Message.objects.get(kind="times_gone")
    assert (told.to_name, told.context["promise_due"]) == (melati.customer.name, owed.due_at)
    offers.refresh(round_, gone=None, now=NOW)
    assert Message.objects.filter(kind="times_gone").count() == 1


@pytest.mark.parametrize(("now", "possible"), [("2026-11-25 11:59", True), ("2026-11-25 12:00", False)])
def test_a_time_can_be_taken_until_it_begins(melati: Clinic, now: str, possible: bool) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00")
    open_still = [one.starts_at for one in offers.takeable(round_, now=at(now))]
    assert open_still == ([at("2026-11-25 12:00")] if possible else []) + [at("2026-11-28 12:00")]


UNTIL_TOMORROW = {"respond_by": at("2026-11-24 09:00")}


def offered_at(melati: Clinic, *starts: str, guaranteed: bool = False, **draft: Any) -> RescheduleRequest:
    resources = (melati.provider.pk, melati.room.pk)
    chosen = tuple(
        ChosenOffer(Slot(at(one), at(one) + minutes(30), melati.provider.pk, resources), Why.SOONEST, guaranteed)
        for one in starts
    )
    return melati.offered(offers=chosen, **draft)


def test_a_time_cannot_be_taken_inside_the_notice_it_was_outside_of(melati: Clinic) -> None:
    melati.service.notice_minutes = 60
    melati.service.save()
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00")
    first = round_.offers.get(position=1)
    assert offers.is_in_time(first, round_, now=at("2026-11-25 10:59"))
    assert not offers.is_in_time(first, round_, now=at("2026-11-25 11:00"))


def test_a_near_time_passes_at_its_own_hour_and_the_others_stay(melati: Clinic) -> None:
    round_ = offered_at(
        melati, "2026-11-23 13:30", "2026-11-27 12:00", "2026-11-28 12:00", guaranteed=True, **UNTIL_TOMORROW
    )
    near = round_.offers.get(position=1)
    for clock, kept in (("12:59", True), ("13:00", False)):
        assert (near.is_kept(at(f"2026-11-23 {clock}")), near in offers.takeable(round_, now=NOW)) == (kept, True)
    assert offers.strike_out(now=at("2026-11-23 13:29")) == 0
    near.refresh_from_db()
    assert near.state == OfferState.LIVE
    assert offers.strike_out(now=at("2026-11-23 13:30")) == 0
    assert list(round_.offers.values_list("state", flat=True)) == [OfferState.LAPSED, OfferState.LIVE, OfferState.LIVE]
    taken, struck = offers.looked_at(round_, now=at("2026-11-23 13:15"))
    assert ([one.position for one in taken], [one.position for one in struck]) == ([2, 3], [1])


def test_who_is_asked_to_choose_has_something_to_choose_from(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-23 13:30", "2026-11-28 12:00", guaranteed=True, **UNTIL_TOMORROW)
    round_.offers.filter(position=2).update(state=OfferState.GONE)
    assert offers.strike_out(now=at("2026-11-23 13:29")) == 0
    assert offers.strike_out(now=at("2026-11-23 13:30")) == 1
    assert [one.position for one in offers.takeable(round_, now=at("2026-11-23 13:30"))] == [3, 4, 5]
    assert offers.strike_out(now=at("2026-11-23 13:31")) == 0


def test_nothing_can_be_taken_once_the_round_has_ended_or_the_offer_has(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00", "2026-11-26 12:00")
    round_.offers.filter(position=2).update(state=OfferState.GONE)
    assert [one.position for one in offers.takeable(round_, now=NOW)] == [1, 3]
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    Offer.objects.update(state=OfferState.LIVE)
    assert offers.takeable(round_, now=NOW) == []


def test_somebody_on_the_page_has_half_an_hour_to_tap(melati: Clinic) -> None:
    appointment = melati.booked()
    assert offers.soonest_for(appointment, NOW) == at("2026-11-23 09:30")
    appointment.service.notice_minutes = 60
    assert offers.soonest_for(appointment, NOW) == at("2026-11-23 10:30")


def book(melati: Clinic, start: str) -> None:
    """Somebody else takes the time that was on offer to all."""
    melati.booked(start, customer=CustomerFactory())


def test_three_are_enough_to_choose_from_and_of_two_there_are_fresh_ones(melati: Clinic) -> None:
    days_ = ["2026-11-25 12:00", "2026-11-26 12:00", "2026-11-27 12:00", "2026-11-28 12:00"]
    round_ = offered_at(melati, *days_)
    book(melati, days_[0])
    gone = round_.offers.get(position=1)
    assert [one.position for one in offers.refresh(round_, gone=gone, now=NOW)] == [2, 3, 4]
    book(melati, days_[1])
    fresh = offers.refresh(round_, gone=round_.offers.get(position=2), now=NOW)
    assert sorted(one.position for one in fresh) == [3, 4, 5, 6, 7]
    assert {one.position for one in fresh if not one.guaranteed} == {3, 4, 5, 6, 7}
    assert set(round_.offers.filter(position__lte=2).values_list("state", flat=True)) == {OfferState.GONE}


def test_what_else_went_meanwhile_is_found_and_what_is_free_stays(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-26 12:00", "2026-11-27 12:00")
    book(melati, "2026-11-26 11:45")
    live = {one.position for one in offers.refresh(round_, gone=None, now=NOW)}
    assert {1, 3} < live
    assert 2 not in live
    assert round_.offers.get(position=2).state == OfferState.GONE


def test_a_time_whose_neighbours_are_taken_is_free(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-26 12:00", "2026-11-27 12:00")
    book(melati, "2026-11-25 11:30")
    book(melati, "2026-11-25 12:30")
    assert [one.position for one in offers.refresh(round_, gone=None, now=NOW)] == [1, 2, 3]


def test_a_round_that_is_over_is_not_refreshed(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-26 12:00")
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW)
    assert offers.refresh(round_, gone=None, now=NOW) == []
    assert round_.offers.count() == 2


def test_a_colleague_who_looks_already_is_not_asked_again(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-26 12:00")
    answers.call_me(round_, nonce="c", now=NOW)
    round_.offers.update(state=OfferState.GONE)
    melati.service.horizon_days = 0
    melati.service.save()
    assert offers.refresh(round_, gone=None, now=NOW) == []
    assert not Promise.objects.filter(kind=PromiseKind.FIND_TIMES).exists()


def test_when_nothing_is_left_the_search_takes_the_place_of_the_call(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    round_.offers.update(state=OfferState.GONE)
    melati.service.horizon_days = 0
    melati.service.save()
    offers.refresh(round_, gone=None, now=NOW)
    round_.refresh_from_db()
    assert round_.state == RequestState.WITH_US
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.RELEASED
    assert round_.promises.get(kind=PromiseKind.FIND_TIMES).due_at == at("2026-11-23 12:00")


def test_what_was_taken_back_does_not_go_to_somebody_else(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-26 12:00", "2026-11-27 12:00")
    back = round_.offers.get(position=1)
    Offer.objects.filter(pk=back.pk).update(state=OfferState.WITHDRAWN)
    offers.refresh(round_, gone=back, now=NOW)
    back.refresh_from_db()
    assert back.state == OfferState.WITHDRAWN


def test_what_was_offered_and_lies_ahead_is_shown_as_struck_and_nothing_else(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    gone, withdrawn, left = round_.offers.order_by("starts_at")
    Offer.objects.filter(pk=gone.pk).update(state=OfferState.GONE)
    Offer.objects.filter(pk=withdrawn.pk).update(state=OfferState.WITHDRAWN)
    assert offers.looked_at(round_, now=NOW) == ([left], [gone])
    assert offers.looked_at(round_, now=gone.starts_at - minutes(1))[1] == [gone]
    assert offers.looked_at(round_, now=gone.starts_at)[1] == []


def test_a_customer_waits_until_the_answer_is_due_and_while_it_is_theirs_to_choose(melati: Clinic) -> None:
    round_ = melati.offered()
    moments = (round_.respond_by - minutes(1), round_.respond_by)
    assert [offers.is_waiting(round_, now=now) for now in moments] == [True, False]
    round_.state = RequestState.WITH_US
    assert not offers.is_waiting(round_, now=NOW)
