"""Until when to answer, and until when to choose."""

import pytest

from appointments.domain.moving import deadlines, rounds
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
    assert deadlines.answerable_by(now, melati.location.tzinfo) == at(answerable)
    appointment = melati.booked("2026-11-26 10:00")
    starts = [one.slot.starts_at for one in rounds.propose(appointment, now=now, limit=5)]
    assert len(starts) == 5
    assert min(starts) >= at(answerable)


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        (["2026-11-30 10:00", "2026-12-01 10:00"], "2026-11-24 09:00"),
        (["2026-11-24 09:31", "2026-12-01 10:00"], "2026-11-24 09:00"),
        (["2026-11-24 09:29", "2026-12-01 10:00"], "2026-11-24 08:59"),
        (["2026-12-01 10:00", "2026-11-23 12:00"], "2026-11-23 11:30"),
        (["2026-11-23 09:45"], "2026-11-23 09:15"),
        (["2026-11-23 09:20"], "2026-11-23 09:15"),
    ],
)
def test_a_day_to_answer_or_until_half_an_hour_before_the_first_time(
    melati: Clinic, starts: list[str], expected: str
) -> None:
    found = deadlines.proposed_respond_by([at(one) for one in starts], service=melati.service, now=NOW)
    assert found == at(expected)


def test_a_business_may_give_less_time_to_answer(melati: Clinic) -> None:
    Business.objects.update(answer_hours=6)
    found = deadlines.proposed_respond_by([at("2026-11-30 10:00")], service=melati.service, now=NOW)
    assert found == at("2026-11-23 15:00")


def test_the_notice_shortens_the_time_to_answer(melati: Clinic) -> None:
    melati.service.notice_minutes = 120
    found = deadlines.proposed_respond_by([at("2026-11-23 14:00")], service=melati.service, now=NOW)
    assert found == at("2026-11-23 11:30")


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
    found = deadlines.takeable_until(at("2026-11-24 10:00"), melati.service, offered_at=at(offered))
    assert found == at(until)
