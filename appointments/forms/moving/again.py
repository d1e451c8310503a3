"""An offer that was taken back, as the page had sent it: whoever undoes it finds what was chosen, and mends it.

What cannot be said any more begins as it does on any day: an hour that has come too near, what is not missing now, a
colleague who has left. Times that somebody else has, or that have passed, are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.http import QueryDict

from appointments.domain import promises
from appointments.domain.colleagues import desk_colleagues
from appointments.domain.moving import causes, drafts
from appointments.domain.moving.drafts import ChosenOffer, Said
from appointments.domain.schedule.slots import slot_at
from appointments.enums import Why
from appointments.errors import DomainError
from appointments.forms.missing import KNOWN, MissingForm, boxes_of
from appointments.forms.moments import WALL_CLOCK
from appointments.forms.moving.proposing import USUAL, first_marks, key_of
from appointments.models import Disruption, Offer, RescheduleRequest

Values = list[tuple[str, str]]


@dataclass(frozen=True)
class Again:
    """`data`: what a browser would send that had the page as it was. `gone`: what cannot be offered any more;
    `instead`: nothing else had been chosen, so that the times that are ticked are those of today.
    """

    data: QueryDict
    gone: tuple[Offer, ...]
    instead: bool


def begin_again(round_: RescheduleRequest, *, user: User, now: datetime) -> Again:
    """What `round_` said, for `user` to go on with."""
    appointment = round_.appointment
    question = _question(round_, now=now)
    chosen, gone = _times(round_, question)
    instead = not chosen
    if instead:
        found = drafts.propose(appointment, now=now, limit=USUAL, outages=question.outages)
        chosen = [ChosenOffer(one.slot, one.why, guaranteed=True) for one in found]
    contact = round_.contact if desk_colleagues().filter(pk=round_.contact_id).exists() else user
    data = _data([
        *_reason(round_),
        *question.posted(),
        *(("offer", key_of(one.slot, one.why)) for one in chosen),
        *(("open", key_of(one.slot, one.why)) for one in chosen if not one.guaranteed),
        *_hours(round_, question, chosen),
        ("contact", str(contact.pk)),
        *([("can_keep", "on")] if round_.can_keep else []),
        ("personal_note", round_.personal_note),
        ("could_change", round_.could_change),
        *([("foretold", "on")] if round_.foretold_id else []),
        *(("solutions", str(pk)) for pk in round_.solutions_used.values_list("version", flat=True)),
        *first_marks(appointment).items(),
    ])  # fmt: skip
    return Again(data, tuple(gone), instead=instead and bool(gone and chosen))


def _data(values: Iterable[tuple[str, str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values:
        data.appendlist(name, value)
    return data


def _reason(round_: RescheduleRequest) -> Values:
    return [("reason", str(round_.reason_id))]


def _question(round_: RescheduleRequest, *, now: datetime) -> MissingForm:
    """What cannot take place, as it was answered; as the reason answers it as a rule where that is not so any more."""
    appointment, reason, zone = round_.appointment, _reason(round_), round_.appointment.location.tzinfo
    usual = MissingForm(_data(reason), appointment=appointment, now=now)
    if (disruption := round_.disruption) is not None:
        span = {"missing_from": disruption.starts_at, "missing_until": disruption.ends_at}
        values = [("missing", box) for box in _boxes(round_, disruption, usual)]
        values += [(name, f"{at.astimezone(zone):{WALL_CLOCK}}") for name, at in span.items() if at is not None]
        values += [("answered_for", str(round_.reason_id))]
        said = MissingForm(_data(reason + values), appointment=appointment, now=now)
        if said.is_valid():
            return said
    return MissingForm(_data(reason + usual.posted()), appointment=appointment, now=now)


def _boxes(round_: RescheduleRequest, disruption: Disruption, usual: MissingForm) -> list[str]:
    """What was said for this round is known now, unless it was called off with it. Of what was known before, a round
    has the newest that was ticked: what is older was ticked too, as it is at first, and what is newer was not.
    """
    if f"{KNOWN}:{disruption.pk}" not in usual.known:
        return boxes_of(causes.as_missing(disruption))
    was_known = disruption.declared_at < round_.opened_at
    return [
        box
        for box, one in usual.known.items()
        if one == disruption or one.declared_at == round_.opened_at or (was_known and one.pk < disruption.pk)
    ]


def _times(round_: RescheduleRequest, question: MissingForm) -> tuple[list[ChosenOffer], list[Offer]]:
    """Those that can still be offered, and those that cannot."""
    chosen, gone = [], []
    for offer in round_.offers.select_related("provider").order_by("position"):
        try:
            slot = slot_at(
                round_.appointment,
                starts_at=offer.starts_at,
                provider_id=offer.provider_id,
                now=question.now,
                outages=question.outages,
            )
        except DomainError:
            gone.append(offer)
        else:
            chosen.append(ChosenOffer(slot, Why(offer.why), offer.guaranteed))
    return chosen, gone


def _hours(round_: RescheduleRequest, question: MissingForm, chosen: list[ChosenOffer]) -> Values:
    """By when to answer, and by when to get in touch: the one that was decided as long as it would pass."""
    appointment, now, zone = round_.appointment, question.now, round_.appointment.location.tzinfo
    without_times = round_.is_without_times
    hours = {
        "respond_by": drafts.proposed_respond_by(appointment, [one.slot.starts_at for one in chosen], now=now),
        "call_by": promises.usually_due(appointment.location, now=now),
    }
    offers = () if without_times else tuple(chosen)
    said = Said(offers, question.missing_now, round_.respond_by, round_.contact, without_times=without_times)
    if not any(field == "respond_by" for field, __ in drafts.faults(appointment, said, now=now)):
        hours["call_by" if without_times else "respond_by"] = round_.respond_by
    return [(name, f"{at.astimezone(zone):{WALL_CLOCK}}") for name, at in hours.items()]
