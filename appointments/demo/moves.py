"""Which appointments of the past sixty days had to move, why, and how it went: the cast and the plots.

Two kinds of trouble: days on which one cause hit many people, and the single cases in between.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from appointments.demo.chance import around, at_desk, one_of, wall_clock
from appointments.demo.places import ULTRASOUND, Places
from appointments.demo.plan import Visit
from appointments.demo.reasons import CAUSES, Cause
from appointments.enums import AbsenceKind, Fault
from appointments.models import Absence, Closure


class Plot(StrEnum):
    PICKED = "picked"
    NUDGED = "picked after a nudge"
    PHONED = "picked on the phone"
    OTHER_TIMES = "asked for other times"
    CALL_ME = "asked to be called"
    SILENT = "called after silence"
    KEPT = "kept"
    CANCELLED = "cancelled"
    WITHDRAWN = "taken back"
    UNDONE = "undone"


USUALLY = (
    (Plot.PICKED, 58.0), (Plot.NUDGED, 12.0), (Plot.OTHER_TIMES, 9.0), (Plot.CALL_ME, 6.0), (Plot.SILENT, 6.0),
    (Plot.CANCELLED, 7.0), (Plot.WITHDRAWN, 1.5), (Plot.UNDONE, 1.5),
)  # fmt: skip
# Where the first time is still possible, some keep it; who asked us to move is phoned and does not leave.
WHEN_POSSIBLE = (*USUALLY, (Plot.KEPT, 22.0))
WHEN_ASKED = ((Plot.PICKED, 70.0), (Plot.PHONED, 25.0), (Plot.NUDGED, 5.0))
EVERYBODYS = "konsultasi-umum"
COME_BACK = 2
"""Stories in which the mail with the confirmation comes back."""
CAN_KEEP = frozenset({"double-booked", "hours-changed", "urgent-case"})

BY_CODE = {cause.code: cause for cause in CAUSES}


@dataclass(frozen=True)
class Trouble:
    """One cause that hit everything planned with `what` ("" is the whole place) between two hours of one day."""

    days_ago: int
    place: str
    what: str
    code: str
    since: time
    until: time
    known: timedelta
    """How long before `since` we knew."""
    title: str = ""


TROUBLES = (
    Trouble(51, "jakarta", "andreas", "leave-overlooked", time(8), time(20), timedelta(days=3)),
    Trouble(44, "jakarta", "", "flood", time(7), time(12), timedelta(hours=10), "Banjir · Flood"),
    Trouble(33, "jakarta", ULTRASOUND, "equipment-broken", time(8), time(18), timedelta(hours=16)),
    Trouble(23, "jakarta", "ratna", "staff-unavailable", time(7), time(15), timedelta(hours=14)),
    Trouble(16, "makassar", "", "power-cut", time(13), time(17), timedelta(hours=20), "Listrik padam · Power cut"),
    Trouble(9, "makassar", "baso", "staff-unavailable", time(8), time(18), timedelta(hours=15)),
)


@dataclass(frozen=True)
class Story:
    """One appointment (the index of its visit) that has to move: since when we know, why, and what comes of it.

    `comes_back`: the mail with the confirmation cannot be delivered.
    """

    index: int
    cause: Cause
    opened_at: datetime
    plot: Plot
    comes_back: bool = False


def choose(
    chance: random.Random, visits: Sequence[Visit], places: Places, *, count: int, now: datetime
) -> tuple[list[Story], list[Trouble]]:
    """About `count` stories in the order in which they began, and the troubles that really hit somebody."""
    stories: dict[int, Story] = {}
    struck = []
    for trouble in _on_working_days(visits, places, now=now)[: max(1, count // 18)]:
        hit = [index for index, visit in enumerate(visits) if _is_hit(visit, trouble, places, now=now)]
        for index in hit:
            opened = _told_at(chance, trouble, places, now=now)
            stories[index] = Story(index, BY_CODE[trouble.code], opened, one_of(chance, USUALLY[:6]))
        struck.append(trouble)
    candidates = [index for index, visit in enumerate(visits) if index not in stories]
    for index in chance.sample(candidates, len(candidates)):
        if len(stories) >= count:
            break
        story = _single(chance, index, visits[index], places, now=now)
        if story is not None:
            stories[index] = story
    picked = [
        story for story in stories.values() if story.plot == Plot.PICKED and visits[story.index].job.code == EVERYBODYS
    ]
    for story in picked[:: max(1, len(picked) // COME_BACK)][:COME_BACK]:
        stories[story.index] = replace(story, comes_back=True)
    return sorted(stories.values(), key=lambda story: story.opened_at), struck


def _on_working_days(visits: Sequence[Visit], places: Places, *, now: datetime) -> list[Trouble]:
    """The troubles, each shifted to the nearest earlier day on which it hits at least two people."""
    found = []
    for trouble in TROUBLES:
        for more in range(8):
            shifted = replace(trouble, days_ago=trouble.days_ago + more)
            if sum(_is_hit(visit, shifted, places, now=now) for visit in visits) >= 2:
                found.append(shifted)
                break
    return found


def span_of(trouble: Trouble, places: Places, *, now: datetime) -> tuple[datetime, datetime]:
    zone = places.sites[trouble.place].location.tzinfo
    day = now.astimezone(zone).date() - timedelta(days=trouble.days_ago)
    return wall_clock(day, trouble.since, zone), wall_clock(day, trouble.until, zone)


def _is_hit(visit: Visit, trouble: Trouble, places: Places, *, now: datetime) -> bool:
    if visit.place != trouble.place:
        return False
    start, end = span_of(trouble, places, now=now)
    if not (visit.starts_at < end and start < visit.ends_at):
        return False
    return not trouble.what or places.sites[trouble.place].resources[trouble.what].pk in visit.resources


def _told_at(chance: random.Random, trouble: Trouble, places: Places, *, now: datetime) -> datetime:
    """The desk works through a list: one after the other, a few minutes each."""
    start, __ = span_of(trouble, places, now=now)
    zone = places.sites[trouble.place].location.tzinfo
    return at_desk(start - trouble.known, zone) + timedelta(minutes=chance.randrange(40))


def _single(chance: random.Random, index: int, visit: Visit, places: Places, *, now: datetime) -> Story | None:
    """A case by itself, if this appointment lies so that it can have begun and ended by now."""
    cause = one_of(chance, [(cause, cause.often) for cause in CAUSES])
    notice = timedelta(days=around(chance, 2.2, least=0.3, most=9))
    zone = places.sites[visit.place].location.tzinfo
    opened = at_desk(visit.starts_at - notice, zone)
    oldest, youngest = now - timedelta(days=57), now - timedelta(days=2)
    if not (oldest < opened < youngest and visit.starts_at - opened > timedelta(hours=4)):
        return None
    plots = WHEN_ASKED if cause.fault == Fault.CUSTOMER else WHEN_POSSIBLE if cause.code in CAN_KEEP else USUALLY
    return Story(index, cause, opened, one_of(chance, plots))


def close_days(troubles: Sequence[Trouble], places: Places, *, now: datetime) -> None:
    """Writes down when the troubled could not work: closures of a place, absences of who or what was away."""
    for trouble in troubles:
        site = places.sites[trouble.place]
        start, end = span_of(trouble, places, now=now)
        if not trouble.what:
            Closure.objects.create(location=site.location, title=trouble.title, starts_at=start, ends_at=end)
            continue
        kind = AbsenceKind.MAINTENANCE if trouble.what == ULTRASOUND else AbsenceKind.UNAVAILABLE
        Absence.objects.create(resource=site.resources[trouble.what], kind=kind, starts_at=start, ends_at=end)
