"""What cannot be had, in the shape of the search."""

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule.outages import Outage, missing, said_at
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.hours import LOCATION
from appointments.enums import DisruptionScope, DisruptionSource
from tests.clock import NOW, at, minutes
from tests.factories import Clinic

TEN, NOON = at("2026-11-24 10:00"), at("2026-11-24 12:00")


@pytest.mark.parametrize(
    ("first", "last", "hit"),
    [(-30, 0, False), (-30, 1, True), (119, 150, True), (120, 150, False), (30, 60, True), (-10, 130, True)],
)
def test_it_hits_what_shares_a_minute_with_it(first: int, last: int, hit: bool) -> None:
    assert Outage(frozenset({1}), TEN, NOON).hits(Span(TEN + minutes(first), TEN + minutes(last))) is hit


def test_without_an_end_it_never_ends() -> None:
    far = Span(at("2099-01-01 10:00"), at("2099-01-01 10:30"))
    assert Outage(frozenset({1}), TEN, None).takes((1,), far)
    assert not Outage(frozenset({1}), TEN, None).takes((1,), Span(TEN - minutes(30), TEN))


def test_it_takes_its_own_and_a_place_takes_all() -> None:
    span = Span(TEN, NOON)
    one, place = Outage(frozenset({1}), TEN, NOON), Outage(frozenset({LOCATION}), TEN, NOON)
    assert missing([one], [1, 2], span) == {1}
    assert missing([place], [1, 2], span) == {1, 2}
    assert missing([one], [2, 3], span) == set()


@pytest.mark.django_db
def test_only_what_colleagues_said_and_what_stands_counts_here(melati: Clinic) -> None:
    by = actors.staff(melati.staff)
    ill = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, TEN, NOON, (melati.provider.pk,))
    absent = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, TEN, None, (melati.colleague.pk,))
    itself = WhatIsMissing(DisruptionScope.APPOINTMENT, melati.location, TEN, NOON, appointment=melati.booked())
    said = affected.declare(ill, reason=melati.reason, by=by, now=NOW)
    affected.declare(absent, reason=None, by=by, now=NOW, source=DisruptionSource.ABSENCE)
    affected.declare(itself, reason=melati.reason, by=by, now=NOW)
    assert said_at(melati.location, span=Span(TEN, NOON)) == [Outage(frozenset({melati.provider.pk}), TEN, NOON)]
    assert said_at(melati.location, span=Span(NOON, NOON + minutes(30))) == []
    affected.call_off(said, now=NOW)
    assert said_at(melati.location, span=Span(TEN, NOON)) == []
