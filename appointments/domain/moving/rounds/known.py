"""What opening a round has to know besides its draft and what is locked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from appointments.domain import promises
from appointments.domain.compensation.promised import InForce
from appointments.domain.moving.causes import Written
from appointments.domain.schedule.outages import Outage
from appointments.models import Appointment, Business, Location, Resource

HOURS_TO_CALL = 2


class Known:
    """Read when it is asked for, and kept. Whoever opens many rounds in a row hands the same one to each of them.

    It may be some seconds old, for nothing in it decides who gets a time: that is up to the locks and the timeline, and
    what is offered is looked at again whenever it is shown and when it is chosen.
    """

    def __init__(self, written: Written | None = None) -> None:
        self._written = written
        self._call_by: dict[tuple[Location, datetime], datetime] = {}
        self._resources: dict[int, Resource] = {}

    @cached_property
    def business(self) -> Business:
        return Business.current()

    @cached_property
    def table(self) -> InForce:
        """What is given with a new time."""
        return InForce()

    def call_by(self, location: Location, respond_by: datetime) -> datetime:
        """By when we phone whoever has not answered."""
        key = location, respond_by
        if key not in self._call_by:
            self._call_by[key] = promises.due_after(location, hours=HOURS_TO_CALL, now=respond_by)
        return self._call_by[key]

    def resources(self, ids: Iterable[int]) -> dict[int, Resource]:
        """At least these, by their ids."""
        if missing := set(ids) - self._resources.keys():
            self._resources |= Resource.objects.in_bulk(missing)
        return self._resources

    def outages_for(self, appointment: Appointment) -> Sequence[Outage] | None:
        """What is written down about it; None: that is still to be read, for this appointment alone."""
        return self._written.outages_for(appointment) if self._written else None
