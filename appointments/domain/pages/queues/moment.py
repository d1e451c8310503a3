"""For whom a queue is read, and when: what is due today depends on the clock of each place."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Q

from appointments.models import Location


@dataclass(frozen=True)
class Moment:
    """`reader` looks at `now`. The zones are read once, and only when somebody asks for today."""

    reader: User
    now: datetime

    @cached_property
    def zones(self) -> tuple[str, ...]:
        return tuple(Location.objects.order_by("zone").values_list("zone", flat=True).distinct())

    def is_due_today(self, *, due: str, zone: str) -> Q:
        """Whether the hour at `due` comes before midnight by the clock of its place (at `zone`), or has passed."""
        found = Q(pk__in=())
        for name in self.zones:
            found |= Q(**{zone: name, f"{due}__lt": self._midnight(ZoneInfo(name))})
        return found

    def _midnight(self, zone: ZoneInfo) -> datetime:
        tomorrow = self.now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), zone)
