"""Whoever cannot come stands in the queue, by whatever door that came; and who can come again stands there no more."""

from datetime import date
from typing import Any

import pytest

from appointments.domain import actors, affected, overlooked
from appointments.domain.schedule.conflicts import with_absence
from appointments.domain.schedule.weekly import Blocked
from appointments.enums import DisruptionSource
from appointments.models import Absence, AffectedAppointment, Closure, Disruption, SpecialDay
from tests.clock import NOW, at, hours
from tests.factories import AbsenceFactory, Clinic, ClosureFactory, CustomerFactory, LocationFactory, SpecialDayFactory

TUESDAY = "2026-11-24"

pytestmark = pytest.mark.django_db


def look() -> tuple[int, int]:
    return overlooked.look_again(now=NOW)


def away(melati: Clinic, **fields: Any) -> Absence:
    usual = {"starts_at": at(f"{TUESDAY} 00:00"), "ends_at": at("2026-11-25 00:00")}
    absence: Absence = AbsenceFactory(resource=melati.provider, **usual | fields)
    return absence


def waiting() -> list[tuple[str, int]]:
    rows = affected.untold().select_related("disruption").order_by("appointment__starts_at")
    return [(row.disruption.source, row.appointment_id) for row in rows]


def test_an_absence_that_a_script_wrote_leaves_its_disruption_once(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    melati.booked("2026-11-25 10:00", customer=CustomerFactory())
    assert look() == (0, 0)
    away(melati)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert waiting() == [("absence", hit.pk)]
    one = Disruption.objects.get()
    assert (one.starts_at, one.ends_at, one.declared_by) == (at(f"{TUESDAY} 00:00"), at("2026-11-25 00:00"), None)


def test_each_time_that_it_recurs_is_a_disruption(melati: Clinic) -> None:
    hit = [melati.booked(f"2026-12-0{day} 10:00", customer=CustomerFactory()) for day in (1, 8)]
    away(melati, rrule="FREQ=WEEKLY")
    assert look() == (2, 0)
    assert waiting() == [("absence", one.pk) for one in hit]
    assert Disruption.objects.count() == 2


def test_a_closure_and_a_closed_day_hit_whoever_is_booked_at_the_place(melati: Clinic) -> None:
    first = melati.booked(f"{TUESDAY} 10:00")
    second = melati.booked("2026-11-26 10:00", customer=CustomerFactory())
    elsewhere = LocationFactory(code="other")
    ClosureFactory(location=melati.location, starts_at=at(f"{TUESDAY} 06:00"), ends_at=at(f"{TUESDAY} 22:00"))
    ClosureFactory(location=elsewhere, starts_at=at("2026-11-26 06:00"), ends_at=at("2026-11-26 22:00"))
    assert look() == (1, 0)
    SpecialDayFactory(location=None, day=date(2026, 11, 26), is_open=False)
    assert look() == (1, 0)
    assert waiting() == [("closure", first.pk), ("closure", second.pk)]


@pytest.mark.parametrize("what", ["provider", "location", "service"])
def test_what_is_switched_off_without_asking_is_found(melati: Clinic, what: str) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    row = getattr(melati, what)
    type(row).objects.filter(pk=row.pk).update(is_active=False)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert waiting() == [("switched_off", hit.pk)]
    type(row).objects.filter(pk=row.pk).update(is_active=True)
    assert look() == (0, 1)
    assert waiting() == []


@pytest.mark.parametrize("kind", [Absence, Closure, SpecialDay])
def test_who_can_come_again_is_let_go(melati: Clinic, kind: Any) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    if kind is Absence:
        away(melati)
    elif kind is Closure:
        ClosureFactory(location=melati.location, starts_at=at(f"{TUESDAY} 06:00"), ends_at=at(f"{TUESDAY} 22:00"))
    else:
        SpecialDayFactory(location=melati.location, day=date(2026, 11, 24), is_open=False)
    look()
    kind.objects.all().delete()
    assert [look(), look()] == [(0, 1), (0, 0)]
    assert waiting() == []
    assert AffectedAppointment.objects.get(appointment=hit).kept_at == NOW


def test_what_a_colleague_says_takes_place_is_not_found_again_until_it_is_said_again(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    absence = away(melati)
    look()
    affected.keep(hit, by=actors.staff(melati.staff), now=NOW)
    assert look() == (0, 0)
    assert waiting() == []
    blocked = Blocked(absence.starts_at, absence.ends_at)
    hits = with_absence(melati.provider, blocked, now=NOW)
    ((missing, hit_again),) = overlooked.of_absence(melati.provider, blocked, hits)
    later = NOW + hours(1)
    source = DisruptionSource.ABSENCE
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=later, source=source, hits=hit_again)
    assert waiting() == [("absence", hit.pk)]
    assert AffectedAppointment.objects.get().found_at == later


def test_what_is_over_or_cancelled_is_nobodys_business(melati: Clinic) -> None:
    melati.booked("2026-11-23 08:30")
    melati.booked(f"{TUESDAY} 10:00", state="cancelled")
    away(melati, starts_at=at("2026-11-23 00:00"))
    assert look() == (0, 0)


def test_an_absence_that_is_gone_frees_also_who_was_booked_outside_the_hours_on_purpose(melati: Clinic) -> None:
    evening = melati.booked(f"{TUESDAY} 18:00")
    absence = away(melati)
    assert [look(), look()] == [(1, 0), (0, 0)]
    absence.delete()
    assert overlooked.let_go(by=actors.staff(melati.manager), now=NOW) == [evening]
    assert AffectedAppointment.objects.get().kept_by == melati.manager


def test_an_absence_that_is_shorter_keeps_whom_it_still_hits(melati: Clinic) -> None:
    morning, noon = (melati.booked(f"{TUESDAY} {hour}", customer=CustomerFactory()) for hour in ("09:00", "12:00"))
    absence = away(melati)
    look()
    absence.ends_at = at(f"{TUESDAY} 12:00")
    absence.save()
    assert overlooked.let_go(by=actors.SYSTEM, now=NOW) == [noon]
    assert waiting() == [("absence", morning.pk)]
