"""What is over and at rest, on both sides of the edge."""

import pytest

from appointments.domain import actors
from appointments.domain.history import record
from appointments.domain.privacy.needed import at_rest_since
from appointments.enums import EventKind
from appointments.models import Appointment
from tests.clock import NOW, days
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_it_is_at_rest_once_it_is_over_and_nothing_more_has_happened(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    Appointment.objects.update(state="completed")
    end = appointment.ends_at
    assert not at_rest_since(end, now=NOW).exists()
    assert at_rest_since(end + days(0.001), now=NOW).exists()
    record(appointment, EventKind.CORRECTED, by=actors.staff(melati.staff), now=end + days(10))
    assert not at_rest_since(end + days(10), now=NOW).exists()
    assert at_rest_since(end + days(10.001), now=NOW).exists()


def test_what_is_booked_is_needed_even_if_its_hour_has_passed(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    assert not at_rest_since(appointment.ends_at + days(999), now=NOW + days(999)).exists()
