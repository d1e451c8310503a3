"""A small file as we like it best, to be filled in: with a service and a person of the place."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.enums import ResourceKind
from appointments.models import Location, Requirement, Resource, Service

IN_DAYS = 7


def table(place: Location, *, now: datetime) -> tuple[list[str], list[list[str]]]:
    """Its headings, which are among those that we recognise in every language we write in, and its rows."""
    doing = (
        Requirement.objects.filter(
            kind=ResourceKind.PROVIDER, service__is_active=True, candidates__location=place, candidates__is_active=True
        )
        .order_by("service", "pk")
        .select_related("service")
        .first()
    )
    person: Resource | None = doing.candidates.filter(location=place, is_active=True).first() if doing else None
    day = f"{now.astimezone(place.tzinfo).date() + timedelta(days=IN_DAYS):%Y-%m-%d}"
    room = _room_of(doing.service, place) if doing else ""
    service, minutes = (str(doing.service), str(doing.service.minutes)) if doing else ("", "30")
    shared = [service, person.name if person else "", room]
    return _headings(), [
        ["A-1001", _("Dewi Example"), "0812 5550 0101", "dewi@example.com", day, "09:00", minutes, *shared, ""],
        ["A-1002", _("Budi Example"), "0812 5550 0102", "", day, "10:30", minutes, *shared, _("comes by bus")],
    ]


def _room_of(service: Service, place: Location) -> str:
    """One that the service uses there; "" where it uses none."""
    used = Resource.objects.filter(requirements__service=service, location=place, is_active=True)
    return used.exclude(kind=ResourceKind.PROVIDER).values_list("name", flat=True).first() or ""


def _headings() -> list[str]:
    return [
        pgettext("heading of a table", "Booking number"),
        pgettext("heading of a table", "Name"),
        pgettext("heading of a table", "Phone"),
        pgettext("heading of a table", "E-mail"),
        pgettext("heading of a table", "Date"),
        pgettext("heading of a table", "Time"),
        pgettext("heading of a table", "Length (minutes)"),
        pgettext("heading of a table", "Service"),
        pgettext("heading of a table", "Person"),
        pgettext("heading of a table", "Room"),
        pgettext("heading of a table", "Note"),
    ]
