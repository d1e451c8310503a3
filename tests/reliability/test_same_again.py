"""The same form sent again, by a nervous finger, by Back, or by fifty at once: one change, one message, one answer."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from appointments.domain import actors, booking, links, promises
from appointments.domain.moving import answers, drafts, rounds
from appointments.domain.moving.drafts import Draft
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.domain.schedule.slots import Wishes, free_slots
from appointments.domain.schedule.spans import Span
from appointments.enums import CallOutcome, LinkPurpose, PromiseKind
from appointments.errors import DomainError, NotOffered
from appointments.models import Answer, Appointment, AppointmentEvent, CallAttempt, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import days, hours
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants
from tests.reliability.site import all_at_once

TIMES = 50
PARALLEL = 25
"""So many at one moment, twice over: as many connections as the test database allows besides other tests."""


def next_week(now: datetime) -> datetime:
    """Ten o'clock in Jakarta on the Wednesday of next week."""
    return (now + days(9 - now.weekday())).replace(hour=3, minute=0, second=0, microsecond=0)


def drafted(world: Clinic, appointment: Appointment, *, nonce: str = "", **fields: Any) -> Draft:
    now = timezone.now()
    draft = world.draft(appointment, now=now, can_keep=True, nonce=nonce, **fields)
    starts = [one.slot.starts_at for one in draft.offers]
    return replace(draft, respond_by=drafts.proposed_respond_by(appointment, starts, now=now))


def opened(world: Clinic) -> RescheduleRequest:
    """A round of a new customer whose appointment is at the first free time of that day."""
    now = timezone.now()
    start = next_week(now)
    free = free_slots(world.service, world.location, window=Span(start, start + days(2)), now=now)
    appointment = booking.book(
        customer=CustomerFactory(),
        service=world.service,
        location=world.location,
        slot=free[0],
        by=actors.SYSTEM,
        now=now,
    )
    return rounds.open_round(appointment, drafted(world, appointment), by=actors.staff(world.staff), now=now)


def token_for(round_: RescheduleRequest) -> str:
    return links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=timezone.now())


def what_happened() -> dict[str, list[Any]]:
    """All that an answer can leave behind."""
    return {
        "answers": list(Answer.objects.order_by("pk").values("kind", "offer", "words")),
        "calls": list(CallAttempt.objects.order_by("pk").values("outcome")),
        "messages": list(Message.objects.order_by("pk").values("key")),
        "promises": list(Promise.objects.order_by("pk").values("kind", "state", "due_at")),
        "rounds": list(RescheduleRequest.objects.order_by("pk").values("round", "state")),
        "events": list(AppointmentEvent.objects.order_by("pk").values("kind")),
        "appointments": list(Appointment.objects.order_by("pk").values("starts_at", "state", "sequence")),
    }


def in_own_connection(act: Callable[[], Any]) -> Callable[[int], Any]:
    def run(_number: int) -> Any:
        try:
            return act()
        finally:
            connection.close()

    return run


FORMS: dict[str, dict[str, Any]] = {
    "pick": {},
    "other-times": {"parts": ["afternoon"], "words": "And please not at lunch."},
    "call-me": {"words": "After five."},
    "keep": {},
    "cancel": {"words": "We are moving away."},
    "tell": {"words": "I took the day off."},
}


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", FORMS)
def test_fifty_identical_posts_are_one_answer(answer: str) -> None:
    round_ = opened(clinic(rooms=2))
    path = f"/r/{token_for(round_)}/{answer}/"
    data = FORMS[answer] | {"nonce": "one-form", "offer": round_.offers.get(position=1).pk}

    def post() -> tuple[int, str]:
        reply = Client().post(path, data)
        return reply.status_code, reply.headers.get("Location", "")

    replies: Counter[tuple[int, str]] = Counter()
    for _half in range(TIMES // PARALLEL):
        replies.update(all_at_once(in_own_connection(post), range(PARALLEL)))
        first = what_happened()
        assert len(first["answers"]) == 1

    assert replies == {(303, path.removesuffix(f"{answer}/")): TIMES}
    again = post()
    assert again in replies
    assert what_happened() == first
    invariants.check(timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("answer", FORMS)
def test_a_double_click_and_back_lead_to_the_same_page(client: Client, answer: str) -> None:
    round_ = opened(clinic(rooms=2))
    link = f"/r/{token_for(round_)}/"
    data = FORMS[answer] | {"nonce": "one-form", "offer": round_.offers.get(position=1).pk}
    pages = []
    for _click in range(2):
        reply = client.post(f"{link}{answer}/", data, follow=True)
        pages.append(re.sub(r'name="nonce" value="[^"]+"|nonce="[^"]+"', "", reply.content.decode()))
    assert pages[0] == pages[1]
    assert Answer.objects.count() == 1


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_on_send_are_one_round_and_one_message() -> None:
    world = clinic(rooms=2)
    now = timezone.now()
    appointment = world.booked(next_week(now))
    draft = drafted(world, appointment, nonce="one-form")

    def send() -> int:
        return rounds.open_round(appointment, draft, by=actors.staff(world.staff), now=now).pk

    opened_ones = [pk for _half in range(2) for pk in all_at_once(in_own_connection(send), range(PARALLEL))]

    assert set(opened_ones) == {RescheduleRequest.objects.get().pk}
    assert Message.objects.count() == 1
    invariants.check(now)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcome", [CallOutcome.CHOSE, CallOutcome.OTHER_TIMES, CallOutcome.NO_ANSWER])
def test_fifty_clicks_on_a_call_outcome_are_one_call(outcome: CallOutcome) -> None:
    world = clinic(rooms=2)
    round_ = opened(world)
    now = timezone.now()
    answers.call_me(round_, nonce="call", now=now)
    promise = Promise.objects.get(kind=PromiseKind.CALL)
    call = Call(outcome, note="spoke to Ana", offer=round_.offers.get(position=2), wishes=Wishes())

    def record() -> int:
        return calls.record_call(promise, call, nonce="one-form", by=world.staff, now=now).pk

    found = [pk for _half in range(2) for pk in all_at_once(in_own_connection(record), range(PARALLEL))]

    assert set(found) == {CallAttempt.objects.get().pk}
    first = what_happened()
    record()
    assert what_happened() == first
    invariants.check(now)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_customer_who_picks_while_a_colleague_writes_down_the_call_gets_one_time() -> None:
    world = clinic(rooms=2)
    for turn in range(8):
        round_ = opened(world)
        now = timezone.now()
        answers.call_me(round_, nonce=f"call-{turn}", now=now)
        promise = Promise.objects.get(request=round_, kind=PromiseKind.CALL)
        by_hand, by_phone = round_.offers.order_by("position")[:2]
        call = Call(CallOutcome.CHOSE, offer=by_phone)
        acts: list[Callable[[], Any]] = [
            lambda offer=by_hand, turn=turn: answers.accept(offer, nonce=f"tap-{turn}", now=timezone.now()),  # type: ignore[misc]
            lambda promise=promise, call=call, turn=turn: calls.record_call(  # type: ignore[misc]
                promise, call, nonce=f"call-{turn}", by=world.staff, now=timezone.now()
            ),
        ]

        def try_it(number: int, acts: list[Callable[[], Any]] = acts) -> bool:
            try:
                acts[number]()
            except DomainError:
                return False
            finally:
                connection.close()
            return True

        assert sum(all_at_once(try_it, range(2))) == 1
        assert round_.answers.filter(kind="pick").count() == 1
        invariants.check(timezone.now())


@pytest.mark.django_db
def test_a_form_of_somebody_elses_page_is_refused_and_not_mistaken(client: Client) -> None:
    world = clinic(rooms=3)
    mine, theirs = opened(world), opened(world)
    answers.call_me(theirs, nonce="their-form.call_me", now=timezone.now())
    before = what_happened()

    reply = client.post(f"/r/{token_for(mine)}/call-me/", {"nonce": "their-form", "words": "me too"})

    assert reply.status_code == 409
    assert "This form does not belong to this page." in reply.content.decode()
    assert what_happened() == before
    with pytest.raises(NotOffered):
        answers.tell(mine, words="hello", nonce="their-form.call_me", now=timezone.now())


@pytest.mark.django_db
def test_a_staff_form_of_another_page_is_refused() -> None:
    world = clinic(rooms=3)
    now = timezone.now()
    first, second = world.booked(next_week(now)), world.booked(next_week(now) + hours(2))
    rounds.open_round(first, drafted(world, first, nonce="form"), by=actors.staff(world.staff), now=now)
    with pytest.raises(DomainError, match="another appointment"):
        rounds.open_round(second, drafted(world, second, nonce="form"), by=actors.staff(world.staff), now=now)
    owed = [promises.owe(PromiseKind.REPLY, one, owner=world.staff, until=now, now=now) for one in (first, second)]
    calls.record_call(owed[0], Call(CallOutcome.SETTLED), nonce="call", by=world.staff, now=now)
    with pytest.raises(DomainError, match="another promise"):
        calls.record_call(owed[1], Call(CallOutcome.SETTLED), nonce="call", by=world.staff, now=now)


@pytest.mark.django_db
def test_the_longest_form_number_fits_everywhere(client: Client) -> None:
    world = clinic(rooms=2)
    round_ = opened(world)
    link, longest = f"/r/{token_for(round_)}/", "n" * 48
    for answer in ("tell", "call-me", "other-times"):
        reply = client.post(f"{link}{answer}/", FORMS[answer] | {"nonce": longest})
        assert reply.status_code == 303
    assert client.post(f"{link}tell/", {"nonce": "n" * 49, "words": "hello"}).status_code == 422
    promise = Promise.objects.open().filter(kind=PromiseKind.REPLY).first()
    assert promise is not None
    live = RescheduleRequest.objects.live().get()
    call = Call(CallOutcome.CHOSE, offer=live.offers.filter(state="live").first())
    owed = Promise.objects.open().filter(request=live).exclude(kind="hold").first()
    assert owed is not None
    calls.record_call(owed, call, nonce=longest, by=world.staff, now=timezone.now())
    assert Answer.objects.filter(kind="pick").count() == 1
