"""Into which parts moves can be cut besides their cause, service and place: weekday, notice, and what was missing.

Each is a value of the database, so that a figure of a report and the list of its cases cannot differ.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, TextChoices, Value, When
from django.db.models.functions import Cast, ExtractIsoWeekDay
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from appointments.domain.reports.moves import Rounds
from appointments.enums import DisruptionScope, ResourceKind
from appointments.models import Location, Resource


class Notice(TextChoices):
    """How long before the time that had to move its customer was told."""

    DAY = "day", _("less than a day before")
    THREE_DAYS = "three_days", _("one to three days before")
    WEEK = "week", _("three to seven days before")
    LONGER = "longer", _("a week before, or earlier")


LIMITS = {Notice.DAY: timedelta(days=1), Notice.THREE_DAYS: timedelta(days=3), Notice.WEEK: timedelta(days=7)}


class Missing(TextChoices):
    """What could not be had."""

    PROVIDER = ResourceKind.PROVIDER.value, _("somebody")
    ROOM = ResourceKind.ROOM.value, _("a room")
    EQUIPMENT = ResourceKind.EQUIPMENT.value, _("equipment")
    SEVERAL = "several", _("several of these at once")
    PLACE = "place", _("the whole place")
    ALONE = "alone", _("one appointment only")
    NOTHING = "nothing", _("nothing was missing")


def weekdays() -> list[tuple[str, str]]:
    """(1 for Monday to 7, its name), as a filter wants them."""
    return [(str(number + 1), str(name)) for number, name in sorted(WEEKDAYS.items())]


def cut(rounds: Rounds) -> Rounds:
    """`rounds` with `weekday` of the time that had to move ("1" for Monday, on the calendar of the place),
    `notice_given` (`Notice`) and `missing` (`Missing`). One query for the zones.
    """
    zones = sorted(set(Location.objects.values_list("zone", flat=True)))
    weekday = Case(
        *(
            When(appointment__location__zone=zone, then=ExtractIsoWeekDay("was_starts_at", tzinfo=ZoneInfo(zone)))
            for zone in zones
        ),
        default=Value(0),
        output_field=IntegerField(),
    )
    notice = Case(
        *(When(was_starts_at__lt=F("opened_at") + limit, then=Value(name)) for name, limit in LIMITS.items()),
        default=Value(Notice.LONGER.value),
        output_field=CharField(),
    )
    return rounds.annotate(weekday=Cast(weekday, CharField()), notice_given=notice, missing=_missing())


def _missing() -> Case:
    taken = Resource.objects.filter(disruptions=OuterRef("disruption"))
    only = [When(~Exists(taken.exclude(kind=kind)), then=Value(kind.value)) for kind in ResourceKind]
    return Case(
        When(disruption__isnull=True, then=Value(Missing.NOTHING.value)),
        When(disruption__scope=DisruptionScope.PLACE, then=Value(Missing.PLACE.value)),
        When(disruption__scope=DisruptionScope.APPOINTMENT, then=Value(Missing.ALONE.value)),
        *only,
        default=Value(Missing.SEVERAL.value),
        output_field=CharField(),
    )
