"""What a message is shown with before it is sent: the last one of its kind in that language, else an invented one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from appointments.domain.messages.addresses import page_url
from appointments.models import Business, Location, Reason, Resource, Service
from notifications import wordings
from notifications.models import Message
from notifications.text.habits import habits
from notifications.text.values import Recipient

LOOKED_THROUGH = 5000
"""Among so many messages the last of a kind is looked for: what is older is no news."""
NUMBER = "+6281200000000"


@dataclass(frozen=True)
class Sample:
    """`of`: whose message it was, "" for an invented one."""

    to: Recipient
    context: dict[str, Any]
    of: str = ""
    at: datetime | None = None


def real(kind: str, language: str, *, tone: str) -> Sample | None:
    """As it went to a customer or a colleague last. Three queries at the most."""
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
    recent = Message.objects.filter(kind=kind, language=language, pk__gt=newest - LOOKED_THROUGH).exclude(context={})
    for message in recent.order_by("-pk")[:3]:
        if wordings.TEST not in message.context:
            customer = {**message.context.get("customer", {}), "tone": tone}
            context = {**message.context, **({"customer": customer} if "customer" in message.context else {})}
            return Sample(message.recipient, context, of=message.to_name, at=message.created_at)
    return None


def invented(language: str, *, tone: str, now: datetime) -> Sample:
    """Somebody called Ratna, at the first place, about the first service and by the first reason that there are."""
    with translation.override(language):
        context = _context(language, tone=tone, now=now)
    to = Recipient(name="Ratna Dewi", language=language, zone=context["zone"], email="ratna@example.org", phone=NUMBER)
    return Sample(to, context)


def _context(language: str, *, tone: str, now: datetime) -> dict[str, Any]:
    business, place = Business.current(), Location.objects.filter(is_active=True).first() or Location(name="…")
    service = Service.objects.filter(is_active=True).first()
    people = list(Resource.objects.filter(kind="provider", is_active=True).values_list("name", flat=True)[:2])
    person, other = (people * 2 + [""] * 2)[:2]
    sample: Mapping[str, str] = habits(language).table("cause").get("sample", {})
    name = service.name_in(language) if service else sample.get("service", "…")
    return {
        "business": {
            "name": business.name,
            "phone": str(place.phone or business.phone or ""),
            "email": business.email,
        },
        "customer": {"name": "Ratna Dewi", "first_name": "Ratna", "honorific": "ms", "tone": tone},
        "service": {"name": name, "kind": "visit", "stays": service.stays_in(language) if service else ""},
        "place": {
            "name": place.name, "address": place.address, "phone": "", "zone": place.zone,
            "manner": "usual", "was": "", "manner_was": "",
        },
        "contact": {"name": person or business.name},
        "language": language,
        "zone": place.zone,
        "page_url": page_url(),
        "from_name": business.sender_name or business.name,
        **_times(person, other, now=now.astimezone(place.tzinfo)),
        "reason": _reason(language, person=person, service=name, place=place.name),
        **_said(),
        **_pages(),
    }  # fmt: skip


def _times(person: str, other: str, *, now: datetime) -> dict[str, Any]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=9) + timedelta(days=3)
    later, respond_by, long = day + timedelta(days=2), day - timedelta(days=1), timedelta(minutes=30)
    return {
        "was": {"starts_at": day, "ends_at": day + long, "person": person},
        "time": {"starts_at": later, "ends_at": later + long, "person": person},
        "offers": [
            _offer(1, day + timedelta(hours=4), other or person, "other_person", until=respond_by),
            _offer(2, later, person, "same_hour", until=respond_by),
        ],
        "respond_by": respond_by,
        "call_by": respond_by + timedelta(hours=2),
        "promise_due": hour + timedelta(hours=3),
        "due_was": hour + timedelta(hours=1),
        "tried_at": now - timedelta(minutes=20),
        "as_of": now,
        "at": now,
        "open_until": now + timedelta(days=7),
        "minutes": 40,
    }  # fmt: skip


def _offer(position: int, starts_at: datetime, person: str, why: str, *, until: datetime) -> dict[str, Any]:
    return {
        "position": position, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30), "person": person,
        "same_person": why != "other_person", "why": why, "guaranteed": True, "kept_until": until,
        "is_shorter": False, "outside_hours": False, "gift": "", "url": f"{page_url()}?offer={position}",
    }  # fmt: skip


def _reason(language: str, *, person: str, service: str, place: str) -> dict[str, Any]:
    reason = Reason.objects.filter(is_active=True, is_private=False, fault="ours").first()
    wording = str(reason.wording.localize(language)) if reason else _("a machine has to be repaired")
    for gap, value in {"provider": person or place, "service": service, "location": place}.items():
        wording = wording.replace(f"{{{gap}}}", value)
    return {"family": reason.family if reason else "operational", "fault": "ours", "private": False, "wording": wording}


def _said() -> dict[str, Any]:
    """Everything else that our texts may ask for."""
    no = dict.fromkeys(
        ("can_keep", "moved_by_us", "new_contact", "awaited", "wished", "by_phone", "is_back", "withdrawn",
         "in_reach", "wrong_number", "is_late", "is_overdue", "some_shorter", "by_customer"), False,
    )  # fmt: skip
    yes = dict.fromkeys(
        ("by_us", "follow", "had_times", "still_offered", "moved", "choose", "new_time", "is_theirs"), True
    )
    empty = dict.fromkeys(("personal_note", "could_change", "words", "best_reached"), "")
    return {
        **no,
        **yes,
        **empty,
        "round": 1,
        "answer": "call_me",
        "case": "R-1042",
        "also": [],
        "besides": [],
        "others": [],
        "more": 0,
        "reply": _("Yes, there is room for a wheelchair. Please come in by the side door."),
        "promise": "call",
        "gift": "",
        "role": _("Front desk"),
        "username": "ratna",
        "change": "added",
        "what": "passkey",
        "name": _("Ratna’s phone"),
        "by": "",
    }


def _pages() -> dict[str, Any]:
    page = page_url()
    names = ("unsubscribe_url", "check_url", "desk_url", "queue_url", "join_url", "password_url", "account_url")
    return {
        **dict.fromkeys(names, page),
        "questions": [{"key": key, "url": page} for key in ("handling", "outcome")],
    }


def sample(kind: str, language: str, *, tone: str, now: datetime) -> Sample:
    """The last real one where it can be used, else an invented one."""
    return real(kind, language, tone=tone) or made_up(kind, language, tone=tone, now=now)


def made_up(kind: str, language: str, *, tone: str, now: datetime) -> Sample:
    """An invented one, whatever there is."""
    return fitted(kind, invented(language, tone=tone, now=now), now=now)


def fitted(kind: str, one: Sample, *, now: datetime) -> Sample:
    """The invented one as messages of a kind need it."""
    gift = {"said": _("a free check"), "code": "K7M4-2QXP", "valid_until": now + timedelta(days=90)}
    promise = {"kind": _("call"), "details": "", "due_at": one.context["promise_due"]}
    changes: dict[str, dict[str, Any]] = {
        "given": {"gift": gift},
        "confirmation": {"gift": None},
        "escalation": {"promise": promise},
        "cancellation": {"back_until": None},
        "no_time": {"offers": []},
    }
    return Sample(one.to, {**one.context, **changes.get(kind, {})})
