"""“We run so many minutes late”: who begins when, who is told of it, and who cannot, before anybody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.disruptions.late import today
from appointments.domain.disruptions.late.shifts import Booking, shifts
from appointments.domain.disruptions.late.today import Today
from appointments.domain.messages import previews
from appointments.domain.messages.previews import Preview
from appointments.domain.moving import rounds
from appointments.domain.moving.rounds import Later
from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.slots import Alternative
from appointments.domain.schedule.spans import Span
from appointments.errors import DomainError
from appointments.models import Appointment, Disruption, Location, Reason, RescheduleRequest, Resource

FEWEST, MOST = 10, 180
"""Minutes that one can run late. Of less nobody has to hear, and for more there is another day."""
WORTH_A_MESSAGE = timedelta(minutes=10)
"""Whoever begins so much later than they know of is told; of less they hear when they come."""


@dataclass(frozen=True)
class Late:
    """What a colleague says: which people of a place run late, by how much, why, and who answers for it."""

    place: Location
    people: tuple[int, ...]
    minutes: int
    reason: Reason
    contact: User
    personal_note: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One appointment that does not begin as it stands: at `starts_at`, or None when it cannot begin later today.

    `knows` is the hour that its customer was told last, `round_` the one in which they were told of it today.
    """

    appointment: Appointment
    booking: Booking
    knows: datetime
    starts_at: datetime | None
    round_: RescheduleRequest | None = None
    outside_hours: bool = False

    @property
    def later(self) -> timedelta:
        """By how much its customer has to wait longer than they know of."""
        return self.starts_at - self.knows if self.starts_at else timedelta()

    @property
    def minutes(self) -> int:
        return self.later // timedelta(minutes=1)

    @property
    def is_told(self) -> bool:
        return self.later >= WORTH_A_MESSAGE

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + self.appointment.duration if self.starts_at else None


@dataclass(frozen=True)
class Shift:
    """All that changes, the soonest first; `stays` is how many begin as they stand."""

    lines: Sequence[Line]
    stays: int

    @property
    def shifted(self) -> list[Line]:
        return [one for one in self.lines if one.starts_at]

    @property
    def told(self) -> list[Line]:
        return [one for one in self.shifted if one.is_told]

    @property
    def impossible(self) -> list[Line]:
        """Those that have to move, to another time or to somebody else."""
        return [one for one in self.lines if not one.starts_at]

    def by_customer(self) -> list[list[Line]]:
        """Those who are told, each with all of theirs: they read of them in one message."""
        lines: dict[int, list[Line]] = {}
        for one in self.told:
            lines.setdefault(one.appointment.customer_id, []).append(one)
        return list(lines.values())

    @property
    def people(self) -> int:
        return len(self.by_customer())


def preview(late: Late, *, now: datetime) -> Shift:
    """What `declare` would do. Raises `DomainError` for what nobody can mean. Eight queries, whoever is booked."""
    if not late.people:
        raise DomainError(_("Choose who runs late."))
    if not FEWEST <= late.minutes <= MOST:
        raise DomainError(_("Say by how much: %(fewest)d to %(most)d minutes.") % {"fewest": FEWEST, "most": MOST})
    found = today.read(late.place, late.people, now=now)
    starts = shifts(found.bookings, found.day, late=timedelta(minutes=late.minutes))
    outside = _outside_hours(found, starts)
    lines = [_line(one, found, starts[one.key], one.key in outside) for one in found.bookings if one.key in starts]
    return Shift(lines, stays=len(found.bookings) - len(lines))


def later_of(
    late: Late, line: Line, *, disruption: Disruption | None = None, others: Sequence[Alternative] = ()
) -> Later:
    """What the customer of this line is told."""
    return Later(line.knows, late.reason, late.contact, disruption, late.personal_note, others)


def as_told(late: Late, lines: Sequence[Line], *, by: Actor, now: datetime) -> list[Preview]:
    """The message to the customer whose lines these are, exactly as it would go out. Raises `CannotBeWritten`."""
    composed = [
        rounds.compose_later(one.appointment, later_of(late, one), starts_at=one.starts_at or one.knows, by=by, now=now)
        for one in lines
    ]
    first, *others = sorted(composed, key=lambda one: (one.respond_by, one.appointment.pk))
    return previews.delay_as_sent(first, others)


def _line(one: Booking, found: Today, starts_at: datetime | None, outside_hours: bool) -> Line:
    appointment, round_ = found.appointments[one.key], found.rounds.get(one.key)
    return Line(appointment, one, found.knows[one.key], starts_at, round_, outside_hours)


def _outside_hours(found: Today, starts: dict[int, datetime | None]) -> set[int]:
    """The keys of those that end when somebody or something they need is gone already. It is done all the same."""
    meetings = {one.key: (one, one.meeting(start)) for one in found.bookings if (start := starts.get(one.key))}
    if not meetings:
        return set()
    ids = {pk for one, _meeting in meetings.values() for pk in one.resources}
    whole = Span(min(meeting.start for _one, meeting in meetings.values()), found.day.until)
    opened = open_spans(Resource.objects.filter(pk__in=ids).select_related("location"), window=whole)
    return {
        key
        for key, (one, meeting) in meetings.items()
        if not all(any(span.holds(meeting) for span in opened[pk]) for pk in one.resources)
    }
