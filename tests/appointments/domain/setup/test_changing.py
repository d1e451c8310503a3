"""What appointments need, changed under them: asked about first, and left in the queue of who has to be moved."""

from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from appointments.domain import actors
from appointments.domain.setup import changing
from appointments.domain.setup.changing import WouldHit
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import AffectedAppointment, Appointment, Disruption, Location, Resource, Service
from tests.clock import NOW
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def switch_off(world: Clinic, *, agreed: str = "") -> list[Appointment]:
    provider = world.provider

    def save() -> None:
        Resource.objects.filter(pk=provider.pk).update(is_active=False)

    return changing.change(
        changing.of_resource(provider, now=NOW),
        save,
        source=DisruptionSource.SWITCHED_OFF,
        agreed=agreed,
        by=actors.staff(world.staff),
        now=NOW,
    )


def test_where_nobody_is_booked_it_is_saved_and_nobody_is_asked(melati: Clinic) -> None:
    assert switch_off(melati) == []
    assert not Disruption.objects.exists()
    assert not Resource.objects.get(pk=melati.provider.pk).is_active


def test_somebody_booked_is_asked_about_and_nothing_is_saved(melati: Clinic) -> None:
    booked = melati.booked()
    with pytest.raises(WouldHit, match="1 customer is expected in this time") as asked:
        switch_off(melati)

    assert [one.appointment for one in asked.value.hits] == [booked]
    assert Resource.objects.get(pk=melati.provider.pk).is_active
    assert not Disruption.objects.exists()


def test_who_agreed_leaves_them_in_the_queue(melati: Clinic) -> None:
    booked = melati.booked()
    with pytest.raises(WouldHit) as asked:
        switch_off(melati)

    assert switch_off(melati, agreed=asked.value.mark) == [booked]
    disruption = Disruption.objects.get()
    assert (disruption.source, disruption.scope) == (DisruptionSource.SWITCHED_OFF, DisruptionScope.RESOURCES)
    assert AffectedAppointment.objects.get().appointment == booked


def test_a_list_that_has_grown_meanwhile_is_asked_about_again(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    with pytest.raises(WouldHit) as asked:
        switch_off(melati)
    melati.booked("2026-11-24 14:00")

    with pytest.raises(WouldHit) as again:
        switch_off(melati, agreed=asked.value.mark)
    assert len(again.value.hits) == 2


def test_a_place_and_a_service_are_doors_as_well(melati: Clinic) -> None:
    melati.booked()
    place, service = melati.location, melati.service
    for what, table in (
        (changing.of_place(place, now=NOW), Location.objects.filter(pk=place.pk)),
        (changing.of_service(service, now=NOW), Service.objects.filter(pk=service.pk)),
    ):
        with pytest.raises(WouldHit):
            changing.change(
                what,
                partial(_switch_off, table),
                source=DisruptionSource.SWITCHED_OFF,
                agreed="",
                by=actors.SYSTEM,
                now=NOW,
            )
        assert what.missing_at(place).scope == DisruptionScope.PLACE


def _switch_off(rows: QuerySet[Any]) -> None:
    rows.update(is_active=False)
