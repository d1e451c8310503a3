"""How somebody wants to see a queue: narrowed to what, in which order, from where on. As an address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.pages.queues.kinds import Queue
from appointments.domain.pages.queues.moment import Moment

FILTERS = ("place", "person", "kind", "due", "sort")
"""What stays as it was asked for until it is asked for otherwise; where in the queue one reads does not."""


class Due(TextChoices):
    OVERDUE = "overdue", _("overdue")
    TODAY = "today", _("today or overdue")


@dataclass(frozen=True)
class Asked:
    """Everything empty: all of it, in its usual order, from the beginning."""

    place: str = ""
    person: int | None = None
    kind: str = ""
    due: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.place or self.person or self.kind or self.due)

    @property
    def query(self) -> str:
        """The filters as they stand in an address; the same ones are the same text. "" for none."""
        return urlencode([(name, value) for name in FILTERS if (value := getattr(self, name))])

    def at(self, *, after: str = "", before: str = "") -> str:
        """The same with the page that follows or stands before."""
        where = [(name, value) for name, value in (("after", after), ("before", before)) if value]
        return "&".join(filter(None, (self.query, urlencode(where))))

    @property
    def address(self) -> str:
        return self.at(after=self.after, before=self.before)

    def sorted_by(self, sort: str) -> "Asked":
        return replace(self, sort=sort, after="", before="")


def read(queue: Queue, data: Mapping[str, Any]) -> Asked:
    """What an address asks of this queue. Nonsense is as if it had not been said."""
    person = str(data.get("person", ""))
    others = queue.sorts[1:]
    sort, kind, due = (str(data.get(name, "")) for name in ("sort", "kind", "due"))
    return Asked(
        place=str(data.get("place", "")).replace("\x00", "")[:50],
        person=int(person) if person.isascii() and person.isdecimal() and len(person) < 10 else None,
        kind=kind if kind in queue.kinds else "",
        due=due if due in Due.values and queue.source.owned else "",
        sort=sort if sort in others else "",
        after=str(data.get("after", "")),
        before=str(data.get("before", "")),
    )


def narrowed(queue: Queue, asked: Asked, moment: Moment) -> QuerySet[Any]:
    """What of the queue is asked for."""
    rows, source = queue.rows(moment), queue.source
    if asked.place:
        rows = rows.filter(**{f"{source.place}__code": asked.place})
    if asked.person:
        rows = rows.filter(**{source.person: asked.person})
    if asked.kind:
        rows = rows.filter(queue.kinds[asked.kind].is_so())
    if asked.due:
        rows = rows.filter(source.is_overdue(moment) if asked.due == Due.OVERDUE else source.is_due_today(moment))
    return rows
