"""Days and spans on which a place is closed: the public holidays of a year, ticked or not, and closures of its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from appointments.domain import affected, audit, overlooked
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import offers
from appointments.domain.schedule.conflicts import Conflict, fingerprint, with_closed_day, with_closure
from appointments.domain.schedule.opening import public_holidays
from appointments.domain.schedule.weekly import Blocked
from appointments.domain.setup.changing import WouldHit
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction, DisruptionSource
from appointments.models import Appointment, Closure, Location, SpecialDay


@dataclass(frozen=True)
class Day:
    day: date
    name: str
    is_closed: bool


def year_of(place: Location, year: int, *, language: str) -> list[Day]:
    """The public holidays of its country and the special days of the place, and on which of them it is closed."""
    public = public_holidays(place.country, year, language=language)
    found = {day: Day(day, name, place.closed_on_holidays) for day, name in public.items()}
    for row in _special(place, year):
        known = found.get(row.day)
        found[row.day] = Day(row.day, known.name if known else row.name, not row.is_open)
    return sorted(found.values(), key=lambda one: one.day)


def _special(place: Location, year: int) -> Iterable[SpecialDay]:
    """What holds everywhere comes first, so that the place's own word is the last one."""
    rows = SpecialDay.objects.filter(day__year=year)
    return [*rows.filter(location=None), *rows.filter(location=place)]


@one_transaction
def write_year(
    place: Location, year: int, closed: Collection[date], *, language: str, agreed: str, by: Actor, now: datetime
) -> list[Appointment]:
    """`closed`: the ticked ones of `year_of`. Raises WouldHit where somebody is booked on a day that closes now."""
    shown = year_of(place, year, language=language)
    closing = [one for one in shown if one.day in closed and not one.is_closed]
    opening = [one for one in shown if one.day not in closed and one.is_closed]
    found = {one.day: with_closed_day(one.day, [place], now=now) for one in closing}
    hits = [hit for each in found.values() for hit in each]
    _agree(hits, agreed)
    with audit.watch(place, by=by, now=now, besides=lambda: {"closed on": _closed_on(place, year, language)}):
        for one in (*closing, *opening):
            values = {"name": one.name[:120], "is_open": one in opening}
            SpecialDay.objects.update_or_create(location=place, day=one.day, defaults=values)
    for day, hit in found.items():
        _leave(overlooked.of_closed_day(day, hit), by=by, now=now)
    return _settle(hits, by=by, now=now)


@one_transaction
def close(closure: Closure, *, agreed: str, by: Actor, now: datetime) -> list[Appointment]:
    """Raises WouldHit where somebody is booked in it."""
    blocked = Blocked(closure.starts_at, closure.ends_at, closure.rrule)
    hits = with_closure(closure.location, blocked, now=now)
    _agree(hits, agreed)
    with audit.watch(closure, by=by, now=now):
        closure.save()
    _leave(overlooked.of_closure(closure.location, blocked, hits), by=by, now=now)
    return _settle(hits, by=by, now=now)


@one_transaction
def open_again(closure: Closure, *, by: Actor, now: datetime) -> list[Appointment]:
    """The closure goes. Returns who can come after all and need not be moved."""
    audit.record(AuditAction.REMOVED, closure, by=by, now=now, before=audit.stored(closure))
    closure.delete()
    return overlooked.let_go(by=by, now=now)


def _closed_on(place: Location, year: int, language: str) -> list[date]:
    return [one.day for one in year_of(place, year, language=language) if one.is_closed]


def _agree(hits: list[Conflict], agreed: str) -> None:
    if hits and agreed != fingerprint(hits):
        raise WouldHit(hits)


def _leave(taken: Iterable[tuple[WhatIsMissing, list[Appointment]]], *, by: Actor, now: datetime) -> None:
    for missing, hit in taken:
        if hit:
            affected.declare(missing, reason=None, by=by, now=now, source=DisruptionSource.CLOSURE, hits=hit)


def _settle(hits: Iterable[Conflict], *, by: Actor, now: datetime) -> list[Appointment]:
    """Offers in it are struck out, and whoever can come again waits no more. Returns who has to be moved."""
    transaction.on_commit(lambda: offers.strike_out(now=now))
    overlooked.let_go(by=by, now=now)
    return list({hit.appointment.pk: hit.appointment for hit in hits}.values())
