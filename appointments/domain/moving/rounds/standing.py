"""A round in which the present time stands unless its customer says otherwise: it begins later, and they are told.

Nothing is held and no call is promised, because nobody has to answer. Whoever does not want the later hour chooses,
asks and cancels as in any round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, promises
from appointments.domain.actors import Actor
from appointments.domain.history import record
from appointments.domain.messages import announce
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.domain.moving.rounds.ending import end
from appointments.domain.moving.rounds.opening import compose
from appointments.domain.moving.rounds.writing import add_offers
from appointments.domain.schedule.slots import Alternative
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, RequestState
from appointments.models import Appointment, Disruption, Reason, RescheduleRequest
from notifications.text import languages


@dataclass(frozen=True)
class Later:
    """What the customer is told of an appointment that begins later than they know, at `knows`.

    `others` are times that they can take instead, as long as nobody else does.
    """

    knows: datetime
    reason: Reason
    contact: User
    disruption: Disruption | None = None
    personal_note: str = ""
    others: Sequence[Alternative] = ()


def compose_later(
    appointment: Appointment, later: Later, *, starts_at: datetime, by: Actor, now: datetime
) -> RescheduleRequest:
    """The round as it would be written, not saved; `appointment` begins at `starts_at` in it."""
    draft = Draft(
        reason=later.reason,
        offers=(),
        respond_by=starts_at,
        contact=promises.stand_in_for(later.contact),
        personal_note=later.personal_note,
        can_keep=True,
    )
    round_ = compose(appointment, draft, by=by, now=now)
    round_.stands_by_itself, round_.disruption, round_.call_by = True, later.disruption, starts_at
    round_.was_starts_at, round_.was_ends_at = later.knows, later.knows + appointment.duration
    return round_


@one_transaction
def open_standing(shifted: Sequence[tuple[Appointment, Later]], *, by: Actor, now: datetime) -> list[RescheduleRequest]:
    """Tells one customer, in one message, that these appointments, which have moved already, begin later; the soonest
    first. A live earlier round of any of them is replaced.
    """
    later_of = {appointment.pk: later for appointment, later in shifted}
    locked = [booking.lock(Appointment(pk=pk)) for pk in sorted(later_of)]
    inorder = sorted(locked, key=lambda one: (one.starts_at, one.pk))
    opened = [_open(appointment, later_of[appointment.pk], by=by, now=now) for appointment in inorder]
    first, *others = opened
    for one in others:
        one.told_with = first
        one.save(update_fields=["told_with"])
    announce.running_late(first, now=now)
    return opened


def _open(appointment: Appointment, later: Later, *, by: Actor, now: datetime) -> RescheduleRequest:
    for earlier in appointment.requests.live().select_for_update(no_key=True, of=("self",)):
        earlier.appointment = appointment
        end(earlier, RequestState.REPLACED, how=noop("told of another hour"), now=now)
    round_ = compose_later(appointment, later, starts_at=appointment.starts_at, by=by, now=now)
    round_.save()
    add_offers(round_, [ChosenOffer(one.slot, one.why, guaranteed=False) for one in later.others])
    if later.others:
        note = later.reason.label_in(languages.own())
        record(appointment, EventKind.OFFERED, by=by, now=now, round_=round_, note=note)
    return round_
