"""What did not arrive, and what nobody has made good since: for the desk to phone or to send again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _

from appointments.domain.messages.kinds import KINDS
from appointments.enums import UNREACHED
from appointments.errors import DomainError
from appointments.models import Answer, Appointment, CallAttempt
from notifications import channels, outbox
from notifications.enums import ARRIVED
from notifications.errors import NotResendable
from notifications.models import Message

ABOUT = "appointment:"
WORTH_A_CALL = tuple(name for name, kind in KINDS.items() if kind.worth_a_call)


def unsettled() -> QuerySet[Message]:
    """Messages to customers that did not arrive, each with the id of its appointment (`of`), as long as the customer
    may not know: nothing has arrived since, nobody has spoken with them, and they have not answered.
    """
    failed = Message.objects.failed().filter(kind__in=WORTH_A_CALL, about__startswith=ABOUT)
    numbered = failed.annotate(of=Cast(Substr("about", len(ABOUT) + 1), BigIntegerField()))
    later = Message.objects.filter(about=OuterRef("about"), created_at__gt=OuterRef("created_at"), state__in=ARRIVED)
    later = later.filter(kind__in=WORTH_A_CALL).exclude(channel__in=channels.spoken())
    spoken = CallAttempt.objects.filter(promise__appointment=OuterRef("of"), at__gte=OuterRef("created_at"))
    answered = Answer.objects.filter(request__appointment=OuterRef("of"), at__gte=OuterRef("created_at"))
    return numbered.filter(~Exists(later), ~Exists(spoken.exclude(outcome__in=UNREACHED)), ~Exists(answered))


def appointments() -> QuerySet[Message, Any]:
    """The ids of the appointments that such a message is about."""
    return unsettled().order_by().values_list(F("of"), flat=True)


def by_appointment(pks: Iterable[int]) -> dict[int, list[Message]]:
    """By the id of its appointment what did not arrive, the newest first. One query."""
    found: dict[int, list[Message]] = {}
    abouts = [f"{ABOUT}{pk}" for pk in pks]
    shown = ("about", "kind", "state", "why", "channel", "created_at", "subject")
    for message in unsettled().filter(about__in=abouts).order_by("-created_at", "-pk").only(*shown):
        found.setdefault(int(message.about.removeprefix(ABOUT)), []).append(message)
    return found


def send_again(appointment: Appointment, *, by: str, now: datetime) -> int:
    """Everything about it that did not arrive leaves once more, with new links, to where the customer is reached now.

    What has become untrue is dropped when it is about to leave, as ever. Returns how many. Raises `DomainError` when
    there is nothing to send.
    """
    sent = 0
    for message in by_appointment([appointment.pk]).get(appointment.pk, []):
        try:
            outbox.send_again(message, by=by, now=now)
        except NotResendable:
            continue
        sent += 1
    if not sent:
        raise DomainError(_("There is nothing to send again: see how things stand now."))
    return sent
