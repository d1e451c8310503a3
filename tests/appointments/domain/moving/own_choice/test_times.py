"""What a customer can move to by themselves: the nearest first, all of it day by day, and nothing else."""

from datetime import date

import pytest

from appointments.domain.moving import answers
from appointments.domain.moving.own_choice import times
from appointments.domain.moving.own_choice.times import free_days, nearest, slot_for
from appointments.domain.schedule.slots import Wishes
from appointments.errors import NotOffered, SlotTaken
from appointments.models import Appointment
from tests.clock import NOW, at, days, minutes
from tests.factories import AbsenceFactory, Clinic, clinic
from tests.factories.places import ProviderFactory

pytestmark = pytest.mark.django_db

START = "2026-11-26 10:00"


def booked() -> tuple[Clinic, Appointment]:
    world = clinic(rooms=3, grid=30, notice_minutes=120, horizon_days=30)
    return world, world.booked(START)


def test_the_nearest_are_a_good_handful_and_the_same_person_comes_first() -> None:
    world, appointment = booked()
    found = nearest(appointment, now=NOW)
    assert len(found) == times.NEAREST
    assert [one.slot.provider_id for one in found].count(world.provider.pk) >= times.NEAREST - 2
    assert (appointment.starts_at, world.provider.pk) not in [one.slot.when_and_whom for one in found]


def test_day_by_day_each_start_stands_once_with_the_same_person_where_they_are_free() -> None:
    world, appointment = booked()
    AbsenceFactory(resource=world.provider, starts_at=at("2026-11-25 08:00"), ends_at=at("2026-11-25 12:00"))
    found = free_days(appointment, first=date(2026, 11, 25), now=NOW)
    assert [one.day for one in found] == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]
    wednesday = {slot.starts_at: slot.provider_id for slot in found[0].slots}
    assert len(wednesday) == len(found[0].slots) == 18
    assert wednesday[at("2026-11-25 11:30")] == world.colleague.pk
    assert wednesday[at("2026-11-25 12:00")] == world.provider.pk


def test_a_day_with_very_many_starts_shows_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    _world, appointment = booked()
    for most, shown in ((18, 18), (17, 9), (9, 9), (8, 6)):
        monkeypatch.setattr(times, "MOST_A_DAY", most)
        assert len(free_days(appointment, first=date(2026, 11, 25), now=NOW)[0].slots) == shown


def test_days_end_where_the_service_ends() -> None:
    _world, appointment = booked()
    assert free_days(appointment, first=(NOW + days(31)).date(), now=NOW) == []
    assert free_days(appointment, first=date(9999, 12, 31), now=NOW) == []
    assert free_days(appointment, first=date(2020, 1, 1), now=NOW)[0].day == NOW.date()


def test_nothing_is_shown_that_could_be_gone_at_the_tap() -> None:
    _world, appointment = booked()
    soonest = free_days(appointment, first=NOW.date(), now=NOW)[0].slots[0].starts_at
    assert soonest == at("2026-11-23 11:30")


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ("2026-11-23 08:30", NotOffered),  # past
        ("2026-11-23 10:30", NotOffered),  # inside the notice
        ("2026-11-25 07:30", NotOffered),  # before opening
        ("2026-11-25 16:45", NotOffered),  # ends after closing, and not on the grid
        ("2026-11-25 09:10", NotOffered),  # not on the grid
        ("2026-11-29 10:00", NotOffered),  # closed on Sundays
        ("2027-01-05 10:00", NotOffered),  # beyond the horizon
        (START, NotOffered),  # where it is
        ("2026-11-25 14:00", SlotTaken),
    ],
)
def test_what_is_not_free_for_them_is_refused(wanted: str, error: type[Exception]) -> None:
    world, appointment = booked()
    world.booked("2026-11-25 14:00", room=None)
    with pytest.raises(error):
        slot_for(appointment, (at(wanted), world.provider.pk), now=NOW)


def test_the_edge_of_the_notice() -> None:
    world, appointment = booked()
    wanted = at("2026-11-23 11:00"), world.provider.pk
    assert slot_for(appointment, wanted, now=NOW).when_and_whom == wanted
    with pytest.raises(NotOffered):
        slot_for(appointment, wanted, now=NOW + minutes(1))


def test_nobody_is_reached_whom_the_page_does_not_name() -> None:
    """Of the colleagues who are free at an hour the page names the first; the others are no choice of a customer's."""
    world, appointment = booked()
    third = ProviderFactory(location=world.location, name="Dr. Citra", position=3)
    world.service.requirements.get(kind="provider").candidates.add(third)
    start = at("2026-11-25 10:00")
    assert slot_for(appointment, (start, world.provider.pk), now=NOW).provider_id == world.provider.pk
    assert slot_for(appointment, (start, world.colleague.pk), now=NOW).provider_id == world.colleague.pk
    elsewhere = ProviderFactory(name="Dr. Dewi")
    for provider in (third.pk, elsewhere.pk, world.room.pk, None, 10**12):
        with pytest.raises(NotOffered):
            slot_for(appointment, (start, provider), now=NOW)


def test_what_they_refused_is_not_offered_again() -> None:
    world, appointment = booked()
    round_ = world.offered(appointment, can_keep=True)
    refused = {one.when_and_whom for one in round_.offers.all()}
    answers.ask_other_times(round_, wishes=Wishes(parts=frozenset({"evening"})), nonce="other", now=NOW)
    shown = {one.slot.when_and_whom for one in nearest(appointment, now=NOW)}
    shown |= {one.when_and_whom for day in free_days(appointment, first=NOW.date(), now=NOW) for one in day.slots}
    assert refused.isdisjoint(shown)
    with pytest.raises(NotOffered):
        slot_for(appointment, min(refused), now=NOW)
