"""By when to answer, and until when a time is kept."""

import pytest

from appointments.domain.moving import drafts
from appointments.models import Business
from tests.clock import NOW, at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "answerable"),
    [
        ("2026-11-23 09:00", "2026-11-23 13:00"),
        ("2026-11-23 17:00", "2026-11-23 21:00"),
        ("2026-11-23 19:30", "2026-11-24 10:30"),
        ("2026-11-23 21:00", "2026-11-24 12:00"),
        ("2026-11-23 23:59", "2026-11-24 12:00"),
        ("2026-11-24 03:00", "2026-11-24 12:00"),
        ("2026-11-24 08:00", "2026-11-24 12:00"),
    ],
)
def test_nobody_has_to_answer_in_the_night(melati: Clinic, written: str, answerable: str) -> None:
    now = at(written)
    assert drafts.answerable_by(now, melati.location.tzinfo) == at(answerable)
    appointment = melati.booked("2026-11-26 10:00")
    starts = [one.slot.starts_at for one in drafts.propose(appointment, now=now, limit=5)]
    assert len(starts) == 5
    assert min(starts) >= at(answerable)


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        (["2026-11-30 10:00", "2026-12-01 10:00"], "2026-11-24 09:00"),
        (["2026-11-24 09:31"], "2026-11-24 09:00"),
        (["2026-11-24 09:29"], "2026-11-24 08:45"),
        (["2026-12-01 10:00", "2026-11-23 12:00"], "2026-11-24 09:00"),
        (["2026-11-23 11:00", "2026-11-23 12:00"], "2026-11-23 11:30"),
        (["2026-11-23 09:45"], "2026-11-23 09:15"),
        (["2026-11-23 09:20"], "2026-11-23 09:15"),
    ],
)
def test_a_day_to_answer_or_until_half_an_hour_before_the_last_time(
    melati: Clinic, starts: list[str], expected: str
) -> None:
    found = drafts.proposed_respond_by(melati.booked(), [at(one) for one in starts], now=NOW)
    assert found == at(expected)


@pytest.mark.parametrize(
    ("written", "usual"),
    [("09:07", "2026-11-24 09:15"), ("21:00", "2026-11-24 21:00"), ("21:01", "2026-11-25 08:00")],
)
def test_the_usual_time_to_answer_ends_by_day_and_on_a_quarter(melati: Clinic, written: str, usual: str) -> None:
    now = at(f"2026-11-23 {written}")
    assert drafts.proposed_respond_by(melati.booked(), [at("2026-11-30 10:00")], now=now) == at(usual)
    late = drafts.proposed_respond_by(melati.booked("2026-11-24 14:00"), [at("2026-11-24 08:15")], now=NOW)
    assert late == at("2026-11-23 21:00")


def test_a_business_may_give_less_time_to_answer(melati: Clinic) -> None:
    Business.objects.update(answer_hours=6)
    found = drafts.proposed_respond_by(melati.booked(), [at("2026-11-30 10:00")], now=NOW)
    assert found == at("2026-11-23 15:00")


def test_the_notice_shortens_the_time_to_answer(melati: Clinic) -> None:
    melati.service.notice_minutes = 120
    found = drafts.proposed_respond_by(melati.booked(), [at("2026-11-23 14:00")], now=NOW)
    assert found == at("2026-11-23 11:30")


@pytest.mark.parametrize(
    ("starts", "notice", "until"),
    [
        ("2026-11-24 10:00", 0, "2026-11-24 09:00"),
        ("2026-11-24 09:00", 0, "2026-11-24 09:00"),
        ("2026-11-24 08:59", 0, "2026-11-24 08:15"),
        ("2026-11-24 08:30", 0, "2026-11-24 08:00"),
        ("2026-11-24 08:15", 0, "2026-11-23 21:00"),
        ("2026-11-23 13:30", 0, "2026-11-23 13:00"),
        ("2026-11-23 13:30", 120, "2026-11-23 11:00"),
        ("2026-11-23 09:45", 0, "2026-11-23 09:15"),
        ("2026-11-23 09:44", 0, "2026-11-23 09:30"),
        ("2026-11-23 09:14", 0, ""),
    ],
)
def test_a_near_time_is_kept_until_an_hour_of_its_own(melati: Clinic, starts: str, notice: int, until: str) -> None:
    melati.service.notice_minutes = notice
    appointment = melati.booked()
    due = at("2026-11-24 09:00")
    found = drafts.kept_until(appointment, at(starts), respond_by=due, now=NOW)
    assert found == (at(until) if until else None)


@pytest.mark.parametrize(
    ("offered", "until"),
    [
        ("2026-11-24 07:59", "2026-11-24 08:00"),
        ("2026-11-24 08:00", "2026-11-24 10:00"),
        ("2026-11-24 09:00", "2026-11-24 10:00"),
    ],
)
def test_an_offer_stands_until_its_notice_unless_it_was_made_inside_that(
    melati: Clinic, offered: str, until: str
) -> None:
    melati.service.notice_minutes = 120
    found = drafts.takeable_until(at("2026-11-24 10:00"), melati.service, offered_at=at(offered))
    assert found == at(until)


# --- What a colleague may send ---------------------------------------------------------------------------------------


def test_a_quarter_of_an_hour_is_the_least_that_we_propose(melati: Clinic) -> None:
    appointment, starts = melati.booked(), [at("2026-11-23 09:20")]
    found = [drafts.proposed_respond_by(appointment, starts, now=at(f"2026-11-23 09:{m}")) for m in ("00", "01")]
    assert found == [at("2026-11-23 09:15"), at("2026-11-23 09:30")]


@pytest.mark.parametrize(("now", "until"), [("09:09", "2026-11-23 09:15"), ("09:10", "")])
def test_what_can_be_taken_for_five_minutes_only_is_not_kept(melati: Clinic, now: str, until: str) -> None:
    due, start = at("2026-11-24 09:00"), at("2026-11-23 09:15")
    found = drafts.kept_until(melati.booked(), start, respond_by=due, now=at(f"2026-11-23 {now}"))
    assert found == (at(until) if until else None)
