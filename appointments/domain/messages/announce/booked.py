"""What was booked at the desk, once or again and again, is confirmed in one message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from appointments.domain.colleagues import name_of
from appointments.domain.messages import invites
from appointments.domain.messages.addresses import link_to, page_url
from appointments.domain.messages.context import about_appointment, time_of
from appointments.domain.messages.previews import Preview, as_sent
from appointments.domain.messages.recipients import customer_of, written
from appointments.domain.messages.sending import send
from appointments.enums import AppointmentState
from appointments.models import Appointment
from notifications import outbox
from notifications.enums import MessageState
from notifications.models import Message
from notifications.text.values import Attachment

KIND = "booked"


def booked(
    appointments: Sequence[Appointment],
    *,
    by: User | None,
    now: datetime,
    not_before: datetime | None = None,
    anew: bool = False,
    personal_note: str = "",
) -> Message:
    """The times that one form booked, in their order, each with its calendar entry. Only in writing: whoever cannot be
    written to was told when they were agreed. `anew`: in place of a message that was taken back before it left.
    `personal_note`: a line of the colleague's own.
    """
    first, *others = appointments
    once, again = _keys(first)
    return send(
        outbox.free(again) if anew else once,
        KIND,
        first,
        about_booked(first, by=by, personal_note=personal_note) | {"also": [_also(one) for one in others]},
        true_if={"times": [[one.pk, one.sequence] for one in appointments]},
        not_before=not_before,
        not_after=first.starts_at,
        to=written(customer_of(first)),
        attachments=[_entry(one, place, now=now) for place, one in enumerate(appointments, start=1)],
        now=now,
    )


def about_booked(
    appointment: Appointment, *, by: User | None, personal_note: str = "", language: str = ""
) -> dict[str, Any]:
    """What is said of one time that was booked."""
    return {
        **about_appointment(appointment, contact=name_of(by), language=language),
        "time": time_of(appointment),
        "also": [],
        "personal_note": personal_note,
    }


def booked_as_sent(appointment: Appointment, *, by: User, personal_note: str) -> list[Preview]:
    """The confirmation of one time in every language, by each channel; the customer's own first. Raises
    `CannotBeWritten`.
    """
    said = {"by": by, "personal_note": personal_note}
    return as_sent(KIND, appointment, lambda language: about_booked(appointment, language=language, **said))  # type: ignore[arg-type]


def _also(appointment: Appointment) -> dict[str, Any]:
    page = page_url(link_to(appointment.pk))
    return {"appointment": appointment.pk, "time": time_of(appointment), "page_url": page}


def _entry(appointment: Appointment, place: int, *, now: datetime) -> Attachment:
    """A file for each: of the invitations in one file all have to be about one appointment (RFC 5546, 3.2.2)."""
    ics = invites.request(appointment, language=appointment.customer.reads, now=now)
    return Attachment(f"invite-{place}.ics" if place > 1 else "invite.ics", ics, "text/calendar", "REQUEST")


def take_back_booked(appointment: Appointment, *, now: datetime) -> bool:
    """Stops the message about what the form of this appointment booked. False when one has left already."""
    keys = _keys(appointment)
    caught = outbox.cancel(keys=keys, now=now)
    return caught > 0 or not Message.objects.filter(key__in=keys).exclude(state=MessageState.CANCELLED).exists()


def tell_of_the_rest(appointment: Appointment, *, now: datetime) -> None:
    """What has just become of `appointment` is told by itself. A message that still waits and would confirm it with
    others goes on about the others alone.
    """
    if not appointment.is_booked_here or not outbox.cancel(keys=_keys(appointment), now=now):
        return
    coming = Appointment.objects.of_form(appointment.form).for_display().filter(state=AppointmentState.BOOKED)
    rest = list(coming.exclude(pk=appointment.pk).filter(sequence=0, starts_at__gt=now).order_by("starts_at", "pk"))
    if rest:
        booked(rest, by=None, now=now, anew=True, personal_note=_line_of(appointment))


def _line_of(appointment: Appointment) -> str:
    """The colleague's own line in the message that was taken back."""
    message = Message.objects.filter(key__in=_keys(appointment)).order_by("-pk").first()
    return str(message.context.get("personal_note", "")) if message else ""


def _keys(appointment: Appointment) -> list[str]:
    """Under which the message stands, and under which it stands once it was written anew."""
    key = f"{KIND}:form:{appointment.form}"
    return [key, f"{key}:anew"]
