"""Before a promise breaks: first its owner hears, then colleagues, then the customer; what broke is marked."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from appointments import roles
from appointments.domain import actors, promises, watchdog
from appointments.domain.messages import announce
from appointments.domain.moving import answers
from appointments.enums import Alarm, EventKind, PromiseKind, PromiseState, RequestState
from appointments.models import Appointment, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, CustomerFactory, StaffFactory, letters_have_left

pytestmark = pytest.mark.django_db


def owe(melati: Clinic, about: RescheduleRequest | Appointment, *, now: datetime = NOW, **options: Any) -> Promise:
    return promises.owe(PromiseKind.CALL, about, owner=melati.staff, now=now, **options)


def alarmed() -> list[str]:
    """Who has been written to about a promise in danger, one after the other."""
    return list(Message.objects.filter(kind="escalation").order_by("pk").values_list("email", flat=True))


def told_of(message: Message) -> list[int]:
    """Which promises an alarm is about, in its order."""
    return [pk for pk, _due_at in message.true_if["promises"]]


def test_a_promise_about_to_break_is_escalated_once_and_then_marked(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="call", now=NOW)
    owed = round_.promises.open().get(kind=PromiseKind.CALL)
    for moment in (owed.due_at - minutes(30), owed.due_at - minutes(20), owed.due_at + minutes(1)):
        watchdog.watch(now=moment)
    owed.refresh_from_db()
    assert owed.warned_at == owed.due_at - minutes(30)
    assert owed.broken_at == owed.due_at + minutes(1)
    assert promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=owed.due_at + minutes(5))
    owed.refresh_from_db()
    assert owed.state == PromiseState.BROKEN


def test_since_when_it_is_broken_stays_what_it_was(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    watchdog.watch(now=at("2026-11-23 12:01"))
    owed.refresh_from_db()
    promises.keep(owed, how="phoned", by=actors.SYSTEM, now=at("2026-11-23 14:00"))
    owed.refresh_from_db()
    assert owed.broken_at == at("2026-11-23 12:01")


@pytest.mark.parametrize(("now", "open_still"), [("2026-11-23 10:59", True), ("2026-11-23 11:00", False)])
def test_a_hold_ends_with_the_time_to_answer(melati: Clinic, now: str, open_still: bool) -> None:
    round_ = melati.offered()
    watchdog.watch(now=at(now))
    assert round_.promises.open().filter(kind=PromiseKind.HOLD).exists() is open_still
    assert round_.promises.open().filter(kind=PromiseKind.ANSWER_OR_CALL).exists()


def test_first_the_owner_is_alarmed_then_a_second_colleague_then_everybody(melati: Clinic) -> None:
    melati.staff.email, other = "owner@clinic.example", StaffFactory(first_name="Aan", email="aan@clinic.example")
    melati.staff.save()
    lead = StaffFactory(first_name="Zul", email="zul@clinic.example")
    lead.groups.add(Group.objects.get(name=roles.LEADS))
    User.objects.filter(pk=melati.manager.pk).update(email="")
    owed = owe(melati, melati.booked())
    assert owed.due_at == at("2026-11-23 12:00")
    Promise.objects.update(slipped_at=NOW)  # the customer knows already that it is the second hour
    steps = {
        "11:14": [], "11:15": ["owner@clinic.example"], "11:39": [], "11:40": ["zul@clinic.example"], "11:59": [],
        "12:00": ["owner@clinic.example", "zul@clinic.example", other.email], "12:01": [],
    }  # fmt: skip
    for clock, told in steps.items():
        before = alarmed()
        watchdog.watch(now=at(f"2026-11-23 {clock}"))
        assert (clock, alarmed()[len(before) :]) == (clock, told)
    owed.refresh_from_db()
    assert (owed.warned_at, owed.alarm) == (at("2026-11-23 11:15"), Alarm.EVERYBODY)


def test_whom_no_mail_reaches_is_passed_over(melati: Clinic) -> None:
    User.objects.update(email="")
    one, two = (StaffFactory(first_name=name, email=f"{name}@clinic.example") for name in ("aan", "budi"))
    owe(melati, melati.booked())
    watchdog.watch(now=at("2026-11-23 11:15"))
    assert alarmed() == [one.email]
    watchdog.watch(now=at("2026-11-23 11:40"))
    assert alarmed() == [one.email, one.email, two.email]


def test_when_nothing_ran_everybody_hears_of_it_once(melati: Clinic) -> None:
    owe(melati, melati.booked())
    for _turn in range(3):
        watchdog.watch(now=at("2026-11-23 13:00"))
    assert sorted(alarmed()) == sorted({melati.staff.email, melati.manager.email})
    assert {one.context["is_overdue"] for one in Message.objects.filter(kind="escalation")} == {True}


def test_a_colleague_gets_one_message_however_many_promises_are_in_danger(melati: Clinic) -> None:
    User.objects.filter(pk=melati.manager.pk).update(email="")
    booked = [melati.booked(f"2026-11-{day} 10:00", customer=CustomerFactory()) for day in (25, 26, 27)]
    dues = [at(f"2026-11-23 {clock}") for clock in ("11:30", "12:15", "12:40")]
    late, near, later = (owe(melati, one, until=due) for one, due in zip(booked, dues, strict=True))
    watchdog.watch(now=at("2026-11-23 11:50"))
    message = Message.objects.get(kind="escalation")
    assert told_of(message) == [late.pk, near.pk]
    assert message.context["promise"]["due_at"] == late.due_at
    assert [(one["due_at"], one["is_overdue"]) for one in message.context["others"]] == [(near.due_at, False)]
    # One more has come near; what was told is not told again.
    watchdog.watch(now=at("2026-11-23 11:55"))
    assert told_of(Message.objects.filter(kind="escalation").latest("pk")) == [later.pk]


def test_a_promise_that_was_put_off_alarms_anew(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    watchdog.watch(now=at("2026-11-23 11:15"))
    by = actors.staff(melati.staff)
    standing = promises.put_off(owed, until=at("2026-11-23 15:00"), why="x", by=by, now=at("2026-11-23 11:20"))
    assert (standing, standing.alarm, standing.warned_at) == (owed, Alarm.NOBODY, None)
    watchdog.watch(now=at("2026-11-23 14:14"))
    assert len(alarmed()) == 1
    watchdog.watch(now=at("2026-11-23 14:15"))
    assert len(alarmed()) == 2


def test_a_promise_is_marked_broken_when_its_hour_has_passed_and_once(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    for now, broken in (("2026-11-23 12:00", 0), ("2026-11-23 12:01", 1), ("2026-11-23 12:02", 1)):
        watchdog.watch(now=at(now))
        events = owed.appointment.events.filter(kind=EventKind.PROMISE_BROKEN)
        assert (now, events.count()) == (now, broken)
    owed.refresh_from_db()
    assert (owed.state, owed.broken_at) == (PromiseState.OPEN, at("2026-11-23 12:01"))


def test_a_call_after_silence_is_escalated_only_once_it_has_come_to_that(melati: Clinic) -> None:
    round_ = melati.offered()
    near = round_.call_by - minutes(10)
    watchdog.watch(now=near)
    assert not Message.objects.filter(kind="escalation").exists()
    RescheduleRequest.objects.update(expired_at=round_.respond_by, state=RequestState.WITH_US)
    watchdog.watch(now=near)
    assert alarmed() != []


def test_what_a_colleague_who_left_owes_goes_to_somebody_who_works_here(melati: Clinic) -> None:
    owed = owe(melati, melati.booked())
    theirs = promises.owe(PromiseKind.CALL, owed.appointment, owner=melati.manager, now=NOW)
    User.objects.filter(pk=melati.staff.pk).update(is_active=False)
    assert watchdog.watch(now=NOW) == 1
    owed.refresh_from_db()
    theirs.refresh_from_db()
    assert (owed.owner, theirs.owner) == (melati.manager, melati.manager)
    User.objects.update(is_active=False)
    assert watchdog.watch(now=NOW) == 0


def test_the_watch_counts_what_it_touched(melati: Clinic) -> None:
    melati.offered()
    owe(melati, melati.booked("2026-11-28 16:30", customer=CustomerFactory()), until=NOW + minutes(30))
    assert watchdog.watch(now=NOW) == 1
    # Everybody is alarmed, it is marked broken, and what was kept free is no longer.
    assert watchdog.watch(now=NOW + hours(2)) == 3
    assert watchdog.watch(now=NOW + hours(2)) == 0


def test_of_two_who_watch_at_once_one_alarms(melati: Clinic) -> None:
    seen = owe(melati, melati.booked())
    also_seen = Promise.objects.get(pk=seen.pk)
    assert watchdog._take_alarm(seen, Alarm.OWNER, now=NOW)
    assert not watchdog._take_alarm(also_seen, Alarm.OWNER, now=NOW + minutes(1))
    assert watchdog._take_alarm(also_seen, Alarm.SECOND, now=NOW + minutes(2))
    also_seen.refresh_from_db()
    assert (also_seen.alarm, also_seen.warned_at) == (Alarm.SECOND, NOW)


def told(promise: Promise) -> Promise:
    """The customer has read by when."""
    announce.call_agreed(promise, CallAttemptFactory(promise=promise), now=NOW)
    letters_have_left()
    return promise


@pytest.mark.parametrize(("clock", "kinds"), [("11:49", []), ("11:50", ["needs_longer"]), ("12:00", [])])
def test_the_customer_hears_the_new_hour_before_the_old_one_passes(
    melati: Clinic, clock: str, kinds: list[str]
) -> None:
    owed = told(owe(melati, melati.booked()))
    assert owed.due_at == at("2026-11-23 12:00")
    watchdog.watch(now=at(f"2026-11-23 {clock}"))
    assert (
        list(Message.objects.exclude(kind__in=("escalation", "acknowledgement")).values_list("kind", flat=True))
        == kinds
    )


def test_it_says_both_hours_and_stands_until_the_new_one(melati: Clinic) -> None:
    owed, now = told(owe(melati, melati.booked())), at("2026-11-23 11:50")
    watchdog.watch(now=now)
    owed.refresh_from_db()
    message = Message.objects.get(kind="needs_longer")

    assert (owed.due_at, owed.slipped_at, owed.alarm) == (at("2026-11-23 15:00"), now, Alarm.NOBODY)
    assert (message.context["due_was"], message.context["promise_due"]) == (at("2026-11-23 12:00"), owed.due_at)
    put_off = owed.appointment.events.get(kind=EventKind.PUT_OFF)
    assert (put_off.note, put_off.actor_kind) == ("we need longer than we said", "system")
    assert not owed.appointment.events.filter(kind=EventKind.PROMISE_BROKEN).exists()


def test_an_hour_slips_once_and_then_it_breaks(melati: Clinic) -> None:
    owed = told(owe(melati, melati.booked()))
    for clock in ("11:50", "11:55", "14:50", "14:55", "15:01"):
        watchdog.watch(now=at(f"2026-11-23 {clock}"))
    owed.refresh_from_db()
    assert (owed.due_at, owed.broken_at) == (at("2026-11-23 15:00"), at("2026-11-23 15:01"))
    assert Message.objects.filter(kind="needs_longer").count() == 1


@pytest.mark.parametrize("kind", [PromiseKind.FIND_TIMES, PromiseKind.REPLY, PromiseKind.CALL])
def test_whoever_waits_for_one_of_us_hears_of_it(melati: Clinic, kind: PromiseKind) -> None:
    told(promises.owe(kind, melati.booked(), owner=melati.staff, until=NOW + minutes(30), now=NOW))
    watchdog.watch(now=NOW + minutes(20))
    assert Message.objects.get(kind="needs_longer").context["promise"] == kind


def test_what_was_done_meanwhile_does_not_slip(melati: Clinic) -> None:
    owed = told(owe(melati, melati.booked()))
    seen = Promise.objects.for_display().get(pk=owed.pk)
    promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=NOW)
    assert not watchdog._tell_before_it_breaks(seen, now=at("2026-11-23 11:55"))
    assert not Message.objects.filter(kind="needs_longer").exists()


def test_of_two_who_watch_at_once_one_tells(melati: Clinic) -> None:
    owed = told(owe(melati, melati.booked()))
    seen, also_seen = (Promise.objects.for_display().get(pk=owed.pk) for _turn in range(2))
    now = at("2026-11-23 11:55")
    assert watchdog._tell_before_it_breaks(seen, now=now)
    assert not watchdog._tell_before_it_breaks(also_seen, now=now)
    assert Message.objects.filter(kind="needs_longer").count() == 1


def test_a_time_kept_free_slips_for_nobody(melati: Clinic) -> None:
    round_ = melati.offered()
    watchdog.watch(now=round_.respond_by - minutes(5))
    assert not Message.objects.filter(kind="needs_longer").exists()


def test_whoever_was_told_no_hour_is_not_told_that_it_slips(melati: Clinic) -> None:
    owed, now = owe(melati, melati.booked()), at("2026-11-23 11:55")
    watchdog.watch(now=now)
    announce.call_agreed(owed, CallAttemptFactory(promise=owed), now=NOW)
    watchdog.watch(now=now)
    owed.refresh_from_db()
    assert (owed.slipped_at, Message.objects.filter(kind="needs_longer").exists()) == (None, False)
    letters_have_left()
    watchdog.watch(now=now)
    owed.refresh_from_db()
    assert owed.slipped_at == now
