"""What is stored about hours, read in one go: weekly hours, breaks, special days, closures, absences, disruptions.

One statement of SQL in place of six queries: a search for free times begins with it, and five questions would take
longer than all the rest.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from django.db import connection

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import sql
from appointments.domain.schedule.wallclock import moment_of
from appointments.domain.schedule.weekly import Blocked, Week, Weekly
from appointments.enums import AbsenceKind, DisruptionScope, DisruptionSource
from appointments.models import Location

# Whose a row is: the id of a resource, or this for the location itself.
LOCATION = 0

OWNERS = {
    "postgresql": "STRING_AGG(COALESCE(resource_id, 0)::text, ',')",
    "sqlite": "GROUP_CONCAT(COALESCE(resource_id, 0))",
}
WEEKLY = """
SELECT '{kind}', {{owners}}, weekday, opens_at, closes_at, valid_from, valid_until,
       CAST(NULL AS timestamp with time zone), CAST(NULL AS timestamp with time zone), ''
  FROM {table} WHERE location_id = %(location)s OR {{of_these}}
 GROUP BY weekday, opens_at, closes_at, valid_from, valid_until
"""
TOUCHES = "starts_at < %(until)s AND (ends_at > %(since)s OR rrule <> '')"
SAID = (
    f"source = '{DisruptionSource.SAID}' AND ended_at IS NULL "
    "AND starts_at < %(until)s AND (ends_at IS NULL OR ends_at > %(since)s)"
)
# Kind, whose, then what that kind has: a span of the week and its validity, or a day and its name, or a span of time
# and its rule.
STATEMENT = f"""
{WEEKLY.format(kind="hours", table="appointments_weeklyhours")} UNION ALL
{WEEKLY.format(kind="break", table="appointments_break")} UNION ALL
SELECT 'blocked', CAST(resource_id AS text), 0, NULL, NULL, NULL, NULL, starts_at, ends_at, rrule
  FROM appointments_absence WHERE {{of_these}} AND {TOUCHES} UNION ALL
SELECT 'blocked', '0', 0, NULL, NULL, NULL, NULL, starts_at, ends_at, rrule
  FROM appointments_closure WHERE location_id = %(location)s AND {TOUCHES} UNION ALL
SELECT 'blocked', CAST(taken.resource_id AS text), 0, NULL, NULL, NULL, NULL, starts_at, ends_at, ''
  FROM appointments_disruption said JOIN appointments_disruption_resources taken ON taken.disruption_id = said.id
 WHERE {{of_these}} AND scope = '{DisruptionScope.RESOURCES}' AND {SAID} UNION ALL
SELECT 'blocked', '0', 0, NULL, NULL, NULL, NULL, starts_at, ends_at, ''
  FROM appointments_disruption WHERE location_id = %(location)s AND scope = '{DisruptionScope.PLACE}' AND {SAID}
 UNION ALL
SELECT CASE WHEN is_open THEN 'open' ELSE 'closed' END, CAST(COALESCE(location_id, 0) AS text), 0, NULL, NULL,
       day, day, NULL, NULL, name
  FROM appointments_specialday
 WHERE (location_id = %(location)s OR location_id IS NULL) AND day BETWEEN %(first)s AND %(last)s
"""  # noqa: S608  only the words above; values are parameters

# What is blocked at the desk once more, with its number and, behind its rule, who wrote it and its title.
TITLED = f"""
UNION ALL
SELECT 'titled', CAST(resource_id AS text), id, NULL, NULL, NULL, NULL, starts_at, ends_at,
       rrule || '|' || COALESCE(CAST(written_by_id AS text), '') || '|' || title
  FROM appointments_absence WHERE {{of_these}} AND kind = '{AbsenceKind.BLOCKED}' AND {TOUCHES}
"""  # noqa: S608  the same


class Titled(NamedTuple):
    """A time that was blocked at the desk: the number of its row, when, who wrote it, and its title."""

    pk: int
    blocked: Blocked
    written_by: int | None
    title: str


@dataclass
class StoredHours:
    """By owner (`LOCATION` or the id of a resource) its week and what blocks it; by day whether that day is open, and
    how it is called.

    Colleagues with the same hours have the same `Week`, the same object.
    """

    weeks: dict[int, Week]
    blocked: dict[int, list[Blocked]]
    special_days: dict[date, bool]
    names: dict[date, str]
    titled: dict[int, list[Titled]]


def read(
    location: Location, resource_ids: Collection[int], *, window: Span[int], days: range, titled: bool = False
) -> StoredHours:
    """All that bears on `window` (minutes of UTC) and on `days` (ordinals, on the wall of the location). One query.
    `titled`: also what is blocked at the desk by its title, for boards.
    """
    values = {
        "location": location.pk,
        "ids": sql.ids_as_one(resource_ids),
        "since": sql.moment(moment_of(window.start)),
        "until": sql.moment(moment_of(window.end)),
        "first": date.fromordinal(days.start).isoformat(),
        "last": date.fromordinal(days.stop - 1).isoformat(),
    }
    with connection.cursor() as cursor:
        statement = STATEMENT + TITLED if titled else STATEMENT
        cursor.execute(statement.format(owners=OWNERS[connection.vendor], of_these=sql.of_these()), values)
        return _sorted_out(cursor.fetchall(), (LOCATION, *resource_ids), until=moment_of(window.end))


def _sorted_out(rows: list[tuple[Any, ...]], owners: Collection[int], *, until: datetime) -> StoredHours:
    """`until` is when everything ends of which nobody knows the end."""
    hours: dict[int, list[Weekly]] = {owner: [] for owner in owners}
    breaks: dict[int, list[Weekly]] = {owner: [] for owner in owners}
    blocked: dict[int, list[Blocked]] = defaultdict(list)
    titled: dict[int, list[Titled]] = defaultdict(list)
    everywhere: dict[date, tuple[bool, str]] = {}
    here: dict[date, tuple[bool, str]] = {}
    for kind, whose, weekday, opens, closes, first, last, starts_at, ends_at, rule in rows:
        if kind == "blocked":
            blocked[int(whose)].append(Blocked(_moment(starts_at), _moment(ends_at or until), rule))
        elif kind == "titled":
            its_rule, by, title = rule.split("|", 2)
            when = Blocked(_moment(starts_at), _moment(ends_at), its_rule)
            titled[int(whose)].append(Titled(weekday, when, int(by) if by else None, title))
        elif kind in ("open", "closed"):
            (everywhere if whose == "0" else here)[_day(first)] = (kind == "open", rule)
        else:
            weekly = Weekly(weekday, _clock(opens), _clock(closes), first and _day(first), last and _day(last))
            for owner in whose.split(","):
                (hours if kind == "hours" else breaks)[int(owner)].append(weekly)
    # The location's own word counts more than what holds everywhere.
    special = everywhere | here
    is_open = {day: opens for day, (opens, _) in special.items()}
    names = {day: name for day, (_, name) in special.items()}
    return StoredHours(_shared(hours, breaks), blocked, is_open, names, titled)


def _shared(hours: dict[int, list[Weekly]], breaks: dict[int, list[Weekly]]) -> dict[int, Week]:
    """One `Week` for all that have the same rows, which are the same objects and come in the same order."""
    known: dict[tuple[int, ...], Week] = {}
    weeks: dict[int, Week] = {}
    for owner, works in hours.items():
        key = (*map(id, works), 0, *map(id, breaks[owner]))
        if key not in known:
            known[key] = Week(tuple(works), tuple(breaks[owner]))
        weeks[owner] = known[key]
    return weeks


# PostgreSQL answers with times; SQLite with the texts it keeps, moments in UTC.


def _clock(value: time | str) -> time:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
