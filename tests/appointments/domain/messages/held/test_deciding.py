"""A manager decides about what has waited since a restore."""

import pytest
from django.contrib.auth.models import User

from appointments import roles
from appointments.domain.messages.held import deciding
from appointments.domain.messages.held.deciding import Reason
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from notifications import restores
from notifications.enums import MessageState
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
    assert acts() == [(AuditAction.RELEASED, "held", {"how_many": 1})]
    assert [one.detail for one in first.delivery_attempts.all()] == ["Budi Santoso"]


def test_what_is_dropped_says_by_whom_and_why(budi: User) -> None:
    first = Message.objects.order_by("pk")[0]
    chosen = deciding.chosen(pks=[first.pk])
    assert deciding.drop(chosen, reason=Reason.TOLD, note="By phone, on Monday.", by=budi, now=NOW) == 1
    first.refresh_from_db()
    assert first.state == MessageState.CANCELLED
    assert first.why == (
        "Not sent after the restore, decided by Budi Santoso. They were told in another way. By phone, on Monday."
    )
    # The note may name somebody, and the audit cannot be wiped.
    after = {"how_many": 1, "reason": "They were told in another way."}
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
    assert deciding.drop(every, reason=Reason.LEFT, by=budi, now=NOW) == 2
    assert deciding.release(every, by=budi, now=NOW) == 0
    assert AuditEntry.objects.count() == 1
