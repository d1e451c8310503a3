"""manage.py held: who decides about what waits says who they are, and why."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from appointments import roles
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from notifications import restores
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.factories import clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def budi() -> User:
    world = clinic()
    for hour in (10, 12):
        world.offered(world.booked(f"2026-11-24 {hour}:00"))
    restores.hold_all(now=NOW)
    return colleague(roles.MANAGERS, username="budi", first_name="Budi", last_name="Santoso")


@pytest.mark.parametrize(
    ("options", "said", "left"),
    [
        ((), "     2 offer\nHeld: 2\n", 2),
        (("--release", "--by", "budi"), "Released: 2\n", 0),
        (("--drop", "--by", "budi", "--reason", "left"), "2 messages are dropped.\n", 0),
    ],
)
def test_the_operator_lists_them_and_decides_about_all(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str, left: int
) -> None:
    call_command("held", *options)
    assert capsys.readouterr().out == said
    assert Message.objects.held().count() == left


def test_who_did_so_and_why_stands_in_the_list_of_changes(budi: User) -> None:
    call_command("held", "--drop", "--by", "budi", "--reason", "call", "--note", "The old server sent nothing.")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.before) == (AuditAction.DROPPED, budi, {"waiting": 2})
    assert entry.after == {
        "waiting": 0,
        "how_many": 2,
        "to_phone": 2,
        "reason": "They are to be phoned instead.",
        "through": "manage.py held",
    }
    assert {one.state for one in Message.objects.all()} == {MessageState.QUEUED}
    assert "The old server sent nothing." in Message.objects.all()[0].why


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--release",), "Say who decides so"),
        (("--drop", "--reason", "left"), "Say who decides so"),
        (("--release", "--by", "nobody"), "Nobody signs in as nobody."),
        (("--drop", "--by", "budi"), "Say why with --reason"),
        (("--drop", "--by", "budi", "--reason", "They left."), "Say why with --reason"),
        (("--drop", "--by", "budi", "--reason", "other"), "Say which one, with --note."),
    ],
)
def test_without_a_name_and_a_reason_nothing_is_decided(options: tuple[str, ...], fault: str) -> None:
    with pytest.raises(CommandError, match=fault):
        call_command("held", *options)
    assert Message.objects.held().count() == 2
    assert not AuditEntry.objects.exists()


def test_somebody_who_has_left_decides_nothing(budi: User) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="Nobody signs in as budi"):
        call_command("held", "--release", "--by", "budi")
