"""Held messages, decided about in the list of messages: the same rules, and the same list of changes."""

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import AuditAction
from appointments.models import AuditEntry
from notifications import restores
from notifications.enums import Channel, MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.factories import clinic

pytestmark = pytest.mark.django_db
LIST = "admin:notifications_message_changelist"


@pytest.fixture
def held() -> list[Message]:
    world = clinic()
    for hour in (10, 12):
        world.offered(world.booked(f"2026-11-24 {hour}:00"))
    restores.hold_all(now=NOW)
    return list(Message.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("action", "state", "way", "told", "act"),
    [
        ("release", MessageState.QUEUED, "", "1 held message leaves now if it is still true.", AuditAction.RELEASED),
        ("drop_left", MessageState.CANCELLED, "", "1 message is dropped.", AuditAction.DROPPED),
        ("drop_told", MessageState.CANCELLED, "", "1 message is dropped.", AuditAction.DROPPED),
        ("drop_call", MessageState.QUEUED, Channel.CALL, "1 of them goes to a colleague", AuditAction.DROPPED),
        ("drop_untrue", MessageState.QUEUED, Channel.CALL, "1 of them goes to a colleague", AuditAction.DROPPED),
    ],
)
def test_a_manager_decides_about_one_and_the_other_stays_held(
    browser_of_manager: Client, held: list[Message], action: str, state: str, way: str, told: str, act: str
) -> None:
    one, other = held
    page = browser_of_manager.post(reverse(LIST), {"action": action, "_selected_action": [one.pk]}, follow=True)
    assert any(told in str(message) for message in page.context["messages"])
    after = Message.objects.get(pk=one.pk)
    assert (after.state, after.channel) == (state, way or one.channel)
    assert [message.pk for message in Message.objects.held()] == [other.pk]
    entry = AuditEntry.objects.get(noun="held")
    assert (entry.action, entry.before["waiting"], entry.after["how_many"]) == (act, 2, 1)
    assert entry.after["through"] == "admin"
    assert entry.actor == page.wsgi_request.user


def test_all_of_the_list_on_whichever_page(browser_of_manager: Client, held: list[Message]) -> None:
    said = {"action": "drop_call", "_selected_action": [held[0].pk], "select_across": "1"}
    browser_of_manager.post(f"{reverse(LIST)}?held=yes", said, follow=True)
    assert not Message.objects.held().exists()
