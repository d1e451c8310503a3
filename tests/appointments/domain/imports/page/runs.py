"""Files that are brought in on the page, step by step."""

from datetime import datetime
from typing import Any

from appointments.domain.imports.page import uploads, work
from appointments.domain.imports.page.chosen import Chosen
from appointments.models import ImportRun
from tests.clock import NOW
from tests.factories import Clinic

HEAD = "Number,Name,Phone,Date,Time,Service\n"
ANA = "a1,Ana Putri,0812 5550 0101,2026-11-26,09:00,Check-up\n"
JOKO = "a2,Joko Susilo,0812 5550 0102,2026-11-26,09:30,Check-up\n"
TWO = (HEAD + ANA + JOKO).replace("Number", "Booking number")


def uploaded(melati: Clinic, text: str = TWO, *, name: str = "bookings.csv", now: datetime = NOW) -> ImportRun:
    return uploads.keep(text.encode(), name=name, place=melati.location, by=melati.manager, now=now)


def chosen(run: ImportRun, **more: Any) -> Chosen:
    return Chosen.of({**run.choices, **more})


def checked(run: ImportRun, *, now: datetime = NOW, **more: Any) -> ImportRun:
    run.refresh_from_db()
    work.check(run, chosen(run, **more))
    return carried_out(run, now=now)


def carried_out(run: ImportRun, *, now: datetime = NOW) -> ImportRun:
    work.carry_out(run.pk, now=now)
    run.refresh_from_db()
    return run


def brought_in(melati: Clinic, text: str = TWO, *, now: datetime = NOW, **more: Any) -> ImportRun:
    run = checked(uploaded(melati, text, now=now), now=now, **more)
    work.bring_in(run)
    return carried_out(run, now=now)
