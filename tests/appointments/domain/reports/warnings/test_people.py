"""Said before anybody is hit: leave that leaves nobody, services that lean on one person, and changes that are late."""

from typing import Any

import pytest

from appointments.domain.reports.warnings import LeansOnOne, NobodyThere, warnings
from appointments.domain.reports.warnings.people import AHEAD
from appointments.models import Absence, CorrectiveAction
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, ProviderFactory
from tests.factories.clinic import service_at

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def away(melati: Clinic, who: Any, since: str, until: str, **fields: Any) -> None:
    Absence.objects.create(resource=who, starts_at=at(since), ends_at=at(until), **fields)


def test_leave_of_everybody_at_once_is_said_for_what_is_booked(melati: Clinic) -> None:
    away(melati, melati.provider, "2026-12-01 08:00", "2026-12-03 17:00")
    away(melati, melati.colleague, "2026-12-03 08:00", "2026-12-05 17:00")
    assert warnings(now=NOW, today=TODAY).empty == []
    melati.booked("2026-12-10 10:00")
    both = NobodyThere(melati.service, melati.location, at("2026-12-03 08:00"), at("2026-12-03 17:00"), 1)
    assert warnings(now=NOW, today=TODAY).empty == [both]


def test_leave_one_after_the_other_leaves_somebody(melati: Clinic) -> None:
    melati.booked("2026-12-10 10:00")
    away(melati, melati.provider, "2026-12-01 08:00", "2026-12-03 08:00")
    away(melati, melati.colleague, "2026-12-03 08:00", "2026-12-05 17:00")
    assert warnings(now=NOW, today=TODAY).empty == []


def test_a_service_that_one_person_can_do_is_said_with_how_many_are_booked(melati: Clinic) -> None:
    alone = ProviderFactory(location=melati.location)
    service = service_at(melati.location, providers=[alone])
    for start in (NOW + AHEAD - minutes(1), NOW + AHEAD):
        melati.booked(start, service=service, provider=alone, room=None, ends_at=start + minutes(1))
    found = warnings(now=NOW, today=TODAY).leaning
    assert found == [LeansOnOne(service, melati.location, alone, 1)]
    alone.is_active = False
    alone.save()
    assert warnings(now=NOW, today=TODAY).leaning == []


@pytest.mark.parametrize(("due", "late"), [(TODAY, False), (TODAY - days(1), True)])
def test_a_change_is_late_on_the_day_after(melati: Clinic, due: Any, late: bool) -> None:
    CorrectiveAction.objects.create(cause=melati.reason, what="More", owner=melati.staff, due_on=due)
    assert bool(warnings(now=NOW, today=TODAY).late) is late


def test_it_asks_as_much_for_many_as_for_few(melati: Clinic, django_assert_num_queries: Any) -> None:
    for number in range(5):
        one = ProviderFactory(location=melati.location)
        service = service_at(melati.location, providers=[one])
        melati.booked(f"2026-12-0{number + 1} 10:00", service=service, provider=one, room=None)
    with django_assert_num_queries(13):
        assert len(warnings(now=NOW, today=TODAY).leaning) == 5
