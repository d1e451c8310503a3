"""Managers read messages in the admin and send again what failed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from notifications import restores, wordings
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState
from notifications.models import Message
from tests.engines.smtp import SmtpSink
from tests.factories import UserFactory
from tests.notifications.conftest import NOON, person, post, post_many

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "admin:notifications_message_changelist"


@pytest.fixture
def manager(client: Client) -> Client:
    user = User.objects.create_user("maya", is_staff=True)
    wanted = ("view_message", "view_deliveryattempt", "send_again")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications", codename__in=wanted))
    client.force_login(user)
    return client


def test_the_list_says_to_whom_what_where_it_stands_and_why(
    manager: Client, smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    post()
    deliver()
    words = manager.get(reverse(LIST)).content.decode()
    for word in ("Person 1", "Hello Person 1: we moved it", "✕ failed: please act", "550 5.1.1 No such mailbox"):
        assert word in words


def test_thirty_messages_need_no_more_queries_than_one(
    manager: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    post(key="first")
    with django_assert_max_num_queries(20) as one:
        manager.get(reverse(LIST))
    post_many(30)
    with django_assert_num_queries(len(one)):
        manager.get(reverse(LIST))


@pytest.mark.parametrize("wanted", ["Person 7", "person7@", "Hello Person 7"])
def test_a_message_is_found_by_name_address_or_subject(manager: Client, wanted: str) -> None:
    post_many(9)
    page = manager.get(reverse(LIST), {"q": wanted})
    assert [message.to_name for message in page.context["cl"].result_list] == ["Person 7"]


def test_one_message_says_whose_words_it_was_written_with(manager: Client) -> None:
    def shown(message: Message) -> str:
        return manager.get(reverse("admin:notifications_message_change", args=[message.pk])).content.decode()

    by = UserFactory(first_name="Budi", last_name="Santoso")
    ours, row = post(key="1"), wordings.write("hello", "en", {"x": "y"}, after=0, by=by, now=NOON)
    theirs = post(key="2")
    assert "hello 1 (Budi Santoso)" in shown(theirs)
    assert "hello 1" not in shown(ours)
    assert theirs.worded == [row.pk]


def test_one_message_shows_its_words_its_form_and_its_attempts_but_never_a_working_link(
    manager: Client, smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    message = post(to=person(name="<b>Bold</b>"))
    deliver()
    page = manager.get(reverse("admin:notifications_message_change", args=[message.pk]))
    words = page.content.decode()
    assert "https://clinic.example/r/•••" in words
    assert "k3y-of-this-person" not in words
    assert "<b>Bold</b>" not in words
    assert "refused for good" in words
    letter = manager.get(reverse("admin:notifications_message_letter", args=[message.pk]))
    assert "sandbox" in letter["Content-Security-Policy"]
    assert "k3y-of-this-person" not in letter.content.decode()


def test_a_manager_sends_again_what_failed_and_hears_what_was_left_alone(
    manager: Client, smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport], rewriter: list[Message]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    failed, sent = post_many(2)
    deliver()
    page = manager.post(reverse(LIST), {"action": "send_again", "_selected_action": [failed.pk, sent.pk]}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "1 message is on its way again.",
        "1 message was left alone: it has left already or was taken back.",
    ]
    assert Message.objects.get(replaces=failed).state == MessageState.QUEUED
    assert Message.objects.get(pk=failed.pk).state == MessageState.FAILED
    assert Message.objects.get(pk=sent.pk).state == MessageState.SENT
    assert failed.delivery_attempts.get(outcome="again").detail == "maya"


@pytest.fixture
def held() -> list[Message]:
    """Two messages that waited when the backup was taken."""
    messages = post_many(2)
    restores.hold_all(now=NOON)
    return messages


def test_a_manager_is_told_of_held_messages_and_finds_them(manager: Client, held: list[Message]) -> None:
    post(key="of today", to=person(9))

    page = manager.get(reverse(LIST))
    assert "2 messages may have left before" in page.content.decode()
    page = manager.get(reverse(LIST), {"held": "yes"})
    assert {message.pk for message in page.context["cl"].result_list} == {message.pk for message in held}
    assert page.content.decode().count("‖ held since a restore: please decide") == 2


def test_nothing_is_said_of_restores_on_an_ordinary_day(manager: Client) -> None:
    post()

    assert list(manager.get(reverse(LIST)).context["messages"]) == []


def test_without_the_permission_nobody_sends_again_or_reads(client: Client) -> None:
    message = post()
    Message.objects.update(state=MessageState.FAILED, secrets={}, mime=None)
    user = User.objects.create_user("guest", is_staff=True)
    client.force_login(user)
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse("admin:notifications_message_letter", args=[message.pk])).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_message"))
    for action in ("send_again", "release", "drop_left", "drop_call"):
        client.post(reverse(LIST), {"action": action, "_selected_action": [message.pk]}, follow=True)
    assert Message.objects.get().state == MessageState.FAILED


def test_nothing_can_be_added_changed_or_deleted_by_hand(admin_client: Client) -> None:
    message = post()
    assert admin_client.get(reverse("admin:notifications_message_add")).status_code == 403
    address = reverse("admin:notifications_message_change", args=[message.pk])
    assert admin_client.post(address, {"state": "sent"}).status_code == 403
    assert admin_client.post(reverse("admin:notifications_message_delete", args=[message.pk])).status_code == 403
    assert Message.objects.get().state == MessageState.QUEUED
