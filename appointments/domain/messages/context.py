"""The facts a text may use, as plain values in the language of the message. Texts get nothing else."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from appointments.domain import affected
from appointments.domain.colleagues import name_of
from appointments.domain.compensation.promised import same_with_all
from appointments.domain.messages.addresses import address, link_of, page_url
from appointments.domain.messages.context_of_offers import span, told_offers
from appointments.domain.messages.written import AsWritten
from appointments.enums import LIVE_REQUEST_STATES, Fault, OfferState, RequestState
from appointments.models import Appointment, Business, Offer, Reason, RescheduleRequest
from notifications.text import languages
from notifications.text.names import called

AHEAD = ~Exists(Offer.objects.filter(request=OuterRef("pk"))) & Q(
    state__in=(*LIVE_REQUEST_STATES, RequestState.REPLACED)
)
"""A round that only said that there was no time yet, until the next one has some."""


def about_appointment(
    appointment: Appointment, *, contact: str = "", language: str = "", business: Business | None = None
) -> dict[str, Any]:
    """What every message may say."""
    language = language or appointment.customer.reads
    business, location = business or Business.current(), appointment.location
    return {
        "business": {
            "name": business.name,
            "phone": str(location.phone or business.phone or ""),
            "email": business.email,
        },
        "customer": customer_of(appointment, tone=business.tone),
        "service": {
            "name": appointment.service.name_in(language),
            "kind": appointment.service.kind,
            "stays": appointment.service.stays_in(language),
        },
        "place": {
            "name": location.name,
            "address": "" if appointment.is_at_customer else location.address,
            "manner": appointment.manner,
            "was": "",
            "manner_was": "",
            "phone": str(location.phone or ""),
            "zone": location.zone,
        },
        "contact": {"name": contact or business.name},
        "language": language,
        "zone": location.zone,
        "page_url": page_url(),
        "from_name": business.sender_name or business.name,
    }


def about_round(
    round_: RescheduleRequest, *, now: datetime, language: str = "", written: AsWritten | None = None
) -> dict[str, Any]:
    """What a message about this round may say besides."""
    language = language or round_.appointment.customer.reads
    business = written.business if written else None
    offers = _live(round_, written, now=now)
    return about_round_with(round_, offers, now=now, language=language, business=business)


def about_round_with(
    round_: RescheduleRequest,
    offers: Iterable[Offer],
    *,
    now: datetime,
    language: str,
    business: Business | None = None,
) -> dict[str, Any]:
    """The same for a round that is not saved yet, so that a preview says what the message will say.

    `some_shorter`: not every time is kept until the answer is due; each says until when.
    """
    contact = name_of(round_.contact)
    about = about_appointment(round_.appointment, contact=contact, language=language, business=business)
    told = told_offers(offers, round_, now=now, language=language, page=about["page_url"])
    return {
        **about,
        "was": was_of(round_),
        "reason": reason_of(round_, language=language),
        "personal_note": round_.personal_note,
        "could_change": round_.could_change,
        "foretold": foretold_in(round_),
        "offers": told,
        "some_shorter": any(one["is_shorter"] for one in told),
        "gift": same_with_all([one["gift"] for one in told]),
        "respond_by": round_.respond_by,
        "call_by": round_.call_by,
        "can_keep": affected.can_be_kept(round_),
        **been_through(round_),
        "wished": round_.wished,
    }


def besides(
    round_: RescheduleRequest,
    *,
    now: datetime,
    unanswered: bool = False,
    language: str = "",
    written: AsWritten | None = None,
) -> list[dict[str, Any]]:
    """What the same message says about other appointments of its customer, the soonest first: `request` is their round,
    by which the links of each are told apart. `unanswered`: only of those whose answer we still wait for.
    """
    told = written.besides if written else _told_with(round_, now=now, unanswered=unanswered)
    return [
        _beside(one, _live(one, written, now=now), now=now, language=language or one.appointment.customer.reads)
        for one in told
    ]


def _told_with(round_: RescheduleRequest, *, now: datetime, unanswered: bool) -> Iterable[RescheduleRequest]:
    told = round_.tells_of.live().for_display().order_by("was_starts_at", "pk")
    return told.filter(state=RequestState.OPEN, respond_by__gt=now) if unanswered else told


def _live(round_: RescheduleRequest, written: AsWritten | None, *, now: datetime) -> Iterable[Offer]:
    if written is not None:
        return written.offers[round_.pk]
    live = round_.offers.filter(state=OfferState.LIVE, starts_at__gt=now) if round_.pk else None
    return live.select_related("provider", "gives") if live is not None else ()


def _beside(round_: RescheduleRequest, offers: Iterable[Offer], *, now: datetime, language: str) -> dict[str, Any]:
    page, appointment = page_url(link_of(round_)), round_.appointment
    return {
        "request": round_.pk,
        "service": {"name": appointment.service.name_in(language), "kind": appointment.service.kind},
        "was": was_of(round_),
        "offers": told_offers(offers, round_, now=now, language=language, page=page),
        "respond_by": round_.respond_by,
        "call_by": round_.call_by,
        "can_keep": affected.can_be_kept(round_),
        "page_url": page,
    }


def been_through(round_: RescheduleRequest) -> dict[str, Any]:
    """What the customer was told before: `round`, the how-manieth this is (what was taken back before it was sent does
    not count, nor does the word that there was no time yet: `awaited` are the times that follow it); whether we have
    moved them (their own wish does not count); whether somebody new looks after it.
    """
    before = _told_before(round_) if round_.round > 1 else []
    moves = [(fault, wished) for fault, wished, _contact, ahead in before if not ahead]
    contacts = {contact for _fault, _wished, contact, _ahead in before}
    return {
        "round": len(moves) + 1,
        "moved_by_us": any(fault != Fault.CUSTOMER and not wished for fault, wished in moves),
        "new_contact": bool(before) and round_.contact_id not in contacts,
        "awaited": bool(before) and before[-1][-1],
    }


def _told_before(round_: RescheduleRequest) -> list[tuple[str, bool, int, bool]]:
    told = round_.appointment.requests.filter(round__lt=round_.round).told().order_by("round").annotate(ahead=AHEAD)
    return list(told.values_list("reason__fault", "wished", "contact", "ahead"))


def questions_afterwards(appointment: Appointment) -> dict[str, Any]:
    """What is asked after the appointment, each with its page; and how to be asked no more. `new_time`: whether the
    change was of the hour, and not only of who is there.
    """
    page = address("feedback", "[[feedback]]")
    return {
        "questions": [{"key": key, "url": f"{page}?ask={key}"} for key in ("handling", "outcome")],
        "new_time": appointment.has_new_time,
        "unsubscribe_url": address("no-more-questions", "[[feedback]]"),
    }


def about_cancellation(
    appointment: Appointment,
    *,
    was: dict[str, Any],
    because: Reason | None,
    due_at: datetime | None,
    by: User | None,
    language: str = "",
) -> dict[str, Any]:
    """What the end of an appointment says: whose wish it was, else why; and by when `by` finds another time."""
    language = language or appointment.customer.reads
    return {
        **about_appointment(appointment, contact=name_of(by), language=language),
        "was": was,
        "by_customer": because is None,
        "reason": in_language(told(because, appointment), language) if because else None,
        "promise_due": due_at,
    }


def about_lateness(
    round_: RescheduleRequest, others: Sequence[RescheduleRequest], *, language: str = ""
) -> dict[str, Any]:
    """What is said of a time that begins later than the customer knows: when, by how many minutes, and why; of `others`
    of theirs the same. It begins when there is nothing left to answer, also in a round that is not saved yet.
    """
    appointment = round_.appointment
    language = language or appointment.customer.reads
    return {
        **about_appointment(appointment, contact=name_of(round_.contact), language=language),
        **_later(round_),
        "reason": reason_of(round_, language=language),
        "personal_note": round_.personal_note,
        "besides": [
            {
                "request": one.pk,
                "service": {"name": one.appointment.service.name_in(language), "kind": one.appointment.service.kind},
                **_later(one),
                "offers": [],
                "page_url": page_url(link_of(one)),
            }
            for one in others
        ],
    }


def _later(round_: RescheduleRequest) -> dict[str, Any]:
    appointment, begins = round_.appointment, round_.respond_by
    return {
        "was": was_of(round_),
        "time": span(begins, begins + appointment.duration, appointment.provider),
        "minutes": (begins - round_.was_starts_at) // timedelta(minutes=1),
    }


def told(reason: Reason, appointment: Appointment) -> dict[str, Any]:
    """A cause as customers are told it, in every language, ready to be kept: what a manager rewrites later is new."""
    wording = {code: reason.wording_for(appointment, code) for code in languages.codes()}
    return {"family": reason.family, "fault": reason.fault, "private": reason.is_private, "wording": wording}


def in_language(told: dict[str, Any], language: str) -> dict[str, Any]:
    """The same for a reader of `language`."""
    wordings: dict[str, str] = told["wording"]
    known = [code for code in languages.fallbacks(language) if code in wordings]
    return {**told, "wording": wordings[known[0]] if known else ""}


def customer_of(appointment: Appointment, *, tone: str) -> dict[str, Any]:
    """Their name as it is spoken, in the `tone` of the business; without a choice of ours a title in it tells whether
    it is a man or a woman.
    """
    customer = appointment.customer
    name = called(customer.name)
    return {
        "name": name.whole or customer.name,
        "first_name": customer.first_name,
        "honorific": customer.honorific or name.honorific,
        "tone": tone,
    }


def reason_of(round_: RescheduleRequest, *, language: str) -> dict[str, Any]:
    """The cause as it was told; how a private one is put is up to the texts."""
    reason = round_.reason
    return {
        "family": reason.family,
        "fault": reason.fault,
        "private": reason.is_private,
        "wording": round_.wording_in(language),
    }


def foretold_in(round_: RescheduleRequest) -> dict[str, Any] | None:
    """When the customer read that this could happen, and in which words; None where nobody said so."""
    earlier = round_.foretold
    return {"at": earlier.opened_at, "words": earlier.could_change} if earlier else None


def time_of(appointment: Appointment) -> dict[str, Any]:
    return span(appointment.starts_at, appointment.ends_at, appointment.provider)


def was_of(round_: RescheduleRequest) -> dict[str, Any]:
    return span(round_.was_starts_at, round_.was_ends_at, round_.was_provider)
