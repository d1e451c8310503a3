"""Whoever told us something sees how far we are with it."""

import re

import pytest
import time_machine
from django.test import Client

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.domain.recovery import listening, steps
from appointments.enums import CaseConcern, LinkPurpose
from appointments.models import RecoveryCase
from tests.clock import NOW
from tests.factories import clinic

pytestmark = pytest.mark.django_db


def test_the_steps_stand_on_the_page_until_it_is_answered(client: Client) -> None:
    melati = clinic()
    round_ = melati.offered()
    answers.tell(round_, words="Who pays?", nonce="t", now=NOW)
    token = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def now_at() -> list[str]:
        with time_machine.travel(NOW, tick=False):
            page = client.get(f"/r/{token}/").content.decode()
        return re.findall(r'aria-current="step">([^<]+)<', page)

    assert now_at() == []
    listening.listen(now=NOW)
    assert now_at() == ["We read them and note each point"]
    case = RecoveryCase.objects.get()
    steps.hear(case, concern=CaseConcern.PRICE, wants="", points=["Who pays?"], by=melati.staff, now=NOW)
    assert now_at() == ["We put it right and answer you"]
