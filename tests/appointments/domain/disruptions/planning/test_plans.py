"""A plan for all whom a disruption hits: made, adjusted by hand, made again around what is pinned."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.planning import placing, plans
from appointments.domain.disruptions.planning.plans import Wanted
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.schedule.slots import slot_at
from appointments.enums import DisruptionScope, LineState, PlanState
from appointments.errors import DomainError
from appointments.models import DisruptionPlan, PlanLine
from tests.appointments.domain.disruptions.world import (
    away,
    booked_on_tuesday,
    entered,
    line_of,
    planned,
)
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory


def wanted(plan: DisruptionPlan, melati: Clinic, **said: Any) -> Wanted:
    limits = replace(Limits.of(plan), **{name: said.pop(name) for name in list(said) if name in Limits.__annotations__})
    return Wanted(reason=melati.reason, contact=melati.staff, limits=limits, **said)


def test_everybody_who_is_hit_has_a_line_with_a_time_and_others_to_choose(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)

    assert [line.appointment for line in plan.lines.all()] == hit
    assert {(line.starts_at, line.provider) for line in plan.lines.all()} == {
        (one.starts_at, melati.colleague) for one in hit
    }
    assert [len(line.others) for line in plan.lines.all()] == [4, 4, 4]
    assert (plan.reason, plan.contact, plan.state) == (melati.reason, melati.staff, PlanState.DRAFT)
    assert plan.placeable == {"3": 3, "7": 3, "14": 3}


def test_no_two_are_given_the_same_time_and_no_open_time_is_kept_for_another(melati: Clinic) -> None:
    booked_on_tuesday(melati, *range(8, 17))
    booked_on_tuesday(melati, *range(8, 17), provider=melati.colleague, room=None)
    plan = planned(melati)

    kept = [(line.provider_id, line.starts_at) for line in plan.lines.all() if line.starts_at]
    assert len(set(kept)) == len(kept) == 9
    for line in plan.lines.for_display():
        others = {(slot.provider_id, slot.starts_at) for slot in placing.others_of(line)}
        assert others.isdisjoint(kept)


def test_a_second_look_finds_the_same_plan(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    assert plans.begin(plan.disruption, by=melati.manager, now=NOW + hours(1)) == plan


def test_of_one_plan_only_is_live_is_the_databases_own_rule(melati: Clinic) -> None:
    plan = planned(melati)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisruptionPlan.objects.create(disruption=plan.disruption, contact=melati.staff, made_at=NOW)
    plans.drop(plan, now=NOW)
    assert plans.begin(plan.disruption, by=melati.staff, now=NOW) != plan


@pytest.mark.parametrize(
    "fields",
    [
        {"state": PlanState.SENT, "send_at": NOW},
        {"state": PlanState.DRAFT, "ended_at": NOW},
        {"state": PlanState.COUNTDOWN, "send_at": None},
    ],
)
def test_what_a_plan_says_of_itself_fits_together(melati: Clinic, fields: dict[str, Any]) -> None:
    plan = planned(melati)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisruptionPlan.objects.filter(pk=plan.pk).update(**fields)


def test_nobody_approves_what_they_asked_for_and_what_failed_says_why(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisruptionPlan.objects.filter(pk=plan.pk).update(asked_by=melati.staff, approved_by=melati.staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.lines.update(state=LineState.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.lines.update(ends_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanLine.objects.create(plan=plan, appointment=plan.lines.get().appointment)


def test_one_appointment_by_itself_has_no_plan(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    alone = WhatIsMissing(
        DisruptionScope.APPOINTMENT,
        melati.location,
        appointment.starts_at,
        appointment.ends_at,
        appointment=appointment,
    )
    with pytest.raises(DomainError, match="by itself"):
        planned(melati, entered(melati, alone))


def test_an_empty_plan_is_empty(melati: Clinic) -> None:
    plan = planned(melati)
    assert (plan.lines.count(), plan.placeable) == (0, {})


def test_whom_somebody_moves_already_is_left_alone(melati: Clinic) -> None:
    moved, waiting = booked_on_tuesday(melati, 9, 10)
    melati.offered(moved)
    assert [line.appointment for line in planned(melati).lines.all()] == [waiting]


def test_a_time_that_a_colleague_chooses_is_pinned_and_the_others_make_room(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    wanted_by_both = placing.slot_of(line_of(plan, second))
    assert wanted_by_both is not None

    plan = plans.place(plan, first.pk, wanted_by_both, now=NOW)

    assert (line_of(plan, first).starts_at, line_of(plan, first).is_pinned) == (second.starts_at, True)
    assert line_of(plan, second).starts_at != second.starts_at


def test_what_need_not_change_does_not(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)
    before = {line.appointment_id: line.starts_at for line in plan.lines.all()}
    slot = slot_at(hit[0], starts_at=at("2026-11-26 15:00"), provider_id=melati.provider.pk, now=NOW)

    plan = plans.place(plan, hit[0].pk, slot, now=NOW)

    assert {line.appointment_id: line.starts_at for line in plan.lines.all()} == before | {hit[0].pk: slot.starts_at}


def test_a_pin_that_is_let_go_is_planned_again(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    slot = slot_at(appointment, starts_at=at("2026-11-28 15:00"), provider_id=melati.provider.pk, now=NOW)
    plan = plans.place(plan, appointment.pk, slot, now=NOW)
    plan = plans.make(plan, now=NOW, anew=True)
    assert line_of(plan, appointment).starts_at == slot.starts_at

    plans.pin(plan, appointment.pk, pinned=False)
    plan = plans.make(plan, now=NOW, anew=True)
    assert line_of(plan, appointment).starts_at == appointment.starts_at


def test_what_a_colleague_has_said_of_one_outlives_another_plan(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plans.leave_to(plan, appointment.pk, melati.manager)
    plans.write(plan, appointment.pk, " See you soon. ")

    plan = plans.make(plan, now=NOW, anew=True)

    line = line_of(plan, appointment)
    assert (line.caller, line.personal_note) == (melati.manager, "See you soon.")
    plans.leave_to(plan, appointment.pk, None)
    assert line_of(plan, appointment).caller is None


def test_who_is_left_to_a_colleague_is_left_to_her_with_all_that_comes_on_top(melati: Clinic) -> None:
    first, second, _other = [
        *booked_on_tuesday(melati, 9, 11, customer=melati.customer),
        *booked_on_tuesday(melati, 10),
    ]
    plan = planned(melati)
    plans.leave_to(plan, second.pk, melati.manager)
    third = booked_on_tuesday(melati, 14, customer=melati.customer)[0]
    affected.add(plan.disruption, [third], now=NOW)
    plan = plans.make(plan, now=NOW)

    called = plan.lines.filter(caller=melati.manager).values_list("appointment", flat=True)
    assert sorted(called) == [first.pk, second.pk, third.pk]
    plans.leave_to(plan, third.pk, None)
    assert not plan.lines.filter(caller__isnull=False).exists()


def test_other_limits_make_another_plan_and_other_words_do_not(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)

    plan = plans.change(plan, wanted(plan, melati, personal_note="Sorry."), now=NOW)
    assert (plan.personal_note, line_of(plan, appointment).provider) == ("Sorry.", melati.colleague)
    plan = plans.change(plan, wanted(plan, melati, same_person=True), now=NOW)
    assert line_of(plan, appointment).provider == melati.provider
    plan = plans.change(plan, wanted(plan, melati, window_days=30, keep_free=20), now=NOW)
    assert (plan.window_days, plan.keep_free, plan.placeable["30"]) == (30, 20, 1)


def test_who_may_stand_in_is_kept(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    plan = plans.change(plan, wanted(plan, melati, stand_ins=frozenset([melati.colleague.pk])), now=NOW)
    assert list(plan.stand_ins.all()) == [melati.colleague]
    assert Limits.of(plan).stand_ins == {melati.colleague.pk}


def test_nobody_overwrites_what_was_changed_while_they_were_thinking(melati: Clinic, monkeypatch: Any) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    think = placing.best_plan
    interrupted: list[bool] = []

    def and_meanwhile(*args: Any, **options: Any) -> Any:
        if not interrupted:
            interrupted.append(True)
            plans.leave_to(plan, appointment.pk, melati.manager)
        return think(*args, **options)

    monkeypatch.setattr(placing, "best_plan", and_meanwhile)
    plan = plans.make(plan, now=NOW, anew=True)

    assert (interrupted, line_of(plan, appointment).caller) == ([True], melati.manager)


def test_who_keeps_being_overtaken_is_told_so(melati: Clinic, monkeypatch: Any) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    think = placing.best_plan

    def and_meanwhile(*args: Any, **options: Any) -> Any:
        plans.leave_to(plan, appointment.pk, melati.manager)
        return think(*args, **options)

    monkeypatch.setattr(placing, "best_plan", and_meanwhile)
    with pytest.raises(DomainError, match="changing this plan too"):
        plans.make(plan, now=NOW)


def test_who_settled_it_meanwhile_has_no_line_to_change(melati: Clinic) -> None:
    plan = planned(melati)
    stranger = melati.booked("2026-11-26 09:00", customer=CustomerFactory())
    with pytest.raises(DomainError, match="does not have to be moved"):
        plans.pin(plan, stranger.pk, pinned=True)


@pytest.mark.parametrize("change", ["pin", "make", "change"])
def test_what_is_on_its_way_is_not_changed(melati: Clinic, change: str) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    DisruptionPlan.objects.filter(pk=plan.pk).update(state=PlanState.COUNTDOWN, send_at=NOW)
    acts = {
        "pin": lambda: plans.pin(plan, appointment.pk, pinned=True),
        "make": lambda: plans.make(plan, now=NOW),
        "change": lambda: plans.change(plan, wanted(plan, melati), now=NOW),
    }
    with pytest.raises(DomainError, match="about to leave"):
        acts[change]()


def test_whoever_is_hit_later_joins_the_plan(melati: Clinic) -> None:
    first = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plans.leave_to(plan, first.pk, melati.manager)
    later = booked_on_tuesday(melati, 15)[0]
    entered(melati, away(melati), now=NOW + minutes(5))

    plan = plans.make(plan, now=NOW + minutes(5))

    assert [line.appointment for line in plan.lines.all()] == [first, later]
    assert line_of(plan, first).caller == melati.manager
