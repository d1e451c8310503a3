"""What complaints came of: by cause, by whether we helped, and how customers came and left."""

from typing import Any

import pytest

from appointments.domain.reports.complaints import complaints_between
from appointments.models import Appointment, CasePoint, RecoveryCase
from tests.clock import NOW, days, hours
from tests.factories import AppointmentFactory, Clinic, ReasonFactory, RecoveryCaseFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def case(**fields: Any) -> RecoveryCase:
    return RecoveryCaseFactory(appointment=AppointmentFactory(occupies=False), **fields)


def closed(melati: Clinic, *, after: float = 2, **fields: Any) -> RecoveryCase:
    worked_through = {"concern": "wait", "cost": "An hour.", "apology": 2, "learned": "Call sooner."}
    ended = {"stage": "closed", "closed_at": NOW + hours(after), "cause": melati.reason}
    made = case()
    CasePoint.objects.create(
        case=made, words="Why?", confirmed_at=NOW, action="words", reply="So.", decided_at=NOW, done_at=NOW
    )
    RecoveryCase.objects.filter(pk=made.pk).update(**{**worked_through, **ended, **fields})
    return made


def test_causes_stand_by_how_often_with_what_became_of_them(melati: Clinic) -> None:
    for after in (1, 2, 6):
        closed(melati, after=after)
    closed(melati, cause=ReasonFactory(), reopened=1)
    case(concern="nothing")
    case()
    report = complaints_between(TODAY, TODAY)
    assert [(row.count, row.closed, row.hours, row.reopened) for row in report.by_cause] == [
        (3, 3, 2.0, 0), (1, 1, 2.0, 1), (1, 0, None, 0),
    ]  # fmt: skip
    assert report.by_cause[0].label == str(melati.reason)
    assert "not found yet" in {row.label for row in report.by_cause}
    assert (report.total.count, report.total.closed) == (5, 4)


def test_only_what_was_opened_on_these_days_counts(melati: Clinic) -> None:
    case(opened_at=NOW - days(1))
    case(opened_at=NOW + days(1))
    assert complaints_between(TODAY, TODAY).total.count == 0
    assert complaints_between(TODAY - days(1), TODAY).total.count == 1


def test_customers_who_come_again_are_counted_by_whether_our_answer_helped(melati: Clinic) -> None:
    helped = closed(melati, solved=True)
    closed(melati, solved=True)
    closed(melati, solved=True, reopened=1)
    closed(melati, solved=False)
    closed(melati)
    again = AppointmentFactory(customer=helped.appointment.customer, starts_at=NOW + days(30), occupies=False)
    Appointment.objects.filter(pk=again.pk).update(created_at=NOW + days(1))
    report = complaints_between(TODAY, TODAY)
    assert [(row.key, row.count, row.returned) for row in report.by_answer] == [
        ("yes", 2, 1), ("no", 2, 0), ("unsaid", 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("created", "starts", "state", "returned"),
    [(1, 90, "booked", 1), (1, 91, "booked", 0), (-1, 30, "booked", 0), (1, 30, "cancelled", 0)],
)
def test_again_means_booked_since_for_at_most_ninety_days(
    melati: Clinic, created: int, starts: int, state: str, returned: int
) -> None:
    found = closed(melati)
    customer = found.appointment.customer
    again = AppointmentFactory(customer=customer, starts_at=NOW + days(starts), state=state, occupies=False)
    Appointment.objects.filter(pk=again.pk).update(created_at=NOW + days(created))
    assert complaints_between(TODAY, TODAY).total.returned == returned


def test_moods_are_counted_and_never_guessed(melati: Clinic) -> None:
    closed(melati, mood_before="upset", mood_after="calm")
    closed(melati, mood_before="upset", mood_after="upset")
    closed(melati, mood_before="upset")
    closed(melati, mood_after="calm")
    upset, uneasy, _calm = complaints_between(TODAY, TODAY).moods
    assert (upset.came, dict(upset.left), upset.unsaid) == ("upset", {"calm": 1, "uneasy": 0, "upset": 1}, 1)
    assert (uneasy.came, uneasy.unsaid) == ("uneasy", 0)


def test_it_asks_as_much_for_many_as_for_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    for __ in range(4):
        closed(melati, cause=ReasonFactory())
    with django_assert_num_queries(3):
        assert complaints_between(TODAY, TODAY).total.count == 4
