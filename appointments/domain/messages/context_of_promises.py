"""The facts that texts about what we owe may use: promises, calls, answers, and what is in danger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation

from appointments.domain import own_words, reaching
from appointments.domain.colleagues import name_of
from appointments.domain.messages.addresses import address
from appointments.domain.messages.context import about_appointment, time_of
from appointments.enums import AnswerKind, AppointmentState, OfferState, PromiseKind
from appointments.models import Promise, RecoveryCase, RescheduleRequest

MOST_OTHERS = 20
"""How many promises in danger one message lists beside the first."""


def about_promise(promise: Promise, *, now: datetime) -> dict[str, Any]:
    """What we said we would do, and by when; `choose`: whether there are times to choose from besides."""
    round_ = promise.request
    offers = round_.offers.filter(state=OfferState.LIVE, starts_at__gt=now) if round_ and round_.is_live else None
    return {
        **about_appointment(promise.appointment, contact=name_of(promise.owner)),
        "choose": offers is not None and offers.exists(),
        "promise_due": promise.due_at,
        "case": round_.case_number if round_ else "",
    }


def about_call(promise: Promise, round_: RescheduleRequest) -> dict[str, Any]:
    """What a call for `promise` is about. `asked`: the customer wants it, rather than that we could not tell them in
    another way; `is_open`: there is something to choose; `time`: the one that holds, or None; `find_by`: until when we
    look for a time, where there has been none to offer.
    """
    kind = AnswerKind.CALL_ME if promise.kind == PromiseKind.CALL else AnswerKind.OTHER_TIMES
    asked = round_.answers.filter(kind=kind)
    appointment = promise.appointment
    return {
        "asked": (asked if round_.is_live else asked.filter(at__gte=promise.made_at)).exists(),
        "is_open": round_.is_live,
        "time": None if appointment.state == AppointmentState.CANCELLED else time_of(appointment),
        "find_by": _find_by(round_),
        "best_reached": reaching.in_their_words(appointment),
    }


def _find_by(round_: RescheduleRequest) -> datetime | None:
    owed = round_.promises.open().filter(kind=PromiseKind.FIND_TIMES).values_list("due_at", flat=True).first()
    return owed if round_.is_live and round_.is_without_times else None


def about_danger(promises: Sequence[Promise], *, to: User, now: datetime) -> dict[str, Any]:
    """What a colleague is told of promises that are about to break: the first in full, the `others` in a line each.

    `is_theirs`: whether they made it. `more`: how many there are beyond those, which the list of calls shows.
    """
    first, language = promises[0], settings.LANGUAGE_CODE
    with translation.override(language):
        in_danger = [_danger(one, now=now) for one in promises[: 1 + MOST_OTHERS]]
    return {
        **about_appointment(first.appointment, contact=name_of(first.owner), language=language),
        "promise": in_danger[0],
        "is_theirs": first.owner_id == to.pk,
        "is_overdue": first.is_overdue(now),
        "others": in_danger[1:],
        "more": len(promises) - len(in_danger),
        "as_of": now,
        "desk_url": address("promise", first.pk),
        "queue_url": address("calls"),
        "page_url": "",  # the customer's page is opened by a secret that no colleague needs
    }


def _danger(promise: Promise, *, now: datetime) -> dict[str, Any]:
    return {
        "kind": promise.get_kind_display(),
        "due_at": promise.due_at,
        "details": own_words.said(promise.details),
        "is_overdue": promise.is_overdue(now),
        "owner": name_of(promise.owner),
        "customer": promise.appointment.customer.name,
        "zone": promise.appointment.location.zone,
        "url": address("promise", promise.pk),
    }


def about_final_check(case: RecoveryCase) -> dict[str, Any]:
    """What the question after a complaint says: who answered, and where to say whether it helped."""
    return {
        **about_appointment(case.appointment, contact=name_of(case.owner)),
        "case": case.number,
        "check_url": address("feedback", "[[feedback]]"),
    }


def about_reply(promise: Promise, words: str, *, by: User) -> dict[str, Any]:
    """What the answer to a customer's own words says; `words` are ours."""
    return {
        **about_appointment(promise.appointment, contact=name_of(by)),
        "words": promise.details,
        "reply": words,
        "case": promise.request.case_number if promise.request else "",
    }
