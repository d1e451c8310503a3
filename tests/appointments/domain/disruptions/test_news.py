"""One word says whether a board would look the same: every reader gets it, and anything that happens changes it."""

from collections.abc import Callable
from typing import Any

import pytest

from appointments.domain import actors, affected, promises
from appointments.domain.disruptions import news
from appointments.domain.moving import answers, rounds
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.enums import CallOutcome, OfferState
from appointments.models import AffectedAppointment, Disruption, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory
from tests.factories.hits import closed_down, many_hit

Happens = Callable[[Clinic, RescheduleRequest], Any]


def a_message_leaves(melati: Clinic, round_: RescheduleRequest) -> None:
    Message.objects.update(state="sent", sent_at=NOW, secrets={}, mime=None)


def the_page_is_opened(melati: Clinic, round_: RescheduleRequest) -> None:
    RescheduleRequest.objects.update(seen_at=NOW)


def it_is_picked(melati: Clinic, round_: RescheduleRequest) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)


def an_offer_goes(melati: Clinic, round_: RescheduleRequest) -> None:
    round_.offers.filter(position=1).update(state=OfferState.GONE)


def a_call_is_made(melati: Clinic, round_: RescheduleRequest) -> None:
    call = Call(CallOutcome.NO_ANSWER)
    calls.record_call(round_.promises.get(kind="answer_or_call"), call, nonce="c", by=melati.staff, now=NOW)


def a_promise_is_released(melati: Clinic, round_: RescheduleRequest) -> None:
    promises.release(round_, how="needless", now=NOW, kinds=("answer_or_call",))  # type: ignore[arg-type]


def it_takes_place(melati: Clinic, round_: RescheduleRequest) -> None:
    affected.keep(round_.appointment, by=actors.SYSTEM, now=NOW)


def somebody_else_is_hit(melati: Clinic, round_: RescheduleRequest) -> None:
    assert round_.disruption is not None
    affected.add(round_.disruption, [melati.booked("2026-11-24 15:00", customer=CustomerFactory())], now=NOW)


def it_is_hit_anew(melati: Clinic, round_: RescheduleRequest) -> None:
    AffectedAppointment.objects.update(last_event=10**6)


def it_is_called_off(melati: Clinic, round_: RescheduleRequest) -> None:
    assert round_.disruption is not None
    affected.call_off(round_.disruption, now=NOW)


@pytest.mark.parametrize(
    "happens",
    [
        a_message_leaves, the_page_is_opened, it_is_picked, an_offer_goes, a_call_is_made, a_promise_is_released,
        it_takes_place, somebody_else_is_hit, it_is_hit_anew, it_is_called_off,
    ],
)  # fmt: skip
def test_whatever_happens_is_news(melati: Clinic, happens: Happens) -> None:
    booked = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    round_ = melati.offered(booked, disruption=disruption)
    before = news.token(disruption, now=NOW)
    assert news.token(disruption, now=NOW) == before
    happens(melati, round_)
    assert news.token(Disruption.objects.get(), now=NOW) != before


def test_what_happens_to_others_is_none(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    before = news.token(disruption, now=NOW)
    other = melati.offered(melati.booked("2026-11-26 10:00", customer=CustomerFactory()))
    rounds.undo(other, by=actors.staff(melati.staff), now=NOW)
    assert news.token(disruption, now=NOW) == before


def test_minutes_are_counted_down_so_each_is_news(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    moments = [at("2026-11-23 09:00:00"), at("2026-11-23 09:00:59"), at("2026-11-23 09:01:00")]
    said = [news.token(disruption, now=moment) for moment in moments]
    assert (said[0] == said[1], said[1] == said[2]) == (True, False)


@pytest.mark.parametrize("many", [1, 30])
def test_one_query_asks_for_news(melati: Clinic, many: int, django_assert_num_queries: Any) -> None:
    disruption = many_hit(melati, many)
    with django_assert_num_queries(1):
        first = news.token(disruption, now=NOW)
    assert news.token(disruption, now=NOW + minutes(0)) == first
