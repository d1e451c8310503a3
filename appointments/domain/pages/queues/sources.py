"""What stands in queues: promises, proposals, complaints, appointments; and where each keeps what one asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from appointments.domain.pages.queues.moment import Moment
from appointments.models import Answer, Appointment, Promise, RecoveryCase, RescheduleRequest
from appointments.models.promise import CALL_KINDS, PRESSING


@dataclass(frozen=True)
class Sort:
    """An order: the fields or annotations that it goes by, each with what reads its value out of an address."""

    keys: tuple[tuple[str, Callable[[Any], Any]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _read in self.keys)


def moment_in(value: Any) -> datetime:
    """Raises ValueError, TypeError or OverflowError for what is none."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found.astimezone(UTC)  # an OverflowError, before any database is asked


def text_in(value: Any) -> str:
    """Raises ValueError for what no database stores."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()
    return value


def turn_in(value: Any) -> int:
    """Raises ValueError for what is none of `_with_turn`."""
    if value not in (0, 1, 2):
        raise ValueError(value)
    return int(value)


@dataclass(frozen=True, eq=False)
class Source:
    """One table. `appointment` is the way from a row to its appointment, `person` to whoever has it; `owned`: whether
    that is a colleague, or somebody the appointment is with. `due`: by when it is to be done.
    """

    rows: Callable[[], QuerySet[Any]]
    appointment: str
    due: str
    person: str
    owned: bool
    ordered: Mapping[str, Callable[[QuerySet[Any], Moment], QuerySet[Any]]]
    """What an order needs besides the fields of the table."""

    @property
    def place(self) -> str:
        return f"{self.appointment}location"

    def is_overdue(self, moment: Moment) -> Q:
        return Q(**{f"{self.due}__lt": moment.now})

    def is_due_today(self, moment: Moment) -> Q:
        return moment.is_due_today(due=self.due, zone=f"{self.place}__zone")

    def sort(self, name: str) -> Sort:
        """Raises KeyError for an order that we do not know."""
        return {
            "turn": Sort((("turn", turn_in), (self.due, moment_in))),
            "due": Sort(((self.due, moment_in),)),
            "time": Sort(((f"{self.appointment}starts_at", moment_in),)),
            "customer": Sort(((f"{self.appointment}customer__name", text_in),)),
        }[name]


NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When what nobody owes falls due: a place in a queue has no empty hours."""


def _with_turn(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """What is due within the hour comes first, then what is urgent to the customer, then everything else."""
    urgent = Exists(Answer.objects.filter(request=OuterRef("request"), wishes__urgent=True))
    pressing = When(due_at__lt=moment.now + PRESSING, then=0)
    return rows.annotate(turn=Case(pressing, When(urgent, then=1), default=2))


def _cases() -> QuerySet[Any]:
    """With `due_by`, when the first of what we owe falls due. A complaint for which nothing is owed is never due, and
    stands behind the others, the oldest first.
    """
    owed = Promise.objects.open().filter(appointment=OuterRef("appointment"), kind__in=CALL_KINDS).order_by("due_at")
    first = Coalesce(owed.values("due_at")[:1], Value(NEVER), output_field=DateTimeField())
    return RecoveryCase.objects.open().annotate(due_by=first)


PROMISES = Source(
    rows=lambda: Promise.objects.open(),
    appointment="appointment__",
    due="due_at",
    person="owner",
    owned=True,
    ordered={"turn": _with_turn},
)
ROUNDS = Source(
    rows=lambda: RescheduleRequest.objects.undecided(),
    appointment="appointment__",
    due="respond_by",
    person="contact",
    owned=True,
    ordered={},
)
CASES = Source(
    rows=_cases,
    appointment="appointment__",
    due="due_by",
    person="owner",
    owned=True,
    ordered={},
)
APPOINTMENTS = Source(
    rows=lambda: Appointment.objects.all(),
    appointment="",
    due="starts_at",
    person="provider",
    owned=False,
    ordered={},
)


def ordered(rows: QuerySet[Any], source: Source, sort: str, moment: Moment) -> QuerySet[Any]:
    """`rows` with what `sort` goes by."""
    prepare = source.ordered.get(sort)
    return prepare(rows, moment) if prepare else rows


def in_order(sort: Sort, *, backwards: bool) -> list[Any]:
    """For `order_by`; of two that are alike the older row comes first."""
    fields = [F(name) for name in (*sort.names, "pk")]
    return [one.desc() if backwards else one.asc() for one in fields]
