"""`manage.py revoke_links`: for the operator who learns that a message went to the wrong person."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from appointments.domain import links
from appointments.enums import LinkPurpose
from tests.factories import clinic

pytestmark = pytest.mark.django_db


def test_a_revoked_link_opens_nothing_and_those_of_others_do(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    world, now = clinic(rooms=2), timezone.now()
    day = now + timedelta(days=3)
    one, other = world.booked(day), world.booked(day, provider=world.colleague, room=None)
    tokens = [links.issue(each, purpose=LinkPurpose.ANSWER, now=now) for each in (one, other)]

    call_command("revoke_links", str(one.pk))

    assert [client.get(f"/r/{token}/").status_code for token in tokens] == [404, 200]
    assert capsys.readouterr().out == "Links revoked: 1\n"


def test_a_number_of_no_appointment_is_told() -> None:
    with pytest.raises(CommandError, match="no such appointment"):
        call_command("revoke_links", "4711")
