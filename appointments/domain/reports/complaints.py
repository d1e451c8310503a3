"""What complaints came of, how they went, and what became of the customers: by cause, and by whether we helped.

Days are those of the place. Of causes and answers, never of people.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from appointments.domain.colleagues import Places, at
from appointments.domain.reports.days import on_days
from appointments.domain.reports.moves import AGAIN
from appointments.enums import AppointmentState, CaseConcern, Mood
from appointments.models import Appointment, Reason, RecoveryCase


class Helped(TextChoices):
    """What customers said when they were asked whether our answer settled it."""

    YES = "yes", gettext_lazy("it was settled")
    NO = "no", gettext_lazy("not settled by our first answer")
    UNSAID = "unsaid", pgettext_lazy("complaint", "not said")


@dataclass(frozen=True)
class Row:
    """Of the complaints of one group: `closed` and the median `hours` from opening to closing (None: none is closed);
    how many were `reopened`; `returned`: whose customer booked again since, for at most 90 days after it was opened.
    """

    key: str
    label: str
    count: int
    closed: int
    hours: float | None
    reopened: int
    returned: int

    @property
    def returned_share(self) -> float | None:
        return self.returned / self.count if self.count else None


@dataclass(frozen=True)
class Moods:
    """How many came in this mood, and how they left once it was settled; `unsaid`: who did not say."""

    came: Mood
    left: Sequence[tuple[Mood, int]]
    unsaid: int


@dataclass(frozen=True)
class Report:
    by_cause: Sequence[Row]
    by_answer: Sequence[Row]
    moods: Sequence[Moods]
    total: Row


Cases = Sequence[RecoveryCase]


def complaints_between(first: date, last: date, *, places: Places = None) -> Report:
    """Of the complaints at `places` that were opened from `first` to `last`, both included, and in which something went
    wrong.

    Three queries, whatever the size.
    """
    found = list(at(_opened(first, last), places, place="appointment__location"))
    names = {reason.pk: str(reason) for reason in Reason.objects.filter(pk__in={one.cause_id for one in found})}
    causes = _rows(
        found, lambda one: str(one.cause_id or ""), lambda key: names[int(key)] if key else _("not found yet")
    )
    answers = _rows([one for one in found if not one.is_open], _helped, lambda key: str(Helped(key).label))
    order = list(Helped.values)
    return Report(
        by_cause=sorted(causes, key=lambda row: (-row.count, row.label)),
        by_answer=sorted(answers, key=lambda row: order.index(row.key)),
        moods=[_moods(mood, [one for one in found if one.mood_before == mood]) for mood in reversed(Mood)],
        total=_row("", _("All together"), found),
    )


def _opened(first: date, last: date) -> QuerySet[RecoveryCase]:
    until = ExpressionWrapper(OuterRef("opened_at") + AGAIN, output_field=DateTimeField())
    booked_since = Appointment.objects.filter(
        customer=OuterRef("appointment__customer"), created_at__gt=OuterRef("opened_at"), starts_at__lte=until
    ).exclude(Q(pk=OuterRef("appointment")) | Q(state=AppointmentState.CANCELLED))
    cases: QuerySet[RecoveryCase] = RecoveryCase.objects.exclude(concern=CaseConcern.NOTHING).filter(
        on_days("opened_at", first, last)
    )
    return cases.annotate(has_returned=Exists(booked_since)).order_by(F("opened_at"), "pk")


def _helped(case: RecoveryCase) -> str:
    """A complaint that had to be opened again was not settled at first, whatever was said in the end."""
    if case.solved is False or case.reopened:
        return Helped.NO
    return Helped.YES if case.solved else Helped.UNSAID


def _rows(found: Cases, key_of: Callable[[RecoveryCase], str], label_of: Callable[[str], str]) -> list[Row]:
    groups: dict[str, list[RecoveryCase]] = defaultdict(list)
    for one in found:
        groups[key_of(one)].append(one)
    return [_row(key, label_of(key), group) for key, group in groups.items()]


def _row(key: str, label: str, group: Cases) -> Row:
    took = [_hours(one.opened_at, one.closed_at) for one in group if one.closed_at]
    return Row(
        key=key,
        label=label,
        count=len(group),
        closed=len(took),
        hours=median(took) if took else None,
        reopened=sum(one.reopened > 0 for one in group),
        returned=sum(one.has_returned for one in group),  # type: ignore[attr-defined]  # of _opened()
    )


def _moods(came: Mood, group: Cases) -> Moods:
    left = [(mood, sum(one.mood_after == mood for one in group)) for mood in Mood]
    return Moods(came, left, unsaid=sum(not one.mood_after for one in group))


def _hours(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(hours=1)
