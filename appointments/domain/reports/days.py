"""Days as they are at each place: whatever a report counts by days, it counts by the calendar there."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from appointments.domain.schedule.wallclock import day_span
from appointments.models import Location


def on_days(moment: str, first: date | None, last: date | None) -> Q:
    """Rows of something about an `appointment` whose field `moment` lies on a day from `first` to `last`, both
    included, at the place of the appointment. None: an open end. One query for the zones.
    """
    wanted = Q(pk__in=())
    for zone in sorted(set(Location.objects.values_list("zone", flat=True))):
        here = Q(appointment__location__zone=zone)
        if first is not None:
            here &= Q(**{f"{moment}__gte": day_span(first, ZoneInfo(zone)).start})
        if last is not None:
            here &= Q(**{f"{moment}__lt": day_span(last, ZoneInfo(zone)).end})
        wanted |= here
    return wanted
