"""A disruption is closed when nobody is left alone with it, and open again as soon as it hits somebody anew."""

from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.disruptions import closing
from appointments.domain.disruptions.closing import LeftAlone
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.enums import DisruptionScope, DisruptionState, PlanState, PromiseKind
from appointments.errors import DomainError
from appointments.models import Disruption, DisruptionPlan, Promise
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away

LATER = NOW + hours(1)


def state_of(disruption: Disruption) -> str:
    found: Any = Disruption.objects.with_state().get(pk=disruption.pk)
    return str(found.state)


def alone(disruption: Disruption, *, now: Any = NOW) -> list[tuple[str, LeftAlone]]:
    return [(one.appointment.customer.name, one.why) for one in closing.standing_of(disruption, now=now).alone]


def close(world: Clinic, disruption: Disruption, *, now: Any = LATER, lessons: str = "") -> Disruption:
    return closing.close(disruption, lessons=lessons, by=world.staff, now=now)


def test_nobody_can_be_left_alone_with_it(melati: Clinic) -> None:
    first, second = booked_in_a_row(melati, 2)
    disruption = provider_away(melati)
    assert alone(disruption) == [("Customer 1", LeftAlone.NOBODY), ("Customer 2", LeftAlone.NOBODY)]
    melati.offered(first)
    assert alone(disruption) == [("Customer 1", LeftAlone.UNTOLD), ("Customer 2", LeftAlone.NOBODY)]
    letters_have_left()
    with pytest.raises(DomainError, match="1 customer is still left alone with it: Customer 2"):
        close(melati, disruption)
    affected.keep(second, by=actors.staff(melati.staff), now=NOW)
    assert closing.standing_of(disruption, now=NOW).choosing == 1
    close(melati, disruption, lessons="  Ask for a stand-in the evening before.  ")
    disruption.refresh_from_db()
    said = disruption.closed_at, disruption.closed_by, disruption.lessons, disruption.ended_at
    assert said == (LATER, melati.staff, "Ask for a stand-in the evening before.", None)
    assert state_of(disruption) == DisruptionState.CLOSED


def test_whoever_waits_for_nothing_is_in_the_way(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    round_ = melati.offered(hit)
    letters_have_left()
    Promise.objects.exclude(kind=PromiseKind.HOLD).delete()
    moment = round_.respond_by
    assert alone(disruption, now=moment - minutes(1)) == []
    assert alone(disruption, now=moment) == [("Customer 1", LeftAlone.LIMBO)]


def test_a_sentence_names_three_and_says_that_there_are_more(melati: Clinic) -> None:
    booked_in_a_row(melati, 3)
    disruption = provider_away(melati)
    why_not = closing.standing_of(disruption, now=NOW).why_not
    assert why_not == "3 customers are still left alone with it: Customer 1, Customer 2, Customer 3."
    melati.booked("2026-11-24 12:00", customer=CustomerFactory(name="Customer 4"))
    provider_away(melati)
    why_not = closing.standing_of(disruption, now=NOW).why_not
    assert why_not == "4 customers are still left alone with it: Customer 1, Customer 2, Customer 3 and 1 more."


def test_a_page_lists_some_and_says_how_many_more_there_are(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    booked_in_a_row(melati, 3)
    disruption = provider_away(melati)
    standing = closing.standing_of(disruption, now=NOW)
    assert (list(standing.listed), standing.unnamed) == (list(standing.alone), 0)
    monkeypatch.setattr(closing, "LISTED", 2)
    assert (list(standing.listed), standing.unnamed) == (list(standing.alone)[:2], 1)


@pytest.mark.parametrize(
    ("state", "in_the_way"),
    [
        (PlanState.DRAFT, False), (PlanState.APPROVAL, True), (PlanState.COUNTDOWN, True), (PlanState.SENDING, True),
        (PlanState.SENT, False), (PlanState.DROPPED, False),
    ],
)  # fmt: skip
def test_a_plan_on_its_way_is_waited_for(melati: Clinic, state: PlanState, in_the_way: bool) -> None:
    disruption = provider_away(melati)
    ended = NOW if state in (PlanState.SENT, PlanState.DROPPED) else None
    DisruptionPlan.objects.create(
        disruption=disruption, contact=melati.staff, made_at=NOW, state=state, send_at=NOW, ended_at=ended
    )
    assert closing.standing_of(disruption, now=NOW).is_being_sent is in_the_way


def test_a_plan_that_was_begun_for_nobody_is_dropped(melati: Clinic) -> None:
    disruption = provider_away(melati)
    plan = plans.begin(disruption, by=melati.staff, now=NOW)
    close(melati, disruption)
    plan.refresh_from_db()
    assert plan.state == PlanState.DROPPED


def test_it_is_closed_once_and_what_was_learned_can_be_written_later(melati: Clinic) -> None:
    disruption = provider_away(melati)
    close(melati, disruption)
    again = close(melati, disruption, now=LATER + hours(1), lessons="Ring the stand-in first.")
    assert (again.closed_at, again.lessons) == (LATER, "Ring the stand-in first.")
    closing.learn(disruption, lessons=" Two can stand in. ")
    disruption.refresh_from_db()
    assert (disruption.closed_at, disruption.lessons) == (LATER, "Two can stand in.")


def test_whoever_is_hit_later_opens_it_again_until_it_is_closed_anew(melati: Clinic) -> None:
    disruption = provider_away(melati)
    close(melati, disruption)
    melati.booked("2026-11-24 12:00")
    melati.booked("2026-11-24 13:00", customer=CustomerFactory())
    provider_away(melati, now=LATER + minutes(1))
    assert state_of(disruption) == DisruptionState.AGAIN
    affected.keep(melati.customer.appointments.get(), by=actors.SYSTEM, now=LATER)
    with pytest.raises(DomainError):
        close(melati, disruption, now=LATER + hours(1))
    disruption.affected.update(kept_at=LATER)
    assert close(melati, disruption, now=LATER + hours(1)).closed_at == LATER + hours(1)
    assert state_of(disruption) == DisruptionState.CLOSED


@pytest.mark.parametrize("found_at", [LATER, LATER - minutes(1)])
def test_whoever_is_found_in_the_moment_of_closing_opens_it_again(melati: Clinic, found_at: Any) -> None:
    disruption = provider_away(melati)
    close(melati, disruption)
    appointment = melati.booked("2026-11-24 12:00")
    # Read the clock before, and written after it was closed.
    provider_away(melati, now=found_at)
    assert state_of(disruption) == DisruptionState.AGAIN
    round_ = melati.offered(appointment, now=LATER)
    assert state_of(disruption) == DisruptionState.CLOSED
    type(round_).objects.filter(pk=round_.pk).update(stands_by_itself=True)
    assert state_of(disruption) == DisruptionState.AGAIN


def test_what_was_called_off_is_not_closed(melati: Clinic) -> None:
    disruption = provider_away(melati)
    affected.call_off(disruption, now=NOW)
    assert state_of(disruption) == DisruptionState.CALLED_OFF
    with pytest.raises(DomainError, match="called off"):
        close(melati, disruption)


def test_what_concerns_one_appointment_is_closed_when_that_is_settled(melati: Clinic) -> None:
    round_ = melati.offered()
    own = Disruption.objects.get()
    assert (own.scope, state_of(own)) == (DisruptionScope.APPOINTMENT, DisruptionState.OPEN)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert state_of(own) == DisruptionState.CLOSED


def test_who_has_chosen_is_not_in_the_way(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    round_ = melati.offered(hit)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    standing = closing.standing_of(disruption, now=NOW)
    assert (standing.alone, standing.choosing, standing.why_not) == ([], 0, "")


def test_many_are_asked_like_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    for count, day in ((1, "2026-11-25"), (17, "2026-11-26")):
        booked = booked_in_a_row(melati, count, since=f"{day} 08:00")
        disruption = provider_away(melati, day=day)
        melati.offered(booked[0], guaranteed=False)
        with django_assert_num_queries(8):
            assert len(closing.standing_of(disruption, now=NOW).alone) == count
