"""One page of a queue as somebody asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from appointments.domain.pages.queues.asked import Asked, narrowed
from appointments.domain.pages.queues.counts import EVERYTHING, at_most, counts
from appointments.domain.pages.queues.kinds import Queue
from appointments.domain.pages.queues.lines import Line, lines
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.news import mark
from appointments.domain.pages.queues.paging import Slice, cut
from appointments.domain.pages.queues.sources import ordered


@dataclass(frozen=True)
class Page:
    """`lines` in their order; `matching` of all that stand in the queue are as they were asked for.

    `mark` says how everything stood before the first line was read. `numbers`: how many stand in each queue. Nothing is
    counted further than `counts.ENOUGH`.
    """

    queue: Queue
    asked: Asked
    lines: Sequence[Line]
    matching: int
    mark: str
    numbers: dict[str, int]
    place: Slice

    @property
    def total(self) -> int:
        return self.numbers[self.queue.code]

    @property
    def sort(self) -> str:
        return self.asked.sort or self.queue.sorts[0]

    @cached_property
    def after(self) -> str:
        """The address of the next page, without its path; "" on the last one."""
        return self.asked.at(after=self.place.after) if self.place.after else ""

    @cached_property
    def before(self) -> str:
        return self.asked.at(before=self.place.before) if self.place.before else ""


def page_of(queue: Queue, asked: Asked, moment: Moment) -> Page:
    """What changes while it is read is news at the next question, and never missed."""
    stands = mark(now=moment.now)
    name = asked.sort or queue.sorts[0]
    rows = narrowed(queue, asked, moment)
    place = cut(
        ordered(rows, queue.source, name, moment), queue.source.sort(name), after=asked.after, before=asked.before
    )
    numbers = counts(EVERYTHING, moment)
    return Page(
        queue=queue,
        asked=asked,
        lines=lines(queue, place.ids, now=moment.now),
        matching=at_most(rows).count() if asked.is_narrowed else numbers[queue.code],
        mark=stands,
        numbers=numbers,
        place=place,
    )
