"""What a round writes when it opens: a statement for each table, and a message that says what stands there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors
from appointments.domain.messages import context
from appointments.domain.moving import rounds
from appointments.enums import EventKind, PromiseKind
from appointments.models import AppointmentEvent, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from notifications.text.packing import pack, unpack
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def together(melati: Clinic, *moves: tuple[str, dict[str, Any]]) -> list[RescheduleRequest]:
    appointments = [melati.booked(start) for start, _draft in moves]
    drafts = [(one, melati.draft(one, **said)) for one, (_start, said) in zip(appointments, moves, strict=True)]
    return rounds.open_together(drafts, by=actors.staff(melati.staff), now=NOW)


TABLES = (
    "appointments_reschedulerequest",
    "appointments_offer",
    "appointments_offer_resources",
    "appointments_promise",
    "appointments_appointmentevent",
    "notifications_message",
)


def written(sql: str) -> str:
    return sql.split('"')[1] if sql.startswith("INSERT") else ""


@pytest.mark.parametrize(
    "moves",
    [
        [("2026-11-24 10:00", {})],
        [("2026-11-25 10:00", {"guaranteed": False}), ("2026-11-24 10:00", {"guaranteed": False})],
        [("2026-11-24 10:00", {"count": 0, "without_times": True}), ("2026-11-25 10:00", {})],
        [("2026-11-24 10:00", {"count": 0, "without_times": True})],
    ],
)
def test_the_message_says_what_whoever_reads_it_all_again_would_say(
    melati: Clinic, moves: list[tuple[str, dict[str, Any]]]
) -> None:
    together(melati, *moves)
    message = Message.objects.get()
    lead = RescheduleRequest.objects.for_display().get(pk=message.true_if["request"])
    read: dict[str, Any] = context.about_round(lead, now=NOW) | {"besides": context.besides(lead, now=NOW)}
    again = unpack(pack(read))
    assert {name: message.context[name] for name in again if name not in ("contact", "call_by")} == {
        name: value for name, value in again.items() if name not in ("contact", "call_by")
    }


def test_as_many_rounds_as_one_customer_has_are_one_statement_for_each_table(melati: Clinic) -> None:
    def tables(count: int, hour: int) -> list[str]:
        customer = CustomerFactory()
        booked = [melati.booked(f"2026-12-0{day} {hour}:00", customer=customer) for day in range(1, count + 1)]
        moves = [(one, melati.draft(one, guaranteed=False)) for one in booked]
        with CaptureQueriesContext(connection) as queries:
            rounds.open_together(moves, by=actors.staff(melati.staff), now=NOW)
        return sorted(name for query in queries if (name := written(query["sql"])) in TABLES)

    assert tables(4, hour=10) == tables(1, hour=11) == sorted(TABLES)


def test_a_time_that_is_kept_is_held_and_promised_and_then_it_is_said(melati: Clinic) -> None:
    round_ = melati.offered()
    kept = {one.kept_until for one in round_.offers.all() if one.kept_until}
    assert set(Occupancy.objects.filter(request=round_).values_list("expires_at", flat=True)) == kept
    promised = Promise.objects.order_by("pk").values_list("kind", "due_at", "made_at", "owner")
    assert list(promised) == [
        (PromiseKind.HOLD, max(kept), NOW, melati.staff.pk),
        (PromiseKind.ANSWER_OR_CALL, round_.call_by, NOW, melati.staff.pk),
    ]
    said = AppointmentEvent.objects.filter(request=round_).order_by("pk").values_list("kind", flat=True)
    assert list(said) == [EventKind.PROMISED, EventKind.OFFERED]


def test_what_is_open_to_everybody_is_neither_held_nor_promised(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    assert not Occupancy.objects.filter(request=round_).exists()
    assert [one.kind for one in Promise.objects.all()] == [PromiseKind.ANSWER_OR_CALL]
