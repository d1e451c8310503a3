"""What colleagues are told about their own account here. No customer reads any of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation

from appointments import roles
from appointments.domain.colleagues import name_of
from appointments.domain.messages import kinds, recipients
from appointments.domain.messages.addresses import address
from appointments.models import Business, Invitation, Location
from notifications import outbox
from notifications.models import Message

JOIN = "join"
"""The secret that opens an invitation."""


def invite(invitation: Invitation, token: str, *, by: User, now: datetime) -> Message:
    """You are asked to work here: who asks, what for, until when the link opens. Once for each link."""
    zone = _zone()
    with translation.override(settings.LANGUAGE_CODE):
        role = str(roles.LABELS[invitation.role])
    context = {
        **_about_us(contact=name_of(by), zone=zone),
        "role": role,
        "open_until": invitation.expires_at,
        "join_url": address("join", f"[[{JOIN}]]"),
    }
    return outbox.enqueue(
        key=f"{_key(invitation)}:{invitation.links}",
        kind="invitation",
        to=recipients.invited(invitation, zone=zone),
        context=context,
        about=_key(invitation),
        true_if={"invitation": invitation.pk, "links": invitation.links},
        secrets={JOIN: token},
        urgency=kinds.of("invitation").urgency,
        not_after=invitation.expires_at,
        now=now,
    )


def take_back_invitation(invitation: Invitation, *, now: datetime) -> int:
    """What has not left is not sent: its link opens nothing any more."""
    return outbox.cancel(now=now, about=_key(invitation), kinds=["invitation"])


def _key(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}"


def _about_us(*, contact: str, zone: str) -> dict[str, Any]:
    """What every message to a colleague may say."""
    business = Business.current()
    return {
        "business": {"name": business.name, "phone": str(business.phone or ""), "email": business.email},
        "contact": {"name": contact},
        "language": settings.LANGUAGE_CODE,
        "zone": zone,
        "page_url": "",  # the customer's page is opened by a secret that no colleague needs
        "from_name": business.name,
    }


def _zone() -> str:
    """The clock that they read: of the first place there is."""
    return Location.objects.order_by("position", "name").values_list("zone", flat=True).first() or "UTC"
