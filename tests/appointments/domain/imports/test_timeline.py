"""Who is taken when, kept in memory."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain.imports.timeline import Taken, Timeline
from appointments.domain.schedule.spans import Span
from tests.clock import NOW, at
from tests.factories import Clinic


def span(start: str, end: str) -> Span[datetime]:
    return Span(at(f"2026-11-{start}"), at(f"2026-11-{end}"))


def test_who_is_taken_is_busy_and_who_only_follows_is_not() -> None:
    timeline = Timeline()
    taken = Taken(1, span("24 10:00", "24 10:30"), 7)
    timeline.add(taken)
    for start, end, busy in (
        ("24 09:30", "24 10:00", None), ("24 09:30", "24 10:01", taken), ("24 10:29", "24 11:00", taken),
        ("24 10:30", "24 11:00", None), ("24 10:10", "24 10:20", taken), ("24 09:00", "24 12:00", taken),
    ):  # fmt: skip
        assert (start, end, timeline.busy(1, span(start, end))) == (start, end, busy)
    assert timeline.busy(2, span("24 10:00", "24 10:30")) is None


def test_what_reaches_over_midnight_is_found_on_each_of_its_days() -> None:
    timeline = Timeline()
    timeline.add(Taken(1, span("24 22:00", "27 08:00"), None))
    for day in (25, 26):
        assert timeline.busy(1, span(f"{day} 10:00", f"{day} 10:30"))
    assert timeline.busy(1, span("23 10:00", "28 10:00"))


def test_what_is_forgotten_can_be_added_again() -> None:
    timeline = Timeline()
    mine, theirs = Taken(1, span("24 10:00", "24 10:30"), 7), Taken(2, span("24 10:00", "24 10:30"), 8)
    for one in (mine, theirs):
        timeline.add(one)
    assert timeline.forget(7) == [mine]
    assert timeline.forget(7) == []
    assert timeline.busy(1, mine.span) is None
    assert timeline.busy(2, theirs.span) == theirs
    timeline.add(mine)
    assert timeline.busy(1, mine.span) == mine


@pytest.mark.django_db
def test_what_stands_is_loaded_in_one_query_and_expired_holds_are_not(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 10:00"))
    held = round_.holds.filter(resource=melati.provider).first()
    assert held
    held_span = Span(held.starts_at, held.ends_at)
    for now, busy in ((NOW, True), (round_.respond_by, False)):
        timeline = Timeline()
        with django_assert_num_queries(1):
            timeline.load(span("23 00:00", "30 00:00"), now=now)
        assert timeline.busy(melati.provider.pk, span("24 10:15", "24 10:20"))
        assert bool(timeline.busy(melati.provider.pk, held_span)) is busy
