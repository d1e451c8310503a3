"""Free times: all of them, the few worth offering, and the one that a colleague has in mind.

The rules in one place: a slot lies at one location, wholly inside the open hours of every resource it occupies, starts
on the service's grid, after the notice and within the horizon; its buffers are free, though they may reach beyond
the open hours. Only `slot_at`, for colleagues, leaves the open hours, the grid and the notice.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from appointments.domain.schedule.availability import full_days, in_force
from appointments.domain.schedule.opening import Timetable, in_minutes
from appointments.domain.schedule.outages import Outage, missing, said_at
from appointments.domain.schedule.ranking import Present, choose
from appointments.domain.schedule.requirements import Needs, needs_of
from appointments.domain.schedule.slot_search import Found, assign, search
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import Why
from appointments.errors import NotOffered, SlotTaken
from appointments.models import Appointment, Location, Occupancy, Offer, Service

__all__ = ["Alternative", "Slot", "Wishes", "find_alternatives", "free_for", "free_slots", "slot_at", "slot_of"]


class Slot(NamedTuple):
    """A time at which a service can take place: aware UTC, without the buffers.

    `resource_ids` are all that it occupies, one for each requirement of the service in their order, the provider
    included. `provider_id` is None for a service that needs no provider.
    """

    starts_at: datetime
    ends_at: datetime
    provider_id: int | None
    resource_ids: tuple[int, ...]
    outside_hours: bool = False

    @property
    def when_and_whom(self) -> tuple[datetime, int | None]:
        """What a customer chooses by: two times that agree in it are the same choice."""
        return self.starts_at, self.provider_id


@dataclass(frozen=True)
class Alternative:
    """A slot worth offering, and the one line that says why."""

    slot: Slot
    why: Why


def slot_of(offer: Offer, *, resource_ids: Iterable[int] | None = None) -> Slot:
    """The offered time as the timeline needs it; `resource_ids`, if given, are those of the offer, read before."""
    ids = offer.resources.values_list("pk", flat=True) if resource_ids is None else resource_ids
    return Slot(offer.starts_at, offer.ends_at, offer.provider_id, tuple(sorted(ids)), offer.outside_hours)


def free_slots(
    service: Service,
    location: Location,
    *,
    window: Span[datetime],
    now: datetime,
    ignoring: Appointment | None = None,
    at_once: bool = False,
) -> list[Slot]:
    """Every slot of `service` at `location` wholly inside `window`, one for each start and provider, in order of time.

    `ignoring`: the appointment that is being moved; it and what is held for it are not in the way. `at_once`: for
    colleagues who speak with the customer, and need no notice. Three queries.
    """
    allowed = _allowed(service, now, at_once=at_once)
    found = search(service, location, window=in_minutes(window).intersect(allowed), now=now, ignoring=ignoring)
    return _slots(found, service.duration)


def find_alternatives(
    appointment: Appointment,
    *,
    now: datetime,
    wishes: Wishes | None = None,
    limit: int = 5,
    excluding: Collection[tuple[datetime, int | None]] = (),
    not_before: datetime | None = None,
    outages: Iterable[Outage] = (),
) -> list[Alternative]:
    """At most `limit` free times to offer instead of the present one, the least inconvenient first; [] if none fits.

    As long as the appointment is now. No time twice and never the present one; spread over days; the same question
    gets the same answer. With `wishes` only what meets all of them. `excluding`: (start, provider) of times not to
    offer again. `not_before`: nothing that starts earlier, so that the customer has time to answer. `outages`: what
    cannot be had besides. Three queries.
    """
    window = _allowed(appointment.service, now)
    if not_before is not None:
        window = Span(min(max(window.start, minute_from(not_before)), window.end), window.end)
    chosen = choose(
        _search_for(appointment, window, now=now, outages=outages),
        present=_present(appointment),
        clock=WallClock(appointment.location.tzinfo, window),
        wishes=wishes,
        excluding={(minute_of(starts_at), provider_id) for starts_at, provider_id in excluding},
        limit=limit,
    )
    slots = _slots((one for one, __ in chosen), appointment.duration)
    return [Alternative(slot, why) for slot, (__, why) in zip(slots, chosen, strict=True)]


def free_for(
    appointment: Appointment, *, window: Span[datetime], now: datetime, outages: Iterable[Outage] = ()
) -> list[Slot]:
    """All that `find_alternatives` chooses from, wholly inside `window`, in order of time. Three queries."""
    inside = in_minutes(window).intersect(_allowed(appointment.service, now))
    return _slots(_search_for(appointment, inside, now=now, outages=outages), appointment.duration)


def _search_for(
    appointment: Appointment, window: Span[int], *, now: datetime, outages: Iterable[Outage]
) -> list[Found]:
    return search(
        appointment.service,
        appointment.location,
        window=window,
        now=now,
        minutes=-(-appointment.duration // timedelta(minutes=1)),
        ignoring=appointment,
        outages=outages,
    )


def slot_at(
    appointment: Appointment,
    *,
    starts_at: datetime,
    provider_id: int | None,
    now: datetime,
    outages: Iterable[Outage] = (),
) -> Slot:
    """The one time that a colleague has in mind, with `provider_id` (None: whoever is free, the present one first).
    `appointment` may be one that is not booked yet.

    Outside the open hours it is allowed and flagged, but never in `outages` or in what a disruption takes away, nor
    beyond a daily limit. Raises `NotOffered` for such a time, one that is past or a provider who cannot do the service
    here, and `SlotTaken`, with what is in the way, when somebody or something needed is not free.
    """
    if starts_at <= now:
        raise NotOffered(_("This time has already passed. Please choose a later one."))
    service, location = appointment.service, appointment.location
    needs = needs_of(service, location)
    leaders = _leaders(needs, provider_id)
    starts_at, ends_at = moment_of(0) + (starts_at - moment_of(0)), starts_at + appointment.duration
    taken = _in_the_way(needs, Span(starts_at - service.before, ends_at + service.after), appointment, now)
    opened = _open_throughout(location, needs, Span(minute_of(starts_at), minute_from(ends_at)))
    away = _away(needs, leaders, Span(starts_at, ends_at), location, outages)

    def rank(pk: int) -> tuple[bool, bool]:
        return pk != appointment.provider_id, pk not in opened

    gone = taken.keys() | away | _full(needs, leaders, away, starts_at, appointment, now)
    free = [[pk for pk in need.candidates if pk not in gone] for need in needs.each]
    preferred = [sorted(each, key=lambda pk: pk not in opened) for each in free]
    for leader in sorted((pk for pk in leaders if pk not in gone), key=rank):
        chosen = assign(preferred, leading=needs.leading, leader=leader)
        if chosen:
            return Slot(
                starts_at,
                ends_at.astimezone(starts_at.tzinfo),
                leader if needs.has_provider else None,
                chosen,
                outside_hours=not opened.issuperset(chosen),
            )
    raise SlotTaken(
        _("Not everybody and everything that this needs is free then."),
        in_the_way=_most_telling(needs, leaders, taken),
    )


def _leaders(needs: Needs, provider_id: int | None) -> Collection[int]:
    """Who may lead: the provider that was asked for, else anybody who can do it. Raises `NotOffered`."""
    if not needs.can_be_met:
        raise NotOffered(_("Nothing at this location can do this service. Please choose another location or service."))
    leaders: Collection[int] = needs.each[needs.leading].candidates
    if not needs.has_provider or provider_id is None:
        return leaders
    if provider_id not in leaders:
        raise NotOffered(_("This person does not do this service here. Please choose somebody else."))
    return [provider_id]


def _full(
    needs: Needs,
    leaders: Collection[int],
    away: set[int],
    starts_at: datetime,
    appointment: Appointment,
    now: datetime,
) -> set[int]:
    """Who and what takes no more on that day. Raises `NotOffered` when with those `away` nobody is left for something.

    No query where nobody has a daily limit.
    """
    minute, zone = minute_of(starts_at), appointment.location.tzinfo
    starts = Span(minute, minute + 1)
    ignoring = [appointment.pk] if appointment.pk else ()
    full = set(full_days(needs.most_a_day, zone=zone, starts=starts, now=now, ignoring=ignoring))
    left = away | full
    if full and (left.issuperset(leaders) or any(left.issuperset(need.candidates) for need in needs.each)):
        raise NotOffered(
            _("This day has as many appointments as it may have for what this needs. Please choose another day.")
        )
    return full


def _away(
    needs: Needs, leaders: Collection[int], during: Span[datetime], location: Location, outages: Iterable[Outage]
) -> set[int]:
    """Who and what cannot be had `during` this time. Raises `NotOffered` when nobody is left for something."""
    away = missing([*said_at(location, span=during), *outages], needs.resource_ids, during)
    if away.issuperset(leaders) or any(away.issuperset(need.candidates) for need in needs.each):
        raise NotOffered(_("This time lies in what cannot take place. Please choose another one."))
    return away


def _allowed(service: Service, now: datetime, *, at_once: bool = False) -> Span[int]:
    """The minutes in which an offer may lie: after the notice, within the horizon."""
    notice = timedelta(minutes=0 if at_once else service.notice_minutes)
    first = max(minute_from(now + notice), minute_of(now) + 1)
    return Span(first, minute_of(now + timedelta(days=service.horizon_days)))


def _slots(found: Iterable[Found], duration: timedelta) -> list[Slot]:
    slots: list[Slot] = []
    before, starts_at, ends_at = None, moment_of(0), moment_of(0)
    # As Slot(…) does it, without going through it: a search finds thousands.
    make = tuple.__new__
    for start, provider_id, resource_ids in found:
        if start != before:
            before, starts_at = start, moment_of(start)
            ends_at = starts_at + duration
        slots.append(make(Slot, (starts_at, ends_at, provider_id, resource_ids, False)))
    return slots


def _present(appointment: Appointment) -> Present:
    start = minute_of(appointment.starts_at)
    clock = WallClock(appointment.location.tzinfo, Span(start, start + 1))
    return Present(start, clock.wall(start), appointment.provider_id)


def _open_throughout(location: Location, needs: Needs, span: Span[int]) -> set[int]:
    """Those of the needed resources that are open during the whole of `span`."""
    ids = needs.resource_ids
    timetable = Timetable(location, ids, span)
    return {pk for pk in ids if any(opened.holds(span) for opened in timetable.resource_open(pk))}


def _in_the_way(
    needs: Needs, span: Span[datetime], appointment: Appointment, now: datetime
) -> dict[int, list[Occupancy]]:
    """What occupies the needed resources during `span`, to the second, by resource; nothing of `appointment` itself."""
    window = Span(minute_of(span.start), minute_from(span.end))
    rows = in_force(needs.resource_ids, window=window, now=now, ignoring=appointment if appointment.pk else None)
    rows = rows.overlapping(span.start, span.end).order_by("starts_at", "pk")
    taken: dict[int, list[Occupancy]] = {}
    for row in rows.select_related(
        "resource", "appointment__customer", "appointment__service", "appointment__location"
    ):
        taken.setdefault(row.resource_id, []).append(row)
    return taken


def _most_telling(needs: Needs, leaders: Collection[int], taken: dict[int, list[Occupancy]]) -> list[Occupancy]:
    """The occupancies of those requirements that nobody is left for; all of them when each alone could be met."""
    groups = [leaders if place == needs.leading else need.candidates for place, need in enumerate(needs.each)]
    exhausted = [group for group in groups if all(pk in taken for pk in group)]
    ids = dict.fromkeys(pk for group in exhausted or groups for pk in group)
    return [row for pk in ids for row in taken.get(pk, [])]
