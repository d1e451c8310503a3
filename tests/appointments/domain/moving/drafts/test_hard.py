"""Whom it hits hard hears from a person, and not from a text alone."""

from datetime import timedelta

import pytest

from appointments.domain.moving import drafts
from appointments.domain.moving.drafts.hard import LONG_WAIT, SHORT_NOTICE
from appointments.domain.schedule.slots import Slot
from appointments.enums import Fault
from appointments.models import Appointment
from tests.clock import NOW, days, minutes
from tests.factories import Clinic, ReasonFactory

pytestmark = pytest.mark.django_db


def slot(appointment: Appointment, after: timedelta) -> Slot:
    start = appointment.starts_at + after
    return Slot(start, start + minutes(30), appointment.provider_id, (), False)


@pytest.mark.parametrize(("notice", "is_hard"), [(SHORT_NOTICE - minutes(1), True), (SHORT_NOTICE, False)])
def test_less_than_a_day_before_is_hard(melati: Clinic, notice: timedelta, is_hard: bool) -> None:
    appointment = melati.booked(NOW + notice)
    found = drafts.why_hard(appointment, [slot(appointment, days(1))], reason=melati.reason, now=NOW)
    assert bool(found) is is_hard


@pytest.mark.parametrize(("waits", "is_hard"), [
    ([LONG_WAIT], True), ([LONG_WAIT - minutes(1)], False), ([LONG_WAIT, days(1)], False), ([], False),
])  # fmt: skip
def test_a_week_later_at_the_soonest_is_hard(melati: Clinic, waits: list[timedelta], is_hard: bool) -> None:
    appointment = melati.booked(NOW + days(3))
    slots = [slot(appointment, wait) for wait in waits]
    assert bool(drafts.why_hard(appointment, slots, reason=melati.reason, now=NOW)) is is_hard


@pytest.mark.parametrize("fault", [Fault.NOBODY, Fault.CUSTOMER])
def test_only_what_was_our_doing_asks_for_it(melati: Clinic, fault: Fault) -> None:
    appointment = melati.booked(NOW + minutes(60))
    reason = ReasonFactory(fault=fault)
    assert drafts.why_hard(appointment, [slot(appointment, days(1))], reason=reason, now=NOW) == ""
    assert drafts.why_hard(appointment, [slot(appointment, days(1))], reason=None, now=NOW) == ""
