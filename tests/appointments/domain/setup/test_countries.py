"""What a country proposes: its zones, currency, language, prefix and week."""

import pytest
from django.utils import translation

from appointments.domain.setup import countries
from tests.clock import NOW


def test_indonesia_proposes_what_most_there_have() -> None:
    found = countries.proposal("ID")

    assert found.zones == ["Asia/Jakarta", "Asia/Jayapura", "Asia/Makassar", "Asia/Pontianak"]
    assert (found.currency, found.language, found.prefix) == ("IDR", "id", "+62")


def test_a_week_has_half_a_saturday_where_sunday_is_free() -> None:
    week = countries.proposal("ID").week()

    assert week[0] == week[4] == "09:00–17:00"
    assert (week[5], week[6]) == ("09:00–13:00", "")


def test_where_the_weekend_is_another_one_so_is_the_week() -> None:
    week = countries.proposal("SA").week()

    assert (week[3], week[4], week[5], week[6]) == ("09:00–17:00", "", "", "09:00–17:00")


def test_a_language_that_is_not_in_use_is_left_to_the_sites_own() -> None:
    assert countries.proposal("DE").language == "en"
    assert countries.proposal("SG").language == "en"


@pytest.mark.parametrize("country", ["", "ZZ", "AQ"])
def test_a_country_that_is_not_known_proposes_nothing_wrong(country: str) -> None:
    found = countries.proposal(country)

    assert len(found.week()) == 7
    assert found.zones
    assert found.prefix in ("", "+672")


def test_countries_are_called_as_the_reader_calls_them() -> None:
    assert ("DE", "Germany") in countries.choices("en")
    assert ("DE", "Jerman") in countries.choices("id")
    with translation.override("id"):
        assert countries.name("JP", "id") == "Jepang"
    assert countries.name("DE", "tlh") == "Germany"


def test_every_country_has_a_zone_and_a_prefix() -> None:
    assert len(countries.COUNTRIES) > 200
    assert [one for one in countries.COUNTRIES if not countries.proposal(one).prefix] == []
    assert set(countries.MOST_PEOPLE) <= countries.COUNTRIES
    assert all(countries.proposal(one).zones[0] == zone for one, zone in countries.MOST_PEOPLE.items())


def test_holidays_are_looked_over_for_this_year_and_the_next() -> None:
    assert countries.years(NOW.date()) == (2026, 2027)
    assert countries.has_calendar("ID")
    assert not countries.has_calendar("ZZ")
