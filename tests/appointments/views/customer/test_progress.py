"""Whoever told us something sees how far we are with it."""

import re

import pytest
import time_machine
from django.test import Client

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.domain.moving.other_times import WISHED_ROUNDS
from appointments.domain.recovery import listening, steps
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import CaseConcern, LinkPurpose
from appointments.models import RecoveryCase
from tests.clock import NOW, minutes
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
    assert now_at() == ["We read it and note each point"]
    case = RecoveryCase.objects.get()
    steps.hear(case, concern=CaseConcern.PRICE, wants="", points=["Who pays?"], by=melati.staff, now=NOW)
    assert now_at() == ["We see to it and answer you"]


def test_after_several_lists_a_person_offers_to_talk(client: Client) -> None:
    round_ = clinic().offered()
    token = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def page() -> str:
        with time_machine.travel(NOW + minutes(30), tick=False):
            return str(client.get(f"/r/{token}/").content.decode())

    for number in range(WISHED_ROUNDS + 1):
        assert "Shall we talk?" not in page()
        latest = round_.appointment.requests.latest("round")
        answers.ask_other_times(latest, wishes=Wishes(), nonce=f"o{number}", now=NOW + minutes(number))
    assert "Shall we talk?" in page()
    assert "You are on our waiting list" not in page()
