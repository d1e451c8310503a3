"""Who and what a service needs at a location: for each requirement, any one of its candidates there. And so where it is
done, and by whom.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from appointments.domain.schedule.stored import sql
from appointments.enums import ResourceKind
from appointments.models import Appointment, Location, Requirement, Resource, Service

KNOWN_FOR = 300
"""Seconds."""


@dataclass(frozen=True)
class Need:
    """One requirement of a service at one location: any one of `candidates`, in the order of the board."""

    kind: str
    candidates: tuple[int, ...]


@dataclass(frozen=True)
class Needs:
    """What a service needs at a location, in the order of its requirements.

    `most_a_day`: the daily limits of those candidates that have one.
    """

    each: tuple[Need, ...]
    most_a_day: dict[int, int] = field(default_factory=dict, hash=False)

    @property
    def resource_ids(self) -> list[int]:
        return sorted({pk for need in self.each for pk in need.candidates})

    @property
    def can_be_met(self) -> bool:
        """Whether there is anybody for each requirement. A service without any has no capacity to promise."""
        return bool(self.each) and all(need.candidates for need in self.each)

    @cached_property
    def leading(self) -> int:
        """The place of the requirement that the customer knows by name: the first provider, else the first of all."""
        kinds = [need.kind for need in self.each]
        return kinds.index(ResourceKind.PROVIDER) if ResourceKind.PROVIDER in kinds else 0

    @property
    def has_provider(self) -> bool:
        return bool(self.each) and self.each[self.leading].kind == ResourceKind.PROVIDER


# Resources of other locations, and those not in use, leave a gap that counts as nobody.
STATEMENT = """
SELECT need.service_id, need.id, need.kind, resource.id, resource.most_a_day
  FROM appointments_requirement need
  LEFT JOIN appointments_requirement_candidates candidate ON candidate.requirement_id = need.id
  LEFT JOIN appointments_resource resource
    ON resource.id = candidate.resource_id AND resource.is_active AND resource.location_id = %(location)s
 WHERE {of_these}
 ORDER BY need.id, resource.position, resource.id
"""


def needs_of(service: Service, location: Location) -> Needs:
    """The requirements of `service` with those active resources that `location` has. One query."""
    return needs_of_each([service], location)[service.pk]


def needs_of_each(services: Collection[Service], location: Location) -> dict[int, Needs]:
    """The same for many services, by their ids. One query."""
    ids = sql.ids_as_one(service.pk for service in services)
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT.format(of_these=sql.of_these("need.service_id")), {"location": location.pk, "ids": ids}
        )
        rows = cursor.fetchall()
    found: dict[int, dict[int, tuple[str, list[int]]]] = defaultdict(dict)
    limits: dict[int, dict[int, int]] = defaultdict(dict)
    for service_id, pk, kind, candidate, most in rows:
        candidates = found[service_id].setdefault(pk, (kind, []))[1]
        if candidate is not None:
            candidates.append(candidate)
        if most is not None:
            limits[service_id][candidate] = most
    return {service.pk: _needs(found[service.pk].values(), limits[service.pk]) for service in services}


def _needs(found: Iterable[tuple[str, list[int]]], limits: dict[int, int]) -> Needs:
    return Needs(tuple(Need(kind, tuple(candidates)) for kind, candidates in found), limits)


def places_for(service: Service) -> list[Location]:
    """Where somebody and something is there for each requirement of it, in their order. Two queries."""
    needs = Requirement.objects.filter(service=service)
    met: dict[int, set[int]] = {}
    there = Resource.objects.filter(requirements__in=needs, is_active=True, location__is_active=True)
    for place, need in there.values_list("location", "requirements").distinct():
        met.setdefault(place, set()).add(need)
    wanted = set(needs.values_list("pk", flat=True))
    places = [place for place, found in met.items() if wanted and wanted <= found]
    return list(Location.objects.filter(pk__in=places))


def is_done_elsewhere(appointment: Appointment) -> bool:
    """Whether another place of ours does it too. Asked by every look at a customer's page, so known for some minutes:
    it only says whether one may ask for it.
    """
    key = f"elsewhere:{appointment.service_id}:{appointment.location_id}"
    known: bool | None = cache.get(key)
    if known is None:
        known = any(place.pk != appointment.location_id for place in places_for(appointment.service))
        cache.set(key, known, KNOWN_FOR)
    return known


def services_at(place: Location) -> QuerySet[Service]:
    """What is in use and has, for one of its requirements at least, somebody or something at `place`."""
    there = Resource.objects.filter(location=place, is_active=True)
    return Service.objects.filter(is_active=True, requirements__candidates__in=there).distinct()


def providers_for(service: Service | None, place: Location | None) -> QuerySet[Resource]:
    """Who does `service` at `place`, in the order of the board; everybody there while it is not known which."""
    able = Resource.objects.filter(kind=ResourceKind.PROVIDER, is_active=True, location=place)
    return able.filter(requirements__service=service).distinct() if service else able
