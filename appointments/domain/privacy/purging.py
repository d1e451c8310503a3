"""The sweep that takes away what has had its time: some rows of each kind in a transaction of their own.

A worker that dies in the middle has taken a batch or nothing of it, and how much went is written in the same
transaction; of two workers each takes what the other one has not locked.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from appointments.domain.customers.merging import locked_records
from appointments.domain.privacy.periods import Period, periods
from appointments.domain.privacy.stores import STORES, Store
from appointments.domain.transactions import one_transaction
from appointments.enums import DataKind
from appointments.errors import DomainError
from appointments.models import PurgeDay

BATCH = 200
FEW = 20
"""Somebody who is forgotten is many rows."""
MOST_BATCHES = 5
"""Of one store each time: the sweep comes again soon, and others wait for the worker."""


def purge(*, now: datetime) -> dict[DataKind, int]:
    """Takes away what is due, of everything a bounded amount. A sweep: safe to run twice at once. Returns how much."""
    gone = dict.fromkeys(DataKind, 0)
    known = periods()
    for period in known.values():
        _write_down(period, now=now)
    for store in STORES:
        cutoff = known[store.kind].cutoff(now=now)
        if cutoff is not None:
            gone[store.kind] += _of_store(store, known[store.kind], cutoff, now=now)
    return gone


def _of_store(store: Store, period: Period, cutoff: datetime, *, now: datetime) -> int:
    gone = 0
    if store.locks_itself:
        some = list(store.due(cutoff, now=now).order_by("pk")[: FEW * MOST_BATCHES])
        return sum(_one(store, row, period, cutoff, now=now) for row in some)
    for _number in range(MOST_BATCHES):
        gone += (taken := _batch(store, period, cutoff, now=now))
        if not taken:
            break
    return gone


@one_transaction
def _batch(store: Store, period: Period, cutoff: datetime, *, now: datetime) -> int:
    due = store.due(cutoff, now=now).order_by("pk").values_list("pk", flat=True)[:BATCH]
    found = store.model._default_manager.filter(pk__in=list(due))
    locked = list(found.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    # Whoever opened something about one of them meanwhile held its lock: asked again, it is not due.
    rows = list(store.due(cutoff, now=now).filter(pk__in=locked).values_list("pk", flat=True))
    if rows:
        store.take(store.kept().filter(pk__in=rows), now)
        _write_down(period, now=now, gone=len(rows))
    return len(rows)


@one_transaction
def _one(store: Store, row: Any, period: Period, cutoff: datetime, *, now: datetime) -> int:
    """A customer with everything of theirs, whose appointments are locked first as everywhere."""
    try:
        locked_records(row)
    except DomainError:  # somebody puts their records together at this moment: the next sweep comes by
        return 0
    rows = store.due(cutoff, now=now).filter(pk=row.pk)
    if not rows.exists():
        return 0
    store.take(list(rows), now)
    _write_down(period, now=now, gone=1)
    return 1


@one_transaction
def _write_down(period: Period, *, now: datetime, gone: int = 0) -> None:
    """That it was looked for, and how much went."""
    cutoff = period.cutoff(now=now)
    if cutoff is None:
        return
    of_today = {"kind": period.kind, "day": now.astimezone(UTC).date()}
    row, _is_new = PurgeDay.objects.get_or_create(**of_today, defaults={"ran_at": now, "before": cutoff})
    PurgeDay.objects.filter(pk=row.pk).update(
        ran_at=Greatest(F("ran_at"), now), before=Greatest(F("before"), cutoff), gone=F("gone") + gone
    )
