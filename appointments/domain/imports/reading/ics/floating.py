"""On which clock a time without a zone is, where nobody can ask.

RFC 5545 (3.3.5) leaves such a time to whoever looks at it. X-WR-TIMEZONE is the zone in which its owner looks at a
calendar, so that is what a program means that writes "9:00" and nothing else: such times are read in it. What whoever
imports has said goes first; a calendar that names no zone is one of the place. Where it names one that nobody knows,
any clock would be a guess of hours, and people would stand before a closed door: then those entries are left out.
"""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.lines import Scope
from appointments.domain.imports.reading.ics.values import Moment
from appointments.domain.imports.reading.ics.zones import ZoneFinder
from appointments.domain.imports.reading.rows import Message, Problems, shorten

_FARTHEST_APART = timedelta(days=2)
"""What lies further outside the asked days is outside on every clock of the world."""

_AS_SAID = _("Times without a time zone were read in {zone}, as you said.")
_AS_SAID_INSTEAD = _(
    "Times without a time zone were read in {zone}, as you said; the calendar names “{named}”, which is not known."
)
_OF_THE_PLACE = _(
    "Times without a time zone were read in {zone}, the zone of the place: the calendar names none. Say which "
    "it is, if it is another."
)
_OF_THE_CALENDAR = _("Times without a time zone were read in {zone}, the zone of the calendar.")
_ANOTHER = _(
    "Times without a time zone were read in {zone}, the zone of the calendar, and not in {place}, that of the place. "
    "Please check the hours, and say which it is, if it is another."
)
_UNKNOWN = _(
    "“{value}” has no time zone, and that of the calendar, “{named}”, is not known, so the entry was left out. Say "
    "which it is."
)


class FloatingClock:
    """`is_said`: whoever imports has named the finder's default zone."""

    def __init__(self, zones: ZoneFinder, window: tuple[date, date], problems: Problems, *, is_said: bool) -> None:
        self.zones, self.problems, self.is_said = zones, problems, is_said
        self.first = datetime.combine(window[0], time.min) - _FARTHEST_APART
        self.last = datetime.combine(window[1], time.max) + _FARTHEST_APART
        self._told: set[tuple[Message, str]] = set()

    def place(self, start: Moment, scope: Scope, line: int, *, repeats: bool) -> Moment | None:
        """The start of an entry on its clock; None where nobody knows it. Says once for each clock which it is, and
        why.
        """
        is_near = repeats or self.first <= start.wall <= self.last
        if start.zone or start.is_date or not is_near:
            return start
        default = self.zones.default
        zone = self.zones.of_the_calendar(scope, line) if scope.zone_name else None
        if self.is_said:
            self._tell(line, _AS_SAID_INSTEAD if scope.zone_name and zone is None else _AS_SAID, scope)
            return start
        if not scope.zone_name:
            self._tell(line, _OF_THE_PLACE, scope)
            return start
        if zone is None:
            shown = f"{start.wall:%Y-%m-%d %H:%M}"
            named = shorten(scope.zone_name)
            self.problems.error(line, _UNKNOWN, value=shown, named=named, remedy="zone")
            return None
        self._tell(line, _OF_THE_CALENDAR if zone.clock == default.clock else _ANOTHER, scope)
        return start.on(zone)

    def _tell(self, line: int, sentence: Message, scope: Scope) -> None:
        named, place = shorten(scope.zone_name), self.zones.default.name
        zone = named if sentence in (_OF_THE_CALENDAR, _ANOTHER) else place
        if (sentence, named) in self._told:
            return
        self._told.add((sentence, named))
        say = self.problems.warning if sentence == _ANOTHER else self.problems.note
        say(
            line,
            sentence,
            zone=zone,
            named=named,
            place=place,
            remedy="zone" if sentence in (_OF_THE_PLACE, _ANOTHER) else "",
        )
