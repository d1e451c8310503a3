"""What colleagues are told about their own account here. No customer reads any of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation

from appointments import roles
from appointments.domain.colleagues import name_of
from appointments.domain.messages import kinds, recipients, staleness
from appointments.domain.messages.addresses import address
from appointments.models import Business, Invitation, Location
from notifications import outbox
from notifications.enums import Urgency
from notifications.models import Message
from notifications.text import rendering
from notifications.wordings import TEST

JOIN = "join"
"""The secret that opens an invitation."""
NEW_PASSWORD = "new_password"  # noqa: S105  the name of a secret
"""The secret by which somebody chooses a new password."""
NOWHERE = "test"
"""What stands in the links of a test in place of a secret."""


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


def new_password(user: User, key: str, *, open_until: datetime, now: datetime) -> Message:
    """The link by which you choose a new password. Whoever asked is not known, so it accuses nobody. It is put into
    words when it leaves, so that asking for an address takes as long as asking for one that is nobody's.
    """
    zone = _zone()
    context = {
        **_about_us(contact=Business.current().name, zone=zone),
        "username": user.get_username(),
        "open_until": open_until,
        "password_url": address("new-password", f"[[{NEW_PASSWORD}]]"),
    }
    return outbox.enqueue(
        key=f"new_password:{user.pk}:{now:%Y%m%d%H%M%S%f}",
        kind="new_password",
        to=recipients.colleague(user, zone=zone),
        context=context,
        about=f"{recipients.COLLEAGUE}{user.pk}",
        true_if={"user": user.pk, "mark": staleness.mark_of(user)},
        secrets={NEW_PASSWORD: key},
        urgency=kinds.of("new_password").urgency,
        not_after=open_until,
        unwritten=True,
        now=now,
    )


def second_step(user: User, change: str, what: str, *, name: str = "", by: str = "", now: datetime) -> Message | None:
    """Something beside the password was added to or taken from your account; by whom, where it was not yourself. It is
    true whatever comes after. None for somebody without an address.
    """
    if not user.email:
        return None
    zone = _zone()
    context = {
        **_about_us(contact=Business.current().name, zone=zone),
        "change": change,
        "what": what,
        "name": name,
        "by": by,
        "at": now,
        "account_url": address("second-step"),
    }
    return outbox.enqueue(
        key=f"second_step:{user.pk}:{change}:{what}:{now:%Y%m%d%H%M%S%f}",
        kind="second_step",
        to=recipients.colleague(user, zone=zone),
        context=context,
        about=f"{recipients.COLLEAGUE}{user.pk}",
        true_if={"user": user.pk},
        urgency=kinds.of("second_step").urgency,
        now=now,
    )


def try_words(
    kind: str, context: dict[str, Any], words: Mapping[str, str], *, of: str, to: User, language: str, now: datetime
) -> Message:
    """How a message of `kind` would read in `language` with `words` by part, which belong to the kind `of`: to a
    colleague alone, called a test, with links that open nothing. `context`: an invented one, with no customer in it.
    """
    found = {**context, TEST: {"kind": of, "words": {language: dict(words)}}}
    return outbox.enqueue(
        key=f"test:{kind}:{to.pk}:{language}:{now:%Y%m%d%H%M%S%f}",
        kind=kind,
        to=replace(recipients.colleague(to, zone=context["zone"]), language=language),
        context=found,
        about=f"{recipients.COLLEAGUE}{to.pk}",
        secrets=dict.fromkeys(rendering.markers(found), NOWHERE),
        urgency=Urgency.NOW,
        now=now,
    )


def new_password_letters(user: User, *, since: datetime) -> int:
    """How many have been written to them since then."""
    about = f"{recipients.COLLEAGUE}{user.pk}"
    return Message.objects.filter(about=about, kind="new_password", created_at__gt=since).count()


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
