"""A colleague of one place tries the numbers of another one: there is nothing, nothing changes, and it is noted."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.domain.moving import answers
from appointments.enums import AbsenceKind
from appointments.models import Appointment, AppointmentEvent, Colleague, Customer, Promise, RecoveryCase
from tests.clock import NOW, days, hours
from tests.factories import AbsenceFactory, CustomerFactory, LocationFactory, RecoveryCaseFactory, clinic
from tests.reliability.letters import opened

pytestmark = pytest.mark.django_db
OF_AN_APPOINTMENT = (
    "appointment", "take-back-appointment", "appointment-details", "repeat-appointment", "cancel-appointment",
    "mark-missed", "came-after-all", "propose", "move-as-agreed", "at-work", "leave-work", "write-complaint",
    "solution-menu", "send-again",
)  # fmt: skip
OF_A_ROUND = ("request", "undo-offer", "propose-again", "withdraw-offer")
OF_A_PROMISE = ("promise", "reply", "take-back-reply", "hand-over")
OF_A_CASE = ("complaint", "settle-complaint", "hand-on-complaint")


def test_numbers_of_another_place_open_nothing_and_change_nothing(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(NOW, tick=True):
        world = clinic(rooms=2)
        client.force_login(world.staff)
        Colleague.objects.create(user=world.staff).places.set([LocationFactory(code="elsewhere")])
        round_ = opened(world, world.booked("2026-11-26 10:00", customer=CustomerFactory()))
        answers.call_me(round_, words="please", nonce="call", now=NOW)
        case = RecoveryCaseFactory(appointment=round_.appointment)
        start = NOW + days(6)
        blocked = AbsenceFactory(
            resource=world.room, kind=AbsenceKind.BLOCKED, title="Stock", starts_at=start, ends_at=start + hours(1)
        )
        promise = Promise.objects.to_work_on().first()
        assert promise is not None
        numbers = {
            **dict.fromkeys(OF_AN_APPOINTMENT, round_.appointment_id),
            **dict.fromkeys(OF_A_ROUND, round_.pk),
            **dict.fromkeys(OF_A_PROMISE, promise.pk),
            **dict.fromkeys(OF_A_CASE, case.pk),
            **dict.fromkeys(("blocked-time", "unblock-time"), blocked.pk),
        }
        before = _everything()
        for name, number in numbers.items():
            path = reverse(name, args=[number])
            found = {client.get(path).status_code, client.post(path, {"step": "send"}).status_code}
            assert (name, found - {404, 405}) == (name, set())
        boards = [reverse("board", args=["melati", "2026-11-26"]), reverse("place-week", args=["melati", "2026-11-26"])]
        assert {client.get(path).status_code for path in boards} == {404}
        assert _everything() == before
    assert any(one.name.startswith(("django.request", "appointments")) for one in caplog.records)


def _everything() -> list[object]:
    models = (Appointment, AppointmentEvent, Customer, Promise, RecoveryCase)
    return [sorted(map(repr, model._default_manager.values_list())) for model in models]
