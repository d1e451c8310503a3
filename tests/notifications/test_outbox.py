"""The counter: in the caller's transaction, once per event, and back again while there is time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from notifications import outbox
from notifications.enums import MessageState
from notifications.errors import NotResendable, OutsideTransaction
from notifications.models import Message
from tests.notifications.conftest import NOON, person, post, post_many

pytestmark = pytest.mark.django_db(transaction=True)


def test_outside_a_transaction_the_counter_is_closed() -> None:
    with pytest.raises(OutsideTransaction):
        outbox.enqueue(key="k", kind="hello", to=person(), context={"what": "x"}, about="a", now=NOON)
    assert not Message.objects.exists()


def test_the_same_event_writes_one_message_and_changes_nothing() -> None:
    first = post(context={"what": "the truth"}, secrets={})
    again = post(context={"what": "another truth"}, secrets={})
    assert again.pk == first.pk
    assert Message.objects.get().context == {"what": "the truth"}


def test_who_says_that_an_event_is_new_asks_nobody_and_still_writes_it_once() -> None:
    def asked(**options: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            written.append(post(context={"what": "x"}, secrets={}, **options).pk)
        return sum("SELECT" in query["sql"] for query in queries)

    written: list[int] = []
    wording = 1  # how the business words it, which is asked for each text
    assert (asked(key="new", is_first=True), asked(key="other")) == (wording, wording + 1)
    assert asked(key="new", is_first=True) == wording
    assert (written[2], Message.objects.count()) == (written[0], 2)


@pytest.mark.race
def test_of_many_who_write_the_same_event_at_once_exactly_one_does() -> None:
    start = Barrier(8)

    def write(number: int) -> int:
        try:
            start.wait()
            return post(key="the event", to=person(number)).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as crowd:
        written = set(crowd.map(write, range(8)))
    assert written == {Message.objects.get().pk}


def test_a_text_that_cannot_be_written_does_not_stop_the_business() -> None:
    message = post(kind="asking")
    assert (message.state, message.mime) == (MessageState.QUEUED, None)
    assert "offer.room" in message.why


@pytest.mark.parametrize("options", [{"key": "k" * 201}, {"about": "a" * 121}])
def test_a_key_that_would_not_fit_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="characters"):
        post(**options)


def test_hostile_names_and_words_are_stored_clean_and_cut() -> None:
    message = post(
        to=person(name="Bo\x00\u202e\ud800\r\nBcc: x" + "x" * 300, email="person1@mail.example"),
        context={"what": "a\x00b\ud800", "nested": ["\u2066c"]},
        secrets={"link": "k\x00ey"},
    )
    message.refresh_from_db()
    assert message.to_name.startswith("Bo\ufffd Bcc: xxx")
    assert len(message.to_name) == 200
    assert message.context == {"what": "ab\ufffd", "nested": ["c"]}
    assert message.secrets == {"link": "key"}


def test_a_megabyte_of_comment_goes_in_and_out() -> None:
    message = post(context={"what": "ü" * 500_000}, secrets={})
    message.refresh_from_db()
    assert message.mime is not None
    assert len(message.subject) == 250
    assert message.text.count("ü") == 500_000


def test_the_queue_knows_its_oldest_and_what_is_due() -> None:
    post(key="now", now=NOON)
    post(key="later", now=NOON, not_before=NOON + timedelta(hours=1))
    later = NOON + timedelta(minutes=10)
    assert [message.key for message in Message.objects.due(later)] == ["now"]
    assert Message.objects.oldest_due_age(later) == timedelta(minutes=10)
    assert Message.objects.none().oldest_due_age(later) == timedelta(0)


def test_cancel_takes_exactly_what_it_is_told() -> None:
    for key, about, kind in [
        ("offer:1:1", "appointment:4", "hello"),
        ("offer:1:2", "appointment:4", "bare"),
        ("offer:12:1", "appointment:42", "hello"),
        ("other", "appointment:42", "hello"),
    ]:
        post(key=key, about=about, kind=kind)
    assert outbox.cancel(now=NOON) == 0
    assert outbox.cancel(now=NOON, keys=["offer:1:1", "offer:1:2"], kinds=["bare"]) == 1
    assert outbox.cancel(now=NOON, about="appointment:4") == 1
    assert outbox.cancel(now=NOON, keys=["other"], why="No longer needed.") == 1
    left = dict(Message.objects.values_list("key", "state"))
    assert [key for key, state in left.items() if state == MessageState.QUEUED] == ["offer:12:1"]
    assert Message.objects.get(key="other").why == "No longer needed."


def test_cancel_leaves_what_holds_under_other_conditions() -> None:
    for key, request in [("offer:1", 1), ("offer:11", 11)]:
        post(key=key, about="appointment:4", true_if={"appointment": 4, "request": request})
    assert outbox.cancel(now=NOON, about="appointment:4", true_if={"request": 1}) == 1
    assert Message.objects.get(state=MessageState.QUEUED).key == "offer:11"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"state": "lost"}, "message_state_known"),
        ({"channel": "pigeon"}, "message_channel_known"),
        ({"urgency": "whenever"}, "message_urgency_known"),
        ({"state": "sent", "mime": None, "secrets": {}}, "message_sent_has_time"),
        ({"state": "bounced", "mime": None, "secrets": {}}, "message_sent_has_time"),
        ({"sent_at": NOON}, "message_sent_has_time"),
        ({"state": "sending"}, "message_sending_has_lease"),
        *(
            ({"state": state, "mime": b"bytes", "secrets": {}}, "message_finished_keeps_no_bytes")
            for state in ("failed", "parked", "dropped", "cancelled")
        ),
        *(
            ({"state": state, "mime": None, "secrets": {"link": "k3y"}}, "message_finished_keeps_no_secrets")
            for state in ("failed", "parked", "dropped", "cancelled")
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, Any], rule: str) -> None:
    post()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Message.objects.update(**changes)
    assert rule in str(refused.value)


def test_the_due_rows_have_an_index_of_their_own() -> None:
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, Message._meta.db_table)
    assert {"message_due", "message_leased"} <= set(names)


def test_thirty_messages_cost_the_same_queries_each_as_one(django_assert_num_queries: Any) -> None:
    post(key="warm")
    with django_assert_num_queries(5):  # begin, look, its wording, insert, commit
        post(key="one")
    with django_assert_num_queries(2 + 30 * 5):  # an outer transaction turns begin and commit into savepoints
        post_many(30)


def test_a_key_and_a_subject_as_long_as_their_columns_are_kept_whole() -> None:
    message = post(key="k" * 200, about="a" * 120)
    assert (message.key, message.about) == ("k" * 200, "a" * 120)


def test_taking_back_by_kind_leaves_the_other_kinds() -> None:
    hello, asking = post(key="1"), post(key="2", kind="asking")
    with transaction.atomic():
        assert outbox.cancel(now=NOON, about="appointment:1", kinds=["hello"]) == 1
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {hello.pk: MessageState.CANCELLED, asking.pk: MessageState.QUEUED}


@pytest.mark.parametrize(
    ("state", "fields", "resendable"),
    [
        (MessageState.QUEUED, {}, False),
        (MessageState.QUEUED, {"perhaps_sent": True}, True),
        (MessageState.SENDING, {"leased_until": NOON, "leased_by": "x"}, True),
        (MessageState.SENDING, {"leased_until": NOON + timedelta(seconds=1), "leased_by": "x"}, False),
        (MessageState.SENT, {"sent_at": NOON, "secrets": {}, "mime": None}, False),
        (MessageState.CANCELLED, {"secrets": {}, "mime": None}, False),
    ],
)
def test_only_what_was_perhaps_sent_is_hurried(state: str, fields: dict[str, Any], resendable: bool) -> None:
    message = post()
    Message.objects.update(state=state, **fields)
    if resendable:
        hurried = outbox.send_again(message, by="Sari", now=NOON)
        assert (hurried.pk, hurried.state, hurried.due_at, hurried.leased_by) == (message.pk, "queued", NOON, "")
    else:
        with pytest.raises(NotResendable):
            outbox.send_again(message, by="Sari", now=NOON)


def test_what_failed_is_written_anew_by_whoever_wrote_it_and_only_once(rewriter: list[Message]) -> None:
    message = post()
    Message.objects.update(state=MessageState.FAILED, secrets={}, mime=None)
    newer = outbox.send_again(message, by="Sari", now=NOON)
    assert (newer.replaces_id, newer.key, newer.email) == (message.pk, "event:1:again:1", "corrected@mail.example")
    assert [one.pk for one in rewriter] == [message.pk]
    with pytest.raises(NotResendable):
        outbox.send_again(message, by="Sari", now=NOON)


def test_what_failed_and_nobody_wrote_is_not_sent_again() -> None:
    message = post()
    Message.objects.update(state=MessageState.FAILED, secrets={}, mime=None)
    with pytest.raises(NotResendable):
        outbox.send_again(message, by="Sari", now=NOON)


def test_what_was_taken_back_gives_its_key_up_and_nothing_else_does() -> None:
    first = post()
    assert outbox.free(first.key) == first.key
    assert post().pk == first.pk
    for _turn in range(2):
        outbox.cancel(now=NOON, keys=[first.key])
        outbox.free(first.key)
        newer = post()
        assert (newer.pk != first.pk, newer.key, newer.state) == (True, first.key, MessageState.QUEUED)
    taken_back = Message.objects.filter(state=MessageState.CANCELLED)
    assert [one.key for one in taken_back] == [f"{first.key}:taken-back:{one.pk}" for one in taken_back]
    assert taken_back.count() == 2
