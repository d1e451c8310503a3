"""Holidays of a year and closures of a place."""

from datetime import date

import pytest

from appointments.domain import actors
from appointments.domain.setup import days
from appointments.domain.setup.changing import WouldHit
from appointments.enums import DisruptionSource
from appointments.models import AffectedAppointment, Appointment, Closure, Disruption, Location, SpecialDay
from tests.clock import NOW, at
from tests.factories import LocationFactory, SpecialDayFactory, clinic

pytestmark = pytest.mark.django_db

CHRISTMAS, TUESDAY = date(2026, 12, 25), date(2026, 11, 24)


def closed(place: Location) -> set[date]:
    return {one.day for one in days.year_of(place, 2026, language="en") if one.is_closed}


def write(place: Location, wanted: set[date], *, agreed: str = "") -> list[Appointment]:
    return days.write_year(place, 2026, wanted, language="en", agreed=agreed, by=actors.SYSTEM, now=NOW)


def test_all_holidays_of_the_country_are_ticked_where_a_place_is_closed_on_them() -> None:
    found = {one.day: one for one in days.year_of(LocationFactory(), 2026, language="en")}

    assert found[CHRISTMAS] == days.Day(CHRISTMAS, "Christmas Day", True)
    assert [*found] == sorted(found)
    assert all(one.is_closed for one in found.values())
    assert not closed(LocationFactory(closed_on_holidays=False))


def test_a_tick_taken_away_opens_the_day_and_set_again_closes_it() -> None:
    place = LocationFactory()
    all_of_them = closed(place)
    write(place, all_of_them - {CHRISTMAS})

    assert closed(place) == all_of_them - {CHRISTMAS}
    assert SpecialDay.objects.get().is_open
    write(place, all_of_them)
    assert closed(place) == all_of_them


def test_what_is_as_it_was_writes_nothing() -> None:
    place = LocationFactory()
    write(place, closed(place))

    assert not SpecialDay.objects.exists()


def test_the_places_own_word_is_the_last_one() -> None:
    place = LocationFactory()
    SpecialDayFactory(day=TUESDAY, name="Regional day")
    assert TUESDAY in closed(place)
    SpecialDayFactory(day=TUESDAY, location=place, is_open=True)

    assert TUESDAY not in closed(place)
    assert TUESDAY in closed(LocationFactory())


def test_a_day_on_which_somebody_is_booked_is_asked_about() -> None:
    world = clinic()
    booked = world.booked("2026-11-24 10:00")
    SpecialDayFactory(day=TUESDAY, location=world.location, is_open=True)
    wanted = closed(world.location) | {TUESDAY}
    with pytest.raises(WouldHit) as asked:
        write(world.location, wanted)
    assert TUESDAY not in closed(world.location)

    assert write(world.location, wanted, agreed=asked.value.mark) == [booked]
    assert TUESDAY in closed(world.location)
    assert Disruption.objects.get().source == DisruptionSource.CLOSURE
    assert AffectedAppointment.objects.get().appointment == booked


def test_a_closure_asks_and_can_be_taken_back() -> None:
    world = clinic()
    booked = world.booked("2026-11-24 10:00")

    def closure() -> Closure:
        starts_at, ends_at = at("2026-11-24 09:00"), at("2026-11-24 12:00")
        return Closure(location=world.location, title="Inventory", starts_at=starts_at, ends_at=ends_at)

    with pytest.raises(WouldHit) as asked:
        days.close(closure(), agreed="", by=actors.SYSTEM, now=NOW)
    assert not Closure.objects.exists()
    assert days.close(closure(), agreed=asked.value.mark, by=actors.SYSTEM, now=NOW) == [booked]

    assert days.open_again(Closure.objects.get(), by=actors.SYSTEM, now=NOW) == [booked]
    assert not Closure.objects.exists()
