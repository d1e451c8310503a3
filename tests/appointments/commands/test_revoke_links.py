"""The operator makes a customer's links dead."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from appointments.domain import links
from appointments.enums import LinkPurpose
from appointments.models import Appointment
from tests.clock import days
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db


def with_links() -> tuple[Appointment, list[str]]:
    """An appointment and the addresses of its two links."""
    now = timezone.now()
    appointment = AppointmentFactory(starts_at=now + days(3))
    answer, feedback = (
        links.issue(appointment, purpose=purpose, now=now) for purpose in (LinkPurpose.ANSWER, LinkPurpose.FEEDBACK)
    )
    return appointment, [f"/r/{answer}/", f"/f/{feedback}/"]


def statuses(client: Client, addresses: list[str]) -> list[int]:
    return [client.get(address).status_code for address in addresses]


def test_all_links_of_the_appointment_are_dead_and_no_others(client: Client) -> None:
    lost, addresses = with_links()
    _other, others = with_links()
    said = StringIO()
    call_command("revoke_links", lost.pk, stdout=said)
    assert said.getvalue() == f"Appointment {lost.pk}: 2 links are dead now.\n"
    assert statuses(client, addresses) == [404, 404]
    assert statuses(client, others) == [200, 200]


def test_a_wrong_number_changes_nothing(client: Client) -> None:
    lost, addresses = with_links()
    with pytest.raises(CommandError, match=f"number {lost.pk + 1}. Nothing was changed"):
        call_command("revoke_links", lost.pk, lost.pk + 1)
    assert statuses(client, addresses) == [200, 200]
