"""The timeline and its one writer."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError

from appointments.domain import actors, booking
from appointments.domain.moving import answers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, EventKind, Why
from appointments.errors import MoveRefused, SlotTaken
from appointments.models import Appointment, Occupancy
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, OccupancyFactory, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db


def test_cancelling_past_the_rules_is_refused_while_times_are_on_offer(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    with pytest.raises(MoveRefused):
        booking.cancel(round_.appointment, by=actors.IMPORT, now=NOW)


def slot(melati: Clinic, start: str, *, room: Any = None, provider: Any = None) -> Slot:
    provider, room = provider or melati.provider, room or melati.room
    return Slot(at(start), at(start) + minutes(30), provider.pk, (provider.pk, room.pk))


def book(melati: Clinic, start: str, *, now: datetime = NOW, **options: Any) -> Appointment:
    booked: Appointment = booking.book(
        customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slot(melati, start),
        by=actors.staff(melati.staff), now=now, **options,
    )  # fmt: skip
    return booked


def occupied(appointment: Appointment) -> list[tuple[int, datetime, datetime]]:
    rows = appointment.occupancies.order_by("resource_id")
    return list(rows.values_list("resource_id", "starts_at", "ends_at"))


def test_a_booking_occupies_all_it_needs_with_its_buffers(melati: Clinic) -> None:
    melati.service.buffer_before, melati.service.buffer_after = 5, 10
    melati.service.save()
    appointment = book(melati, "2026-11-24 10:00")
    span = (at("2026-11-24 09:55"), at("2026-11-24 10:40"))
    assert occupied(appointment) == [(pk, *span) for pk in sorted((melati.provider.pk, melati.room.pk))]
    bare = booking.occupied_span(melati.service, slot(melati, "2026-11-24 10:00"), bare=True)
    assert (bare.start, bare.end) == (at("2026-11-24 10:00"), at("2026-11-24 10:30"))


def test_history_tells_a_booking_from_an_import(melati: Clinic) -> None:
    here, there = book(melati, "2026-11-24 10:00"), book(melati, "2026-11-24 11:00", source="csv", external_id="7")
    assert [one.events.get().kind for one in (here, there)] == [EventKind.BOOKED, EventKind.IMPORTED]
    after = here.events.get().after
    assert after
    assert after["resources"] == sorted((melati.provider.pk, melati.room.pk))


def test_a_move_keeps_who_it_is_and_leaves_the_old_time_free(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    moved = booking.move(appointment, to=slot(melati, "2026-11-25 10:00"), by=actors.IMPORT, now=NOW)
    assert (moved.pk, moved.uid, moved.sequence) == (appointment.pk, appointment.uid, 1)
    assert {row[1] for row in occupied(moved)} == {at("2026-11-25 10:00")}
    assert book(melati, "2026-11-24 10:00")


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.COMPLETED, AppointmentState.MISSED])
def test_what_is_over_is_neither_moved_nor_cancelled(melati: Clinic, state: AppointmentState) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    Appointment.objects.update(state=state)
    with pytest.raises(MoveRefused, match="over"):
        booking.move(appointment, to=slot(melati, "2026-11-25 10:00"), by=actors.IMPORT, now=NOW)
    with pytest.raises(MoveRefused, match="over"):
        booking.cancel(appointment, by=actors.IMPORT, now=NOW)


def test_while_times_are_on_offer_only_their_round_moves_or_cancels(melati: Clinic) -> None:
    round_ = melati.offered()
    target = slot(melati, "2026-11-28 16:00")
    with pytest.raises(MoveRefused, match="on offer"):
        booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW)
    moved = booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW, round_=round_)
    assert moved.starts_at == target.starts_at
    other = melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    assert booking.cancel(other.appointment, by=actors.IMPORT, now=NOW, round_=other).sequence == 1


def test_a_cancelled_time_is_free_for_others(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    gone = booking.cancel(appointment, by=actors.staff(melati.staff), now=NOW, note="flood")
    assert (gone.state, gone.sequence, occupied(gone)) == (AppointmentState.CANCELLED, 1, [])
    assert gone.events.get(kind=EventKind.CANCELLED).note == "flood"
    assert book(melati, "2026-11-24 10:00")


@pytest.mark.parametrize(("now", "possible"), [("2026-11-24 09:59", False), ("2026-11-24 10:00", True)])
def test_only_what_has_begun_can_be_missed(melati: Clinic, now: str, possible: bool) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    if not possible:
        with pytest.raises(MoveRefused, match="has begun"):
            booking.mark_missed(appointment, by=actors.SYSTEM, now=at(now))
        return
    assert booking.mark_missed(appointment, by=actors.SYSTEM, now=at(now)).state == AppointmentState.MISSED
    assert appointment.events.filter(kind=EventKind.MISSED).count() == 1


@pytest.mark.parametrize(
    ("state", "possible"),
    [(AppointmentState.COMPLETED, True), (AppointmentState.CANCELLED, False), (AppointmentState.MISSED, False)],
)
def test_what_took_place_can_turn_out_to_be_missed(melati: Clinic, state: AppointmentState, possible: bool) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    Appointment.objects.update(state=state)
    if possible:
        assert booking.mark_missed(appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))
        return
    with pytest.raises(MoveRefused):
        booking.mark_missed(appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))


def test_whom_we_are_moving_cannot_have_missed_it(melati: Clinic) -> None:
    round_ = melati.offered()
    with pytest.raises(MoveRefused, match="were moving"):
        booking.mark_missed(round_.appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))


def test_it_took_place_once_it_has_ended_and_once_only(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    ends = [booking.complete(appointment, by=actors.SYSTEM, now=at(f"2026-11-24 10:{m}")) for m in (29, 30, 31)]
    assert ends == [False, True, False]
    assert appointment.events.filter(kind=EventKind.COMPLETED).count() == 1
    moving = melati.offered(melati.booked("2026-11-24 12:00", customer=CustomerFactory()))
    assert booking.complete(moving.appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00")) is False


def test_a_hold_is_in_the_way_until_it_expires(melati: Clinic) -> None:
    round_ = melati.offered()
    until = NOW + hours(1)
    target = slot(melati, "2026-11-28 16:00")
    booking.hold(round_, [(target, until)], now=NOW)
    with pytest.raises(SlotTaken) as taken:
        book(melati, "2026-11-28 16:15", now=until - minutes(1))
    assert {one.appointment for one in taken.value.in_the_way} == {round_.appointment}
    assert book(melati, "2026-11-28 16:15", now=until)


def test_an_expired_hold_beside_a_standing_booking_does_not_help(melati: Clinic) -> None:
    round_ = melati.offered()
    booking.hold(round_, [(slot(melati, "2026-11-28 15:30"), NOW + minutes(1))], now=NOW)
    melati.booked("2026-11-28 16:00", customer=CustomerFactory())
    with pytest.raises(SlotTaken):
        book(melati, "2026-11-28 15:45", now=NOW + hours(1))


def test_what_two_times_share_is_held_as_long_as_the_longer_one(melati: Clinic) -> None:
    round_ = melati.offered()
    booking.release_holds(round_)
    early, late = NOW + hours(1), NOW + hours(3)
    wanted = [(slot(melati, "2026-11-28 16:00"), early), (slot(melati, "2026-11-28 16:15"), late)]
    booking.hold(round_, wanted, now=NOW)
    rows = round_.holds.filter(resource=melati.provider).order_by("starts_at")
    assert [(row.starts_at, row.ends_at, row.expires_at) for row in rows] == [
        (at("2026-11-28 16:00"), at("2026-11-28 16:15"), early),
        (at("2026-11-28 16:15"), at("2026-11-28 16:45"), late),
    ]
    with pytest.raises(SlotTaken):
        book(melati, "2026-11-28 16:00", now=early)
    assert book(melati, "2026-11-28 15:45", now=early)


def test_holds_that_touch_are_one_and_leave_out_what_is_ours_already(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-28 16:00"))
    booking.release_holds(round_)
    near = [slot(melati, f"2026-11-28 {start}") for start in ("16:15", "16:30")]
    booking.hold(round_, [(one, NOW + hours(1)) for one in near], now=NOW)
    spans = {(row.starts_at, row.ends_at) for row in round_.holds.all()}
    assert spans == {(at("2026-11-28 16:30"), at("2026-11-28 17:00"))}
    assert booking.release_holds(round_) == 2


def test_nothing_to_hold_holds_nothing(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    booking.hold(round_, [], now=NOW)
    assert not round_.holds.exists()


def test_expired_holds_are_swept_away(melati: Clinic) -> None:
    round_ = melati.offered()
    held = round_.holds.count()
    assert held > 0
    assert booking.sweep_holds(now=at("2026-11-23 10:59")) == 0
    assert booking.sweep_holds(now=at("2026-11-23 11:00")) == held
    assert occupied(round_.appointment)


def test_at_most_three_are_named_who_stand_in_the_way(melati: Clinic) -> None:
    for start in ("10:00", "10:30", "11:00", "11:30"):
        melati.booked(f"2026-11-24 {start}", customer=CustomerFactory())
    long = Slot(at("2026-11-24 10:00"), at("2026-11-24 12:00"), melati.provider.pk, (melati.provider.pk,))
    with pytest.raises(SlotTaken) as taken:
        booking.book(
            customer=melati.customer, service=melati.service, location=melati.location, slot=long,
            by=actors.SYSTEM, now=NOW,
        )  # fmt: skip
    assert [one.starts_at for one in taken.value.in_the_way] == [
        at("2026-11-24 10:00"), at("2026-11-24 10:30"), at("2026-11-24 11:00"),
    ]  # fmt: skip


def test_who_is_in_the_way_is_looked_for_at_each_resource_until_there_are_three(melati: Clinic) -> None:
    for start in ("10:00", "10:30"):
        melati.booked(f"2026-11-24 {start}", customer=CustomerFactory())
    rows = [
        Occupancy(resource=one, starts_at=at("2026-11-24 10:00"), ends_at=at("2026-11-24 11:00"))
        for one in (melati.provider, melati.room)
    ]
    assert len(booking.in_the_way(rows, now=NOW)) == 4
    melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    rows[0].ends_at = at("2026-11-24 12:00")
    assert {one.resource for one in booking.in_the_way(rows, now=NOW)} == {melati.provider}


def planned(melati: Clinic, start: str, **fields: Any) -> booking.PlannedAppointment:
    values: dict[str, Any] = {"state": AppointmentState.BOOKED, "booked_at": NOW - hours(1)} | fields
    return booking.PlannedAppointment(
        customer=melati.customer, service=melati.service, location=melati.location, slot=slot(melati, start), **values
    )


def test_many_are_booked_at_once_and_a_cancelled_one_occupies_nothing(melati: Clinic) -> None:
    here, gone = booking.book_many(
        [
            planned(melati, "2026-11-24 10:00", entry=booking.CalendarEntry("mine@example", sequence=4)),
            planned(melati, "2026-11-24 10:00", state=AppointmentState.CANCELLED, source="csv", external_id="7"),
        ],
        by=actors.IMPORT, now=NOW,
    )  # fmt: skip
    assert (here.uid, here.sequence, len(occupied(here)), occupied(gone)) == ("mine@example", 4, 2, [])
    assert [one.events.get().kind for one in (here, gone)] == [EventKind.BOOKED, EventKind.IMPORTED]
    assert here.events.get().at == NOW - hours(1)


def test_of_many_that_collide_none_is_booked(melati: Clinic) -> None:
    plans = [planned(melati, start) for start in ("2026-11-24 10:00", "2026-11-24 10:15")]
    with pytest.raises(SlotTaken):
        booking.book_many(plans, by=actors.IMPORT, now=NOW)
    assert not Appointment.objects.exists()


def test_another_complaint_of_the_database_is_no_taken_time(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    backwards = slot(melati, "2026-11-25 10:00")._replace(ends_at=at("2026-11-25 09:00"))
    with pytest.raises(IntegrityError, match="ends_after_start"):
        booking.move(appointment, to=backwards, by=actors.IMPORT, now=NOW)


def test_history_says_what_was_occupied_before_and_not_what_was_held(melati: Clinic) -> None:
    round_ = melati.offered()
    other_room = melati.service.requirements.get(kind="room").candidates.exclude(pk=melati.room.pk).get()
    target = slot(melati, "2026-11-28 16:00", room=other_room)
    booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW, round_=round_)
    event = round_.appointment.events.get(kind=EventKind.MOVED)
    assert event.before
    assert event.after
    assert event.before["resources"] == sorted((melati.provider.pk, melati.room.pk))
    assert event.after["resources"] == sorted((melati.provider.pk, other_room.pk))


@pytest.mark.parametrize("taken", ["2026-11-28 14:00", "2026-11-28 16:00"])
def test_expired_holds_give_way_wherever_they_are_among_many_times(melati: Clinic, taken: str) -> None:
    round_, other = melati.offered(), melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    booking.hold(round_, [(slot(melati, taken), NOW + minutes(1))], now=NOW)
    wanted = [slot(melati, start) for start in ("2026-11-28 14:00", "2026-11-28 16:00")]
    booking.hold(other, [(one, NOW + hours(5)) for one in wanted], now=NOW + hours(1))
    starts = other.holds.filter(resource=melati.provider).values_list("starts_at", flat=True)
    assert {at("2026-11-28 14:00"), at("2026-11-28 16:00")} <= set(starts)


def test_who_takes_over_is_who_the_new_time_is_with(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-28 10:00"))
    colleague = ChosenOffer(
        slot(melati, "2026-11-27 10:00", provider=melati.colleague), Why.SAME_TIME_OTHER_PERSON, guaranteed=True
    )
    round_ = melati.offered(
        round_.appointment,
        offers=(colleague, ChosenOffer(slot(melati, "2026-11-27 11:00"), Why.SOONEST, guaranteed=True)),
        now=NOW + minutes(1),
    )
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + minutes(2))
    assert Appointment.objects.get().provider == melati.colleague


def test_history_says_what_a_cancelled_appointment_occupied_and_not_what_was_held(melati: Clinic) -> None:
    round_ = melati.offered()
    booking.cancel(round_.appointment, by=actors.IMPORT, now=NOW, round_=round_)
    before = round_.appointment.events.get(kind=EventKind.CANCELLED).before
    assert before
    assert before["resources"] == sorted((melati.provider.pk, melati.room.pk))


@pytest.mark.parametrize(
    ("begins", "ends", "expires", "stays"),
    [
        ("10:00", "10:30", NOW, False),
        ("10:00", "10:30", NOW + minutes(1), True),
        ("09:30", "10:00", NOW, True),  # ends where the new time begins
        ("10:30", "11:00", NOW, True),  # begins where it ends
    ],
)
def test_a_move_clears_away_holds_that_have_expired_where_it_goes_and_no_others(
    begins: str, ends: str, expires: datetime, stays: bool
) -> None:
    world = clinic(rooms=2)
    mine, other = (
        world.booked("2026-11-24 10:00"),
        world.booked("2026-11-24 14:00", provider=world.colleague, room=None),
    )
    round_ = RescheduleRequestFactory(appointment=other)
    # Another room than the one that the move needs, so that a hold in force is in nobody's way.
    span = {"starts_at": at(f"2026-11-25 {begins}"), "ends_at": at(f"2026-11-25 {ends}")}
    where = world.provider if expires <= NOW else world.colleague
    hold = OccupancyFactory(appointment=other, resource=where, request=round_, expires_at=expires, **span)
    to = Slot(at("2026-11-25 10:00"), at("2026-11-25 10:30"), world.provider.pk, (world.provider.pk, world.room.pk))

    booking.move(mine, to=to, by=actors.SYSTEM, now=NOW)

    assert Occupancy.objects.filter(pk=hold.pk).exists() is stays


def to_move(appointment: Appointment, to: Slot, **options: Any) -> booking.PlannedMove:
    return booking.PlannedMove(appointment, to, appointment.service, appointment.location, **options)


def test_many_move_at_once_so_that_two_change_places(melati: Clinic) -> None:
    one, other = book(melati, "2026-11-24 10:00"), book(melati, "2026-11-24 11:00")
    there, here = slot(melati, "2026-11-24 11:00"), slot(melati, "2026-11-24 10:00")
    booking.move_many([to_move(one, there, sequence=7), to_move(other, here)], by=actors.IMPORT, now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.starts_at, other.starts_at) == (there.starts_at, here.starts_at)
    assert (one.sequence, other.sequence) == (7, 1)
    assert {row[1] for row in occupied(one)} == {there.starts_at}
    moved = one.events.get(kind=EventKind.MOVED)
    assert moved.before
    assert moved.after
    assert (moved.before["starts_at"], moved.after["starts_at"]) == (
        "2026-11-24T03:00:00+00:00",
        "2026-11-24T04:00:00+00:00",
    )
    assert moved.before["resources"] == moved.after["resources"] == sorted(there.resource_ids)


def test_of_many_that_move_none_does_when_one_finds_somebody_there(melati: Clinic) -> None:
    one, other, third = (book(melati, f"2026-11-24 {hour}:00") for hour in (10, 11, 12))
    with pytest.raises(SlotTaken):
        booking.move_many(
            [to_move(one, slot(melati, "2026-11-24 09:00")), to_move(other, slot(melati, "2026-11-24 12:15"))],
            by=actors.IMPORT, now=NOW,
        )  # fmt: skip
    assert [occupied(each)[0][1] for each in (one, other, third)] == [at(f"2026-11-24 {h}:00") for h in (10, 11, 12)]


def test_what_has_changed_meanwhile_or_is_on_offer_is_not_moved_with_many(melati: Clinic) -> None:
    one = book(melati, "2026-11-24 10:00")
    plan = to_move(one, slot(melati, "2026-11-24 11:00"))
    booking.move(one, to=slot(melati, "2026-11-24 12:00"), by=actors.staff(melati.staff), now=NOW)
    with pytest.raises(MoveRefused):
        booking.move_many([plan], by=actors.IMPORT, now=NOW)
    offered = melati.offered(melati.booked("2026-11-25 10:00")).appointment
    with pytest.raises(MoveRefused):
        booking.move_many([to_move(offered, slot(melati, "2026-11-26 11:00"))], by=actors.IMPORT, now=NOW)


def test_a_cancelled_appointment_takes_place_after_all_where_it_is_free(melati: Clinic) -> None:
    one = booking.cancel(book(melati, "2026-11-24 10:00"), by=actors.IMPORT, now=NOW)
    back = booking.reinstate(one, to=slot(melati, "2026-11-24 11:00"), by=actors.IMPORT, now=NOW, sequence=1)
    assert (back.state, back.sequence, back.uid) == (AppointmentState.BOOKED, 2, one.uid)
    assert {row[1] for row in occupied(back)} == {at("2026-11-24 11:00")}
    assert back.events.filter(kind=EventKind.REINSTATED).count() == 1
    with pytest.raises(MoveRefused):
        booking.reinstate(back, to=slot(melati, "2026-11-24 12:00"), by=actors.IMPORT, now=NOW)
    gone = booking.cancel(book(melati, "2026-11-24 13:00"), by=actors.IMPORT, now=NOW)
    book(melati, "2026-11-24 13:15")
    with pytest.raises(SlotTaken):
        booking.reinstate(gone, to=slot(melati, "2026-11-24 13:00"), by=actors.IMPORT, now=NOW)
    gone.refresh_from_db()
    assert gone.state == AppointmentState.CANCELLED
