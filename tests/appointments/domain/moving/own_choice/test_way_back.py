"""A mis-tap costs no phone call: for a while the former time is held, and one tap brings it back."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors, booking
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers
from appointments.domain.moving.own_choice import choice, way_back
from appointments.domain.moving.own_choice.allowed import allowed
from appointments.domain.moving.own_choice.way_back import MOST, TIME_TO_TURN_BACK, take
from appointments.domain.schedule.slots import free_slots, slot_at
from appointments.domain.schedule.spans import Span
from appointments.enums import AnswerKind, AppointmentState, EventKind, RequestState
from appointments.errors import NotOffered, RoundOver, SlotTaken
from appointments.models import Answer, Appointment, Occupancy, RescheduleRequest, Resource
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import AbsenceFactory, AnswerFactory, Clinic, CustomerFactory, clinic
from tests.reliability import invariants

pytestmark = pytest.mark.django_db

START = at("2026-11-26 10:00")
NEW = at("2026-11-27 14:00")
UNTIL = NOW + TIME_TO_TURN_BACK


def a_clinic(**service: Any) -> Clinic:
    return clinic(rooms=2, **{"grid": 30, "max_moves": 2, "move_notice_hours": 24} | service)


def moved(world: Clinic, *, now: datetime = NOW, start: datetime = START, to: datetime = NEW) -> RescheduleRequest:
    appointment = world.booked(start)
    choice.move(appointment, (to, world.provider.pk), seen=0, nonce="tap", now=now)
    return RescheduleRequest.objects.get()


def cancelled(world: Clinic, *, now: datetime = NOW) -> RescheduleRequest:
    choice.cancel(world.booked(START), seen=0, nonce="end", now=now)
    return RescheduleRequest.objects.get()


BOTH = pytest.mark.parametrize("done", [moved, cancelled])


@BOTH
def test_the_former_time_is_nobody_elses_until_the_hour_that_was_said(done: Any) -> None:
    world = a_clinic()
    round_ = done(world)
    back = way_back.way_back(round_, now=NOW)
    assert back is not None
    assert (back.to.starts_at, back.until, back.to.provider_id) == (START, UNTIL, world.provider.pk)
    assert set(back.to.resource_ids) == {world.provider.pk, world.room.pk}

    def starts(now: datetime) -> set[int | None]:
        free = free_slots(world.service, world.location, window=Span(START, START + minutes(30)), now=now)
        return {one.provider_id for one in free}

    assert starts(UNTIL - minutes(1)) == {world.colleague.pk}
    assert starts(UNTIL) == {world.provider.pk, world.colleague.pk}
    assert way_back.way_back(round_, now=UNTIL - minutes(1)) == back
    assert way_back.way_back(round_, now=UNTIL) is None
    invariants.check(NOW)


@BOTH
def test_one_tap_and_everything_is_as_it_was(done: Any) -> None:
    world = a_clinic()
    appointment = done(world).appointment
    take(appointment, nonce="back", now=NOW + minutes(10))
    again = Appointment.objects.get()
    assert (again.starts_at, again.provider, again.state, again.sequence) == (START, world.provider, "booked", 2)
    assert set(again.occupancies.values_list("resource", flat=True)) == {world.provider.pk, world.room.pk}
    assert not again.occupancies.filter(request__isnull=False).exists()
    round_ = RescheduleRequest.objects.get()
    assert (round_.state, way_back.way_back(round_, now=NOW + minutes(10))) == (RequestState.KEPT, None)
    assert allowed(again, now=NOW + minutes(10)).moves_left == 2
    assert list(in_limbo(NOW)) == []
    invariants.check(NOW + minutes(10))


@BOTH
def test_it_is_confirmed_with_the_calendar_entry_of_old(done: Any) -> None:
    appointment = done(a_clinic()).appointment
    take(appointment, nonce="back", now=NOW + minutes(10))
    letter = Message.objects.order_by("-pk")[0]
    assert (letter.kind, letter.context["is_back"], letter.true_if["sequence"]) == ("confirmation", True, 2)
    assert letter.context["time"]["starts_at"] == START
    (invite,) = letter.attachments
    assert "METHOD:REQUEST" in str(invite)
    assert f"UID:{appointment.uid}" in str(invite)
    assert "SEQUENCE:2" in str(invite)


@BOTH
def test_the_same_tap_again_is_the_same_answer(done: Any) -> None:
    appointment = done(a_clinic()).appointment
    first = take(appointment, nonce="back", now=NOW + minutes(10))
    for nonce in ("back", "of another page"):
        assert take(appointment, nonce=nonce, now=NOW + minutes(11)) == first
    assert (Appointment.objects.get().sequence, Message.objects.count()) == (2, 2)


def test_a_form_of_somebody_elses_page_takes_nothing_back() -> None:
    world = a_clinic()
    round_ = moved(world)
    other = world.booked("2026-11-28 10:00", customer=CustomerFactory())
    choice.cancel(other, seen=other.sequence, nonce="end", now=NOW)
    with pytest.raises(NotOffered):
        take(round_.appointment, nonce="end", now=NOW)


@BOTH
@pytest.mark.parametrize("later", [TIME_TO_TURN_BACK, hours(48)])
def test_when_the_hour_has_passed_nothing_is_taken_back(done: Any, later: Any) -> None:
    appointment = done(a_clinic()).appointment
    with pytest.raises(RoundOver, match="not kept for you any more"):
        take(appointment, nonce="back", now=NOW + later)
    assert Appointment.objects.get().sequence == 1
    assert not Answer.objects.filter(kind=AnswerKind.BACK).exists()


def test_nobody_goes_back_to_what_never_changed() -> None:
    with pytest.raises(RoundOver):
        take(a_clinic().booked(START), nonce="back", now=NOW)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 09:07", "2026-11-23 11:00"),  # a quarter that can be said
        ("2026-11-26 07:00", "2026-11-26 08:00"),  # its own notice comes first
        ("2026-11-26 07:45", "2026-11-26 08:00"),
        ("2026-11-26 07:46", None),  # nobody decides in less
    ],
)
def test_until_when(now: str, until: str | None) -> None:
    world = a_clinic(move_notice_hours=0, notice_minutes=120)
    back = way_back.way_back(moved(world, now=at(now)), now=at(now))
    assert (back and back.until) == (until and at(until))


def test_what_cannot_be_held_is_not_promised() -> None:
    """It ran over its hours, by an exception of ours: another customer could not be put there again."""
    world = a_clinic()
    appointment = world.booked(at("2026-11-26 17:30"))
    choice.move(appointment, (NEW, world.provider.pk), seen=0, nonce="tap", now=NOW)
    assert way_back.way_back(RescheduleRequest.objects.get(), now=NOW) is None
    assert Message.objects.get().context["back_until"] is None
    assert not Occupancy.objects.filter(request__isnull=False).exists()


def test_where_somebody_stands_close_by_nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_args: object, **_options: object) -> None:
        raise SlotTaken

    monkeypatch.setattr(booking, "hold", taken)
    world = a_clinic()
    assert way_back.way_back(moved(world), now=NOW) is None
    assert Appointment.objects.get().starts_at == NEW


def test_what_has_been_taken_away_since_is_no_way_back_any_more() -> None:
    world = a_clinic()
    round_ = moved(world)
    AbsenceFactory(resource=world.provider, starts_at=START - hours(1), ends_at=START + hours(1))
    assert way_back.way_back(round_, now=NOW) is None
    with pytest.raises(RoundOver):
        take(round_.appointment, nonce="back", now=NOW)


def test_what_is_no_longer_in_use_is_no_way_back_any_more() -> None:
    world = a_clinic()
    round_ = moved(world)
    Resource.objects.filter(pk=world.room.pk).update(is_active=False)
    assert way_back.way_back(round_, now=NOW) is None


def test_whoever_goes_to_and_fro_finds_an_end() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    for turn in range(MOST):
        choice.cancel(appointment, seen=2 * turn, nonce=f"end {turn}", now=NOW)
        take(appointment, nonce=f"back {turn}", now=NOW)
    choice.cancel(appointment, seen=2 * MOST, nonce="end", now=NOW)
    assert not Occupancy.objects.exists()
    with pytest.raises(RoundOver):
        take(appointment, nonce="back", now=NOW)


def test_when_staff_have_moved_it_since_their_word_is_the_last() -> None:
    world = a_clinic()
    round_ = moved(world)
    appointment = Appointment.objects.get()
    to = slot_at(appointment, starts_at=at("2026-11-27 15:00"), provider_id=world.provider.pk, now=NOW)
    booking.move(appointment, to=to, by=actors.staff(world.staff), now=NOW)
    assert way_back.way_back(round_, now=NOW) is None


def test_times_that_we_offer_are_answered_and_not_gone_back_from() -> None:
    world = a_clinic()
    moved(world)
    world.offered(Appointment.objects.get(), now=NOW + minutes(10))
    with pytest.raises(RoundOver):
        take(Appointment.objects.get(), nonce="back", now=NOW + minutes(11))
    invariants.check(NOW + minutes(11))


def test_what_we_caused_has_no_way_back() -> None:
    world = a_clinic()
    round_ = world.offered(world.booked("2026-11-24 10:00"))
    answers.accept(round_.offers.order_by("-starts_at")[0], nonce="tap", now=NOW)
    assert way_back.way_back(RescheduleRequest.objects.get(), now=NOW) is None


def test_to_the_half_overlapping_old_time_one_goes_back_as_well() -> None:
    """Half an hour of the two is the same; what the new time occupies is held by itself."""
    world = clinic(rooms=1, grid=15, minutes=60)
    appointment = world.booked(START)
    choice.move(appointment, (START + minutes(30), world.provider.pk), seen=0, nonce="tap", now=NOW)
    assert way_back.way_back(RescheduleRequest.objects.get(), now=NOW) is not None
    take(appointment, nonce="back", now=NOW)
    assert Appointment.objects.get().starts_at == START
    invariants.check(NOW)


def test_the_database_knows_one_way_back_for_each_round() -> None:
    round_ = moved(a_clinic())
    take(round_.appointment, nonce="back", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFactory(request=round_, kind=AnswerKind.BACK, nonce="another")


def test_the_history_says_what_happened() -> None:
    appointment = cancelled(a_clinic()).appointment
    take(appointment, nonce="back", now=NOW + minutes(1))
    kinds = list(appointment.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == [EventKind.ANSWERED, EventKind.CANCELLED, EventKind.REINSTATED, EventKind.ANSWERED]
    assert Appointment.objects.get().state == AppointmentState.BOOKED
