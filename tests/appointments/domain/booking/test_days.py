"""Whoever and whatever takes so many a day at most: the last place of a day goes to one."""

from typing import Any

import pytest

from appointments.domain import booking
from appointments.errors import SlotTaken
from appointments.models import RescheduleRequest, Resource
from tests.appointments.domain.booking.world import slot
from tests.clock import NOW, at, hours
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db
FRIDAY, OWN = "2026-11-27", "2026-12-01 10:00"
FULL = "That day has filled up in the meantime. Please choose another time."


def limited(resource: Resource, most: int) -> None:
    Resource.objects.filter(pk=resource.pk).update(most_a_day=most)


def limits() -> dict[int, int | None]:
    return dict(Resource.objects.values_list("pk", "most_a_day"))


def busy(melati: Clinic, start: str, **fields: Any) -> None:
    melati.booked(start, customer=CustomerFactory(), **fields)


def full(melati: Clinic, *starts: str) -> list[str]:
    """Which of these have no room for somebody else's appointment."""
    wanted = {slot(melati, start): start for start in starts}
    own = melati.service.appointments.filter(starts_at=at(OWN)).first() or melati.booked(OWN)
    return [wanted[one] for one in booking.on_full_days(wanted, own, most_a_day=limits(), now=NOW)]


@pytest.mark.parametrize(("most", "is_full"), [(1, True), (2, True), (3, False)])
def test_a_day_takes_as_many_as_it_may(melati: Clinic, most: int, is_full: bool) -> None:
    limited(melati.provider, most)
    for clock in ("08:00", "16:30"):
        busy(melati, f"{FRIDAY} {clock}")
    assert full(melati, f"{FRIDAY} 12:00") == ([f"{FRIDAY} 12:00"] if is_full else [])


def test_a_day_is_one_on_the_wall_of_its_place_and_the_days_beside_it_have_room(melati: Clinic) -> None:
    limited(melati.provider, 1)
    busy(melati, f"{FRIDAY} 00:00")
    beside = (f"{FRIDAY} 00:30", f"{FRIDAY} 23:30", "2026-11-26 23:30", "2026-11-28 00:00")
    assert full(melati, *beside) == [f"{FRIDAY} 00:30", f"{FRIDAY} 23:30"]


def test_what_only_the_room_may_take_counts_too_and_what_is_with_others_does_not(melati: Clinic) -> None:
    limited(melati.room, 1)
    limited(melati.colleague, 1)
    busy(melati, f"{FRIDAY} 08:00", provider=melati.colleague, room=None)
    assert full(melati, f"{FRIDAY} 12:00") == []
    busy(melati, f"{FRIDAY} 09:00", room=melati.room)
    assert full(melati, f"{FRIDAY} 12:00") == [f"{FRIDAY} 12:00"]


def test_an_appointment_is_not_in_its_own_way(melati: Clinic) -> None:
    limited(melati.provider, 1)
    own = melati.booked(f"{FRIDAY} 10:00")
    wanted = [slot(melati, f"{FRIDAY} 12:00")]
    assert booking.on_full_days(wanted, own, most_a_day=limits(), now=NOW) == []


def test_without_limits_nothing_is_asked(melati: Clinic, django_assert_num_queries: Any) -> None:
    own, nobody = melati.booked(), {melati.provider.pk: None, melati.colleague.pk: 1}
    with django_assert_num_queries(0):
        booking.must_have_room([slot(melati, f"{FRIDAY} 12:00")], own, most_a_day=nobody, now=NOW)


def test_a_time_is_held_only_on_a_day_that_has_room_and_what_was_held_keeps_its_place(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    limited(melati.provider, 1)
    busy(melati, f"{FRIDAY} 08:00")
    wanted = [(slot(melati, f"{FRIDAY} 12:00"), NOW + hours(1))]
    with pytest.raises(SlotTaken, match=FULL):
        booking.hold(round_, wanted, now=NOW)
    assert not round_.holds.exists()
    booking.hold(round_, wanted, now=NOW, held_before=True)
    assert set(round_.holds.values_list("starts_at", flat=True)) == {at(f"{FRIDAY} 12:00")}


def test_two_times_of_one_day_that_are_held_for_one_customer_need_one_place(melati: Clinic) -> None:
    round_: RescheduleRequest = melati.offered(guaranteed=False)
    limited(melati.provider, 1)
    until = NOW + hours(1)
    booking.hold(round_, [(slot(melati, f"{FRIDAY} {clock}"), until) for clock in ("12:00", "14:00")], now=NOW)
    assert round_.holds.filter(resource=melati.provider).count() == 2
    assert full(melati, f"{FRIDAY} 16:00") == [f"{FRIDAY} 16:00"]
