"""Who has to hear of a change before they set out."""

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.reports.warnings import LastChance
from appointments.domain.reports.warnings.telling import SOON, last_chance
from appointments.enums import DisruptionScope
from appointments.models import Appointment
from tests.clock import NOW, ZONE, days, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def hit(melati: Clinic, appointment: Appointment) -> None:
    missing = WhatIsMissing(
        scope=DisruptionScope.APPOINTMENT,
        location=melati.location,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        appointment=appointment,
    )
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)


def test_nobody_to_tell_is_nothing_to_say(melati: Clinic) -> None:
    melati.booked(NOW + days(1))
    assert last_chance(now=NOW) == LastChance()


def test_the_last_useful_hour_is_what_counts_on_both_sides(melati: Clinic) -> None:
    lead = minutes(melati.service.lead_minutes)
    for start in (
        NOW + lead - minutes(31),
        NOW + lead,
        NOW + SOON + lead - minutes(1),
        NOW + SOON + lead + minutes(31),
    ):
        hit(melati, melati.booked(start))
    assert last_chance(now=NOW) == LastChance(soon=2, missed=1, first=NOW, zone=ZONE)


def test_one_that_two_disruptions_hit_is_one_customer(melati: Clinic) -> None:
    appointment = melati.booked(NOW + days(1))
    hit(melati, appointment)
    missing = WhatIsMissing(scope=DisruptionScope.PLACE, location=melati.location, starts_at=NOW, ends_at=NOW + days(2))
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)
    assert last_chance(now=NOW).soon == 1


def test_whoever_came_before_we_told_them_is_not_said_any_more(melati: Clinic) -> None:
    hit(melati, melati.booked(NOW + minutes(5)))
    assert last_chance(now=NOW).missed == 1
    assert last_chance(now=NOW + minutes(6)).missed == 0
