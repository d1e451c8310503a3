"""Which resources a board shows: all of a place, those of one kind, those that do one service, or a single one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from appointments.domain.pages.diary.scale import Moments
from appointments.enums import ResourceKind
from appointments.models import Location, Occupancy, Requirement, Resource, Service

KNOWN_FOR = timedelta(minutes=5)
"""So long a board may not know of a service that has just been set up: it is no reason to ask with every board."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader wants to see only; nothing is everything."""

    kind: str = ""
    service: int | None = None
    resource: int | None = None

    @property
    def values(self) -> dict[str, str]:
        """Those that are set, as an address has them."""
        given = {"kind": self.kind, "service": self.service, "resource": self.resource}
        return {name: str(value) for name, value in given.items() if value}

    @property
    def query(self) -> str:
        """The end of an address that asks for the same; empty when nothing is left out."""
        return f"?{urlencode(self.values)}" if self.values else ""

    def without(self, name: str) -> "Filters":
        return Filters(**{**vars(self), name: Filters().__dict__[name]})


EVERYTHING = Filters()


@dataclass(frozen=True)
class Selection:
    """The resources that are shown, and among what one can choose. `filters` are those that mean something here."""

    filters: Filters
    shown: tuple[Resource, ...]
    everything: tuple[Resource, ...]
    services: tuple[Service, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted({one.kind for one in self.everything}, key=list(ResourceKind.values).index))

    @property
    def service(self) -> Service | None:
        return next((one for one in self.services if one.pk == self.filters.service), None)

    @property
    def resource(self) -> Resource | None:
        return next((one for one in self.everything if one.pk == self.filters.resource), None)

    @property
    def counted(self) -> list[int]:
        """Whose working minutes say how full a day is: the people, unless one has asked for something else."""
        used = [one for one in self.shown if one.is_active]
        people = [one.pk for one in used if one.kind == ResourceKind.PROVIDER]
        return people if people and not self.filters.values else [one.pk for one in used]


def select(location: Location, span: Moments, *, now: datetime, filters: Filters) -> Selection:
    """What a board of `span` shows. Nonsense (a kind that is not there, a service that nobody here does) is left out.

    One query, and one more each time the services of a place have not been asked for in a while.
    """
    everything = resources_of(location, span, now=now)
    doers = _doers(location)
    wanted = _sensible(filters, everything, doers)
    shown = _matching(wanted, everything, doers)
    services = tuple(sorted(doers, key=lambda one: one.name_in().casefold()))
    return Selection(wanted, tuple(shown), tuple(everything), services)


def resources_of(location: Location, span: Moments, *, now: datetime) -> list[Resource]:
    """Those in use, and those that are not and still have something to do in `span`: nothing booked may vanish."""
    busy = Occupancy.objects.in_force(now).overlapping(span.start, span.end).filter(resource=OuterRef("pk"))
    order = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(ResourceKind.values)))
    shown = location.resources.filter(Q(is_active=True) | Exists(busy))
    found = list(shown.order_by(order, "position", "name", "pk"))
    for one in found:
        one.location = location
    return found


def _sensible(filters: Filters, everything: Sequence[Resource], doers: dict[Service, set[int]]) -> Filters:
    """Whoever asks for one resource asks for nothing else; of several filters at least one resource has to be left."""
    if any(one.pk == filters.resource for one in everything):
        return Filters(resource=filters.resource)
    for tried in (filters.without("resource"), Filters(kind=filters.kind), Filters(service=filters.service)):
        if tried.values and all(_is_known(tried, doers)) and _matching(tried, everything, doers):
            return tried
    return EVERYTHING


def _is_known(filters: Filters, doers: dict[Service, set[int]]) -> tuple[bool, bool]:
    services = {one.pk for one in doers}
    return not filters.kind or filters.kind in ResourceKind, not filters.service or filters.service in services


def _matching(filters: Filters, everything: Sequence[Resource], doers: dict[Service, set[int]]) -> list[Resource]:
    able = next((ids for service, ids in doers.items() if service.pk == filters.service), None)
    return [
        one
        for one in everything
        if (not filters.kind or one.kind == filters.kind)
        and (able is None or one.pk in able)
        and filters.resource in (None, one.pk)
    ]


def _doers(location: Location) -> dict[Service, set[int]]:
    """The services of a place, each with what can be occupied for it there."""
    key = f"board-services:{location.pk}"
    known: dict[Service, set[int]] | None = cache.get(key)
    if known is None:
        known = defaultdict(set)
        needs = Requirement.candidates.through.objects.filter(
            resource__location=location, requirement__service__is_active=True
        )
        for need in needs.select_related("requirement__service"):
            known[need.requirement.service].add(need.resource_id)
        cache.set(key, known, KNOWN_FOR.total_seconds())
    return known
