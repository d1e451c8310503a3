"""Small files that are brought in, and what is compared of the outcome."""

from datetime import date, datetime
from typing import Any

from appointments.domain.imports import run
from appointments.domain.imports.matching import Choices
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.run import Options
from appointments.models import Appointment
from tests.clock import NOW
from tests.factories import Clinic


def bring_in(melati: Clinic, text: str, *, name: str = "bookings.csv", now: datetime = NOW, **options: Any) -> Report:
    """A table, or a calendar, as text with plain line ends."""
    values: dict[str, Any] = {
        "choices": Choices(melati.location, service=melati.service if "VEVENT" in text else None),
        "filename": name, "first_day": date(2026, 11, 23), "last_day": date(2027, 6, 30),
    }  # fmt: skip
    return run.run(text.encode(), Options(**values | options), now=now)


def event(
    uid: str, *lines: str, sequence: int = 0, stamp: str = "20261101T000000Z", summary: str = "Dewi Empat"
) -> str:
    said = (f"UID:{uid}", f"DTSTAMP:{stamp}", f"SEQUENCE:{sequence}", *lines, "DURATION:PT30M", f"SUMMARY:{summary}")
    return "\n".join(("BEGIN:VEVENT", *said, "END:VEVENT"))


def calendar(*events: str, method: str = "") -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else [])]
    return "\n".join((*head, *events, "END:VCALENDAR", ""))


def starting(stamp: str) -> str:
    return f"DTSTART;TZID=Asia/Jakarta:{stamp}"


def counts(report: Report) -> dict[Outcome, int]:
    return {name: count for name, count in report.counts.items() if count}


def said(report: Report, level: str) -> list[tuple[int, str]]:
    return [(one.line, str(one.message)) for one in report.problems if one.level == level]


def booked() -> list[tuple[str, str]]:
    """Who is booked when, on the clinic's clock."""
    rows = Appointment.objects.filter(state="booked").select_related("location", "customer").order_by("starts_at", "pk")
    return [(one.customer.name, f"{one.starts_at.astimezone(one.location.tzinfo):%m-%d %H:%M}") for one in rows]
