"""Words before they are said: shown to a colleague exactly as they would go out, and sent to nobody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import translation

from appointments.domain import own_words
from appointments.domain.messages import recipients
from appointments.domain.messages.context import about_lateness, about_round, about_round_with
from appointments.domain.messages.context_of_promises import about_call, about_reply
from appointments.errors import CannotBeWritten
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from appointments.models.people import WAYS
from notifications import outbox
from notifications.enums import Channel
from notifications.errors import RenderError
from notifications.text import languages, rendering
from notifications.text.values import Rendered


@dataclass(frozen=True)
class Preview:
    """A message exactly as it would go out. `is_first`: the one that the customer gets; none where there is no way."""

    language: str
    channel: str
    rendered: Rendered
    is_first: bool


def offer_as_sent(round_: RescheduleRequest, offers: Sequence[Offer], *, now: datetime) -> list[Preview]:
    """Every language and channel of the message that opens `round_`, which is not saved; the customer's own first.
    Without `offers` it says that there is no time yet.

    Raises `CannotBeWritten` with a sentence for the colleague, so nothing unwritable can be sent.
    """
    kind = "offer" if offers else "no_time"
    return as_sent(kind, round_.appointment, lambda code: about_round_with(round_, offers, now=now, language=code))


def delay_as_sent(round_: RescheduleRequest, others: Sequence[RescheduleRequest]) -> list[Preview]:
    """The same of the message that says that it begins later, and the `others` of its customer too. Raises
    `CannotBeWritten`.
    """
    return as_sent("running_late", round_.appointment, lambda code: about_lateness(round_, others, language=code))


def as_sent(kind: str, appointment: Appointment, about: Callable[[str], dict[str, Any]]) -> list[Preview]:
    """A message of `kind` in every language by each channel, the customer's own first; `about` is its context in one.

    Raises `CannotBeWritten`.
    """
    wanted = sorted(languages.codes(), key=lambda code: code != appointment.customer.reads)
    return _previews(kind, appointment, {language: about(language) for language in wanted})


def reply_as_sent(promise: Promise, words: str, *, by: User) -> list[Preview]:
    """The message that answers what a customer told us, by each channel; it has the one language it is written in.

    Raises `CannotBeWritten`.
    """
    appointment = promise.appointment
    return _previews("reply", appointment, {appointment.customer.reads: about_reply(promise, words, by=by)})


def _previews(kind: str, appointment: Appointment, contexts: Mapping[str, dict[str, Any]]) -> list[Preview]:
    """What a message of `kind` says in each language, by each channel; `contexts` by language, the first one first."""
    first = recipients.first_way(appointment)
    ways = sorted(WAYS, key=lambda one: one != (first or appointment.customer.preferred_channel))
    found: list[Preview] = []
    for language, context in contexts.items():
        secrets = dict.fromkeys(rendering.markers(context), "")
        to = replace(recipients.customer_of(appointment), language=language)
        for channel in ways:
            try:
                rendered = outbox.preview(kind=kind, to=to, context=context, channel=channel, secrets=secrets)
            except RenderError as error:
                raise CannotBeWritten(str(error)) from error
            found.append(Preview(language, channel, rendered, is_first=not found and channel == first))
    return found


def call_script(promise: Promise, *, now: datetime) -> str:
    """What a colleague says on the phone, in the customer's language."""
    round_, appointment = promise.request, promise.appointment
    if round_ is None:
        return ""  # what to say stands in the promise itself
    context = about_round(round_, now=now)
    with translation.override(appointment.customer.reads):
        context["promise"] = {
            "kind": promise.kind,
            "label": promise.get_kind_display(),
            "details": own_words.said(promise.details),
            "due_at": promise.due_at,
        }
    context["page_url"] = ""
    context |= about_call(promise, round_)
    return outbox.preview(
        kind="call", to=recipients.customer_of(appointment), context=context, channel=Channel.CALL
    ).text
