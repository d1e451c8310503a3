"""What is stored of occupied time, in whole minutes."""

import pytest

from appointments.domain.schedule.availability import occupied
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import occupancy as stored_occupancy
from appointments.domain.schedule.wallclock import minute_of
from tests.clock import NOW, at, minutes
from tests.factories import clinic

pytestmark = pytest.mark.django_db

TUESDAY = Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def test_a_minute_begun_is_a_minute_occupied() -> None:
    here = clinic()
    here.booked("2026-11-24 10:00:20")
    window = Span(minute_of(TUESDAY.start), minute_of(TUESDAY.end))
    busy = occupied([here.provider.pk, here.colleague.pk], window=window, now=NOW)
    assert busy == {
        here.provider.pk: ([minute_of(at("2026-11-24 10:00"))], [minute_of(at("2026-11-24 10:31"))]),
        here.colleague.pk: ([], []),
    }


def test_a_part_of_a_second_occupies_its_minute_too() -> None:
    here = clinic()
    here.booked(at("2026-11-24 10:00") + minutes(0.00001))
    window = Span(minute_of(TUESDAY.start), minute_of(TUESDAY.end))
    assert occupied([here.provider.pk], window=window, now=NOW) == {
        here.provider.pk: ([minute_of(at("2026-11-24 10:00"))], [minute_of(at("2026-11-24 10:31"))])
    }


def test_what_only_touches_the_window_is_left_out_and_what_reaches_in_is_whole() -> None:
    here = clinic()
    for start in ("08:30", "09:00", "10:30", "11:00"):
        here.booked(f"2026-11-24 {start}")
    window = Span(minute_of(at("2026-11-24 09:00")), minute_of(at("2026-11-24 11:00")))
    starts, ends = stored_occupancy.read([here.provider.pk], window=window, now=NOW)[here.provider.pk]
    assert starts == [minute_of(at("2026-11-24 09:00")), minute_of(at("2026-11-24 10:30"))]
    assert ends == [minute_of(at("2026-11-24 09:30")), minute_of(at("2026-11-24 11:00"))]


def test_texts_of_times_are_read_to_the_minute() -> None:
    down = stored_occupancy.MinutesOfTexts(round_up=False)
    up = stored_occupancy.MinutesOfTexts(round_up=True)
    ten = minute_of(at("2026-11-24 10:00", "UTC"))
    for text, begun in (("2026-11-24 10:00:00", 0), ("2026-11-24 10:00:01", 1), ("2026-11-24 10:00:00.5", 1)):
        assert (down[text], up[text]) == (ten, ten + begun)
    assert down.all_in("2026-11-24 10:01:00,2026-11-24 10:00:00") == [ten, ten + 1]
