"""A plan leaves: counted down, one transaction for each customer, and whoever comes next goes on where it ended."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.planning import plans
from appointments.domain.limbo import in_limbo
from appointments.enums import DisruptionScope, LineState, PlanState, RequestState
from appointments.errors import DomainError
from appointments.models import Business, DisruptionPlan, RescheduleRequest
from notifications.models import Message
from tests.appointments.domain.disruptions.world import (
    AFTERWARDS,
    away,
    booked_on_tuesday,
    entered,
    line_of,
    planned,
    sent,
    states,
)
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory, ProviderFactory, clinic


def test_everybody_is_told_once_what_a_single_move_would_tell_them(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9, 10)
    plan = sent(melati, planned(melati))

    assert (plan.state, states(plan)) == (PlanState.SENT, [LineState.SENT] * 2)
    assert affected.counts() == {"to_move": 0, "untold": 0}
    assert in_limbo(AFTERWARDS).count() == 0
    for appointment in hit:
        round_ = appointment.requests.get()
        assert (round_.state, round_.disruption, round_.opened_by) == (RequestState.OPEN, plan.disruption, melati.staff)
        kept = [(offer.starts_at, offer.provider) for offer in round_.offers.all() if offer.guaranteed]
        assert (kept, round_.offers.count()) == ([(appointment.starts_at, melati.colleague)], 5)
        assert line_of(plan, appointment).request == round_
    assert Message.objects.filter(kind="offer").count() == 2
    assert sending.send_due(now=AFTERWARDS) == 0


def test_nothing_leaves_before_the_countdown_is_over(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)

    assert (plan.state, plan.send_at) == (PlanState.COUNTDOWN, NOW + minutes(20 / 60))
    assert sending.send_due(now=NOW + minutes(19 / 60)) == 0
    assert sending.send_due(now=NOW + minutes(20 / 60)) == 1


def test_a_countdown_can_be_stopped_until_it_is_over(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)

    assert sending.stop(plan, now=NOW + minutes(20 / 60)) is False
    assert sending.stop(plan, now=NOW + minutes(19 / 60)) is True
    plan.refresh_from_db()
    assert (plan.state, plan.send_at, plan.asked_by) == (PlanState.DRAFT, None, None)
    assert sending.send_due(now=AFTERWARDS) == 0


def test_the_messages_leave_at_once_and_nobody_undoes_one_of_them(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    sent(melati, planned(melati))
    round_ = appointment.requests.get()
    message = Message.objects.get(kind="offer")
    assert (round_.can_be_undone(AFTERWARDS), message.due_at) == (False, AFTERWARDS)


def test_a_message_of_many_is_put_into_words_when_it_leaves(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    sent(melati, planned(melati))
    message = Message.objects.get(kind="offer")
    assert (message.mime, message.subject) == (None, "")


@pytest.mark.parametrize(
    ("most", "state"), [(None, PlanState.COUNTDOWN), (3, PlanState.COUNTDOWN), (2, PlanState.APPROVAL)]
)
def test_above_a_number_of_customers_a_second_colleague_agrees(melati: Clinic, most: int | None, state: str) -> None:
    booked_on_tuesday(melati, 9, 10)
    booked_on_tuesday(melati, 11, customer=melati.customer)
    booked_on_tuesday(melati, 12, customer=melati.customer)
    Business.objects.update(approve_above=most)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    assert plan.state == state


def test_the_second_one_is_another_one(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    Business.objects.update(approve_above=1)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)

    assert sending.send_due(now=AFTERWARDS) == 0
    with pytest.raises(DomainError, match="second colleague"):
        sending.approve(plan, by=melati.staff, now=NOW)
    plan = sending.approve(plan, by=melati.manager, now=AFTERWARDS)
    assert (plan.approved_by, plan.state) == (melati.manager, PlanState.COUNTDOWN)
    assert sending.send_due(now=AFTERWARDS + minutes(1)) == 2
    with pytest.raises(DomainError, match="does not wait"):
        sending.approve(plan, by=melati.manager, now=AFTERWARDS)


def test_what_waits_for_a_second_colleague_can_be_taken_back(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    Business.objects.update(approve_above=1)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    assert sending.stop(plan, now=AFTERWARDS) is True


def test_without_a_reason_or_anybody_to_tell_nothing_leaves(melati: Clinic) -> None:
    plan = planned(melati)
    with pytest.raises(DomainError, match="Nobody has to be told"):
        sending.ask(plan, by=melati.staff, now=NOW)
    DisruptionPlan.objects.update(reason=None)
    with pytest.raises(DomainError, match="Choose the reason"):
        sending.ask(plan, by=melati.staff, now=NOW)


def test_a_plan_is_sent_once(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    with pytest.raises(DomainError, match="sent this plan already"):
        sending.ask(plan, by=melati.manager, now=NOW)


def test_two_appointments_of_one_customer_are_one_message_and_two_rounds(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 11, customer=melati.customer)
    sent(melati, planned(melati))

    message = Message.objects.get(kind="offer")
    assert (first.requests.get().told_with, second.requests.get().told_with) == (None, first.requests.get())
    assert [beside["request"] for beside in message.context["besides"]] == [second.requests.get().pk]
    assert affected.counts() == {"to_move": 0, "untold": 0}


def test_who_has_to_know_soonest_is_told_first(melati: Clinic, monkeypatch: Any) -> None:
    late, soon = booked_on_tuesday(melati, 14, 9)
    melati.booked("2026-11-24 15:00", customer=soon.customer)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    sending.send_due(now=AFTERWARDS)
    rounds = RescheduleRequest.objects.order_by("pk").values_list("appointment__customer", flat=True)
    assert list(rounds) == [soon.customer_id, soon.customer_id, late.customer_id]
    assert plan.lines.count() == 3


def test_what_ends_in_the_middle_goes_on_where_it_ended(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10, 11)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)

    assert sending.send_due(now=AFTERWARDS, seconds=-1) == 0
    plan.refresh_from_db()
    assert plan.state == PlanState.SENDING
    assert sending.send_due(now=AFTERWARDS) == 3
    plan.refresh_from_db()
    assert (plan.state, plan.ended_at) == (PlanState.SENT, AFTERWARDS)


def test_one_who_cannot_be_told_stops_nobody_else_and_says_why(melati: Clinic) -> None:
    in_the_way, _other = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    melati.booked(in_the_way.starts_at, provider=melati.colleague, room=None, customer=CustomerFactory())
    plan = sent(melati, plan)

    assert states(plan) == [LineState.FAILED, LineState.SENT]
    assert "taken" in line_of(plan, in_the_way).fault
    assert affected.counts() == {"to_move": 1, "untold": 1}
    assert sending.progress(plan)["failed"] == 1


def test_what_failed_is_tried_again(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    blocking = melati.booked(appointment.starts_at, provider=melati.colleague, room=None, customer=CustomerFactory())
    plan = sent(melati, plan)
    assert plan.state == PlanState.SENT
    blocking.occupancies.all().delete()

    assert sending.try_again(plan, now=AFTERWARDS) == 1
    assert sending.send_due(now=AFTERWARDS) == 1
    plan.refresh_from_db()
    assert (plan.state, states(plan)) == (PlanState.SENT, [LineState.SENT])
    assert sending.try_again(plan, now=AFTERWARDS) == 0


def test_whom_a_colleague_has_moved_meanwhile_is_not_told_again(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    melati.offered(appointment)

    sending.send_due(now=AFTERWARDS)

    assert states(plan) == [LineState.NEEDLESS]
    assert appointment.requests.count() == 1


def test_whom_a_colleague_phones_gets_no_message(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plans.leave_to(plan, appointment.pk, melati.manager)
    plan = sent(melati, plan)

    assert (states(plan), appointment.requests.get().contact) == ([LineState.CALL], melati.manager)
    assert [message.channel for message in Message.objects.all()] == ["call"]


def test_a_second_disruption_hits_those_who_wait_on_the_first(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    sent(melati, planned(melati))
    second = planned(melati, entered(melati, away(melati, "2026-11-23 09:00", "2026-11-26 12:00"), now=AFTERWARDS))
    assert second.lines.count() == 0
    assert affected.counts() == {"to_move": 0, "untold": 0}
    assert appointment.requests.get().state == RequestState.OPEN


def test_a_disruption_that_was_called_off_is_told_nobody_although_something_else_hits_them(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    other = entered(melati, away(melati, "2026-11-23 10:00", "2026-11-26 12:00"))
    declare.false_alarm(plan.disruption, by=actors.staff(melati.staff), now=NOW)

    sending.send_due(now=AFTERWARDS)

    assert (states(plan), appointment.requests.count()) == ([LineState.NEEDLESS], 0)
    assert affected.counts() == {"to_move": 1, "untold": 1}
    assert plans.whom(other) == [appointment]


@pytest.mark.parametrize("leaving", [0, 1])
def test_whom_a_colleague_phones_hears_of_all_appointments_from_her(melati: Clinic, leaving: int) -> None:
    hit = booked_on_tuesday(melati, 9, 11, customer=melati.customer)
    plan = planned(melati)
    plans.leave_to(plan, hit[leaving].pk, melati.manager)
    plan = sent(melati, plan)

    assert (states(plan), [message.channel for message in Message.objects.all()]) == ([LineState.CALL] * 2, ["call"])
    assert {one.requests.get().contact for one in hit} == {melati.manager}


@pytest.mark.parametrize("buffers", [{}, {"buffer_after": 15}, {"buffer_before": 15}])
def test_two_plans_on_one_morning_do_not_give_away_one_time_twice(db: None, buffers: dict[str, int]) -> None:
    melati = clinic(rooms=3, **buffers)
    third = ProviderFactory(location=melati.location)
    melati.service.requirements.get(kind="provider").candidates.add(third)
    first = booked_on_tuesday(melati, 9)[0]
    booked_on_tuesday(melati, 9, provider=third, room=melati.location.resources.get(name="Room 2"))
    begin, end = at("2026-11-24 00:00"), at("2026-11-24 23:45")
    one = sending.ask(planned(melati), by=melati.staff, now=NOW)
    missing = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, begin, end, (third.pk,))
    other = planned(melati, entered(melati, missing))
    assert line_of(one, first).starts_at == first.starts_at
    sending.ask(other, by=melati.staff, now=NOW)

    sending.send_due(now=AFTERWARDS)

    assert (states(one), states(other)) == ([LineState.SENT], [LineState.SENT])


def test_one_more_customer_costs_so_many_statements(melati: Clinic) -> None:
    def asked(*hours: int) -> int:
        booked_on_tuesday(melati, *hours)
        plan = planned(melati, entered(melati, away(melati, f"2026-11-24 {hours[0]:02}:00", "2026-11-24 23:00")))
        sending.ask(plan, by=melati.staff, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert sending.send_due(now=AFTERWARDS) == len(hours)
        return len(queries)

    three, one = asked(14, 15, 16), asked(9)
    assert (three - one) / 2 == 16
