"""Appointments as iCalendar (RFC 5545, 5546): a move is the same UID with a higher SEQUENCE, so the entry moves."""

from datetime import datetime
from functools import cache

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from appointments.models import Appointment, Business

PRODUCT_ID = "-//Reschedule//Appointments//EN"


def request(appointment: Appointment, *, language: str, now: datetime) -> str:
    """METHOD:REQUEST for the time that is now confirmed. Never for a time that is only proposed."""
    return _calendar(appointment, method="REQUEST", status="CONFIRMED", language=language, now=now)


def cancellation(appointment: Appointment, *, language: str, now: datetime) -> str:
    """METHOD:CANCEL for an appointment that will not take place."""
    return _calendar(appointment, method="CANCEL", status="CANCELLED", language=language, now=now)


def _calendar(appointment: Appointment, *, method: str, status: str, language: str, now: datetime) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(appointment, status=status, language=language, now=now))
    for tzid in calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, _time_zone(tzid))
    text: str = calendar.to_ical().decode()
    return text


@cache
def _time_zone(tzid: str) -> Timezone:
    """The VTIMEZONE of a zone. Made once: working it out takes longer than all the rest of an invitation."""
    return Timezone.from_tzid(tzid)


def _event(appointment: Appointment, *, status: str, language: str, now: datetime) -> Event:
    business, location = Business.current(), appointment.location
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(location.tzinfo))
    event.add("dtend", appointment.ends_at.astimezone(location.tzinfo))
    title = appointment.service.name_in(language)
    event.add("summary", f"{_plain(title)} · {_plain(business.name)}")
    event.add("location", ", ".join(_plain(part) for part in (location.name, location.address) if part))
    if appointment.provider:
        event.add("description", _plain(appointment.provider.name))
    event.add("status", status)
    event.add("transp", "OPAQUE")
    if business.email:
        organizer = vCalAddress(f"mailto:{business.email}")
        organizer.params["CN"] = vText(_plain(business.name))
        event["organizer"] = organizer
    if appointment.customer.email:
        attendee = vCalAddress(f"mailto:{appointment.customer.email}")
        attendee.params["CN"] = vText(_plain(appointment.customer.name).replace('"', "'"))
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        event["attendee"] = attendee
    return event


def _plain(text: str) -> str:
    """One line without control characters: a name cannot open a new property."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
