"""What a plan on its way is about to give to somebody is offered to nobody else meanwhile."""

from typing import Any

import pytest

from appointments.domain.disruptions import sending
from appointments.domain.moving import causes, drafts, offers
from appointments.models import Appointment, DisruptionPlan, PlanLine
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hit(melati: Clinic) -> Appointment:
    return booked_on_tuesday(melati, 10)[0]


@pytest.fixture
def other(melati: Clinic) -> Appointment:
    return melati.booked("2026-12-01 10:00", customer=CustomerFactory())


def plan_of(melati: Clinic, hit: Appointment) -> DisruptionPlan:
    plan = planned(melati)
    assert line_of(plan, hit).starts_at is not None
    return plan


def proposed(appointment: Appointment, line: PlanLine) -> bool:
    """Whether any time is proposed at which the resources of the line are given away."""
    found = drafts.propose(appointment, now=NOW, limit=50)
    assert found != []
    return any(
        set(one.slot.resource_ids) & set(line.resource_ids)
        and one.slot.starts_at < line.ends_at  # type: ignore[operator]
        and line.starts_at < one.slot.ends_at  # type: ignore[operator]
        for one in found
    )


def test_a_draft_reserves_nothing_and_a_plan_on_its_way_does(
    melati: Clinic, hit: Appointment, other: Appointment
) -> None:
    plan = plan_of(melati, hit)
    line = line_of(plan, hit)
    Appointment.objects.filter(pk=other.pk).update(starts_at=line.starts_at, ends_at=line.ends_at)
    other.refresh_from_db()
    near = Appointment.objects.for_display().get(pk=other.pk)
    near.starts_at += minutes(1440)
    near.ends_at += minutes(1440)
    assert proposed(near, line)
    sending.ask(plan, by=melati.staff, now=NOW)
    assert not proposed(near, line)
    assert causes.given_to_others(hit) == []


def test_the_buffers_of_both_are_kept(melati: Clinic, hit: Appointment, other: Appointment) -> None:
    type(melati.service).objects.update(buffer_before=5, buffer_after=10)
    plan = plan_of(melati, hit)
    sending.ask(plan, by=melati.staff, now=NOW)
    line = line_of(plan, hit)
    other = Appointment.objects.for_display().get(pk=other.pk)
    [outage] = causes.given_to_others(other)
    assert line.starts_at is not None and line.ends_at is not None
    assert (outage.starts_at, outage.ends_at) == (line.starts_at - minutes(15), line.ends_at + minutes(15))
    assert outage.owners == set(line.resource_ids)


def test_once_it_is_sent_the_hold_itself_is_in_the_way(melati: Clinic, hit: Appointment, other: Appointment) -> None:
    plan = plan_of(melati, hit)
    sending.ask(plan, by=melati.staff, now=NOW)
    sending.send_due(now=NOW + minutes(2))
    assert causes.given_to_others(other) == []
    assert not proposed(Appointment.objects.for_display().get(pk=other.pk), line_of(plan, hit))


def test_fresh_times_keep_out_of_it_too(melati: Clinic, hit: Appointment) -> None:
    plan = plan_of(melati, hit)
    line = line_of(plan, hit)
    sending.ask(plan, by=melati.staff, now=NOW)
    round_ = melati.offered(melati.booked("2026-11-25 10:00", customer=CustomerFactory()), guaranteed=False, count=2)
    fresh = offers.refresh(round_, gone=round_.offers.get(position=1), now=NOW)
    assert fresh != []
    assert [one for one in fresh if one.starts_at == line.starts_at and one.provider_id == line.provider_id] == []


def test_another_place_is_not_concerned(melati: Clinic, hit: Appointment, other: Appointment) -> None:
    plan = plan_of(melati, hit)
    sending.ask(plan, by=melati.staff, now=NOW)
    other.location = LocationFactory()
    assert causes.given_to_others(other) == []


def test_many_lines_are_one_query(melati: Clinic, django_assert_num_queries: Any, other: Appointment) -> None:
    booked_on_tuesday(melati, 9, 11, 13)
    plan = planned(melati)
    sending.ask(plan, by=melati.staff, now=NOW)
    with django_assert_num_queries(1):
        assert len(causes.given_to_others(other)) == 3
    assert at("2026-12-01 10:00") == other.starts_at
