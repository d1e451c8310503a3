"""Two questions afterwards: who was treated badly reads regret, a name and an hour before any thanks."""

import re

import pytest
import time_machine
from django.test import Client

from appointments.domain import actors, links
from appointments.domain.moving import answers
from appointments.domain.recovery import cases
from appointments.enums import CaseOrigin, LinkPurpose, PromiseKind
from appointments.models import Appointment, Promise, RecoveryCase
from tests.clock import NOW
from tests.factories import clinic
from tests.factories.recovery import work_through

pytestmark = pytest.mark.django_db


def rated(client: Client, score: int) -> str:
    """The page after `score` of 5, in the customer's language."""
    melati = clinic()
    round_ = melati.offered()
    answers.accept(round_.offers.all()[0], nonce="pick", now=NOW)
    token = links.issue(Appointment.objects.get(), purpose=LinkPurpose.FEEDBACK, now=NOW)
    with time_machine.travel(NOW, tick=False):
        client.post(f"/f/{token}/", {"question": "handling", "score": score})
        return client.get(f"/f/{token}/").content.decode()


@pytest.mark.parametrize("score", [1, 2])
def test_a_bad_score_gets_regret_a_name_and_an_hour(client: Client, score: int) -> None:
    page = rated(client, score)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["We are sorry that this went badly"]
    assert f"{owed.owner.get_full_name()} will read what you told us and answer you by" in page
    assert "Monday, 23 November 2026 at 12:00 WIB" in page
    assert "Thank you" not in page


def test_so_so_is_no_reason_for_regret(client: Client) -> None:
    page = rated(client, 3)
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Two questions"]
    assert not Promise.objects.open().filter(kind=PromiseKind.REPLY).exists()


def test_after_a_complaint_one_tap_says_whether_it_is_settled(client: Client) -> None:
    melati = clinic()
    case = cases.take_up(melati.offered().appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert case is not None
    work_through(case, by=melati.staff, cause=melati.reason, now=NOW)
    token = links.issue(case.appointment, purpose=LinkPurpose.FEEDBACK, now=NOW)

    def page() -> str:
        return str(client.get(f"/f/{token}/").content.decode())

    with time_machine.travel(NOW, tick=False):
        assert "settle it for you?" in page()
        assert client.get(f"/f/{token}/helped/").status_code == 303
        case.refresh_from_db()
        assert case.solved is None
        assert client.post(f"/f/{token}/helped/", {"helped": "perhaps"}).status_code == 422
        assert client.post(f"/f/{token}/helped/", {"helped": "no"}).status_code == 303
        assert "settle it for you?" not in page()
        assert "will read what you told us and answer you by" in page()
        assert client.post(f"/f/{token}/helped/", {"helped": "yes"}).status_code == 409
        work_through(RecoveryCase.objects.get(), by=melati.staff, cause=melati.reason, now=NOW)
        client.post(f"/f/{token}/helped/", {"helped": "yes"})
        assert "Thank you for telling us that it is settled." in page()
        assert "How do you feel about it now?" in page()
        assert client.get(f"/f/{token}/mood/").status_code == 303
        assert client.post(f"/f/{token}/mood/", {"mood": "furious"}).status_code == 422
        assert client.post(f"/f/{token}/mood/", {"mood": "calm"}).status_code == 303
        assert "How do you feel about it now?" not in page()
        assert client.post(f"/f/{token}/mood/", {"mood": "upset"}).status_code == 409
        case.refresh_from_db()
        assert case.mood_after == "calm"
