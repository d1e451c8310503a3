"""Rows become a question to the planner, and its answer a time on the timeline."""

from typing import Any

import pytest

from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import plan
from appointments.domain.disruptions.planner.problem import Job, Problem
from appointments.domain.disruptions.planning import questions
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.moving import answers
from appointments.domain.schedule.wallclock import minute_of
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import DisruptionScope
from appointments.models import Appointment
from tests.appointments.domain.disruptions.world import away, booked_on_tuesday, entered
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, ProviderFactory

WEEK = Limits(window_days=7)


def question(*appointments: Appointment, limits: Limits = WEEK, now: Any = NOW) -> Problem:
    return questions.problem_of(appointments, limits, now=now)


def job(problem: Problem, appointment: Appointment) -> Job:
    return next(one for one in problem.jobs if one.key == appointment.pk)


def leaders(problem: Problem, appointment: Appointment) -> set[int]:
    return set(problem.kinds[job(problem, appointment).kind].leaders.tolist())


def test_a_job_is_the_time_that_is_taken_away(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    found = job(question(appointment), appointment)

    assert (found.key, found.start, found.leader) == (
        appointment.pk,
        minute_of(appointment.starts_at),
        melati.provider.pk,
    )
    assert found.wall % 1440 == 10 * 60
    assert (found.start, melati.provider.pk) in found.refused


def test_a_new_time_leaves_time_to_answer_and_keeps_the_notice(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    assert job(question(appointment), appointment).earliest == minute_of(at("2026-11-23 13:00"))

    melati.service.notice_minutes = 24 * 60
    melati.service.save()
    appointment.refresh_from_db()
    assert job(question(appointment), appointment).earliest == minute_of(at("2026-11-24 09:00"))


def test_it_lies_within_so_many_days_of_the_old_one_and_the_horizon(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    assert job(question(appointment), appointment).latest == minute_of(at("2026-12-02 00:00"))

    melati.service.horizon_days = 3
    melati.service.save()
    appointment.refresh_from_db()
    assert job(question(appointment), appointment).latest == minute_of(NOW + days(3))


def test_fewer_days_are_asked_of_the_same_question(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    wide = questions.problem_of([appointment], WEEK, now=NOW, most_days=14)
    assert job(wide, appointment).latest == minute_of(at("2026-12-09 00:00"))

    narrow = questions.within(wide, [appointment], days=3, now=NOW)
    assert job(narrow, appointment).latest == minute_of(at("2026-11-28 00:00"))


def test_no_time_lies_in_what_is_missing(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    entered(melati)
    found = plan(question(appointment), seconds=0).placements[appointment.pk]

    slot = questions.slot_of(found, appointment)
    assert (slot.starts_at, slot.provider_id) == (appointment.starts_at, melati.colleague.pk)
    assert set(slot.resource_ids) == {melati.colleague.pk, melati.room.pk}


def test_what_others_of_them_still_occupy_is_not_given_away(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 10, 11)
    entered(melati)
    problem = question(first, second)

    assert {(one.key, one.resource) for one in problem.present} == {
        (one.pk, resource.pk) for one in (first, second) for resource in (melati.provider, melati.room)
    }


def test_only_the_same_person_when_that_was_said_of_the_plan_or_the_disruption(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    assert not job(question(appointment), appointment).same_person
    assert job(question(appointment, limits=Limits(window_days=7, same_person=True)), appointment).same_person


def test_who_may_stand_in_is_who_was_named_and_whom_it_is_with(melati: Clinic) -> None:
    third = ProviderFactory(location=melati.location)
    melati.service.requirements.get(kind="provider").candidates.add(third)
    appointment = booked_on_tuesday(melati, 10)[0]

    everybody = {melati.provider.pk, melati.colleague.pk, third.pk}
    assert leaders(question(appointment), appointment) == everybody
    named = Limits(window_days=7, stand_ins=frozenset([third.pk]))
    assert leaders(question(appointment, limits=named), appointment) == {melati.provider.pk, third.pk}


def test_outside_the_open_hours_only_when_that_was_said(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    assert not question(appointment).kinds[0].outside.any()

    kind = question(appointment, limits=Limits(window_days=7, outside_hours=True)).kinds[0]
    walls = kind.walls[kind.outside] % 1440
    assert (walls.min(), walls.max()) == (7 * 60, 20 * 60 - 30)


def test_a_share_of_every_day_stays_free(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    assert question(appointment).minutes_left == {}

    left = question(appointment, limits=Limits(window_days=7, keep_free=50)).minutes_left
    wednesday = minute_of(at("2026-11-25 00:00")) // 1440 + 1
    assert left[melati.colleague.pk, wednesday] == 9 * 60 // 2


def test_a_daily_limit_counts_by_days_of_the_place(melati: Clinic) -> None:
    melati.colleague.most_a_day = 1
    melati.colleague.save()
    appointment = booked_on_tuesday(melati, 10)[0]
    melati.booked("2026-11-25 09:00", provider=melati.colleague, customer=CustomerFactory())

    most = question(appointment).most
    wednesday = minute_of(at("2026-11-25 00:00")) // 1440 + 1
    assert (most[melati.colleague.pk, wednesday], most[melati.colleague.pk, wednesday + 1]) == (0, 1)


def test_what_was_asked_for_and_refused_stands_in_it(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    round_ = melati.offered(appointment)
    wishes = Wishes(parts=frozenset(["morning"]))
    answers.ask_other_times(round_, wishes=wishes, words="", nonce="asked", now=NOW + minutes(5))

    found = job(question(appointment), appointment)

    assert found.wishes == wishes
    assert {(minute_of(one.starts_at), one.provider_id) for one in round_.offers.all()} <= found.refused


def test_the_customers_other_appointments_are_in_the_way(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    other = melati.booked("2026-11-25 09:00", customer=appointment.customer)
    melati.booked("2026-11-25 11:00", customer=CustomerFactory())

    [busy] = job(question(appointment), appointment).busy
    assert (busy.start, busy.end) == (minute_of(other.starts_at), minute_of(other.ends_at))


def test_two_of_one_customer_are_kept_apart(melati: Clinic) -> None:
    one, two = booked_on_tuesday(melati, 10, 11, customer=melati.customer)
    problem = question(one, two)
    assert (problem.same_customer, job(problem, one).busy) == (((one.pk, two.pk),), ())


def test_whom_we_have_moved_before_weighs_more(melati: Clinic) -> None:
    fresh, moved = booked_on_tuesday(melati, 10, 11)
    melati.offered(moved)
    problem = question(fresh, moved, now=NOW + hours(1))
    assert (job(problem, fresh).priority, job(problem, moved).priority > 1) == (1.0, True)


def test_a_placement_is_a_slot_and_back(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    place = Placement(minute_of(at("2026-11-25 10:00")), melati.provider.pk, (melati.provider.pk, melati.room.pk), True)
    slot = questions.slot_of(place, appointment)

    assert (slot.starts_at, slot.ends_at) == (at("2026-11-25 10:00"), at("2026-11-25 10:30"))
    assert questions.placement_of(slot) == place


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_queries_does_not_depend_on_how_many_are_hit(
    melati: Clinic, count: int, django_assert_max_num_queries: Any
) -> None:
    appointments = booked_on_tuesday(melati, *range(9, 9 + count))
    entered(melati, away(melati))
    with django_assert_max_num_queries(13):
        questions.problem_of(appointments, Limits(window_days=7, keep_free=10), now=NOW)


def test_a_room_that_goes_as_well_is_not_used(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 10)[0]
    both = WhatIsMissing(
        DisruptionScope.RESOURCES,
        melati.location,
        at("2026-11-24 00:00"),
        at("2026-11-25 00:00"),
        (melati.provider.pk, melati.room.pk),
    )
    entered(melati, both)
    found = plan(question(appointment), seconds=0).placements[appointment.pk]
    assert questions.slot_of(found, appointment).starts_at.date() != appointment.starts_at.date()
