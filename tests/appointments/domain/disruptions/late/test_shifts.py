"""Somebody runs late: who begins how much later, minute by minute."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain.disruptions.late.shifts import Booking, Day, shifts
from appointments.domain.schedule.spans import Span
from tests.clock import at, hours, minutes

RATNA, BUDI, ROOM = 1, 2, 11
EVENING = at("2026-11-24 00:00")


def clock(text: str) -> datetime:
    return at(f"2026-11-23 {text}")


def booking(key: int, start: str, *, length: int = 30, now_at: str = "", **others: Any) -> Booking:
    """Booked with Ratna and a room of its own for a customer of its own; `now_at`: to which it was put meanwhile."""
    return Booking(
        key=key,
        booked=clock(start),
        start=clock(now_at or start),
        length=minutes(length),
        **{"customer": 100 + key, "resources": frozenset({RATNA, 20 + key}), **others},
    )


def with_ratna(*, also: int) -> dict[str, Any]:
    return {"resources": frozenset({RATNA, also})}


def day(**fixed: Any) -> Day:
    return Day(**{"people": frozenset({RATNA}), "until": EVENING, **fixed})


def found(*bookings: Booking, late: int = 40, of: Day | None = None) -> dict[int, str]:
    """By key the hour at which each begins that does not stay, "" for one that cannot."""
    answer = shifts(bookings, of or day(), late=minutes(late))
    return {key: f"{start.astimezone(EVENING.tzinfo):%H:%M}" if start else "" for key, start in answer.items()}


def span(start: str, end: str) -> Span[datetime]:
    return Span(clock(start), clock(end))


def test_back_to_back_everybody_begins_so_much_later() -> None:
    assert found(*(booking(n, start) for n, start in enumerate(("10:00", "10:30", "11:00")))) == {
        0: "10:40", 1: "11:10", 2: "11:40",
    }  # fmt: skip


def test_a_gap_absorbs_as_much_as_it_is_long_and_whoever_is_after_it_stays() -> None:
    assert found(booking(1, "10:00"), booking(2, "11:00"), booking(3, "11:40")) == {1: "10:40", 2: "11:10"}
    assert found(booking(1, "10:00"), booking(2, "11:09")) == {1: "10:40", 2: "11:10"}
    assert found(booking(1, "10:00"), booking(2, "11:10")) == {1: "10:40"}


def test_the_order_in_which_they_come_in_is_no_matter() -> None:
    assert found(booking(2, "10:30"), booking(1, "10:00")) == {1: "10:40", 2: "11:10"}


def test_what_is_kept_free_around_each_stays_free() -> None:
    around: dict[str, Any] = {"before": minutes(5), "after": minutes(10)}
    assert found(booking(1, "10:00", **around), booking(2, "10:45", **around)) == {1: "10:40", 2: "11:25"}
    assert found(booking(1, "10:00"), booking(2, "10:45", before=minutes(5))) == {1: "10:40", 2: "11:15"}
    assert found(booking(1, "10:00", after=minutes(10)), booking(2, "10:45")) == {1: "10:40", 2: "11:20"}


def test_each_one_keeps_its_own_length() -> None:
    assert found(booking(1, "10:00", length=60), booking(2, "11:00", length=15)) == {1: "10:40", 2: "11:40"}


def test_of_several_who_are_late_each_has_a_first_one() -> None:
    both = day(people=frozenset({RATNA, BUDI}))
    budis = booking(2, "12:00", resources=frozenset({BUDI, 22}))
    assert found(booking(1, "10:00"), budis, of=both) == {1: "10:40", 2: "12:40"}


def test_whoever_needs_two_of_them_waits_for_the_later_one() -> None:
    both = day(people=frozenset({RATNA, BUDI}))
    together = booking(3, "10:30", resources=frozenset({RATNA, BUDI}))
    long = booking(2, "10:00", length=30, resources=frozenset({BUDI, 22}))
    assert found(booking(1, "10:00", length=15), long, together, of=both)[3] == "11:10"


def test_two_who_are_late_and_share_a_room_do_not_meet_in_it() -> None:
    both = day(people=frozenset({RATNA, BUDI}))
    first = booking(1, "10:00", **with_ratna(also=ROOM))
    second = booking(2, "10:30", length=20, resources=frozenset({BUDI, ROOM}))
    assert found(first, second, of=both, late=20) == {1: "10:20", 2: "10:50"}
    third = booking(3, "10:30", length=30, resources=frozenset({BUDI, 23}))
    after_it = booking(4, "11:00", resources=frozenset({BUDI, ROOM}))
    assert found(booking(1, "10:35", **with_ratna(also=ROOM)), third, after_it, of=both, late=20) == {
        1: "10:55", 3: "10:50", 4: "11:25",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("taken", "hour"),
    [
        (("11:00", "11:10"), "11:10"),
        (("11:00", "11:11"), "11:11"),
        (("11:39", "12:00"), "12:00"),
        (("11:40", "12:00"), "11:10"),
    ],
)
def test_a_room_that_others_have_is_waited_for(taken: tuple[str, str], hour: str) -> None:
    one = booking(1, "10:30", **with_ratna(also=ROOM))
    assert found(one, booking(2, "11:00"), of=day(taken={ROOM: [span(*taken)]}))[1] == hour


def test_whoever_comes_after_them_waits_too() -> None:
    one = booking(1, "10:30", **with_ratna(also=ROOM))
    assert found(one, booking(2, "11:00"), of=day(taken={ROOM: [span("11:00", "11:30")]})) == {1: "11:30", 2: "12:00"}


@pytest.mark.parametrize(("until", "hour"), [("12:10", "12:10"), ("12:11", "")])
def test_nobody_waits_an_hour_longer_than_the_delay(until: str, hour: str) -> None:
    one = booking(1, "10:30", **with_ratna(also=ROOM))
    assert found(one, of=day(taken={ROOM: [span("11:00", until)]})) == {1: hour}


def test_what_is_needed_before_and_after_counts_too() -> None:
    one = booking(1, "10:30", after=minutes(10), **with_ratna(also=ROOM))
    assert found(one, of=day(taken={ROOM: [span("11:49", "12:00")]})) == {1: "12:00"}
    assert found(one, of=day(taken={ROOM: [span("11:50", "12:00")]})) == {1: "11:10"}


def test_whoever_cannot_begin_later_stays_and_the_others_go_round_it() -> None:
    stuck = booking(2, "10:30", **with_ratna(also=ROOM))
    others_room = day(taken={ROOM: [span("11:00", "13:00")]})
    assert found(booking(1, "10:00"), stuck, booking(3, "11:00"), of=others_room) == {
        1: "11:00", 2: "", 3: "11:30",
    }  # fmt: skip


def test_what_stays_with_the_late_one_is_gone_round_in_order() -> None:
    on_offer = day(taken={RATNA: [span("11:00", "11:30")]})
    assert found(booking(1, "10:00"), booking(2, "10:30", length=15), of=on_offer) == {1: "11:30", 2: "12:00"}
    just_before = day(taken={RATNA: [span("11:10", "11:30")]})
    assert found(booking(1, "10:00"), booking(2, "10:30"), of=just_before) == {1: "10:40", 2: "11:30"}


def test_a_customer_is_not_asked_to_be_in_two_places() -> None:
    assert found(booking(1, "10:00"), of=day(elsewhere={101: [span("10:55", "11:30")]})) == {1: "11:30"}
    assert found(booking(1, "10:00"), of=day(elsewhere={101: [span("10:55", "11:41")]})) == {1: ""}
    assert found(booking(1, "10:00"), of=day(elsewhere={101: [span("11:10", "11:30")]})) == {1: "10:40"}


def test_two_of_a_family_who_come_together_are_not_kept_apart() -> None:
    assert found(booking(1, "10:00"), of=day(elsewhere={101: [span("10:00", "11:00")]})) == {1: "10:40"}
    both = day(people=frozenset({RATNA, BUDI}))
    child = booking(2, "10:00", customer=101, resources=frozenset({BUDI, 22}))
    assert found(booking(1, "10:00"), child, of=both) == {1: "10:40", 2: "10:40"}


def test_a_customer_with_two_of_them_has_one_after_the_other() -> None:
    both = day(people=frozenset({RATNA, BUDI}))
    first = booking(1, "10:00", customer=7)
    second = booking(2, "10:30", customer=7, resources=frozenset({BUDI, 22}))
    long = booking(3, "09:30", length=40, resources=frozenset({BUDI, 22}))
    assert found(first, second, long, of=both, late=20) == {1: "10:20", 2: "10:50", 3: "09:50"}


def test_nothing_goes_beyond_the_end_of_the_day() -> None:
    assert found(booking(1, "22:50")) == {1: "23:30"}
    assert found(booking(1, "22:51")) == {1: ""}
    assert EVENING - clock("23:30") == hours(0.5)


def test_said_again_with_more_it_counts_from_what_was_booked() -> None:
    first, second = booking(1, "10:00", now_at="10:40"), booking(2, "11:00", now_at="11:10")
    assert found(first, second, late=60) == {1: "11:00", 2: "11:30"}
    assert found(first, second, late=40) == {}


def test_said_again_with_less_only_those_come_sooner_who_were_not_told_yet() -> None:
    first, second = booking(1, "10:00", now_at="10:40"), booking(2, "10:30", now_at="11:10")
    assert found(first, second, late=10) == {1: "10:10", 2: "10:40"}
    told = booking(1, "10:00", now_at="10:40", is_told=True)
    assert found(told, second, late=10) == {}
    assert found(told, booking(2, "10:30", now_at="11:10", is_told=True), late=50) == {1: "10:50", 2: "11:20"}
