"""Tables of facts under the form of what they belong to: history, rounds, offers, answers, calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from appointments.admin.display import link
from appointments.models import Appointment


@dataclass(frozen=True)
class FactsTable:
    """`rows` as wide as `head`; `empty` is what stands there when nothing has happened; `more` leads to the rest."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str
    more: SafeString | str = ""


def message_link(appointment: Appointment) -> SafeString:
    """Leads to the messages about an appointment, with why they failed and the button to send them again."""
    try:
        url = reverse("admin:notifications_message_changelist")
    except NoReverseMatch:
        url = ""
    query = urlencode({"about__exact": appointment.about})
    return link(f"{url}?{query}" if url else "", gettext("Messages about this appointment"))
