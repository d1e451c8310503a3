"""One letter of every kind, as files of the mail folder, and what is in them."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from time_machine import Traveller

from appointments.domain import watchdog
from appointments.domain.messages import announce
from appointments.domain.moving import answers, chasing, reminders, replies
from appointments.domain.schedule.waking import latest_hour
from appointments.enums import AppointmentState, PromiseKind
from appointments.models import Appointment, Customer, RescheduleRequest
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.clock import days, hours, minutes
from tests.factories import Clinic, CustomerFactory

KINDS = frozenset(
    {
        "offer",
        "nudge",
        "confirmation",
        "kept",
        "expiry",
        "reminder",
        "cancellation",
        "acknowledgement",
        "reply",
        "follow_up",
        "escalation",
    }
)


def opened(world: Clinic, appointment: Appointment, **fields: Any) -> RescheduleRequest:
    """A round that leaves three times to choose from."""
    now = timezone.now()
    usual: dict[str, Any] = {"respond_by": latest_hour(now + hours(3), world.location.tzinfo), "can_keep": True}
    return world.offered(appointment, now=now, **usual | fields)


def post_every_kind(
    world: Clinic, clock: Traveller, *, customer: Customer | None = None, words: str = "After five.", **draft: Any
) -> None:
    """Lives through one story for each kind of message, then delivers them all. The clock ends three hours later."""
    start = [f"2026-11-{day} 10:00" for day in (26, 27, 28)] + [f"2026-12-{day:02} 10:00" for day in (1, 2, 3)]
    booked = [world.booked(starts_at, customer=customer or CustomerFactory()) for starts_at in start]
    silent, kept, gone, called, moved, late = (opened(world, appointment, **draft) for appointment in booked)
    clock.shift(minutes(1))
    now = timezone.now()
    answers.keep(kept, nonce="keep", now=now)
    answers.cancel(gone, nonce="cancel", words=words, now=now)
    answers.call_me(called, nonce="call", words=words, now=now)
    answers.tell(called, words=words, nonce="tell", now=now)
    told = called.promises.get(kind=PromiseKind.REPLY)
    read = replies.read_so_far(told)
    replies.reply(told, words.replace("[[link]]", ""), to=read, by=world.staff, now=now)
    answers.accept(moved.offers.get(position=2), nonce="pick", now=now)
    answers.accept(late.offers.get(position=1), nonce="late", now=now)
    _deliver(now)
    clock.shift(timedelta(minutes=100))
    chasing.chase_answers(now=timezone.now())
    _deliver(timezone.now())
    clock.shift(timedelta(minutes=90))
    now = timezone.now()
    chasing.chase_answers(now=now)
    watchdog.watch(now=now + days(1))
    reminders.remind(Appointment.objects.for_display().get(pk=moved.appointment_id), now=now)
    ask_how_it_went(Appointment.objects.for_display().get(pk=late.appointment_id))
    assert silent.state == "open"
    _deliver(now)
    assert set(Message.objects.filter(state="sent").values_list("kind", flat=True)) == KINDS


def ask_how_it_went(appointment: Appointment) -> None:
    """As after the appointment took place."""
    with transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(state=AppointmentState.COMPLETED)
        announce.follow_up(appointment, now=timezone.now())


def _deliver(now: Any) -> None:
    Message.objects.filter(state="queued").update(due_at=now)
    deliver_due(now_fn=lambda: now)


def letters_in(folder: Path) -> list[EmailMessage]:
    """The mail folder, read as a mail program reads it."""
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def links_in(letter: EmailMessage, site: str) -> set[str]:
    """Every address of the site that a scanner finds: in the text, in the HTML, in the headers."""
    places = [str(value) for value in letter.values()]
    places += [
        str(part.get_content()) for part in letter.walk() if part.get_content_type() in ("text/plain", "text/html")
    ]
    found = re.findall(re.escape(site) + r"""[^\s"'<>)\]]*""", "\n".join(places))
    return {address.replace("&amp;", "&").rstrip(".,") for address in found}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the sessions: two of these are equal when nothing has changed."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}
