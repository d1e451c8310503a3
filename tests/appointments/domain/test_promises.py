"""The ledger: made once, kept in time, handed over, told before it breaks."""

from datetime import datetime, time
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, promises
from appointments.domain.moving import answers
from appointments.enums import EventKind, PromiseKind, PromiseState, RequestState
from appointments.errors import DomainError
from appointments.models import Appointment, Promise, RescheduleRequest, WeeklyHours
from tests.clock import NOW, at, hours
from tests.factories import Clinic, ClosureFactory, CustomerFactory, LocationFactory, StaffFactory, open_weekly

pytestmark = pytest.mark.django_db


def test_words_written_after_a_missed_promise_get_a_new_hour(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.tell(round_, words="first", nonce="1", now=NOW)
    late = Promise.objects.get(kind=PromiseKind.REPLY).due_at + hours(5)
    answers.tell(round_, words="second", nonce="2", now=late)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert owed.due_at > late
    assert Promise.objects.filter(kind=PromiseKind.REPLY, state=PromiseState.BROKEN).count() == 1


def owe(melati: Clinic, about: RescheduleRequest | Appointment, *, now: datetime = NOW, **options: Any) -> Promise:
    return promises.owe(PromiseKind.CALL, about, owner=melati.staff, now=now, **options)


def open_calls() -> list[Promise]:
    return list(Promise.objects.open().filter(kind=PromiseKind.CALL))


def test_a_promise_is_due_after_so_many_of_our_open_hours(melati: Clinic) -> None:
    appointment = melati.booked()
    for hours_, due in ((0.5, "2026-11-23 09:30"), (8, "2026-11-23 17:00"), (9, "2026-11-24 09:00")):
        assert owe(melati, appointment, hours=hours_).due_at == at(due)
    assert owe(melati, appointment).due_at == at("2026-11-23 12:00")
    assert owe(melati, appointment, until=at("2026-11-23 22:00")).due_at == at("2026-11-23 22:00")


def test_a_promise_made_at_night_or_on_a_sunday_waits_for_the_morning(melati: Clinic) -> None:
    for now, due in (("2026-11-23 22:00", "2026-11-24 11:00"), ("2026-11-28 16:00", "2026-11-30 10:00")):
        assert promises.due_after(melati.location, hours=3, now=at(now)) == at(due)


@pytest.mark.parametrize(
    ("opens_again", "due"), [("2026-12-07 08:00", "2026-12-07 08:30"), ("2026-12-07 09:00", "2026-11-23 09:30")]
)
def test_where_nothing_opens_for_two_weeks_the_hours_are_those_of_the_clock(
    melati: Clinic, opens_again: str, due: str
) -> None:
    ClosureFactory(location=melati.location, starts_at=at("2026-11-23 00:00"), ends_at=at(opens_again))
    assert promises.due_after(melati.location, hours=0.5, now=NOW) == at(due)


def test_the_same_promise_twice_is_one_with_the_earlier_hour_and_all_that_was_said(melati: Clinic) -> None:
    round_ = melati.offered()
    first = owe(melati, round_, hours=3, details="After lunch")
    for hours_, details in ((5, "After lunch"), (2, "By the back door"), (4, "")):
        assert owe(melati, round_, hours=hours_, details=details) == first
    first.refresh_from_db()
    assert (first.due_at, first.details) == (NOW + hours(2), "After lunch\nBy the back door")
    assert len(open_calls()) == 1


def test_the_first_promises_of_a_round_are_with_somebody_who_works_here(melati: Clinic) -> None:
    round_ = melati.offered()
    gone = StaffFactory(is_active=False)
    kinds = (PromiseKind.HOLD, PromiseKind.CALL, PromiseKind.FIND_TIMES)
    owed = [
        Promise(kind=kind, appointment=round_.appointment, request=round_, owner=gone, due_at=NOW + hours(1))
        for kind in kinds
    ]
    Promise.objects.all().delete()
    facts = promises.owe_first(owed, by=actors.SYSTEM, now=NOW)
    stored = Promise.objects.order_by("pk").values_list("kind", "owner", "made_at")
    assert list(stored) == [(kind, promises.stand_in_for(gone).pk, NOW) for kind in kinds]
    # That a time is kept is read from the offer itself.
    assert [one.note for one in facts] == ["phone the customer", "find other times"]
    assert all(one.kind == EventKind.PROMISED and one._state.adding for one in facts)


def test_promises_of_other_kinds_and_other_rounds_stand_beside_it(melati: Clinic) -> None:
    round_ = melati.offered()
    other = melati.offered(melati.booked("2026-11-28 16:30", customer=CustomerFactory()))
    made = {owe(melati, one).pk for one in (round_, other)}
    made.add(promises.owe(PromiseKind.REPLY, round_, owner=melati.staff, now=NOW).pk)
    assert len(made) == 3


def test_promises_that_no_round_is_about_are_each_their_own(melati: Clinic) -> None:
    appointment = melati.booked()
    assert owe(melati, appointment) != owe(melati, appointment)


@pytest.mark.parametrize(("now", "same"), [("2026-11-23 11:59", True), ("2026-11-23 12:00", False)])
def test_what_is_overdue_is_broken_and_followed_by_an_hour_that_can_be_kept(
    melati: Clinic, now: str, same: bool
) -> None:
    round_ = melati.offered()
    first = owe(melati, round_, details="After lunch")
    second = owe(melati, round_, now=at(now))
    assert (second == first) is same
    if not same:
        assert (second.due_at, second.details) == (at("2026-11-23 15:00"), "After lunch")


def test_another_colleague_takes_on_what_one_who_left_would_owe(melati: Clinic) -> None:
    melati.staff.is_active = False
    melati.staff.save()
    assert owe(melati, melati.booked()).owner == melati.manager
    User.objects.update(is_active=False)
    assert owe(melati, melati.booked("2026-11-25 10:00")).owner == melati.staff


def test_a_promise_is_in_the_history_and_what_we_hold_is_not(melati: Clinic) -> None:
    appointment = melati.booked()
    owe(melati, appointment)
    promises.owe(PromiseKind.HOLD, appointment, owner=melati.staff, now=NOW)
    assert [event.note for event in appointment.events.filter(kind=EventKind.PROMISED)] == ["phone the customer"]


@pytest.mark.parametrize(
    ("now", "state", "event"),
    [
        ("2026-11-23 12:00", PromiseState.KEPT, EventKind.PROMISE_KEPT),
        ("2026-11-23 12:01", PromiseState.BROKEN, EventKind.PROMISE_BROKEN),
    ],
)
def test_done_in_time_is_kept_and_done_late_is_broken(
    melati: Clinic, now: str, state: PromiseState, event: EventKind
) -> None:
    owed = owe(melati, melati.booked())
    by = actors.staff(melati.staff)
    assert promises.keep(owed, how="phoned", by=by, now=at(now)) is True
    assert promises.keep(owed, how="again", by=by, now=at(now)) is False
    owed.refresh_from_db()
    assert (owed.state, owed.outcome, owed.settled_at) == (state, "phoned", at(now))
    assert owed.broken_at == (at(now) if state == PromiseState.BROKEN else None)
    assert owed.appointment.events.filter(kind=event).get().actor == melati.staff


def test_what_we_held_is_never_late_and_leaves_no_trace(melati: Clinic) -> None:
    round_ = melati.offered()
    held = round_.promises.get(kind=PromiseKind.HOLD)
    promises.keep(held, how="held", by=actors.SYSTEM, now=NOW + hours(9))
    held.refresh_from_db()
    assert (held.state, held.broken_at) == (PromiseState.KEPT, None)
    kept = (EventKind.PROMISE_KEPT, EventKind.PROMISE_BROKEN)
    assert not round_.appointment.events.filter(kind__in=kept).exists()


def test_a_release_is_of_this_round_and_these_kinds(melati: Clinic) -> None:
    round_ = melati.offered()
    other = melati.offered(melati.booked("2026-11-28 16:30", customer=CustomerFactory()))
    kinds = (PromiseKind.HOLD, PromiseKind.CALL)
    assert promises.release(round_, how="x" * 251, now=NOW, kinds=kinds) == 1
    released = Promise.objects.get(state=PromiseState.RELEASED)
    assert (released.kind, released.request, released.outcome) == (PromiseKind.HOLD, round_, "x" * 250)
    assert other.promises.open().count() == 2
    assert round_.promises.open().count() == 1


def test_a_promise_is_handed_over_with_its_hour_and_to_nobody_who_left(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    by = actors.staff(melati.staff)
    promises.hand_over(owed, to=melati.manager, by=by, now=NOW)
    owed.refresh_from_db()
    assert (owed.owner, owed.due_at) == (melati.manager, at("2026-11-23 12:00"))
    gone = StaffFactory(is_active=False)
    with pytest.raises(DomainError, match="does not work here"):
        promises.hand_over(owed, to=gone, by=by, now=NOW)
    promises.keep(owed, how="phoned", by=by, now=NOW)
    with pytest.raises(DomainError, match="settled already"):
        promises.hand_over(owed, to=melati.staff, by=by, now=NOW)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23 09:07", "2026-11-23 12:15"),
        ("2026-11-23 09:15", "2026-11-23 12:15"),
        ("2026-11-23 19:00", "2026-11-24 09:00"),
        ("2026-11-24 03:00", "2026-11-24 11:00"),
    ],
)
def test_where_it_is_always_open_a_promise_still_falls_due_by_day_and_on_a_quarter(now: str, due: str) -> None:
    assert promises.due_after(LocationFactory(), hours=3, now=at(now)) == at(due)


def test_a_quarter_is_never_after_closing() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(9, 5))
    assert promises.due_after(location, hours=1, now=at("2026-11-23 08:03")) == at("2026-11-23 09:00")
    assert promises.due_after(location, hours=0.1, now=at("2026-11-23 09:01")) == at("2026-11-24 08:15")


def test_where_nothing_ever_opens_nobody_promises_an_hour_at_night(melati: Clinic) -> None:
    ClosureFactory(location=melati.location, starts_at=NOW, ends_at=at("2027-03-01 00:00"))
    assert promises.due_after(melati.location, hours=3, now=at("2026-11-23 20:07")) == at("2026-11-24 08:00")


def test_what_cannot_be_done_any_more_breaks_that_promise_and_no_other(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="call", now=NOW)
    standing = set(round_.promises.open().exclude(kind=PromiseKind.CALL))
    assert promises.give_up(round_, PromiseKind.CALL, how="x", now=NOW) == 1
    assert promises.give_up(round_, PromiseKind.CALL, how="x", now=NOW) == 0
    assert set(round_.promises.open()) == standing != set()
    assert round_.promises.get(kind=PromiseKind.CALL).broken_at == NOW


def test_nothing_is_due_in_the_moment_in_which_it_is_said(melati: Clinic) -> None:
    WeeklyHours.objects.update(closes_at=time(16, 50))
    dues = [promises.due_after(melati.location, hours=0.05, now=at(f"2026-11-23 16:{m}")) for m in (44, 45)]
    assert dues == [at("2026-11-23 16:45"), at("2026-11-24 08:00")]


def test_only_what_is_still_to_come_can_be_put_off(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    by = actors.staff(melati.staff)
    in_time = promises.put_off(owed, until=at("2026-11-23 14:00"), why="x", by=by, now=owed.due_at)
    assert (in_time.pk, in_time.due_at) == (owed.pk, at("2026-11-23 14:00"))
    late = promises.put_off(owed, until=at("2026-11-23 16:00"), why="x", by=by, now=at("2026-11-23 14:01"))
    owed.refresh_from_db()
    assert (late.pk == owed.pk, owed.state, late.due_at) == (False, PromiseState.BROKEN, at("2026-11-23 16:00"))
    with pytest.raises(DomainError, match="settled already"):
        promises.put_off(owed, until=at("2026-11-23 18:00"), why="x", by=by, now=at("2026-11-23 13:00"))


def test_nobody_is_left_with_neither_a_time_nor_a_promise(melati: Clinic) -> None:
    round_ = melati.offered()
    promises.leave_nobody_alone(round_.appointment, now=NOW)
    RescheduleRequest.objects.update(state=RequestState.WITH_US)
    round_.promises.all().delete()
    with pytest.raises(DomainError, match="neither a time nor a promise"):
        promises.leave_nobody_alone(round_.appointment, now=NOW)
