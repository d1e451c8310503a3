"""Who and what each row of a file takes: looked up in memory, so that many rows ask the database nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from appointments.domain.imports.matching import Unclear
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.timeline import Taken, Timeline
from appointments.domain.schedule.requirements import Needs, needs_of
from appointments.domain.schedule.slot_search import assign
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.errors import SlotTaken
from appointments.models import Location, Resource, Service


class Wish(NamedTuple):
    """What is to take place when and where, with whom and in which room if that is said."""

    span: Span[datetime]
    service: Service
    location: Location
    provider: Resource | None
    room: Resource | None = None


class Placing:
    """The timeline as it stands, and as it will be with what has been placed so far."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._needs: dict[tuple[int, int], Needs] = {}
        self._names = dict(Resource.objects.values_list("pk", "name"))

    def load(self, rows: Collection[ImportedRow], *, now: datetime) -> None:
        if not rows:
            return
        first = min(row.starts_at for row in rows) - timedelta(days=1)
        last = max(row.ends_at or row.starts_at for row in rows) + timedelta(days=2)
        self.timeline.load(Span(first, last), now=now)

    def find(self, wish: Wish) -> Slot:
        """Who and what is free then. Without the service's buffers: elsewhere it was booked without them.

        Raises `SlotTaken` with what is in the way, `Unclear` when the service is not given there.
        """
        span, service, location, provider, room = wish
        needs = self._needs.setdefault((service.pk, location.pk), needs_of(service, location))
        if not needs.can_be_met:
            raise Unclear(_("“%(service)s” is not given at %(place)s.") % {"service": service, "place": location})
        wanted = _with_room([need.candidates for need in needs.each], room)
        leaders: Collection[int] = wanted[needs.leading]
        if provider is not None and needs.has_provider:
            leaders = [provider.pk] if provider.pk in leaders else leaders
        free = [[pk for pk in candidates if not self.timeline.busy(pk, span)] for candidates in wanted]
        for leader in leaders:
            chosen = (
                assign(free, leading=needs.leading, leader=leader) if not self.timeline.busy(leader, span) else None
            )
            if chosen:
                return Slot(span.start, span.end, leader if needs.has_provider else None, chosen)
        named = [*leaders, *([room.pk] if room else ())]
        raise SlotTaken(self._in_the_way(span, named, needs))

    def rearrange(self, wishes: Mapping[int, Wish]) -> tuple[dict[int, Slot], dict[int, Exception]]:
        """Slots by appointment, and why some get none. All leave their times first, so that two may change places.

        Who finds none stays, and may so be in the way of others: they are placed anew until all have theirs.
        """
        refused: dict[int, Exception] = {}
        while True:
            moving = {pk: wish for pk, wish in wishes.items() if pk not in refused}
            left = {pk: self.timeline.forget(pk) for pk in moving}
            placed: dict[int, Slot] = {}
            before = len(refused)
            for pk, wish in moving.items():
                try:
                    placed[pk] = self.find(wish)
                except (SlotTaken, Unclear) as problem:
                    refused[pk] = problem
                else:
                    self.take(placed[pk], appointment_id=pk)
            if len(refused) == before:
                return placed, refused
            for pk, taken in left.items():
                self.timeline.forget(pk)
                for one in taken:
                    self.timeline.add(one)

    def take(self, slot: Slot, *, appointment_id: int | None = None) -> None:
        for pk in slot.resource_ids:
            self.timeline.add(Taken(pk, Span(slot.starts_at, slot.ends_at), appointment_id))

    def _in_the_way(self, span: Span[datetime], named: Iterable[int], needs: Needs) -> str:
        for pk in [*named, *needs.resource_ids]:
            if taken := self.timeline.busy(pk, span):
                number = taken.appointment_id
                what = _("appointment %(number)s") % {"number": number} if number else _("another line of this file")
                return _("%(name)s is busy then: %(what)s.") % {"name": self._names[pk], "what": what}
        return _("Not everything that this needs is free then.")


def _with_room(each: Sequence[Collection[int]], room: Resource | None) -> list[Collection[int]]:
    """The candidates for each requirement; the first that `room` can meet is left to it alone."""
    wanted = list(each)
    place = next((number for number, candidates in enumerate(each) if room and room.pk in candidates), None)
    if room and place is not None:
        wanted[place] = (room.pk,)
    return wanted
