"""What is reserved is in the way of others, until it expires."""

import pytest

from appointments.domain import booking
from appointments.errors import SlotTaken
from tests.appointments.domain.booking.world import book, occupied, slot
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


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
