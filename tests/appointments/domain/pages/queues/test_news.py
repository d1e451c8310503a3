"""The mark of the queues stays as long as nothing has happened, and changes with whatever a line may say."""

from collections.abc import Callable
from typing import Any

import pytest

from appointments.domain import actors, affected, promises
from appointments.domain.moving import answers
from appointments.domain.pages.queues.news import mark
from appointments.domain.recovery import cases
from appointments.enums import CaseOrigin
from appointments.models import Promise
from notifications.models import DeliveryAttempt, Message
from tests.clock import NOW, minutes
from tests.factories import CallAttemptFactory, Clinic, StaffFactory
from tests.factories.hits import closed_down

SECONDS_LATER = NOW + minutes(0.5)


def test_it_stays_within_a_minute_and_goes_with_it(melati: Clinic) -> None:
    melati.offered()
    assert mark(now=NOW) == mark(now=SECONDS_LATER)
    assert mark(now=NOW) != mark(now=NOW + minutes(1))


def _delivered(melati: Clinic) -> None:
    DeliveryAttempt.objects.create(message=Message.objects.earliest("pk"), at=NOW, channel="email", outcome="bounced")


@pytest.mark.parametrize(
    "happens",
    [
        lambda melati: melati.offered(melati.booked("2026-11-27 10:00")),
        lambda melati: answers.call_me(melati.round, nonce="c", now=NOW),
        lambda melati: promises.hand_over(
            Promise.objects.open().earliest("pk"), to=StaffFactory(), by=actors.staff(melati.staff), now=NOW
        ),
        lambda melati: promises.keep(
            Promise.objects.open().get(kind="answer_or_call"), how="done", by=actors.staff(melati.staff), now=NOW
        ),
        lambda melati: CallAttemptFactory(promise=Promise.objects.open().first(), by=melati.staff),
        _delivered,
        lambda melati: closed_down(melati, "2026-11-26 00:00", "2026-11-27 00:00"),
        lambda melati: affected.keep(melati.hit, by=actors.staff(melati.staff), now=NOW),
        lambda melati: cases.take_up(
            melati.hit, CaseOrigin.STAFF, key="k", words="Why?", now=NOW, by=actors.staff(melati.staff)
        ),
        lambda melati: affected.call_off(melati.disruption, now=NOW),
    ],
)
def test_whatever_happens_is_news(melati: Clinic, happens: Callable[[Any], Any]) -> None:
    hit = melati.booked("2026-11-25 10:00")
    round_, disruption = melati.offered(), closed_down(melati, "2026-11-25 00:00", "2026-11-26 00:00")
    for name, value in (("hit", hit), ("round", round_), ("disruption", disruption)):
        object.__setattr__(melati, name, value)
    before = mark(now=NOW)
    happens(melati)
    assert mark(now=NOW) != before


@pytest.mark.parametrize("many", [1, 5])
def test_to_ask_is_one_query(melati: Clinic, many: int, django_assert_num_queries: Any) -> None:
    for appointment in [melati.booked(f"2026-11-{24 + day} 10:00") for day in range(many)]:
        melati.offered(appointment)
    with django_assert_num_queries(1):
        mark(now=NOW)
