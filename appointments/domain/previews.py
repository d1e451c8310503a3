"""Words before they are said: shown to a colleague exactly as they would go out, and sent to nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.utils import translation

from appointments.domain import announce, facts
from appointments.enums import Language
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from notifications import outbox
from notifications.enums import Channel
from notifications.parcels import Rendered


@dataclass(frozen=True)
class Preview:
    """One message exactly as it would go out. `is_first`: the one that this customer gets."""

    language: str
    channel: str
    rendered: Rendered
    is_first: bool


def offer_as_sent(request: RescheduleRequest, offers: Sequence[Offer]) -> list[Preview]:
    """Every language and channel of the message that opens `request`, which is not saved; the customer's own first.

    Raises `notifications.errors.RenderError` with a sentence for the colleague, so nothing unwritable can be sent.
    """
    appointment = request.appointment
    languages = sorted(Language.values, key=lambda code: code != appointment.customer.language)
    return _previews("offer", appointment, languages, partial(facts.round_facts, request, offers))


def reply_as_sent(promise: Promise, words: str, *, by: User) -> list[Preview]:
    """The message that answers what a customer told us, by each channel; it has the one language it is written in.

    Raises `notifications.errors.RenderError`.
    """
    appointment = promise.appointment
    context = facts.of_reply(promise, words, by=by)
    return _previews("reply", appointment, [appointment.customer.language], lambda language: context)


def _previews(
    kind: str, appointment: Appointment, languages: Sequence[str], context_in: Callable[..., dict[str, Any]]
) -> list[Preview]:
    preferred = appointment.customer.preferred_channel
    channels = sorted((Channel.EMAIL, Channel.SMS, Channel.CALL), key=lambda one: one != preferred)
    found: list[Preview] = []
    for language in languages:
        context = context_in(language=language)
        to = replace(announce.recipient(appointment), language=language)
        for channel in channels:
            rendered = outbox.preview(kind=kind, to=to, context=context, channel=channel, secrets={"link": ""})
            found.append(Preview(language, channel, rendered, is_first=not found))
    return found


def call_script(promise: Promise) -> str:
    """What a colleague says on the phone, in the customer's language."""
    request, appointment = promise.request, promise.appointment
    if request is None:
        return ""  # what to say stands in the promise itself
    context = facts.of_round(request)
    with translation.override(appointment.customer.language):
        context["promise"] = {
            "kind": promise.kind,
            "label": promise.get_kind_display(),
            "details": promise.details,
            "due_at": promise.due_at,
        }
    context["page_url"] = ""
    return outbox.preview(kind="call", to=announce.recipient(appointment), context=context, channel=Channel.CALL).text
