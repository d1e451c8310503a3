"""A manager decides about what has waited since a restore."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import roles
from appointments.domain.messages.held import deciding
from appointments.domain.messages.held.deciding import Dropped, Reason
from appointments.domain.moving.rounds.ending import end
from appointments.enums import AuditAction, PromiseKind, RequestState
from appointments.models import AuditEntry, Customer, Promise, RescheduleRequest
from notifications import restores
from notifications.delivery import deliver_due
from notifications.enums import Channel, MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.factories import clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi() -> User:
    """Two rounds were opened at the backup, and their messages wait."""
    world = clinic()
    for hour in (10, 12):
        world.offered(world.booked(f"2026-11-24 {hour}:00"))
    restores.hold_all(now=NOW)
    return colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso")


def acts() -> list[tuple[str, str, dict[str, object]]]:
    return list(AuditEntry.objects.values_list("action", "noun", "after"))


def test_what_is_released_may_leave_and_it_is_written_down_how_many(budi: User) -> None:
    first, second = Message.objects.order_by("pk")
    assert deciding.release(deciding.chosen(pks=[first.pk]), by=budi, now=NOW) == 1
    assert [one.pk for one in Message.objects.held()] == [second.pk]
    assert acts() == [(AuditAction.RELEASED, "held", {"how_many": 1, "waiting": 1})]
    assert AuditEntry.objects.get().before == {"waiting": 2}
    assert [one.detail for one in first.delivery_attempts.all()] == ["Budi Santoso"]


def test_what_is_dropped_says_by_whom_and_why(budi: User) -> None:
    first = Message.objects.order_by("pk")[0]
    chosen = deciding.chosen(pks=[first.pk])
    assert deciding.drop(chosen, reason=Reason.TOLD, note="On Monday.", by=budi, now=NOW) == Dropped(1, 0)
    first.refresh_from_db()
    assert first.state == MessageState.CANCELLED
    assert first.why == (
        "Not sent after the restore, decided by Budi Santoso. They were told by phone or in another way. On Monday."
    )
    # The note may name somebody, and the audit cannot be wiped.
    after = {"how_many": 1, "waiting": 1, "to_phone": 0, "reason": "They were told by phone or in another way."}
    assert acts() == [(AuditAction.DROPPED, "held", after)]


def test_another_reason_is_said_in_own_words_only(budi: User) -> None:
    deciding.drop(deciding.chosen(newest=10**9), reason=Reason.OTHER, note="A rehearsal.", by=budi, now=NOW)
    assert {one.why for one in Message.objects.all()} == {
        "Not sent after the restore, decided by Budi Santoso. A rehearsal."
    }


def test_all_are_those_that_the_reader_could_have_seen(budi: User) -> None:
    first, second = Message.objects.order_by("pk")
    assert list(deciding.chosen(newest=first.pk)) == [first]
    assert set(deciding.chosen(newest=second.pk, kind="offer")) == {first, second}
    assert not deciding.chosen(newest=second.pk, kind="reply").exists()


def test_who_comes_second_decides_nothing_and_nothing_is_written_down(budi: User) -> None:
    every = deciding.chosen(newest=10**9)
    assert deciding.drop(every, reason=Reason.LEFT, by=budi, now=NOW) == Dropped(2, 0)
    assert deciding.release(every, by=budi, now=NOW) == 0
    assert AuditEntry.objects.count() == 1


# Nobody is left without word.

WITHOUT_WORD = [reason for reason in Reason if reason not in (Reason.LEFT, Reason.TOLD)]


def calls() -> list[Promise]:
    return list(Promise.objects.filter(kind=PromiseKind.CALL).order_by("pk"))


@pytest.mark.parametrize("reason", WITHOUT_WORD)
def test_who_may_not_know_what_holds_is_phoned_by_an_hour(budi: User, reason: Reason) -> None:
    every = deciding.chosen(newest=10**9)
    assert deciding.drop(every, reason=reason, note="A rehearsal.", by=budi, now=NOW) == Dropped(2, 2)
    assert deliver_due(now_fn=lambda: NOW, seconds=60).called == 2
    assert not Message.objects.held().exists()
    assert {one.state for one in Message.objects.all()} == {MessageState.SENT}
    assert {one.channel for one in Message.objects.all()} == {Channel.CALL}
    assert len(calls()) == 2
    for call in calls():
        assert call.due_at > NOW
        assert call.owner.is_active
        assert call.details.startswith("By phone instead: Not sent after the restore, decided by Budi Santoso.")
    assert AuditEntry.objects.get().after["to_phone"] == 2


@pytest.mark.parametrize("reason", [Reason.LEFT, Reason.TOLD])
def test_who_knows_already_is_not_phoned(budi: User, reason: Reason) -> None:
    assert deciding.drop(deciding.chosen(newest=10**9), reason=reason, by=budi, now=NOW) == Dropped(2, 0)
    deliver_due(now_fn=lambda: NOW, seconds=60)
    assert calls() == []
    assert {one.state for one in Message.objects.all()} == {MessageState.CANCELLED}


def test_nobody_is_phoned_about_what_is_not_so_any_more(budi: User) -> None:
    first, second = RescheduleRequest.objects.order_by("pk")
    end(first, RequestState.WITHDRAWN, how="taken back", now=NOW)
    deciding.drop(deciding.chosen(newest=10**9), reason=Reason.CALL, by=budi, now=NOW)
    deliver_due(now_fn=lambda: NOW, seconds=60)
    assert [call.request for call in calls()] == [second]


def test_nobody_is_phoned_for_a_reminder(budi: User) -> None:
    Message.objects.update(kind="reminder")
    every = deciding.chosen(newest=10**9)
    assert deciding.drop(every, reason=Reason.CALL, by=budi, now=NOW) == Dropped(2, 0)
    assert {one.state for one in Message.objects.all()} == {MessageState.CANCELLED}


def test_who_has_no_number_is_somebodys_task_all_the_same(budi: User) -> None:
    Customer.objects.update(phone="")
    Message.objects.update(phone="")
    deciding.drop(deciding.chosen(newest=10**9), reason=Reason.CALL, by=budi, now=NOW)
    deliver_due(now_fn=lambda: NOW, seconds=60)
    assert [call.details for call in calls()] == ["Could not be delivered: There is no phone number."] * 2


def test_ten_thousand_are_dropped_with_as_many_statements_as_their_portions(budi: User) -> None:
    first = Message.objects.order_by("pk")[0]
    copies = [
        Message(
            key=f"copy:{number}", kind="offer", about=first.about, language="en", zone=first.zone,
            created_at=NOW, due_at=NOW, held_since=NOW, true_if=first.true_if,
        )
        for number in range(1200)
    ]  # fmt: skip
    Message.objects.bulk_create(copies)
    with CaptureQueriesContext(connection) as asked:
        assert deciding.drop(deciding.chosen(newest=10**9), reason=Reason.CALL, by=budi, now=NOW).count == 1202
    assert len(asked) < 30


def test_by_whichever_door_it_says_so(budi: User) -> None:
    deciding.release(deciding.chosen(newest=10**9), by=budi, now=NOW, through="admin")
    assert AuditEntry.objects.get().after["through"] == "admin"


@pytest.mark.parametrize(
    ("dropped", "words"),
    [
        (Dropped(1, 0), "1 message is dropped."),
        (Dropped(3, 1), "3 messages are dropped. 1 of them goes to a colleague who phones"),
        (Dropped(3, 2), "3 messages are dropped. 2 of them go to colleagues who phone"),
    ],
)
def test_what_came_of_it_is_said(dropped: Dropped, words: str) -> None:
    assert deciding.said(dropped).startswith(words)
