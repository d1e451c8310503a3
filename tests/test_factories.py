"""Every factory makes a row that the database accepts, twice."""

import pytest
from django.db import models as django_models
from factory.django import DjangoModelFactory

from appointments.models import Occupancy
from tests import factories
from tests.clock import at

NEEDS_AN_OWNER = {factories.WeeklyHoursFactory, factories.BreakFactory}
FACTORIES = [
    made
    for made in vars(factories).values()
    if isinstance(made, type) and issubclass(made, DjangoModelFactory) and made not in NEEDS_AN_OWNER
]


@pytest.mark.django_db
@pytest.mark.parametrize("made_by", FACTORIES)
def test_a_factory_makes_valid_rows(made_by: type[DjangoModelFactory]) -> None:
    unique_day = {} if made_by is not factories.SpecialDayFactory else {"day": at("2026-12-01 00:00").date()}
    rows: list[django_models.Model] = [made_by(), made_by(**unique_day)]
    for row in rows:
        row.refresh_from_db()
        row.full_clean()


@pytest.mark.django_db
def test_an_appointment_of_the_clinic_occupies_its_provider_and_its_room() -> None:
    clinic = factories.clinic(buffer_after=10)
    clinic.booked("2026-11-24 10:00")
    taken = [(row.resource, row.starts_at, row.ends_at) for row in Occupancy.objects.order_by("resource__position")]
    assert taken == [
        (clinic.provider, at("2026-11-24 10:00"), at("2026-11-24 10:40")),
        (clinic.room, at("2026-11-24 10:00"), at("2026-11-24 10:40")),
    ]
    assert clinic.staff.has_perm("appointments.work_desk")
