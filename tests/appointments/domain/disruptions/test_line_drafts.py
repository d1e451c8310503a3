"""What each customer of a plan is offered: the kept time, what is still open, each with its true line."""

from datetime import datetime

import pytest

from appointments.domain import promises
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.planning import placing, plans
from appointments.domain.schedule.slots import Slot, slot_at
from appointments.enums import DisruptionScope, LineState, PromiseKind, Why
from appointments.models import Appointment, DisruptionPlan, Promise, Resource
from notifications.models import Message
from tests.appointments.domain.disruptions.world import (
    away,
    booked_on_tuesday,
    entered,
    line_of,
    planned,
    sent,
    states,
)
from tests.clock import NOW, at, days
from tests.factories import Clinic, CustomerFactory


def test_who_has_no_time_yet_hears_who_looks_for_one_and_by_when(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    news = at("2026-11-25 12:00")
    missing = away(melati, "2026-11-23 09:00", None)
    melati.colleague.is_active = False
    melati.colleague.save()
    plan = sent(melati, planned(melati, entered(melati, missing, next_news_at=news)))

    assert states(plan) == [LineState.SENT]
    promise = Promise.objects.open().get(kind=PromiseKind.FIND_TIMES)
    assert (promise.due_at, promise.owner, promise.appointment) == (news, melati.staff, appointment)
    assert Message.objects.get().kind == "no_time"


def test_the_line_for_one_stands_in_place_of_the_line_for_all(melati: Clinic) -> None:
    one, other = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    DisruptionPlan.objects.update(personal_note="For all.")
    plans.write(plan, one.pk, "For you.")
    sent(melati, plan)
    assert [a.requests.get().personal_note for a in (one, other)] == ["For you.", "For all."]


def test_each_time_says_truly_why_it_is_offered(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    sent(melati, planned(melati))
    for offer in appointment.requests.get().offers.all():
        same_hour = (offer.starts_at - appointment.starts_at) % days(1) == days(0)
        same_person = offer.provider == melati.provider
        if offer.starts_at == appointment.starts_at:
            assert offer.why == Why.SAME_TIME_OTHER_PERSON
        elif same_hour:
            assert offer.why == Why.SAME_HOUR
        elif same_person:
            assert offer.why == Why.SAME_PERSON
        else:
            same_day = offer.starts_at.astimezone(NOW.tzinfo).date() == at("2026-11-24 00:00").date()
            assert offer.why == (Why.SAME_DAY if same_day else Why.ANOTHER)


def test_a_time_on_the_same_day_says_so(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    slot = slot_at(appointment, starts_at=at("2026-11-24 15:00"), provider_id=melati.colleague.pk, now=NOW)
    plan = plans.place(plan, appointment.pk, slot, now=NOW)
    sent(melati, plan)
    assert appointment.requests.get().offers.get(guaranteed=True).why == Why.SAME_DAY


def open_times(plan: DisruptionPlan, appointment: Appointment) -> tuple[Slot, list[Slot]]:
    """One that the plan leaves open, not beside the kept one, and the others that do not overlap it."""
    lost = max(placing.others_of(line_of(plan, appointment)), key=lambda one: one.starts_at)
    others = placing.others_of(line_of(plan, appointment))
    return lost, [one for one in others if one.ends_at <= lost.starts_at or lost.ends_at <= one.starts_at]


def offered_open(appointment: Appointment) -> set[tuple[datetime, int | None]]:
    return {offer.when_and_whom for offer in appointment.requests.get().offers.filter(guaranteed=False)}


def test_an_open_time_that_has_gone_meanwhile_is_not_offered(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    lost, left = open_times(plan, appointment)
    melati.booked(lost.starts_at, provider=Resource.objects.get(pk=lost.provider_id or 0), customer=CustomerFactory())
    sent(melati, plan)

    assert len(left) >= 1
    assert offered_open(appointment) == {one.when_and_whom for one in left}


def test_an_open_time_that_cannot_take_place_any_more_does_not_keep_anybody_untold(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    lost, left = open_times(plan, appointment)
    room = (melati.room.pk,)
    entered(melati, WhatIsMissing(DisruptionScope.RESOURCES, melati.location, lost.starts_at, lost.ends_at, room))
    plan = sent(melati, plan)

    assert states(plan) == [LineState.SENT], line_of(plan, appointment).fault
    assert offered_open(appointment) == {one.when_and_whom for one in left}


def test_an_open_time_on_a_day_that_has_filled_up_is_not_offered(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    lost, _left = open_times(plan, appointment)
    evening = lost.starts_at.astimezone(melati.location.tzinfo).replace(hour=20)
    melati.booked(evening, provider=Resource.objects.get(pk=lost.provider_id or 0), customer=CustomerFactory())
    Resource.objects.filter(kind="provider").update(most_a_day=1)
    plan = sent(melati, plan)

    assert states(plan) == [LineState.SENT], line_of(plan, appointment).fault
    zone = melati.location.tzinfo
    days_of_them = {(when.astimezone(zone).date(), whom) for when, whom in offered_open(appointment)}
    assert (evening.date(), lost.provider_id) not in days_of_them
    assert lost.starts_at.astimezone(zone).date() == evening.date()


@pytest.mark.parametrize(
    ("now", "news", "due"),
    [
        ("2026-11-23 09:01", "2026-11-23 09:00", None),
        ("2026-11-23 09:09", "2026-11-23 09:10", "2026-11-23 09:15"),
        ("2026-11-23 09:10", "2026-11-23 09:15", None),
        ("2026-11-23 09:01", "2026-11-23 22:00", "2026-11-24 08:00"),
        ("2026-11-23 09:15", "2026-12-07 09:15", "2026-12-07 09:15"),
        ("2026-11-23 09:15", "2026-12-07 09:30", None),
    ],
)
def test_by_when_we_know_more_is_told_as_an_hour_that_one_can_promise(
    melati: Clinic, now: str, news: str, due: str | None
) -> None:
    booked_on_tuesday(melati, 9)
    melati.colleague.is_active = False
    melati.colleague.save()
    disruption = entered(melati, away(melati, "2026-11-23 09:00", None), next_news_at=at(news))
    plan = sent(melati, planned(melati, disruption), now=at(now))

    assert states(plan) == [LineState.SENT], plan.lines.get().fault
    usual = promises.usually_due(melati.location, now=at(now))
    assert Promise.objects.open().get(kind=PromiseKind.FIND_TIMES).due_at == (at(due) if due else usual)
