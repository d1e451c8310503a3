"""In which situations a message is shown before it is sent: whose fault it is, where it takes place, how often before.

Each kind has those in which its text says something else; a test holds every one of them to that.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from appointments.domain.messages.wording.samples import Sample, made_up

AGAIN, WISH, OUTSIDE, KEEPS, ONE, HOME, DELIVERY, PHONE, AS_BOOKED = (
    "again", "wish", "outside", "keeps", "one", "home", "delivery", "phone", "as-booked",
)  # fmt: skip

CALLED: Mapping[str, Words] = {
    AGAIN: _("moved for the second time"),
    WISH: _("the customer asked for it"),
    OUTSIDE: _("outside our control"),
    KEEPS: _("the old time can be kept"),
    ONE: _("one time to choose"),
    HOME: _("at the customer’s home"),
    DELIVERY: _("a delivery"),
    PHONE: _("by phone"),
    AS_BOOKED: _("never moved"),
}

OF: Mapping[str, tuple[str, ...]] = {
    "offer": (AGAIN, WISH, OUTSIDE, KEEPS, ONE, HOME, DELIVERY),
    "no_time": (AGAIN, OUTSIDE, KEEPS, HOME, DELIVERY),
    "nudge": (WISH, KEEPS, ONE),
    "expiry": (WISH, KEEPS),
    "false_alarm": (ONE,),
    "confirmation": (WISH, HOME, DELIVERY),
    "cancellation": (WISH, OUTSIDE),
    "reminder": (HOME, PHONE, AS_BOOKED),
    "running_late": (OUTSIDE, HOME, DELIVERY),
}
"""Of other kinds the text says the same whatever happened."""


def of(kind: str) -> list[tuple[str, Words]]:
    """Those to choose from, each with its name; none where there is nothing to choose."""
    return [(one, CALLED[one]) for one in OF.get(kind, ())]


def known(kind: str, asked: str) -> str:
    """What was asked for; "" for what is no situation of this kind."""
    return asked if asked in OF.get(kind, ()) else ""


def sample(kind: str, situation: str, language: str, *, tone: str, now: datetime) -> Sample:
    """An invented customer in that situation."""
    one = made_up(kind, language, tone=tone, now=now)
    return replace(one, context={**one.context, **_changes(situation, one.context)})


def _changes(situation: str, context: Mapping[str, Any]) -> Mapping[str, Any]:
    reason, service, place = context["reason"], context["service"], context["place"]
    changes: Mapping[str, Mapping[str, Any]] = {
        AGAIN: {"round": 2},
        WISH: {
            "reason": {**reason, "fault": "customer", "family": "customer"},
            "wished": True,
            "can_keep": True,
            "by_customer": True,
            "by_us": False,
            "promise_due": None,
        },
        OUTSIDE: {"reason": {**reason, "fault": "nobody", "family": "outside"}},
        KEEPS: {"can_keep": True},
        ONE: {"offers": context["offers"][:1]},
        HOME: {"service": {**service, "kind": "onsite"}, "place": {**place, "manner": "home"}},
        DELIVERY: {"service": {**service, "kind": "delivery"}, "place": {**place, "manner": "home"}},
        PHONE: {"place": {**place, "manner": "phone"}},
        AS_BOOKED: {"moved": False},
    }
    return changes[situation]
