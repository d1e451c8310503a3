"""Services that lean on one person, and leave that leaves nobody to do what is booked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from appointments.domain.colleagues import Places
from appointments.domain.schedule.spans import Span, intersect, merge
from appointments.enums import AppointmentState, ResourceKind
from appointments.models import Absence, Appointment, Location, Requirement, Resource, Service

AHEAD = timedelta(days=30)
Key = tuple[int, int]
"""A service at a place, by their ids."""


@dataclass(frozen=True)
class LeansOnOne:
    """Only one person can do it there, and so many are booked with them in the next 30 days."""

    service: Service
    location: Location
    person: Resource
    booked: int


@dataclass(frozen=True)
class NobodyThere:
    """Everybody who could do it there is away at once; so many are booked in the next 30 days."""

    service: Service
    location: Location
    starts_at: datetime
    ends_at: datetime
    booked: int


def about_people(who: Mapping[Key, Sequence[Resource]], *, now: datetime) -> tuple[list[LeansOnOne], list[NobodyThere]]:
    """`who` can do what where: those that one person alone can do, the most booked first; and those for which
    everybody is away at once, the soonest first. Only what is booked in the next 30 days. Four queries.
    """
    booked, away = _booked(now), _away({one.pk for people in who.values() for one in people}, now=now)
    services, places = Service.objects.in_bulk(), Location.objects.in_bulk()
    leaning, empty = [], []
    for (service, place), people in who.items():
        count = booked.get((service, place), 0)
        if not count or not services[service].is_active:
            continue
        if len(people) == 1:
            leaning.append(LeansOnOne(services[service], places[place], people[0], count))
        elif together := _all_away([away.get(one.pk, []) for one in people]):
            first = together[0]
            empty.append(NobodyThere(services[service], places[place], first.start, first.end, count))
    return (
        sorted(leaning, key=lambda one: (-one.booked, one.service.pk, one.location.pk)),
        sorted(empty, key=lambda one: (one.starts_at, -one.booked)),
    )


def who_can(*, places: Places = None) -> Mapping[Key, Sequence[Resource]]:
    """By service and place (of `places`), who can do it. Where several people are needed at once, of whom there are
    fewest.
    """
    found: dict[Key, list[Resource]] = {}
    needed = Requirement.objects.filter(kind=ResourceKind.PROVIDER).prefetch_related("candidates")
    for requirement in needed.order_by("pk"):
        here: dict[int, list[Resource]] = defaultdict(list)
        for person in requirement.candidates.all():
            if person.is_active and (places is None or person.location_id in places):
                here[person.location_id].append(person)
        for place, people in here.items():
            key = requirement.service_id, place
            if key not in found or len(people) < len(found[key]):
                found[key] = people
    return found


def _booked(now: datetime) -> Mapping[Key, int]:
    coming = Appointment.objects.filter(state=AppointmentState.BOOKED, starts_at__gte=now, starts_at__lt=now + AHEAD)
    rows = coming.order_by().values_list("service", "location").annotate(count=Count("pk"))
    return {(service, place): count for service, place, count in rows}


def _away(people: set[int], *, now: datetime) -> Mapping[int, list[Span[datetime]]]:
    """What lies ahead of everybody's leave, as far as it does not recur."""
    found: dict[int, list[Span[datetime]]] = defaultdict(list)
    ahead = Absence.objects.filter(resource__in=people, rrule="", ends_at__gt=now, starts_at__lt=now + AHEAD)
    for one in ahead.order_by("starts_at"):
        found[one.resource_id].append(Span(max(one.starts_at, now), one.ends_at))
    return found


def _all_away(leave: Sequence[Sequence[Span[datetime]]]) -> list[Span[datetime]]:
    """When everybody is away at once."""
    together = merge(leave[0])
    for spans in leave[1:]:
        together = intersect(together, merge(spans))
    return list(together)
