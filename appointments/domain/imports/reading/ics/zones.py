"""Which clock a TZID of a file means, and what to say when nobody can know."""

from datetime import date, datetime, time, timedelta, timezone

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.lines import Property, Scope
from appointments.domain.imports.reading.ics.values import Moment, parse_moment
from appointments.domain.imports.reading.rows import Problems, shorten
from appointments.domain.imports.reading.zones import FileZone, Onset, Zone, find_zone, fixed_offset, to_utc
from appointments.domain.schedule.recurrence import Budget, TooMuchWork, occurrences
from appointments.domain.schedule.rrule import RuleError, parse_rule

_MARGIN = timedelta(days=400)
_STEPS = 20_000


class ZoneFinder:
    """Remembers what each TZID of each VCALENDAR meant, so that an unknown one is reported once and not per entry."""

    def __init__(self, default: Zone, window: tuple[date, date], problems: Problems) -> None:
        self.default, self.problems = default, problems
        self.first = datetime.combine(window[0], time.min) - _MARGIN
        self.last = datetime.combine(window[1], time.max) + _MARGIN
        self._found: dict[tuple[int, str], Zone] = {}
        self._defined: dict[tuple[int, str], FileZone | None] = {}

    def zone(self, tzid: str, scope: Scope, line: int) -> Zone:
        """A name everybody knows, else the file's own definition, else the calendar's zone, else the default zone."""
        name = tzid.strip().strip('"')
        key = (id(scope), name)
        if key not in self._found:
            known = find_zone(name) or self._from_the_file(name, scope, line)
            self._found[key] = known or self._stand_in(name, scope, line)
        return self._found[key]

    def of_the_calendar(self, scope: Scope, line: int) -> Zone | None:
        """The one that X-WR-TIMEZONE names, if anybody or the file itself knows it."""
        name = scope.zone_name.strip('"')
        return find_zone(name) or self._from_the_file(name, scope, line)

    def check(self, tzid: str, scope: Scope, start: Moment, line: int) -> None:
        """Says, once for each zone, when a name everybody knows is defined otherwise in the file."""
        name = tzid.strip().strip('"')
        known, key = find_zone(name), (id(scope), name)
        is_near = self.first <= start.wall <= self.last  # of what lies further away the rules were not worked out
        if known is None or start.is_date or name not in scope.zones or not is_near:
            return
        if key not in self._defined:
            self._defined[key] = self._clock(scope.zones[name][1:])
        clock = self._defined[key]
        if clock is None or (here := to_utc(start.wall, known.clock)) == (there := to_utc(start.wall, clock)):
            return
        self._defined[key] = None
        sentence = _(
            "The file defines the time zone “{zone}” otherwise than it is: {wall} was taken as {here} UTC, and not as "
            "{there} UTC. Please check the hours."
        )
        shown = {"wall": start.wall, "here": here, "there": there}
        moments = {which: f"{moment:%Y-%m-%d %H:%M}" for which, moment in shown.items()}
        self.problems.warning(line, sentence, value=name, zone=shorten(name), **moments)

    def _from_the_file(self, name: str, scope: Scope, line: int) -> Zone | None:
        definition = scope.zones.get(name)
        if definition is None:
            return None
        for item in definition[0]:
            if item.name == "X-LIC-LOCATION" and (known := find_zone(item.value)):
                return known
        clock = self._clock(definition[1:])
        if clock is None:
            return None
        self.problems.note(
            line,
            _("The time zone “{zone}” is not a known one; its rules were taken from the file."),
            value=name,
            zone=shorten(name),
        )
        return Zone(clock, self.default.name)

    def _stand_in(self, name: str, scope: Scope, line: int) -> Zone:
        stand_in = (find_zone(scope.zone_name) if scope.zone_name else None) or self.default
        self.problems.warning(
            line,
            _("The time zone “{zone}” is not known; {used} was used instead. Please check the hours."),
            value=name,
            zone=shorten(name),
            used=stand_in.name or self.default.name,
        )
        return stand_in

    def _clock(self, observances: list[list[Property]]) -> FileZone | None:
        onsets: list[Onset] = []
        for observance in observances:
            try:
                onsets += self._onsets(observance)
            except (ValueError, OverflowError, TooMuchWork):
                continue
        return FileZone(onsets) if onsets else None

    def _onsets(self, observance: list[Property]) -> list[Onset]:
        """The changes near the window, and the very first: between the two nothing that is read here can happen."""
        said = {item.name: item.value for item in observance}
        before, after = _offset(said.get("TZOFFSETFROM", "")), _offset(said.get("TZOFFSETTO", ""))
        start = parse_moment(said.get("DTSTART", ""), None).wall
        walls = {start}
        for item in observance:
            if item.name == "RDATE":
                walls |= {parse_moment(value, None).wall for value in item.value.split(",")[:500]}
            elif item.name == "RRULE":
                walls |= self._repeated(item.value, start, before)
        return [Onset(wall, before, after) for wall in walls]

    def _repeated(self, text: str, start: datetime, before: timedelta) -> set[datetime]:
        rule = parse_rule(text)
        if rule.freq != "YEARLY":
            raise RuleError(text)
        last = min(self.last, rule.last_on_the_wall(timezone(before)) or self.last)
        return set(occurrences(rule, start, first=min(self.first, last), last=last, budget=Budget(_STEPS)))


def _offset(text: str) -> timedelta:
    """ "+0530", and "-045602" with seconds as old local times have them. Raises ValueError."""
    digits = text.strip()
    seconds = int(digits[5:7]) if len(digits) == 7 and digits[5:7].isdigit() else 0
    found = fixed_offset(digits[:5])
    if found is None:
        raise ValueError(text)
    offset = found.clock.utcoffset(None) or timedelta()
    return offset - timedelta(seconds=seconds) if digits.startswith("-") else offset + timedelta(seconds=seconds)
