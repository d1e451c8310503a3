"""What is stored of occupied time, in whole minutes."""

import pytest
from django.db import connection

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


def test_it_comes_in_order_however_it_was_booked() -> None:
    here = clinic()
    hours = [minute_of(at(f"2026-11-24 {hour}:00")) for hour in ("09", "10", "11")]
    for start in ("10:00", "11:00", "09:00"):
        here.booked(f"2026-11-24 {start}")
    window = Span(minute_of(TUESDAY.start), minute_of(TUESDAY.end))
    ends = [hour + 30 for hour in hours]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # It reads small tables in the order of an index, and large ones as the rows lie.
            cursor.execute("SET LOCAL enable_indexscan TO off; SET LOCAL enable_bitmapscan TO off")
    assert occupied([here.provider.pk], window=window, now=NOW) == {here.provider.pk: (hours, ends)}


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


def test_what_begins_is_read_of_those_who_have_a_limit() -> None:
    here = clinic(buffer_before=10)
    one, other = here.booked("2026-11-24 10:00"), here.booked("2026-11-24 23:55")
    here.booked("2026-11-25 00:00", provider=here.colleague, room=None)
    window = Span(minute_of(at("2026-11-24 12:00")), minute_of(at("2026-11-24 13:00")))
    day = Span(minute_of(TUESDAY.start), minute_of(TUESDAY.end))
    ids = [here.provider.pk, here.colleague.pk]
    begun = {
        here.provider.pk: {(one.pk, minute_of(one.starts_at)), (other.pk, minute_of(other.starts_at))},
        here.colleague.pk: set(),
    }
    assert stored_occupancy.read_starts(ids, days=day, now=NOW) == begun
    assert stored_occupancy.read_with_starts([*ids, here.room.pk], ids, window=window, days=day, now=NOW) == (
        {pk: ([], []) for pk in (*ids, here.room.pk)},
        begun,
    )
    left = stored_occupancy.read_starts([here.provider.pk], days=day, now=NOW, ignoring=[one.pk])
    assert left == {here.provider.pk: {(other.pk, minute_of(other.starts_at))}}


def test_nothing_of_the_appointments_that_are_moved_is_read() -> None:
    here = clinic()
    one, other, last = (here.booked(f"2026-11-24 {clock}:00") for clock in ("08", "10", "12"))
    window = Span(minute_of(TUESDAY.start), minute_of(TUESDAY.end))
    starts, __ = stored_occupancy.read([here.room.pk], window=window, now=NOW, ignoring=[one.pk, last.pk])[here.room.pk]
    assert starts == [minute_of(other.starts_at)]
