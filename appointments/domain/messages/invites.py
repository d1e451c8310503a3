"""Appointments as iCalendar (RFC 5545, 5546): a move is the same UID with a higher SEQUENCE, so the entry moves."""

from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from appointments.domain.messages.vtimezone import vtimezone
from appointments.enums import Manner
from appointments.models import Appointment, Business

PRODUCT_ID = "-//Reschedule//Appointments//EN"
_JOINERS = "\u200c\u200d"


def request(appointment: Appointment, *, language: str, now: datetime, business: Business | None = None) -> str:
    """METHOD:REQUEST for the time that is now confirmed. Never for a time that is only proposed."""
    event = _event(appointment, business or Business.current(), status="CONFIRMED", language=language, now=now)
    return _calendar(appointment, event, method="REQUEST")


def cancellation(appointment: Appointment, *, language: str, now: datetime) -> str:
    """METHOD:CANCEL for an appointment that will not take place."""
    event = _event(appointment, Business.current(), status="CANCELLED", language=language, now=now)
    return _calendar(appointment, event, method="CANCEL")


def _calendar(appointment: Appointment, event: Event, *, method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    for tzid in calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, vtimezone(tzid, appointment.starts_at.year))
    text: str = calendar.to_ical().decode()
    return text


def _event(appointment: Appointment, business: Business, *, status: str, language: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    if appointment.recurrence_id:
        event.add("recurrence-id", appointment.recurrence_id.astimezone(appointment.location.tzinfo))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    start, end = _times(appointment)
    event.add("dtstart", start)
    event.add("dtend", end)
    title = appointment.service.name_in(language)
    event.add("summary", f"{_plain(title)} · {_plain(business.name)}")
    if where := _where(appointment):
        event.add("location", where)
    if appointment.provider:
        event.add("description", _plain(appointment.provider.name))
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event["organizer"] = _organizer(appointment, business)
    if appointment.customer.email:
        attendee = _person(appointment.customer.email, appointment.customer.name)
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        event["attendee"] = attendee
    return event


def _where(appointment: Appointment) -> str:
    """Where the customer is met: at home, if the service is given there. Empty when we do not know where that is, and
    when nobody has to come.
    """
    location = appointment.location
    if appointment.manner == Manner.PHONE:
        return ""
    at = (appointment.customer.address,) if appointment.is_at_customer else (location.name, location.address)
    return ", ".join(_plain(part) for part in at if part)


def _organizer(appointment: Appointment, business: Business) -> vCalAddress:
    """Who invited the customer first, and keeps doing so, or the business; SENT-BY is who really writes, if another.

    Calendars believe an update of the organizer alone, and mail programs want its address to be that of the sender
    (RFC 5545, 3.2.18; RFC 5546, 3.2.2).
    """
    sender = parseaddr(settings.MESSAGE_FROM)[1]
    found = _person(appointment.organizer or business.email or sender, business.name)
    if found.removeprefix("mailto:").lower() != sender.lower():
        found.params["SENT-BY"] = vCalAddress(f"mailto:{sender}")
    return found


def _times(appointment: Appointment) -> tuple[datetime, datetime]:
    """Start and end by the clock of the place; in UTC if the clock shows one of them for the second time that night.

    A time that a clock shows twice means the first of the two (RFC 5545, 3.3.5), so the second needs another form.
    """
    zone = appointment.location.tzinfo
    start, end = appointment.starts_at.astimezone(zone), appointment.ends_at.astimezone(zone)
    if start.fold or end.fold:
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def _person(email: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{email}")
    # A parameter cannot hold a double quote, and few programs know how RFC 6868 writes one.
    found.params["CN"] = vText(_plain(name).replace('"', "'"))
    return found


def _plain(text: str) -> str:
    """One line without control characters: a name cannot open a new property. What joins letters and emoji stays."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())
