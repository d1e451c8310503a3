"""What cannot take place, entered once whoever else enters it too; then longer, shorter, or a false alarm.

Nobody is told anything by it. Whoever is hit stands untold until `sending` or a single move has told them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from appointments.domain import affected
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.planning import plans
from appointments.domain.messages import announce, sent
from appointments.domain.moving import causes, rounds
from appointments.domain.schedule.wallclock import day_span
from appointments.domain.transactions import one_transaction
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.errors import DomainError
from appointments.models import AffectedAppointment, Appointment, Disruption, Location, Reason, RescheduleRequest


@dataclass(frozen=True)
class Entry:
    """What a colleague says of it. `next_news_at`: by when more is known, while nobody knows until when."""

    missing: WhatIsMissing
    reason: Reason | None
    note: str = ""
    may_stand_in: bool = True
    next_news_at: datetime | None = None


def usual_span(day: date, place: Location, *, now: datetime) -> tuple[datetime, datetime]:
    """From when to when something is missing as a rule that is entered on the board of that day."""
    span = day_span(day, place.tzinfo)
    return causes.what_is_left(span.start, span.end, now=now)


@one_transaction
def declare(entry: Entry, *, by: Actor, now: datetime) -> tuple[Disruption, bool]:
    """The disruption, with all whom it hits, and whether it is new: what covers the same already is the same.

    Raises `DomainError` for what nobody can mean: nothing chosen, an end before the beginning, a time that is over.
    """
    missing = _in_time(entry.missing, now=now)
    # Two colleagues at six in the morning: the second one finds what the first has entered.
    Location.objects.select_for_update(no_key=True).get(pk=missing.location.pk)
    standing = covering(missing)
    if standing is not None:
        affected.add(standing, _new_hits(standing, now=now), now=now)
        return standing, False
    disruption = affected.declare(missing, reason=entry.reason, by=by, now=now, note=entry.note)
    disruption.may_stand_in, disruption.next_news_at = entry.may_stand_in, entry.next_news_at
    disruption.save(update_fields=["may_stand_in", "next_news_at"])
    return disruption, True


def covering(missing: WhatIsMissing) -> Disruption | None:
    """What colleagues have entered already that takes all of it away; the newest."""
    said = Disruption.objects.in_force().filter(
        location=missing.location, source=DisruptionSource.SAID, starts_at__lte=missing.starts_at
    )
    ends = Q(ends_at__isnull=True) | (Q(ends_at__gte=missing.ends_at) if missing.ends_at else Q(pk__in=()))
    for one in said.filter(ends).prefetch_related("resources").order_by("-pk"):
        if causes.covers(causes.as_missing(one), missing):
            return one
    return None


@one_transaction
def change_end(
    disruption: Disruption, *, ends_at: datetime | None, next_news_at: datetime | None, by: Actor, now: datetime
) -> Disruption:
    """It lasts until `ends_at` now; without it nobody knows. Who is hit besides stands untold, and who is not hit any
    more takes place: nobody else is touched. Raises `DomainError` when it is over, or would end before it begins.
    """
    disruption = _locked(disruption)
    if disruption.ended_at is not None:
        raise DomainError(_("This has been called off already."))
    if ends_at is not None and ends_at <= max(disruption.starts_at, now):
        raise DomainError(_("Choose an end that lies ahead. If all of it takes place, call it off."))
    before = disruption.ends_at
    disruption.ends_at, disruption.next_news_at = ends_at, next_news_at if ends_at is None else None
    disruption.save(update_fields=["ends_at", "next_news_at"])
    affected.add(disruption, _new_hits(disruption, now=now, beyond=before), now=now)
    if ends_at is not None:
        beyond = AffectedAppointment.objects.unsettled().filter(
            disruption=disruption, appointment__starts_at__gte=ends_at
        )
        _give_back(disruption, list(beyond.values_list("appointment", flat=True)), by=by, now=now)
        beyond.update(kept_at=now, kept_by=by.user)
    return disruption


@one_transaction
def false_alarm(disruption: Disruption, *, by: Actor, now: datetime) -> bool:
    """All of it takes place. Who has heard of a move and has not chosen yet gets the old time back on offer; who has
    chosen keeps what they chose. False when somebody was faster.
    """
    disruption = _locked(disruption)
    waiting = AffectedAppointment.objects.unsettled().filter(disruption=disruption)
    hit = list(waiting.values_list("appointment", flat=True))
    if not affected.call_off(disruption, now=now):
        return False
    for plan in disruption.plans.live():
        plans.drop(plan, now=now)
    _give_back(disruption, hit, by=by, now=now)
    return True


def _give_back(disruption: Disruption, appointment_ids: list[int], *, by: Actor, now: datetime) -> None:
    live = RescheduleRequest.objects.live().filter(appointment__in=appointment_ids, disruption=disruption)
    for found in live.order_by("appointment"):
        round_ = rounds.lock_round(found)
        still = AffectedAppointment.objects.unsettled().filter(appointment=round_.appointment_id)
        if not round_.is_live or round_.appointment.starts_at <= now:
            continue
        if still.exclude(disruption=disruption).exists():
            continue  # Something else is in its way.
        if not sent.has_told_of_a_move(round_.appointment):
            rounds.withdraw(round_, by=by, now=now)
            continue
        round_.can_keep = True
        round_.save(update_fields=["can_keep"])
        announce.false_alarm(round_, now=now)


def _new_hits(disruption: Disruption, *, now: datetime, beyond: datetime | None = None) -> list[Appointment]:
    """Who is booked in it and does not stand there: nobody knew of them, or they were moved and are in it once more.

    Whom a colleague lets come all the same comes, unless it lasts longer now than until `beyond`, and reaches them.
    """
    rows = {row.appointment_id: row for row in disruption.affected.all()}
    standing = set(AffectedAppointment.objects.unsettled().filter(disruption=disruption).values_list("pk", flat=True))

    def is_new(one: Appointment) -> bool:
        row = rows.get(one.pk)
        if row is None or row.kept_at is None:
            return row is None or row.pk not in standing
        return beyond is not None and one.ends_at > beyond

    return [one for one in affected.booked_in(causes.as_missing(disruption), now=now) if is_new(one)]


def _in_time(missing: WhatIsMissing, *, now: datetime) -> WhatIsMissing:
    """What is over took place: only what is left of it can be missing."""
    if missing.ends_at is not None and missing.ends_at <= missing.starts_at:
        raise DomainError(_("What cannot take place must end after it begins."))
    if missing.ends_at is not None and missing.ends_at <= now:
        raise DomainError(_("That time is over. Choose one that lies ahead."))
    if missing.scope == DisruptionScope.RESOURCES and not missing.resource_ids:
        raise DomainError(_("Choose who or what is not available."))
    return missing


def _locked(disruption: Disruption) -> Disruption:
    found: Disruption = Disruption.objects.select_for_update(no_key=True, of=("self",)).get(pk=disruption.pk)
    return found
