"""What a customer's calendar is told: the instant in any program, the same entry when it moves, names as they are."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from appointments.domain.imports.reading import read_ics
from appointments.domain.messages import invites
from appointments.models import Appointment, Business
from tests.clock import NOW, days, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Clinic:
    return clinic()


def booked_in(here: Clinic, zone: str, day: str) -> Appointment:
    start = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo(zone))
    return here.booked(start, location=LocationFactory(zone=zone))


def event_of(text: str) -> Event:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").splitlines()


ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Jakarta", "Africa/Casablanca", "Asia/Jerusalem", "Australia/Lord_Howe",
    "America/Santiago", "Europe/Dublin", "Asia/Tehran",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2027-01-04", "2027-02-15", "2027-03-28", "2027-07-06", "2027-10-31", "2027-12-31"])
def test_the_clock_in_the_file_alone_leads_to_the_instant(here: Clinic, zone: str, day: str) -> None:
    appointment = booked_in(here, zone, day)
    text = invites.request(appointment, language="en", now=NOW).replace(zone, "Nowhere/Known")
    around = (appointment.starts_at.date() - days(1), appointment.starts_at.date() + days(1))
    (row,) = read_ics(text.encode(), default_zone="Pacific/Kiritimati", window=around).rows
    assert (row.starts_at, row.ends_at) == (appointment.starts_at, appointment.ends_at)


NIGHTS = {
    "Europe/Berlin": datetime(2027, 10, 31, 0, 0, tzinfo=UTC),
    "America/New_York": datetime(2027, 11, 7, 5, 0, tzinfo=UTC),
    "Asia/Jakarta": datetime(2027, 10, 31, 0, 0, tzinfo=UTC),
}
"""When the hour that is shown twice begins; in Jakarta none is."""


@pytest.mark.parametrize("zone", NIGHTS)
@pytest.mark.parametrize("length", [30, 45, 90])
def test_every_half_hour_of_the_night_in_which_clocks_go_back_is_told_as_it_is(
    here: Clinic, zone: str, length: int
) -> None:
    appointment = booked_in(here, zone, "2027-07-06")
    for number in range(-2, 7):
        appointment.starts_at = NIGHTS[zone] + minutes(30 * number)
        appointment.ends_at = appointment.starts_at + minutes(length)
        text = invites.request(appointment, language="en", now=NOW)
        around = (appointment.starts_at.date() - days(1), appointment.starts_at.date() + days(1))
        (row,) = read_ics(text.encode(), default_zone="Pacific/Kiritimati", window=around).rows
        assert (row.starts_at, row.ends_at) == (appointment.starts_at, appointment.ends_at), number


def test_only_the_second_of_two_equal_hours_is_told_in_utc(here: Clinic) -> None:
    """Everything else keeps the clock of the place, which programs show beside the reader's own."""
    appointment = booked_in(here, "Europe/Berlin", "2027-07-06")

    def told(number: int) -> list[str]:
        appointment.starts_at = NIGHTS["Europe/Berlin"] + minutes(30 * number)
        appointment.ends_at = appointment.starts_at + minutes(30)
        lines = unfolded(invites.request(appointment, language="en", now=NOW))
        return [line for line in lines if line.startswith(("DTSTART", "DTEND")) and "2027" in line]

    assert told(0) == ["DTSTART;TZID=Europe/Berlin:20271031T020000", "DTEND;TZID=Europe/Berlin:20271031T023000"]
    assert told(1) == ["DTSTART:20271031T003000Z", "DTEND:20271031T010000Z"]  # ends when 2:00 comes again
    assert told(2) == ["DTSTART:20271031T010000Z", "DTEND:20271031T013000Z"]
    assert told(4) == ["DTSTART;TZID=Europe/Berlin:20271031T030000", "DTEND;TZID=Europe/Berlin:20271031T033000"]


def test_a_move_and_a_cancellation_are_about_the_same_entry(here: Clinic) -> None:
    appointment = here.booked("2026-11-26 10:00")
    first = event_of(invites.request(appointment, language="en", now=NOW))
    appointment.starts_at, appointment.ends_at = appointment.starts_at + days(1), appointment.ends_at + days(1)
    appointment.sequence += 1
    then = event_of(invites.request(appointment, language="id", now=NOW + minutes(5)))
    gone = invites.cancellation(appointment, language="id", now=NOW + minutes(9))
    assert len({str(event["UID"]) for event in (first, then, event_of(gone))}) == 1
    assert len({str(event["ORGANIZER"]) for event in (first, then, event_of(gone))}) == 1
    assert (first["SEQUENCE"], then["SEQUENCE"]) == (0, 1)
    assert then.decoded("DTSTAMP") - first.decoded("DTSTAMP") == minutes(5)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(unfolded(gone))


def test_names_stay_what_they_are_and_open_no_new_line(here: Clinic) -> None:
    Business.objects.update(name='Smith "& Sons"; Ltd, 👩\u200d⚕')
    name = "می\u200cروم\r\nBEGIN:VALARM\x07"
    appointment = here.booked(customer=CustomerFactory(name=name, email="someone@example.com"))
    text = invites.request(appointment, language="en", now=NOW)
    event = event_of(text)
    assert event["ATTENDEE"].params["CN"] == "می\u200cروم BEGIN:VALARM"
    assert event["ORGANIZER"].params["CN"] == "Smith '& Sons'; Ltd, 👩\u200d⚕"
    assert str(event["SUMMARY"]).endswith('Smith "& Sons"; Ltd, 👩\u200d⚕')
    assert "BEGIN:VALARM" not in unfolded(text)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def calendar_of(text: str) -> Calendar:
    found = Calendar.from_ical(text)
    assert isinstance(found, Calendar)
    return found


def test_the_organizer_is_the_business_and_the_sender_writes_for_it(here: Clinic, settings: Any) -> None:
    settings.MESSAGE_FROM = "Front desk <no-reply@sender.example>"
    Business.objects.update(email="desk@melati.example")
    organizer = event_of(invites.request(here.booked(), language="en", now=NOW))["ORGANIZER"]
    assert organizer == "mailto:desk@melati.example"
    assert organizer.params["SENT-BY"] == "mailto:no-reply@sender.example"

    settings.MESSAGE_FROM = "Front desk <Desk@melati.example>"
    organizer = event_of(invites.request(here.booked("2026-11-25 10:00"), language="en", now=NOW))["ORGANIZER"]
    assert "SENT-BY" not in organizer.params


def test_there_is_an_organizer_even_where_the_business_has_no_address(here: Clinic, settings: Any) -> None:
    settings.MESSAGE_FROM = "no-reply@sender.example"
    Business.objects.update(email="")
    text = invites.request(here.booked(), language="en", now=NOW)
    assert calendar_of(text)["METHOD"] == "REQUEST"
    assert event_of(text)["ORGANIZER"] == "mailto:no-reply@sender.example"


def test_one_date_of_a_series_from_elsewhere_stays_that_date_and_keeps_its_organizer(here: Clinic) -> None:
    planned = NOW + days(1)
    appointment = here.booked(
        planned + minutes(45), uid="series@elsewhere", recurrence_id=planned, organizer="dr@elsewhere.example"
    )
    for text in (
        invites.request(appointment, language="en", now=NOW),
        invites.cancellation(appointment, language="en", now=NOW),
    ):
        event = event_of(text)
        assert (event["UID"], event.decoded("RECURRENCE-ID")) == ("series@elsewhere", planned)
        assert event["RECURRENCE-ID"].params["TZID"] == "Asia/Jakarta"
        assert event["ORGANIZER"] == "mailto:dr@elsewhere.example"
        assert event["ORGANIZER"].params["SENT-BY"].startswith("mailto:")


@pytest.mark.parametrize("kind", ["onsite", "delivery"])
def test_whoever_is_visited_at_home_is_not_sent_to_us(kind: str) -> None:
    here = clinic(kind=kind)
    at_home = here.booked(customer=CustomerFactory(address="Jl. Mawar 7, Bogor"))
    assert event_of(invites.request(at_home, language="en", now=NOW))["LOCATION"] == "Jl. Mawar 7, Bogor"
    unknown = here.booked("2026-11-25 10:00", customer=CustomerFactory(address=""))
    assert "LOCATION" not in event_of(invites.request(unknown, language="en", now=NOW))
