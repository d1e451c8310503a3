"""A person may see what we hold about them, and may ask to be forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import serializers

from notifications import privacy
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState
from notifications.models import DeliveryAttempt, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import NOON, person, post

pytestmark = pytest.mark.django_db(transaction=True)
SITI = person(7, name="Siti Rahma", email="siti@mail.example", phone="+628123456789")


def test_a_person_gets_what_we_wrote_to_them_and_nobody_elses(smtp_sink: SmtpSink) -> None:
    post(key="to siti", to=SITI)
    post(key="to another", to=person(8))
    (row,) = privacy.export(ref="customer:7")
    assert (row["name"], row["email"], row["subject"]) == (
        "Siti Rahma",
        "siti@mail.example",
        "Hello Siti Rahma: we moved it",
    )
    assert "k3y-of-this-person" not in str(row)


def test_nothing_of_a_forgotten_person_is_left_and_the_counts_stay(
    smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport]
) -> None:
    smtp_sink.refuse_recipient("siti@mail.example", answer="550 5.1.1 siti@mail.example is unknown")
    post(key="failed", to=SITI)
    deliver()
    smtp_sink.behave()
    post(key="sent", to=SITI)
    deliver()
    post(key="waiting", to=SITI)
    post(key="to another", to=person(8))
    assert privacy.forget(ref="customer:7", now=NOON) == 3
    dump = serializers.serialize("json", [*Message.objects.all(), *DeliveryAttempt.objects.all()])
    for trace in ("Siti", "Rahma", "siti@", "8123456789", "customer:7"):
        assert trace not in dump
    assert dict(Message.objects.values_list("key", "state")) == {
        "failed": MessageState.CANCELLED,
        "sent": MessageState.SENT,
        "waiting": MessageState.CANCELLED,
        "to another": MessageState.QUEUED,
    }
    assert deliver() == DeliveryReport(sent=1)
    assert len(smtp_sink.messages) == 2


def test_what_has_ended_loses_its_words_and_what_waits_does_not(
    smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport]
) -> None:
    smtp_sink.refuse_recipient("siti@mail.example", answer="550 5.1.1 siti@mail.example is unknown")
    post(key="failed", to=SITI)
    deliver()
    post(key="waiting", to=SITI)
    privacy.wipe(Message.objects.all())
    failed, waiting = Message.objects.get(key="failed"), Message.objects.get(key="waiting")
    assert [one.key for one in privacy.with_words()] == ["waiting"]
    assert (failed.state, failed.to_ref, failed.kind) == (MessageState.FAILED, "customer:7", waiting.kind)
    assert "siti" not in serializers.serialize("json", [failed, *DeliveryAttempt.objects.all()])
    assert waiting.email == "siti@mail.example"


def test_only_what_has_ended_and_is_older_is_found(smtp_sink: SmtpSink, deliver: Callable[..., DeliveryReport]) -> None:
    post(key="sent", to=SITI)
    deliver()
    post(key="waiting", to=SITI)
    written = Message.objects.get(key="sent").created_at
    rows = Message.objects.all()
    assert not privacy.finished(rows, before=written).exists()
    assert [one.key for one in privacy.finished(rows, before=written + timedelta(seconds=1))] == ["sent"]
