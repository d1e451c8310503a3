"""Fresh times for those that went to somebody else, until there are enough to choose from."""

import pytest

from appointments.domain import actors
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, drafts, offers, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.enums import OfferState, PromiseKind, PromiseState, RequestState, Why
from appointments.errors import SlotTaken
from appointments.models import Offer, Promise
from notifications.models import Message
from tests.appointments.domain.moving.offers.world import book, offered_at
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


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


UNTIL_TOMORROW = {"respond_by": at("2026-11-24 09:00")}


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


def test_somebody_on_the_page_has_half_an_hour_to_tap(melati: Clinic) -> None:
    appointment = melati.booked()
    assert offers.soonest_for(appointment, NOW) == at("2026-11-23 09:30")
    appointment.service.notice_minutes = 60
    assert offers.soonest_for(appointment, NOW) == at("2026-11-23 10:30")


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


def test_a_customer_waits_until_the_answer_is_due_and_while_it_is_theirs_to_choose(melati: Clinic) -> None:
    round_ = melati.offered()
    moments = (round_.respond_by - minutes(1), round_.respond_by)
    assert [offers.is_waiting(round_, now=now) for now in moments] == [True, False]
    round_.state = RequestState.WITH_US
    assert not offers.is_waiting(round_, now=NOW)
