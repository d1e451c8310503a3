"""How things stand with one appointment, as its customer is told: one question, one answer, from the present truth."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from appointments.domain import reaching
from appointments.domain.affected import can_be_kept
from appointments.domain.colleagues import name_of
from appointments.domain.compensation.promised import same_with_all, told_with
from appointments.domain.compensation.words import said, shown_to_customer
from appointments.domain.disruptions import onwards
from appointments.domain.messages import sent
from appointments.domain.messages.context import customer_of, in_language, reason_of, time_of, was_of
from appointments.domain.moving.offers import looked_at
from appointments.domain.moving.other_times import has_had_enough
from appointments.domain.moving.own_choice.allowed import Allowed
from appointments.domain.moving.reminders import will_remind
from appointments.domain.moving.replies import left_if_settled_by
from appointments.domain.pages.own_times import by_themselves, somebody
from appointments.domain.pages.told_besides import besides
from appointments.enums import AppointmentState, CaseStage, EventKind, PromiseKind, PromiseState, RequestState
from appointments.models import (
    Appointment,
    Business,
    Compensation,
    Offer,
    Promise,
    RecoveryCase,
    RescheduleRequest,
)
from appointments.models.promise import CALL_KINDS

TO_PHONE = (PromiseKind.CALL, PromiseKind.ANSWER_OR_CALL)
MOST_STRUCK = 5
"""When many want the same times, each loses some; these are enough to see that they are gone."""


class CustomerState(StrEnum):
    CHOOSE = "choose"  # offers can be taken
    LATER = "later"  # it begins later today, and that hour stands unless they say otherwise
    WITH_US = "with_us"  # we owe something; there may be offers as well
    BOOKED = "booked"  # a new time was chosen
    STANDS = "stands"  # the time it has is the time it keeps
    CANCELLED = "cancelled"
    OVER = "over"  # it took place, or its time has passed


@dataclass(frozen=True)
class CustomerSituation:
    """`request` is the latest round that the customer was told of; `offers` can be taken, and `struck` were offered and
    cannot any more; `promises` are open, the most urgent first; `reply`
    is the one that we answered in writing last.
    """

    state: CustomerState
    appointment: Appointment
    request: RescheduleRequest | None
    offers: tuple[Offer, ...] = ()
    struck: tuple[Offer, ...] = ()
    promises: tuple[Promise, ...] = field(default=())
    reply: Promise | None = None

    @property
    def owed(self) -> Promise | None:
        """The promise to show first: what a colleague will do, and by when."""
        return self.promises[0] if self.promises else None

    @property
    def call(self) -> Promise | None:
        """The call that we owe, if there is one."""
        return next((one for one in self.promises if one.kind in TO_PHONE), None)

    @property
    def reached(self) -> tuple[str, ...]:
        """When the customer said that they are reached best, as long as we owe them a call."""
        return reaching.parts_in(self.call.reach) if self.call else ()  # type: ignore[attr-defined]  # with_attempts()


def customer_situation(appointment: Appointment, *, now: datetime) -> CustomerSituation:
    """Six queries at the most, whatever has happened."""
    round_ = _rounds().filter(appointment=appointment).first()
    made = list(_promises().filter(appointment=appointment))
    promises = tuple(one for one in made if one.state == PromiseState.OPEN and _is_told(one, round_))
    if round_ is None:
        return CustomerSituation(_without_round(appointment, now), appointment, None, promises=promises)
    round_.appointment = appointment
    offers, struck = map(tuple, looked_at(round_, now=now))
    replies = [(one.settled_at, one) for one in made if one.reply and one.settled_at]
    if replies:  # our answer can still be taken back until it has left
        replies = [(at, one) for at, one in replies if at <= left_if_settled_by(now)]
    reply = max(replies, key=lambda pair: pair[0])[1] if replies else None
    return CustomerSituation(
        _with_round(appointment, round_, offers, now),
        appointment,
        round_,
        offers,
        struck=struck[:MOST_STRUCK],
        promises=promises,
        reply=reply,
    )


# What every look at a page asks is put together once and narrowed to the appointment: Django takes longer to put it
# together than the database to answer.


@cache
def _rounds() -> QuerySet[RescheduleRequest]:
    others = Exists(RescheduleRequest.objects.filter(told_with=OuterRef("pk")))
    given = Exists(Compensation.objects.filter(appointment=OuterRef("appointment")))
    told: QuerySet[RescheduleRequest] = RescheduleRequest.objects.told()
    told = told.annotate(tells_others=others, has_given=given)
    return told.select_related("reason", "contact", "was_provider").order_by("-round")


@cache
def _promises() -> QuerySet[Promise]:
    made: QuerySet[Promise] = Promise.objects.open_or_replied().with_attempts()
    return made.select_related("owner").order_by("due_at", "pk")


def _is_told(promise: Promise, round_: RescheduleRequest | None) -> bool:
    """Whether the page speaks of an open promise: of silence only when it has come to that."""
    if promise.kind != PromiseKind.ANSWER_OR_CALL:
        return promise.kind in CALL_KINDS
    return bool(round_ and promise.request_id == round_.pk and round_.expired_at)


def in_words(
    situation: CustomerSituation, *, language: str, now: datetime, business: Business | None = None
) -> dict[str, Any]:
    """What the customer's page says: the minimum, in the reader's language. `business` for whoever has read it."""
    appointment, round_ = situation.appointment, situation.request
    business = business or Business.current()
    own = by_themselves(appointment, round_, now=now)
    return {
        **own,
        "situation": situation,
        "appointment": appointment,
        "round": round_,
        "besides": besides(round_),
        "zone": appointment.location.zone,
        "language": language,
        **_why(situation, language=language),
        "same_time": bool(round_ and round_.was_starts_at == appointment.starts_at),
        "customer": customer_of(appointment, tone=business.tone),
        **_by_phone(situation, now=now),
        "contact": _who(situation) or (somebody() if own["own"] else ""),
        "stays": appointment.service.stays_in(language),
        **_kept(situation, now=now),
        "gift": _gift(situation),
        **_original(situation, now=now),
        "without_times": _is_without_times(situation),
        "progress": _progress(situation),
        **_looked_for(situation),
        **_afterwards(situation, own["own"], business, now=now),
    }


def _by_phone(situation: CustomerSituation, *, now: datetime) -> dict[str, Any]:
    """Whether they can be phoned, at which number (masked: whoever has the link reads it), and what they said about it:
    `best_reached`, and whether that comes before the call is due. One query more where something was said.
    """
    phone, parts, call = situation.appointment.customer.phone, situation.reached, situation.call
    place = situation.appointment.location
    return {
        "can_phone": bool(phone),
        "number": reaching.masked(phone.as_international) if phone else "",
        "call": call,
        "best_reached": reaching.in_words(parts),
        "in_reach": bool(call and parts and reaching.is_possible(place, parts, until=call.due_at, now=now)),
        "is_late": bool(call and call.is_overdue(now)),
    }


def _looked_for(situation: CustomerSituation) -> dict[str, bool]:
    """Whether they are on the wait list; `let_us_talk`: so many lists did not suit that a person talks to them. Four
    queries where we look for times.
    """
    round_ = situation.request
    if round_ is None or not any(one.kind == PromiseKind.FIND_TIMES for one in situation.promises):
        return {"waits": False, "let_us_talk": False}
    return {"waits": onwards.is_waiting(round_), "let_us_talk": has_had_enough(round_)}


def _progress(situation: CustomerSituation) -> list[tuple[str, str]]:
    """How far we are with what the customer told us, as they see it: each step with how it looks, as at the desk; empty
    where nothing is being answered. One query where an answer is owed.
    """
    if not any(one.kind == PromiseKind.REPLY for one in situation.promises):
        return []
    case = RecoveryCase.objects.open().filter(appointment=situation.appointment).only("stage").first()
    if case is None:
        return []
    at = 1 if case.stage == CaseStage.HEAR else 2
    labels = (_("Your message has reached us"), _("We read it and note each point"), _("We see to it and answer you"))
    looks = ["done" if number < at else "now" if number == at else "later" for number in range(len(labels))]
    return list(zip(labels, looks, strict=True))


def _is_without_times(situation: CustomerSituation) -> bool:
    """Whether the latest round only said that there is no time yet."""
    round_ = situation.request
    if round_ is None or situation.offers or situation.struck or round_.state == RequestState.ACCEPTED:
        return False
    return round_.is_without_times


def _gift(situation: CustomerSituation) -> str:
    """What comes with whichever time they choose; where it differs, each time says it."""
    rules = [told_with(offer) for offer in situation.offers]
    return same_with_all([said(rule) if rule else "" for rule in rules])


def _kept(situation: CustomerSituation, *, now: datetime) -> dict[str, Any]:
    """Which offers nobody else can have; and whether one of them is kept for less time than there is to answer."""
    lapsed = situation.request is not None and situation.request.holds_lapsed
    kept = [] if lapsed else [one for one in situation.offers if one.is_kept(now)]
    return {"kept": {one.pk for one in kept}, "some_shorter": any(one.is_kept_shorter for one in kept)}


def _original(situation: CustomerSituation, *, now: datetime) -> dict[str, bool]:
    """Whether the first time can be kept; `keep_struck`: we said that it can, and something has hit it since."""
    round_ = situation.request
    was_said = bool(round_ and round_.is_live and round_.can_keep and situation.appointment.starts_at > now)
    can_keep = bool(was_said and round_ and can_be_kept(round_))
    return {"can_keep": can_keep, "keep_struck": bool(was_said and not can_keep and round_ and round_.is_live)}


def _afterwards(
    situation: CustomerSituation, own: Allowed | None, business: Business, *, now: datetime
) -> dict[str, Any]:
    """What comes after a choice, as far as it does. `with_file`: the confirmation brings a file for a calendar."""
    if situation.state not in (CustomerState.BOOKED, CustomerState.STANDS, CustomerState.OVER):
        return {}
    has_any = situation.request is not None and situation.request.has_given  # type: ignore[attr-defined]  # _rounds()
    given = {"given": shown_to_customer(situation.appointment, now=now)} if has_any else {}
    if situation.state != CustomerState.BOOKED:
        return given
    confirmation, with_file = sent.confirmation(situation.appointment)
    appointment = situation.appointment
    booked_at = appointment.created_at if appointment.is_booked_here else None
    told_at = (own.moved_at if own else None) or booked_at
    will_come = will_remind(appointment, told_at=told_at, business=business, now=now)
    return given | {"confirmation": confirmation, "with_file": with_file, "will_remind": will_come}


def _why(situation: CustomerSituation, *, language: str) -> dict[str, Any]:
    """The reason that the customer was told last, and the time it is about. One query more for what is cancelled."""
    appointment, round_ = situation.appointment, situation.request
    if situation.state == CustomerState.CANCELLED:
        ends = appointment.events.filter(kind=EventKind.CANCELLED).order_by("-at", "-pk")
        kept = (ends.values_list("after", flat=True).first() or {}).get("told")
        return {
            "reason": in_language(kept, language) if kept else None,
            "was": time_of(appointment),
            "by_us": bool(kept),
        }
    if round_ is None:
        return {"reason": None, "was": None}
    return {"reason": reason_of(round_, language=language), "was": was_of(round_)}


def _who(situation: CustomerSituation) -> str:
    """Whom the customer hears from: who owes them something, else the contact of the round."""
    if situation.owed:
        return name_of(situation.owed.owner)
    return name_of(situation.request.contact) if situation.request else ""


def _without_round(appointment: Appointment, now: datetime) -> CustomerState:
    if appointment.state == AppointmentState.CANCELLED:
        return CustomerState.CANCELLED
    return CustomerState.STANDS if appointment.is_coming(now) else CustomerState.OVER


def _with_round(
    appointment: Appointment, round_: RescheduleRequest, offers: tuple[Offer, ...], now: datetime
) -> CustomerState:
    if round_.stands:
        return CustomerState.LATER if appointment.is_coming(now) else _without_round(appointment, now)
    if round_.is_live:
        waits_for_customer = round_.state == RequestState.OPEN and now < round_.respond_by and offers
        return CustomerState.CHOOSE if waits_for_customer else CustomerState.WITH_US
    plain = _without_round(appointment, now)
    if plain == CustomerState.STANDS and round_.state == RequestState.ACCEPTED:
        return CustomerState.BOOKED
    return plain
