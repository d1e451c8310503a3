"""What a colleague decides when an appointment has to move: proposed, checked, and written by nobody yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.affected import WhatIsMissing
from appointments.domain.colleagues import name_of
from appointments.domain.compensation import again
from appointments.domain.moving import causes
from appointments.domain.moving.drafts.hours import TOO_SHORT, answerable_by, kept_until, takeable_until
from appointments.domain.moving.wished import refused_by, wishes_of
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.slots import Alternative, Slot, find_alternatives
from appointments.domain.schedule.waking import must_be_an_hour_to_tell
from appointments.enums import AppointmentState, Why
from appointments.errors import DomainError, MoveRefused
from appointments.models import AffectedAppointment, Appointment, Disruption, Reason, RescheduleRequest

FEWEST, MOST = 2, 5
LONGEST_TO_LOOK = timedelta(days=14)
"""Nobody waits longer than this to hear of a time."""


@dataclass(frozen=True)
class ChosenOffer:
    slot: Slot
    why: Why
    guaranteed: bool


@dataclass(frozen=True)
class Draft:
    """What a colleague has decided, before anything is written."""

    reason: Reason
    offers: tuple[ChosenOffer, ...]
    respond_by: datetime
    """By when the customer is to answer; `without_times`: by when the contact is to get in touch."""
    contact: User
    personal_note: str = ""
    could_change: str = ""
    foretold: RescheduleRequest | None = None
    """The round that said that this could happen, where one did."""
    can_keep: bool = False
    nonce: str = ""
    seen: str = ""
    """How the appointment stood when the colleague began, as `state_of` says it; "" for whoever cannot say."""
    wished: bool = False
    without_times: bool = False
    """The customer is told at once, although there is no time to offer yet."""
    missing: WhatIsMissing | None = None
    """What cannot take place; by default what the reason takes away as a rule."""
    disruption: Disruption | None = None
    """What is written down already, when that is the cause; `missing` then comes on top of it."""
    in_bulk: bool = False
    """With many others, whose plan was counted down: the message is put into words when it leaves, at once."""
    agreed: bool = False
    """The customer has agreed to its one time already: there is nothing to choose, and nothing is written first."""
    by_phone: bool = False
    """The contact tells the customer, and nothing is written."""

    def missing_for(self, appointment: Appointment, *, now: datetime) -> WhatIsMissing | None:
        """What cannot take place by this draft; None when the customer is who wants to move."""
        if self.disruption is not None and self.missing is None:
            return causes.as_missing(self.disruption)
        return self.missing or causes.usual(appointment, self.reason, now=now)


def propose(
    appointment: Appointment,
    *,
    now: datetime,
    limit: int = MOST,
    missing: WhatIsMissing | None = None,
    outages: Sequence[Outage] | None = None,
) -> list[Alternative]:
    """What a colleague sees first: ranked free times, each with its reason, that leave the customer time to answer.

    None of them lies in what is `missing` (`outages` for who has read all of it already), and none was refused before;
    what the customer asked for last stands first.
    """
    written = causes.all_outages(appointment, missing) if outages is None else outages
    common: dict[str, Any] = {
        "now": now,
        "not_before": answerable_by(now, appointment.location.tzinfo),
        "outages": [*written, *causes.given_to_others(appointment)],
    }
    refused, wishes = refused_by(appointment), wishes_of(appointment)
    wished = find_alternatives(appointment, limit=limit, wishes=wishes, excluding=refused, **common) if wishes else []
    if len(wished) == limit:
        return wished
    known = refused | {one.slot.when_and_whom for one in wished}
    return wished + find_alternatives(appointment, limit=limit - len(wished), excluding=known, **common)


def state_of(appointment: Appointment) -> str:
    """What changes whenever somebody moves the appointment, offers other times or takes them back."""
    latest = appointment.requests.order_by("-round").values_list("pk", "state").first()
    return f"{appointment.sequence}.{latest[0]}.{latest[1]}" if latest else f"{appointment.sequence}"


def can_be_moved(appointment: Appointment, *, now: datetime) -> bool:
    """Until it has ended; and after that too while a round is open, or it is hit by something and nobody has moved it:
    then it did not take place.
    """
    if appointment.state != AppointmentState.BOOKED:
        return False
    if appointment.ends_at > now or appointment.requests.live().exists():
        return True
    return AffectedAppointment.objects.unsettled().filter(appointment=appointment).exists()


def is_first_word(appointment: Appointment) -> bool:
    """Whether nobody is moving it yet: then its customer can be told before there is a time."""
    return not appointment.requests.live().exists()


def check_draft(
    appointment: Appointment, draft: Draft, *, now: datetime, outages: Sequence[Outage] | None = None
) -> None:
    """Raises a `DomainError` with a sentence for the colleague when the draft breaks a rule.

    `outages`: what is written down about the appointment and its place, for whoever has read it.
    """
    missing = draft.missing_for(appointment, now=now)
    said = Said(
        draft.offers,
        missing,
        draft.respond_by,
        draft.contact,
        draft.seen,
        without_times=draft.without_times,
        written=outages,
        reason=draft.reason,
        adds=draft.wished or draft.in_bulk or draft.agreed or bool(draft.personal_note.strip()),
        agreed=draft.agreed,
    )
    for _field, error in faults(appointment, said, now=now):
        raise error


@dataclass(frozen=True)
class Said:
    """As much of a draft as a colleague has decided. None: nothing that can be read, which is said elsewhere."""

    offers: tuple[ChosenOffer, ...]
    missing: WhatIsMissing | None
    respond_by: datetime | None
    contact: User | None
    seen: str = ""
    without_times: bool = False
    written: Sequence[Outage] | None = None
    """What is written down about the appointment and its place; None: nobody has read it yet."""
    reason: Reason | None = None
    agreed: bool = False
    adds: bool = True  # whether the message holds something of its own beside the apology


def faults(appointment: Appointment, said: Said, *, now: datetime) -> Iterator[tuple[str, DomainError]]:
    """Every rule that it breaks, so that all can be mended at once: the field of `Draft`, if it is one, and why."""
    if not can_be_moved(appointment, now=now):
        yield "", MoveRefused(_("This appointment is over, so it cannot be moved any more."))
        return
    if said.seen and said.seen != state_of(appointment):
        yield "", DomainError(_whoever_was_faster(appointment))
    if said.without_times and not is_first_word(appointment):
        yield "", DomainError(_("The customer has been told already. Send times, or phone as was promised."))
    yield from _faults_of_the_times(appointment, said, now=now)
    if not said.agreed:
        yield from _faults_of_the_deadline(appointment, said, now=now)
    if said.contact is not None and not said.contact.is_active:
        yield "contact", DomainError(_("The responsible colleague does not work here any more."))


def _faults_of_the_times(appointment: Appointment, said: Said, *, now: datetime) -> Iterator[tuple[str, DomainError]]:
    slots = [chosen.slot for chosen in said.offers]
    if not (said.without_times or said.agreed) and not _offers_enough(appointment, said, now=now):
        yield "offers", DomainError(_("Offer between two and five times."))
    if said.without_times and slots:
        yield "offers", DomainError(_("There are times to offer: send those."))
    if not (said.adds or said.without_times) and again.is_bare(appointment, slots, reason=said.reason, now=now):
        yield "offers", DomainError(again.sentence())
    if len({slot.when_and_whom for slot in slots}) != len(slots):
        yield "offers", DomainError(_("Two of these offers are the same."))
    if any(slot.starts_at <= now for slot in slots):
        yield "offers", DomainError(_("One of these times is already past."))
    if said.agreed:  # perhaps for another place, to which what is missing here is nothing
        return
    try:
        if said.missing is not None:
            causes.must_hit(said.missing, appointment)
    except DomainError as error:
        yield "missing", error
    try:
        causes.must_keep_out(slots, _outages(appointment, said, slots))
    except DomainError as error:
        yield "offers", error


def _outages(appointment: Appointment, said: Said, slots: Sequence[Slot]) -> list[Outage]:
    if said.written is None:
        return causes.all_outages(appointment, said.missing, slots)
    return [*causes.outages_of(said.missing, appointment), *said.written]


def _faults_of_the_deadline(
    appointment: Appointment, said: Said, *, now: datetime
) -> Iterator[tuple[str, DomainError]]:
    if said.respond_by is None:
        return
    if said.respond_by <= now + TOO_SHORT:
        ahead_of_us = _("Choose an hour that lies ahead.")
        sentence = ahead_of_us if said.without_times else _("Give the customer a time to answer that lies ahead.")
        yield "respond_by", DomainError(sentence)
    if said.without_times and said.respond_by > now + LONGEST_TO_LOOK:
        yield "respond_by", DomainError(_("Get in touch within the next two weeks."))
    try:
        must_be_an_hour_to_tell(said.respond_by, appointment.location.tzinfo)
    except DomainError as error:
        yield "respond_by", error
    ahead = [chosen for chosen in said.offers if chosen.slot.starts_at > now]
    ends = [takeable_until(chosen.slot.starts_at, appointment.service, offered_at=now) for chosen in ahead]
    if ends and said.respond_by > max(ends):
        sentence = _("Set the answer deadline to %(time)s or earlier: after that none of these times can be taken.")
        yield "respond_by", DomainError(sentence % {"time": appointment.location.said(max(ends))})
    for chosen in ahead:
        start = chosen.slot.starts_at
        if chosen.guaranteed and not kept_until(appointment, start, respond_by=said.respond_by, now=now):
            sentence = _("%(time)s: nobody can answer before that by day. Choose a later time, or do not reserve it.")
            yield "offers", DomainError(sentence % {"time": appointment.location.said(start)})


def _offers_enough(appointment: Appointment, said: Said, *, now: datetime) -> bool:
    """A choice; and where there is only one time to be had, that one, which the message says."""
    if FEWEST <= len(said.offers) <= MOST:
        return True
    if len(said.offers) != 1:
        return False
    others = {one.slot.when_and_whom for one in propose(appointment, now=now, limit=FEWEST, missing=said.missing)}
    return not others - {said.offers[0].slot.when_and_whom}


def _whoever_was_faster(appointment: Appointment) -> str:
    latest = appointment.requests.select_related("opened_by").order_by("-round").first()
    if latest is None or latest.wished:
        return _("This appointment has changed since you opened the page. Please look at it before you send anything.")
    sentence = _("%(name)s is moving this appointment too. Please look at it before you send anything.")
    return sentence % {"name": name_of(latest.opened_by)}
