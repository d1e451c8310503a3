"""Pages by key: each says where the next one begins, so that the thousandth costs what the first one does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from appointments.domain.pages.queues.sources import Sort, in_order

SIZE = 50
LONGEST = 600
"""Characters of a place in a queue; a longer one is none of ours."""


@dataclass(frozen=True)
class Slice:
    """The ids of one page in their order, and from where on the page before and after it are read; "" for none."""

    ids: tuple[int, ...]
    before: str
    after: str


def cut(rows: QuerySet[Any], sort: Sort, *, after: str = "", before: str = "") -> Slice:
    """`SIZE` of `rows` at most: what follows `after`, else what stands before `before`, else the first ones. One query.

    Only the keys are read here, since a database that sorts carries along whatever else it reads.
    """
    backwards = not after and bool(before)
    place = read_place(before if backwards else after, sort)
    backwards = backwards and place is not None
    if place is not None:
        rows = rows.filter(_beyond(sort, place, backwards=backwards))
    names = (*sort.names, "pk")
    found = list(rows.order_by(*in_order(sort, backwards=backwards)).values_list(*names)[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    if backwards:
        found.reverse()
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Slice(
        ids=tuple(one[-1] for one in found),
        before=write_place(found[0]) if found and has_before else "",
        after=write_place(found[-1]) if found and has_after else "",
    )


def write_place(values: Sequence[Any]) -> str:
    """Where a row stands, for an address."""
    plain = [one.isoformat() if isinstance(one, datetime) else one for one in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_place(text: str, sort: Sort) -> tuple[Any, ...] | None:
    """None for nonsense, and for a place in another order."""
    if not text or len(text) > LONGEST:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        *values, pk = plain
        read = tuple(reads(one) for (_name, reads), one in zip(sort.keys, values, strict=True))
        return (*read, int(pk)) if abs(int(pk)) < 2**63 else None
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        return None


def _beyond(sort: Sort, place: Sequence[Any], *, backwards: bool) -> Q:
    """What comes after `place`: the first key in which a row differs decides.

    That the first key lies not before it is said once more by itself, for an index to begin there.
    """
    beyond, names = "lt" if backwards else "gt", (*sort.names, "pk")
    found = Q()
    for number, name in enumerate(names):
        same = dict(zip(names[:number], place[:number], strict=True))
        found |= Q(**same, **{f"{name}__{beyond}": place[number]})
    return Q(**{f"{names[0]}__{beyond}e": place[0]}) & found
