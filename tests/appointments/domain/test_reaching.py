"""When customers are reached best: how it is kept and said, and the latest hour of a call that should fit it."""

from datetime import time

import pytest
from django.utils import translation

from appointments.domain import reaching
from appointments.domain.moving import answers
from appointments.domain.moving.phone import calls
from appointments.domain.schedule.waking import EVENING, MORNING
from appointments.enums import CallOutcome, PromiseKind
from appointments.models import Location, Promise
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, ClosureFactory, open_weekly

pytestmark = pytest.mark.django_db


def due(
    place: Location, *parts: str, usual: str = "2026-11-23 12:00", now: str = "2026-11-23 09:00", **more: str
) -> str:
    before = at(more["before"]) if more else None
    found = reaching.due(place, parts, usual=at(usual), before=before, now=at(now))
    return f"{found.astimezone(place.tzinfo):%d %H:%M}"


def test_the_parts_follow_each_other_through_the_hours_at_which_people_are_phoned() -> None:
    hours = list(reaching.HOURS.values())
    assert [end for _start, end in hours[:-1]] == [start for start, _end in hours[1:]]
    assert (hours[0][0], hours[-1][1]) == (MORNING.hour, EVENING.hour)


def test_what_is_kept_is_read_back_in_the_order_of_the_day() -> None:
    assert reaching.parts_in(reaching.to_json(["evening", "morning"])) == ("morning", "evening")
    assert reaching.to_json(()) == {}
    assert reaching.parts_in({"reached": ["at night"], "days": [1]}) == ()
    assert reaching.parts_in(None) == ()


def test_it_is_said_with_its_hours_in_the_language_of_the_reader() -> None:
    assert reaching.in_words(("evening", "morning")) == "in the morning (8–11) or in the evening (18–21)"
    assert reaching.in_words(()) == ""
    with translation.override("id"):
        assert reaching.in_words(reaching.HOURS) == (
            "pagi hari (8–11) atau siang hari (11–15) atau sore hari (15–18) atau malam hari (18–21)"
        )


def test_what_was_said_last_counts_and_any_time_takes_it_back(melati: Clinic) -> None:
    round_ = melati.offered()
    assert reaching.said_by(round_.appointment) == ()
    answers.call_me(round_, reached=["morning"], nonce="a", now=NOW)
    answers.call_me(round_, reached=["evening"], nonce="b", now=NOW + minutes(1))
    assert reaching.said_by(round_.appointment) == ("evening",)
    assert reaching.in_their_words(round_.appointment) == reaching.in_words(["evening"])
    answers.call_me(round_, nonce="c", now=NOW + minutes(2))
    assert reaching.said_by(round_.appointment) == ()


def test_an_hour_agreed_on_the_phone_replaces_what_was_said_before(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, reached=["morning"], nonce="a", now=NOW)
    promise = round_.promises.open().get(kind=PromiseKind.CALL)
    later = calls.Call(CallOutcome.CALL_LATER, later=at("2026-11-24 16:00"))
    calls.record_call(promise, later, nonce="c", by=melati.staff, now=NOW + minutes(5))
    assert reaching.said_by(round_.appointment) == ()
    assert Promise.objects.open().with_attempts().get(kind=PromiseKind.CALL).reach is None  # type: ignore[attr-defined]
    answers.call_me(round_, reached=["midday"], nonce="b", now=NOW + minutes(6))
    assert reaching.said_by(round_.appointment) == ("midday",)


def test_the_usual_hour_stands_where_it_leaves_half_an_hour_for_it(melati: Clinic) -> None:
    place = melati.location
    assert due(place) == "23 12:00"
    assert due(place, "morning") == "23 12:00"
    assert due(place, "morning", now="2026-11-23 10:30") == "23 12:00"
    assert due(place, "midday", usual="2026-11-23 11:30") == "23 11:30"
    assert due(place, "midday", usual="2026-11-23 11:29") == "23 15:00"


def test_else_the_call_is_due_when_such_a_time_ends(melati: Clinic) -> None:
    """The clinic is open from 8 to 17."""
    place = melati.location
    assert due(place, "afternoon") == "23 17:00"
    assert due(place, "morning", now="2026-11-23 10:31") == "24 11:00"
    assert due(place, "morning", "afternoon", now="2026-11-23 10:31") == "23 17:00"


def test_nobody_waits_longer_than_two_days_nor_beyond_the_appointment_nor_for_when_nobody_is_there(
    melati: Clinic,
) -> None:
    place = melati.location
    assert due(place, "evening") == "23 12:00"
    assert due(place, "afternoon", before="2026-11-23 17:00") == "23 17:00"
    assert due(place, "afternoon", before="2026-11-23 16:59") == "23 12:00"
    saturday = {"usual": "2026-11-28 12:00", "now": "2026-11-28 11:00"}
    assert due(place, "morning", **saturday) == "30 11:00"
    ClosureFactory(location=place, starts_at=at("2026-11-30 00:00"), ends_at=at("2026-12-01 00:00"))
    assert due(place, "morning", **saturday) == "28 12:00"


def test_it_is_possible_only_while_somebody_is_there(melati: Clinic) -> None:
    def possible(part: str, until: str, now: str = "2026-11-23 09:00") -> bool:
        return reaching.is_possible(melati.location, [part], until=at(until), now=at(now))

    assert possible("morning", "2026-11-23 12:00")
    assert not possible("morning", "2026-11-23 12:00", now="2026-11-23 11:00")
    assert not possible("afternoon", "2026-11-23 15:00")
    assert not possible("evening", "2026-11-23 21:00")
    assert not possible("morning", "2026-11-23 08:00")


def test_only_parts_are_offered_in_which_somebody_is_there_this_week(melati: Clinic) -> None:
    """The clinic closes at 17; what is left of a part has to be half an hour."""
    place = melati.location
    assert reaching.offered(place, now=NOW) == ("morning", "midday", "afternoon")
    open_weekly(place, weekdays=[2], opens_at=time(17), closes_at=time(18, 29))
    assert reaching.offered(place, now=NOW) == ("morning", "midday", "afternoon")
    open_weekly(place, weekdays=[3], opens_at=time(17), closes_at=time(18, 30))
    assert reaching.offered(place, now=NOW) == ("morning", "midday", "afternoon", "evening")


def test_of_a_number_only_the_country_and_three_digits_can_be_read() -> None:
    assert reaching.masked("+62 812-3456-7890").split() == ["+62", "••••", "890"]
    assert reaching.masked("+65 6123 4567").split() == ["+65", "••••", "567"]
