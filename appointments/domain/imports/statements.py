"""What a row of a file says about its appointment, beside what the last one said and what stands here.

So a difference shows whose it is. What only the file has changed is taken over, what only we have changed stays, and
what both have changed stays as it is here and is said.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.imports.reading import ImportedRow, WholeSeries
from appointments.domain.privacy.forgetting import NOTHING
from appointments.models import Appointment, ImportedFile, Statement

WORDS = {
    "name": _lazy("name"),
    "email": _lazy("e-mail"),
    "phone": _lazy("phone"),
    "service": _lazy("service"),
    "provider": _lazy("person"),
    "location": _lazy("place"),
    "room": _lazy("room"),
    "note": _lazy("note"),
}
"""What each detail is called in a report, which never quotes it: files are about people."""

OF_CUSTOMER = ("name", "email", "phone")
OF_TIME = ("service", "provider", "location", "room")
"""A change of these is a change on the timeline."""


@dataclass(frozen=True, slots=True)
class Said:
    """The details of one appointment. Nothing ("" or None) where nothing is said; the others are primary keys."""

    name: str = ""
    email: str = ""
    phone: str = ""
    service: int | None = None
    provider: int | None = None
    location: int | None = None
    room: int | None = None
    note: str = ""
    starts_at: str = ""
    ends_at: str = ""

    @classmethod
    def of(cls, statement: Statement) -> "Said":
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in statement.said.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Difference:
    """`taken` are details that only the file has changed, with their new values; `kept` those that we have, too."""

    taken: Mapping[str, Any]
    kept: tuple[str, ...] = ()


def difference(said: Said, before: Said | None, here: Said) -> Difference:
    """`before` is what the last file said. Without it nobody knows who is right: then only what is empty is filled.

    What was let go here because its time was over is no difference: it does not come back, and nobody is told of it.
    """
    taken, kept = {}, []
    for name in WORDS:
        new, now = getattr(said, name), getattr(here, name)
        old = getattr(before, name) if before else now
        if not new or new == now or now == NOTHING or (new == old and before):
            continue
        if not now or (before and now == old):
            taken[name] = new
        elif before:
            kept.append(name)
    return Difference(taken, tuple(kept))


def here(appointment: Appointment, *, room: int | None = None) -> Said:
    """What stands here now; `room` is one of those that it takes."""
    customer = appointment.customer
    return Said(
        name=customer.name,
        email=customer.email,
        phone=str(customer.phone),
        service=appointment.service_id,
        provider=appointment.provider_id,
        location=appointment.location_id,
        room=room,
        note=appointment.note,
    )


def is_older(entry: ImportedRow | WholeSeries, statement: Statement, *, same_file: ImportedFile | None) -> bool:
    """Whether a newer statement than this entry's has been heard: by SEQUENCE, then by when it was changed there
    (RFC 5546, 2.1.5), then because the very same file came in before that newer one.
    """
    if entry.sequence != statement.sequence:
        return entry.sequence < statement.sequence
    if entry.stamp and statement.stamp and entry.stamp != statement.stamp:
        return entry.stamp < statement.stamp
    return same_file is not None and same_file.pk < statement.file_id


def why_not_read(
    row: ImportedRow, heard: Statement | None, appointment: Appointment, *, same_file: ImportedFile | None
) -> str:
    """Why what a row says of `appointment` is not looked at; "" where it is."""
    if appointment.customer.forgotten_at:
        return _("of somebody who was forgotten here")
    if heard is not None and is_older(row, heard, same_file=same_file):
        return _("older than what was imported before")
    return ""


def statement_of(row: ImportedRow, said: Said) -> Statement:
    """What is to be remembered of this row, without its appointment and its file."""
    return Statement(sequence=row.sequence, stamp=row.stamp[:32], said=said.as_json())


def statement_about(appointment: Appointment) -> Statement | None:
    """What the newest file has said about it; None where none has."""
    return getattr(appointment, "statement", None)


def time_there(appointment: Appointment) -> datetime:
    """When it is in its file: whoever was moved here was not moved there."""
    statement = statement_about(appointment)
    told = statement.said.get("starts_at") if statement else None
    return datetime.fromisoformat(told) if told else appointment.starts_at


def moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""
