"""What a country lets us propose: its zones, currency, language, prefix and the days on which most do not work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from notifications.text import languages

MOST_PEOPLE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kiev",
    "US": "America/New_York",
    "AR": "America/Argentina/Buenos_Aires",
}
"""By whose clock most people live, where there are several."""
SATURDAY, SUNDAY = 5, 6
HOURS, HALF_DAY = "09:00–17:00", "09:00–13:00"


@cache
def _zones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for zone, country in sorted(get_global("zone_territories").items()):
        found.setdefault(country, []).append(zone)
    return found


COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS) & _zones().keys()


@dataclass(frozen=True)
class Proposal:
    """`zones`: that of most people first. `weekend`: days of the week on which offices are closed."""

    country: str
    zones: Sequence[str]
    currency: str
    language: str
    prefix: str
    weekend: frozenset[int]

    def week(self) -> dict[int, str]:
        """The hours of an ordinary week by weekday; "" is closed. Where Sunday is free, Saturday is half a day."""
        week = {day: "" if day in self.weekend else HOURS for day in range(7)}
        if self.weekend == {SATURDAY, SUNDAY}:
            week[SATURDAY] = HALF_DAY
        return week


def choices(language: str) -> list[tuple[str, str]]:
    """Every country with its name in `language`, by name."""
    names = _names(language)
    return sorted(((code, names.get(code, code)) for code in COUNTRIES), key=lambda one: one[1])


def name(country: str, language: str) -> str:
    return str(_names(language).get(country, country))


def proposal(country: str) -> Proposal:
    """For a country that is not known: a clock and a week of nowhere in particular."""
    zones = _zones().get(country, ["UTC"])
    first = MOST_PEOPLE.get(country, zones[0])
    currencies = get_territory_currencies(country) if country in COUNTRIES else []
    spoken = get_official_languages(country) if country in COUNTRIES else ()
    prefix = phonenumbers.country_code_for_region(country)
    return Proposal(
        country=country,
        zones=[first, *(zone for zone in zones if zone != first)],
        currency=currencies[0] if currencies else "",
        language=next((known for one in spoken if (known := languages.known(one))), languages.own()),
        prefix=f"+{prefix}" if prefix else "",
        weekend=_weekend(country),
    )


@cache
def _weekend(country: str) -> frozenset[int]:
    """Of this year; few countries have ever changed it."""
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset({SATURDAY, SUNDAY})
    return frozenset(getattr(calendar, "weekend", None) or {SATURDAY, SUNDAY})


def has_calendar(country: str) -> bool:
    """Whether we know the public holidays of it."""
    return country in holidays.list_supported_countries()


def years(today: date) -> tuple[int, int]:
    """For which holidays are looked over: this year and the next."""
    return today.year, today.year + 1


@cache
def _names(language: str) -> dict[str, str]:
    for one in languages.fallbacks(language):
        try:
            return dict(Locale.parse(one, sep="-").territories)
        except (UnknownLocaleError, ValueError):
            continue
    return {}
