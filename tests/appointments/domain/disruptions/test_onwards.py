"""What one customer gives back goes to the next who asked for it: one at a time, kept for a few hours, never to two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import onwards
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Wishes, slot_at
from appointments.enums import OfferState, PromiseKind, RequestState, Why
from appointments.errors import MoveRefused
from appointments.models import Absence, Appointment, Disruption, Occupancy, Offer, RescheduleRequest, Service
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, CustomerFactory, OfferFactory, RescheduleRequestFactory, clinic, letters_have_left
from tests.factories.hits import closed_down

AFTERNOON = Wishes(parts=frozenset({"afternoon"}))
WANTED = "2026-12-01 14:00"
MORNING = ("2026-12-02 09:00", "2026-12-02 09:30")
OPEN = ((WANTED, "2026-12-01 14:30"), ("2026-12-02 09:00", "2026-12-02 11:00"))


def tight(melati: Clinic, spans: tuple[tuple[str, str], ...] = OPEN) -> None:
    """Only one person works, and only in `spans`."""
    Absence.objects.create(resource=melati.colleague, starts_at=NOW - days(1), ends_at=NOW + days(90))
    begins = NOW - days(1)
    for start, end in spans:
        Absence.objects.create(resource=melati.provider, starts_at=begins, ends_at=at(start))
        begins = at(end)
    Absence.objects.create(resource=melati.provider, starts_at=begins, ends_at=NOW + days(90))


def offered(
    melati: Clinic, booked: Appointment, disruption: Disruption, *times: str, **draft: Any
) -> RescheduleRequest:
    """The first of these is kept, the others are open."""
    slots = [slot_at(booked, starts_at=at(one), provider_id=melati.provider.pk, now=NOW) for one in times]
    chosen = tuple(ChosenOffer(slot, Why.SOONEST, slot is slots[0]) for slot in slots)
    usual: dict[str, Any] = {"respond_by": at("2026-11-24 09:00"), "disruption": disruption}
    return melati.offered(booked, offers=chosen, **usual | draft)


class Story:
    """One has the only afternoon kept for them; two others asked for an afternoon, and there was none."""

    def __init__(self, melati: Clinic) -> None:
        self.melati = melati
        names = ("Ana Putri", "Budi Santoso", "Citra Dewi")
        booked = [
            melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory(name=name))
            for hour, name in zip((10, 11, 13), names, strict=True)
        ]
        self.disruption = closed_down(melati)
        tight(melati)
        self.first = offered(melati, booked[0], self.disruption, WANTED, MORNING[0])
        self.second = offered(melati, booked[1], self.disruption, MORNING[1], "2026-12-02 10:00")
        self.third = offered(melati, booked[2], self.disruption, "2026-12-02 10:30", "2026-12-02 10:00")
        letters_have_left()
        self.ask(self.second, minute=1)
        self.ask(self.third, minute=2)

    def ask(self, round_: RescheduleRequest, *, minute: int = 0, now: datetime | None = None) -> None:
        when = (now or NOW) + minutes(minute)
        answers.ask_other_times(round_, wishes=AFTERNOON, nonce=f"{round_.pk}.{when}", now=when)

    def give_back(self, *, now: datetime | None = None) -> None:
        answers.cancel(self.first, nonce="cancel", now=now or NOW + minutes(5))


@pytest.mark.django_db
def test_own_words_are_still_read_by_a_person_when_a_time_has_come_free(melati: Clinic) -> None:
    first, second = (melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11))
    disruption = closed_down(melati)
    tight(melati)
    kept = offered(melati, first, disruption, WANTED, MORNING[0])
    asks = offered(melati, second, disruption, MORNING[1], "2026-12-02 10:00")
    letters_have_left()
    answers.ask_other_times(asks, wishes=AFTERNOON, words="I come with my mother.", nonce="o", now=NOW + minutes(1))
    answers.cancel(kept, nonce="c", now=NOW + minutes(5))
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    owed = second.promises.open().get(kind=PromiseKind.REPLY, request__round=2)
    assert owed.details == "I come with my mother."


@pytest.mark.django_db
def test_it_is_a_wait_list_for_moves_that_no_disruption_of_many_stands_behind(melati: Clinic) -> None:
    first, second = (melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11))
    tight(melati)
    taken = melati.booked(WANTED, customer=CustomerFactory())
    round_ = melati.offered(second, respond_by=at("2026-11-24 09:00"))
    answers.ask_other_times(round_, wishes=AFTERNOON, nonce="o", now=NOW + minutes(1))
    assert onwards.offer_freed(now=NOW + minutes(2)) == 0
    booking.cancel(taken, by=actors.staff(melati.staff), now=NOW + minutes(3))
    assert onwards.offer_freed(now=NOW + minutes(4)) == 1
    assert [one.starts_at for one in second.requests.latest("round").offers.filter(guaranteed=True)] == [at(WANTED)]
    assert not first.requests.exists()


@pytest.mark.django_db
def test_of_equals_whoever_said_that_it_is_urgent_comes_first(melati: Clinic) -> None:
    booked = [melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11)]
    tight(melati)
    taken = melati.booked(WANTED, customer=CustomerFactory())
    for number, (one, wishes) in enumerate(zip(booked, (AFTERNOON, replace(AFTERNOON, urgent=True)), strict=True)):
        round_ = melati.offered(one, respond_by=at("2026-11-24 09:00"))
        answers.ask_other_times(round_, wishes=wishes, nonce=f"o{number}", now=NOW + minutes(1 + number))
    booking.cancel(taken, by=actors.staff(melati.staff), now=NOW + minutes(3))
    assert onwards.offer_freed(now=NOW + minutes(4)) == 1
    assert [one.requests.count() for one in booked] == [1, 2]


@pytest.fixture
def story(melati: Clinic) -> Story:
    return Story(melati)


def newest(round_: RescheduleRequest) -> RescheduleRequest:
    return round_.appointment.requests.latest("round")


def kept(now: datetime = NOW) -> list[tuple[str, datetime | None]]:
    """For whom the wanted time is kept, and until when."""
    rows = Offer.objects.filter(starts_at=at(WANTED), state=OfferState.LIVE, kept_until__gt=now)
    return list(rows.values_list("request__appointment__customer__name", "kept_until"))


def test_as_long_as_it_is_kept_for_somebody_nobody_else_gets_it(story: Story) -> None:
    assert onwards.offer_freed(now=NOW + minutes(3)) == 0
    assert kept() == [("Ana Putri", at("2026-11-24 09:00"))]


def test_what_is_given_back_goes_to_whoever_asked_first_and_is_told(story: Story) -> None:
    story.give_back()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    round_ = newest(story.second)
    assert (round_.wished, round_.state, round_.disruption) == (True, RequestState.OPEN, story.disruption)
    assert kept() == [("Budi Santoso", at("2026-11-23 13:00"))]
    assert round_.respond_by == at("2026-11-23 13:00")
    assert [(one.why, one.guaranteed) for one in round_.offers.filter(starts_at=at(WANTED))] == [(Why.WISH, True)]
    assert {one.guaranteed for one in round_.offers.exclude(starts_at=at(WANTED))} <= {False}
    letter = Message.objects.get(kind="offer", state="queued")
    assert letter.about == story.second.appointment.about
    assert not story.second.promises.open().exists()
    assert newest(story.third) == story.third
    assert not in_limbo(NOW + minutes(6)).exists()


def shown_to_another(story: Story, *times: datetime) -> RescheduleRequest:
    """Somebody else of the disruption, who can choose these times as first come, first served."""
    booked = story.melati.booked("2026-11-24 15:00", customer=CustomerFactory())
    round_: RescheduleRequest = RescheduleRequestFactory(appointment=booked, disruption=story.disruption)
    for time in times:
        OfferFactory(request=round_, starts_at=time, provider=story.melati.provider, guaranteed=False)
    return round_


def test_what_another_is_asked_to_choose_is_kept_for_nobody(story: Story) -> None:
    round_ = shown_to_another(story, at(WANTED))
    story.give_back()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 0
    RescheduleRequest.objects.filter(pk=round_.pk).update(state=RequestState.WITH_US)
    assert onwards.offer_freed(now=NOW + minutes(7)) == 1


def beside(story: Story) -> set[datetime]:
    """What stands open beside the time that is kept for the second customer."""
    return set(newest(story.second).offers.filter(guaranteed=False).values_list("starts_at", flat=True))


def test_beside_it_stands_what_nobody_else_is_shown_as_long_as_there_is_any(story: Story) -> None:
    story.give_back()
    shown_to_another(story, at(MORNING[0]))
    onwards.offer_freed(now=NOW + minutes(6))
    assert at(MORNING[0]) not in beside(story)


def test_where_everything_else_is_shown_to_others_there_is_a_choice_all_the_same(story: Story) -> None:
    shown_to_another(story, *(at("2026-12-02 09:00") + minutes(15 * step) for step in range(7)))
    story.give_back()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    assert len(beside(story)) == 1


def test_the_only_time_that_there_is_is_offered_alone(story: Story) -> None:
    story.give_back()
    wednesday = {"starts_at": at("2026-12-02 00:00"), "ends_at": at("2026-12-03 00:00")}
    Absence.objects.create(resource=story.melati.provider, **wednesday)
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    assert [one.starts_at for one in newest(story.second).offers.all()] == [at(WANTED)]


def test_it_is_offered_once_however_often_one_looks(story: Story) -> None:
    story.give_back()
    assert [onwards.offer_freed(now=NOW + minutes(6 + turn)) for turn in range(3)] == [1, 0, 0]
    assert Message.objects.filter(kind="offer", state="queued").count() == 1


def test_who_picks_another_time_gives_back_the_one_that_was_kept(story: Story) -> None:
    answers.accept(story.first.offers.get(starts_at=at(MORNING[0])), nonce="p", now=NOW + minutes(5))
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    assert [name for name, _until in kept()] == ["Budi Santoso"]


def test_whom_we_have_cost_most_gets_it_first(story: Story) -> None:
    RescheduleRequestFactory(
        appointment=story.melati.booked("2026-11-20 10:00", customer=story.third.appointment.customer),
        state="accepted", opened_at=NOW - days(5), closed_at=NOW - days(4), reason=story.melati.reason,
    )  # fmt: skip
    story.give_back()
    onwards.offer_freed(now=NOW + minutes(6))
    assert [name for name, _until in kept()] == ["Citra Dewi"]


def test_who_does_not_want_it_makes_way_and_is_not_asked_again(story: Story) -> None:
    story.give_back()
    onwards.offer_freed(now=NOW + minutes(6))
    story.ask(newest(story.second), minute=7)
    assert onwards.offer_freed(now=NOW + minutes(8)) == 1
    assert [name for name, _until in kept()] == ["Citra Dewi"]
    assert not newest(story.second).holds.exists()
    assert not newest(story.second).promises.open().filter(kind=PromiseKind.HOLD).exists()
    story.ask(newest(story.third), minute=9)
    assert onwards.offer_freed(now=NOW + minutes(10)) == 0
    assert newest(story.second).promises.open().get().kind == PromiseKind.FIND_TIMES


@pytest.mark.parametrize(("moment", "state"), [("12:59", OfferState.LAPSED), ("13:00", OfferState.LIVE)])
def test_what_is_kept_no_more_needs_nobody_to_make_way(story: Story, moment: str, state: OfferState) -> None:
    story.give_back()
    onwards.offer_freed(now=NOW + minutes(6))
    round_, now = newest(story.second), at(f"2026-11-23 {moment}")
    story.ask(round_, now=at("2026-11-23 12:58"))
    assert onwards.offer_freed(now=now) == 1
    assert round_.offers.get(starts_at=at(WANTED)).state == state
    assert [name for name, until in kept(now) if until != at("2026-11-23 13:00")] == ["Citra Dewi"]


def test_who_does_not_answer_makes_way_and_is_phoned(story: Story) -> None:
    story.give_back()
    onwards.offer_freed(now=NOW + minutes(6))
    late = at("2026-11-23 13:00")
    assert onwards.offer_freed(now=late - minutes(1)) == 0
    chasing.expire(newest(story.second), now=late)
    assert onwards.offer_freed(now=late) == 1
    assert [name for name, _until in kept(late)] == ["Citra Dewi"]
    owed = newest(story.second).promises.open().exclude(kind=PromiseKind.HOLD)
    assert owed.get().kind == PromiseKind.ANSWER_OR_CALL


def test_who_has_had_three_rounds_of_other_times_is_looked_after_by_a_person(story: Story) -> None:
    for number in (91, 92, 93):
        RescheduleRequestFactory(
            appointment=story.second.appointment, round=number, wished=True, state="replaced", closed_at=NOW
        )
    story.give_back()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    assert [name for name, _until in kept()] == ["Citra Dewi"]


def test_what_a_colleague_keeps_for_somebody_stays_kept_though_they_ask_for_others(story: Story) -> None:
    story.ask(story.first, minute=5)
    assert onwards.offer_freed(now=NOW + minutes(6)) == 0
    assert kept() == [("Ana Putri", at("2026-11-24 09:00"))]
    assert story.first.holds.exists()


def test_what_an_answer_at_once_has_kept_stays_kept_as_long_as_it_was_said(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    tight(melati)
    round_ = offered(melati, booked, disruption, *MORNING)
    for turn in range(2):
        answers.ask_other_times(newest(round_), wishes=AFTERNOON, nonce=f"{turn}", now=NOW + minutes(turn))
    wished = newest(round_)
    assert (wished.wished, wished.state) == (True, RequestState.WITH_US)
    assert onwards.offer_freed(now=NOW + minutes(6)) == 0
    assert wished.offers.get(starts_at=at(WANTED)).state == OfferState.LIVE
    assert wished.holds.exists()


def test_in_the_evening_it_is_kept_until_noon(story: Story) -> None:
    evening = at("2026-11-23 20:00")
    story.give_back(now=evening)
    onwards.offer_freed(now=evening)
    assert kept() == [("Budi Santoso", at("2026-11-24 11:00"))]


@pytest.mark.parametrize(("notice", "last"), [(0, "10:00"), (120, "08:00")])
def test_what_begins_before_one_can_answer_is_offered_to_nobody(story: Story, notice: int, last: str) -> None:
    """Four hours to answer, and the notice that the service needs."""
    Service.objects.update(notice_minutes=notice)
    now = at(f"2026-12-01 {last}")
    story.give_back(now=now)
    assert onwards.offer_freed(now=now + minutes(1)) == 0
    assert onwards.offer_freed(now=now) == 1


@pytest.mark.parametrize("change", ["call", "called_off", "expired"])
def test_who_does_not_wait_for_it_is_offered_nothing(story: Story, change: str) -> None:
    changes: dict[str, Callable[[], object]] = {
        "call": lambda: [answers.call_me(one, nonce=f"c{one.pk}", now=NOW + minutes(4)) for one in both(story)],
        "called_off": lambda: affected.call_off(story.disruption, now=NOW),
        "expired": lambda: RescheduleRequest.objects.update(expired_at=NOW),
    }
    story.give_back()
    changes[change]()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 0


def both(story: Story) -> tuple[RescheduleRequest, RescheduleRequest]:
    return story.second, story.third


def test_who_was_only_told_has_asked_for_nothing(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    melati.told(booked, disruption=closed_down(melati))
    assert onwards.offer_freed(now=NOW + minutes(1)) == 0


def test_one_for_whom_something_is_wrong_stops_nobody_else(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    real = onwards.other_times.open_round_of_freed

    def refuse_the_first(round_: RescheduleRequest, *args: Any, **options: Any) -> RescheduleRequest | None:
        if round_.pk == story.second.pk:
            raise MoveRefused("no")
        return real(round_, *args, **options)

    monkeypatch.setattr(onwards.other_times, "open_round_of_freed", refuse_the_first)
    story.give_back()
    assert onwards.offer_freed(now=NOW + minutes(6)) == 1
    assert [name for name, _until in kept()] == ["Citra Dewi"]


@pytest.mark.race
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_give_one_time_to_two() -> None:
    story = Story(clinic(rooms=2))
    story.give_back()
    together = Barrier(2)

    def sweep(_worker: int) -> int:
        together.wait()
        try:
            return onwards.offer_freed(now=NOW + minutes(6))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(sweep, range(2))) == 1
    assert len(kept()) == 1
    assert Occupancy.objects.filter(starts_at=at(WANTED), resource=story.melati.provider).count() == 1
    assert Message.objects.filter(kind="offer", state="queued").count() == 1
