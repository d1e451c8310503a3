"""One message of a plan, exactly as it would go out."""

import pytest

from appointments.domain.disruptions.planning import plans, previews
from appointments.errors import DomainError
from appointments.models import RescheduleRequest
from tests.appointments.domain.disruptions.world import booked_on_tuesday, planned
from tests.clock import NOW
from tests.factories import Clinic


def test_the_first_of_them_unless_another_one_is_asked_for(melati: Clinic) -> None:
    first, second, third = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)

    shown = previews.of(plan, customer_of="", by=melati.staff, now=NOW)
    assert (shown.line.appointment, shown.before, shown.after) == (first, None, second.pk)
    assert (shown.people, shown.lines, len(shown.offers)) == (3, 3, 5)

    shown = previews.of(plan, customer_of=str(second.pk), by=melati.staff, now=NOW)
    assert (shown.line.appointment, shown.before, shown.after) == (second, first.pk, third.pk)
    assert second.customer.first_name in shown.letters[0].rendered.text
    assert RescheduleRequest.objects.count() == 0


def test_whoever_is_nobody_is_the_first(melati: Clinic) -> None:
    first = booked_on_tuesday(melati, 9)[0]
    assert previews.of(planned(melati), customer_of="x", by=melati.staff, now=NOW).line.appointment == first


def test_who_is_phoned_is_told_by_who_phones(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plans.leave_to(plan, appointment.pk, melati.manager)
    assert previews.of(plan, customer_of="", by=melati.staff, now=NOW).round_.contact == melati.manager


def test_nobody_to_tell_is_nothing_to_show(melati: Clinic) -> None:
    with pytest.raises(DomainError, match="Nobody"):
        previews.of(planned(melati), customer_of="", by=melati.staff, now=NOW)
