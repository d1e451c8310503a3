"""The whole story of an appointment in one line of time."""

from typing import Any

import pytest
from django.utils import translation
from i18nfield.strings import LazyI18nString

from appointments.domain import actors, history
from appointments.domain.moving import answers
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.domain.pages.story import story_of
from appointments.enums import CallOutcome, EventKind, PromiseKind
from appointments.models import Appointment, Promise
from notifications.models import Message
from notifications.text import languages
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def titles(appointment: Appointment) -> list[str]:
    return [line.title for line in story_of(appointment).lines]


def test_the_story_is_told_from_its_end(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW + minutes(5), words="After lunch")
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER, note="busy"), nonce="a", by=melati.staff, now=NOW + minutes(9))
    story = story_of(round_.appointment).lines
    assert [line.at for line in story] == sorted((line.at for line in story), reverse=True)
    told = [(line.title, line.look, line.words, line.note) for line in story]
    assert ("asked to be called", "customer", "After lunch", "") in told
    assert ("Nobody answered", "call", "", "busy") in told
    assert told.count(("asked to be called", "customer", "After lunch", "")) == 1


def test_an_answer_and_a_call_are_told_once_and_better(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW + minutes(5))
    assert "customer answered" not in titles(round_.appointment)
    history.record(round_.appointment, EventKind.ANSWERED, by=actors.CUSTOMER, now=NOW + minutes(6))
    assert titles(round_.appointment).count("customer answered") == 1


def test_of_one_moment_the_fact_stands_above_its_message(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + minutes(5))
    story = [line for line in story_of(round_.appointment).lines if line.at == NOW + minutes(5)]
    assert [line.message is not None for line in story] == sorted(line.message is not None for line in story)


@pytest.mark.parametrize(
    ("kind", "look"),
    [
        (EventKind.PROMISE_BROKEN, "trouble"), (EventKind.UNREACHABLE, "trouble"), (EventKind.MISSED, "trouble"),
        (EventKind.PROMISED, "promise"), (EventKind.PROMISE_KEPT, "promise"), (EventKind.BOOKED, ""),
    ],
)  # fmt: skip
def test_trouble_and_promises_are_seen_at_a_glance(melati: Clinic, kind: EventKind, look: str) -> None:
    appointment = melati.booked()
    history.record(appointment, kind, by=actors.SYSTEM, now=NOW)
    assert [line.look for line in story_of(appointment).lines] == [look]


def test_it_says_who(melati: Clinic) -> None:
    appointment = melati.booked()
    for number, by in enumerate((actors.CUSTOMER, actors.SYSTEM, actors.staff(melati.staff))):
        history.record(appointment, EventKind.BOOKED, by=by, now=NOW + minutes(number))
    assert [line.who for line in story_of(appointment).lines] == [
        melati.staff.get_full_name(), "automatic", melati.customer.name,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "look", "tone"),
    [
        ("queued", "message", "held"), ("sending", "message", "held"), ("sent", "message", "good"),
        ("delivered", "message", "good"), ("failed", "trouble", "bad"), ("parked", "trouble", "bad"),
        ("cancelled", "message", ""), ("dropped", "message", ""),
    ],
)  # fmt: skip
def test_a_message_shows_what_became_of_it(melati: Clinic, state: str, look: str, tone: str) -> None:
    round_ = melati.offered()
    sent_at = NOW + minutes(1) if state in ("sent", "delivered") else None
    lease = {"leased_until": NOW + hours(1), "leased_by": "x"} if state == "sending" else {}
    Message.objects.update(state=state, sent_at=sent_at, secrets={}, mime=None, **lease)
    (line,) = [line for line in story_of(round_.appointment).lines if line.message]
    assert (line.look, line.tone, line.at, line.who) == (look, tone, sent_at or NOW, melati.customer.name)


@pytest.mark.parametrize("count", [1, 31, 90])
def test_a_long_story_costs_no_more_than_a_short_one(
    melati: Clinic, count: int, django_assert_num_queries: Any
) -> None:
    appointment = melati.booked()
    for number in range(count):
        history.record(appointment, EventKind.BOOKED, by=actors.SYSTEM, now=NOW + minutes(number))
    with django_assert_num_queries(5):
        assert len(story_of(appointment).lines) == min(count, 30)


def test_a_story_is_told_a_page_at_a_time_and_nothing_twice(melati: Clinic) -> None:
    appointment = melati.booked()
    for number in range(61):
        history.record(appointment, EventKind.BOOKED, by=actors.SYSTEM, now=NOW + minutes(number), note=str(number))
    pages = [story_of(appointment, page=page) for page in (1, 2, 3)]
    assert [line.note for page in pages for line in page.lines] == [str(number) for number in reversed(range(61))]
    assert [(page.older, page.newer) for page in pages] == [(2, 0), (3, 1), (0, 2)]


@pytest.mark.parametrize(("count", "older"), [(30, 0), (31, 2)])
def test_there_is_an_older_page_only_where_something_stands_on_it(melati: Clinic, count: int, older: int) -> None:
    appointment = melati.booked()
    for number in range(count):
        history.record(appointment, EventKind.BOOKED, by=actors.SYSTEM, now=NOW + minutes(number))
    assert story_of(appointment).older == older


def test_each_colleague_reads_a_reason_by_its_name_in_their_language(melati: Clinic) -> None:
    round_ = melati.offered()
    names = round_.reason.label.data
    assert len(set(names.values())) == len(names)

    def notes() -> list[str]:
        return [line.note for line in story_of(round_.appointment).lines if line.title == str(EventKind.OFFERED.label)]

    for language, name in names.items():
        with translation.override(language):
            assert notes() == [name]
    round_.reason.label = LazyI18nString(dict.fromkeys(names, "Renamed"))
    round_.reason.save()
    assert notes() == [names[languages.own()]]
