"""A share of every day stays free for those who book anew."""

from typing import Any

import pytest

from appointments.domain.schedule.many.spare import minutes_to_give
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY, midnight, minute_of
from tests.clock import NOW, at
from tests.factories import AbsenceFactory, Clinic, ProviderFactory, clinic, open_weekly

pytestmark = pytest.mark.django_db
TUESDAY = midnight(at("2026-11-24 00:00").date()) // DAY
OPEN = 9 * 60
"""From 8 to 17."""


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def given(melati: Clinic, keep_free: int, *, since: str = "2026-11-23 09:00", until: str = "2026-11-25 00:00") -> Any:
    window = Span(minute_of(at(since)), minute_of(at(until)))
    return minutes_to_give([melati.provider.pk], window=window, now=NOW, keep_free=keep_free)


def test_without_a_share_nothing_is_limited_and_nothing_is_asked(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert given(melati, 0) == {}


@pytest.mark.parametrize(("keep_free", "left"), [(10, OPEN - 54), (50, OPEN // 2), (90, 54)])
def test_of_an_empty_day_the_rest_may_be_given(melati: Clinic, keep_free: int, left: int) -> None:
    assert given(melati, keep_free)[melati.provider.pk, TUESDAY] == left


def test_what_is_booked_is_not_free_and_the_share_is_of_the_open_hours(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    assert given(melati, 50)[melati.provider.pk, TUESDAY] == OPEN // 2 - 30


def test_a_day_that_is_fuller_than_its_share_gives_nothing(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    assert given(melati, 100)[melati.provider.pk, TUESDAY] == 0


def test_a_share_is_rounded_for_those_who_book_anew(melati: Clinic) -> None:
    AbsenceFactory(resource=melati.provider, starts_at=at("2026-11-24 08:01"), ends_at=at("2026-11-24 17:00"))
    assert given(melati, 1)[melati.provider.pk, TUESDAY] == 0


def test_days_on_which_nobody_works_are_missing_and_nights_are_cut_at_midnight(melati: Clinic) -> None:
    nurse = ProviderFactory(location=melati.location)
    open_weekly(
        melati.location,
        weekdays=[0, 1],
        opens_at=at("2026-11-24 20:00").time(),
        closes_at=at("2026-11-24 02:00").time(),
        overnight=True,
    )
    open_weekly(
        nurse,
        weekdays=[1],
        opens_at=at("2026-11-24 22:00").time(),
        closes_at=at("2026-11-24 02:00").time(),
        overnight=True,
    )
    window = Span(minute_of(at("2026-11-24 12:00")), minute_of(at("2026-11-26 00:00")))

    left = minutes_to_give([nurse.pk], window=window, now=NOW, keep_free=50)

    assert left == {(nurse.pk, TUESDAY): 60, (nurse.pk, TUESDAY + 1): 60}
