"""What the page of the settings shows: everything that was set up, what is switched off as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count, Q

from appointments.domain.messages.held.reading import held
from appointments.domain.people import reach
from appointments.domain.setup import repeats
from appointments.models import Business, Closure, Location, Reason, Resource, Service


@dataclass(frozen=True)
class Settings:
    business: Business
    places: Sequence[Location]
    people: Sequence[Resource]
    services: Sequence[Service]
    reasons: Sequence[Reason]
    held: int
    """Messages that have waited for a decision since a restore."""

    @property
    def lonely(self) -> list[Service]:
        """Services in use that nobody can give."""
        return [one for one in self.services if one.is_active and not one.givers]  # type: ignore[attr-defined]


def settings(reader: User) -> Settings:
    """Of the places and people, those that are the reader's. Six queries."""
    able = Count("requirements__candidates", filter=Q(requirements__candidates__is_active=True))
    people = reach.of(Resource.objects.select_related("location"), reader)
    return Settings(
        business=Business.current(),
        places=list(reach.of(Location.objects.all(), reader)),
        people=list(people.order_by("location__position", "kind", "position")),
        services=list(Service.objects.annotate(givers=able)),
        reasons=list(Reason.objects.all()),
        held=held().count(),
    )


@dataclass(frozen=True)
class Closed:
    """A closure and how often it comes, in words."""

    closure: Closure
    how_often: str


def closures(place: Location, *, now: datetime) -> list[Closed]:
    """Those that are still to come, or come again."""
    rows = Closure.objects.filter(location=place).filter(Q(ends_at__gt=now) | ~Q(rrule=""))
    return [Closed(one, repeats.in_words(one.rrule)) for one in rows]
