"""The figures of a disruption, each beside a small story that can be counted by hand."""

from typing import Any

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions.cases import Became
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.domain.reports.disruptions import Hours, Report, Satisfaction, report
from appointments.domain.schedule.slots import Slot
from appointments.enums import LineState
from appointments.models import Disruption, PlanLine
from notifications.enums import Channel
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, CustomerFactory, FeedbackFactory, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away


def figures(found: Report, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(found, name) for name in names)


def of(disruption: Disruption) -> Report:
    return report(disruption, now=NOW + days(1))


def move(world: Clinic, appointment: Any, start: str, *, now: Any = NOW) -> None:
    to = Slot(at(start), at(start) + minutes(30), world.provider.pk, (world.provider.pk, world.room.pk))
    booking.move(appointment, to=to, by=actors.staff(world.staff), now=now)


def test_nobody_hit_is_nothing_to_report(melati: Clinic) -> None:
    found = of(provider_away(melati))
    assert figures(found, "hit", "became", "telling", "delay", "failed") == (0, {}, None, None, [])
    assert found.satisfaction == Satisfaction(0, None, None)


def test_how_soon_they_knew(melati: Clinic) -> None:
    booked = booked_in_a_row(melati, 4)
    disruption = provider_away(melati)
    opened = [melati.offered(one, guaranteed=False) for one in booked[:3]]
    for round_, left in zip(opened, (minutes(6), minutes(30), hours(22)), strict=True):
        Message.objects.filter(key=f"offer:request:{round_.pk}").update(
            state="sent", sent_at=NOW + left, secrets={}, mime=None
        )
    found = of(disruption)
    assert found.telling == Hours(0.5, 22.0)
    # The third had to know by 07:00 on the day: two hours before 09:00.
    assert figures(found, "hit", "known", "in_time", "too_late", "untold") == (4, 3, 3, 0, 1)
    Message.objects.filter(key=f"offer:request:{opened[2].pk}").update(sent_at=NOW + hours(22) + minutes(1))
    assert figures(of(disruption), "in_time", "too_late") == (2, 1)
    assert found.ways == {Channel.EMAIL: 3}


def test_who_chooses_without_having_been_told_is_untold(melati: Clinic) -> None:
    first, second, third = booked_in_a_row(melati, 3)
    disruption = provider_away(melati)
    melati.offered(first, guaranteed=False)
    melati.told(second)
    affected.keep(third, by=actors.staff(melati.staff), now=NOW)
    assert of(disruption).untold == 2
    letters_have_left()
    assert of(disruption).untold == 0


def test_what_became_of_them_and_where_their_time_went(melati: Clinic) -> None:
    booked = booked_in_a_row(melati, 4)
    disruption = provider_away(melati)
    move(melati, booked[0], "2026-11-25 08:00", now=NOW + hours(1))
    move(melati, booked[1], "2026-11-26 08:30", now=NOW + hours(2))
    move(melati, booked[2], "2026-11-30 09:00", now=NOW + hours(5))
    booking.cancel(booked[3], by=actors.staff(melati.staff), now=NOW)
    found = of(disruption)
    assert found.became == {Became.MOVED: 3, Became.CANCELLED: 1}
    assert (found.placing, found.delay) == (Hours(2.0, 5.0), Hours(48.0, 144.0))
    assert figures(found, "with_another_person", "moved_minutes", "lost_minutes", "people") == (0, 90, 30, 4)


def test_who_gets_somebody_else_is_counted(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    to = Slot(hit.starts_at, hit.ends_at, melati.colleague.pk, (melati.colleague.pk, melati.room.pk))
    booking.move(hit, to=to, by=actors.SYSTEM, now=NOW)
    assert figures(of(disruption), "with_another_person", "delay") == (1, Hours(0.0, 0.0))


def test_what_failed_and_what_was_lost(melati: Clinic) -> None:
    booked = booked_in_a_row(melati, 3)
    disruption = provider_away(melati)
    plan = plans.begin(disruption, by=melati.staff, now=NOW)
    for one, fault in zip(booked, ("No time is left.", "The text is broken.", "No time is left."), strict=True):
        PlanLine.objects.create(plan=plan, appointment=one, state=LineState.FAILED, fault=fault)
    melati.offered(booked[0], guaranteed=False)
    Message.objects.update(state="bounced", sent_at=NOW, secrets={}, mime=None)
    assert figures(of(disruption), "failed", "lost") == ([("No time is left.", 2), ("The text is broken.", 1)], 1)


def test_what_customers_said_and_what_it_cost_them(melati: Clinic) -> None:
    first, second = booked_in_a_row(melati, 2)
    disruption = provider_away(melati)
    for number, hit in enumerate((first, second)):
        round_ = melati.offered(hit, guaranteed=False)
        answers.accept(round_.offers.get(position=1 + number), nonce=f"p{number}", now=NOW)
        CallAttemptFactory(promise=round_.promises.first()) if number else None
    FeedbackFactory(appointment=first, handling=5, outcome=None, at=NOW)
    FeedbackFactory(appointment=second, handling=2, outcome=4, at=NOW - minutes(1))
    found = of(disruption)
    assert found.satisfaction == Satisfaction(1, 5.0, None), "what was said before it was hit is about something else"
    assert figures(found, "called", "people_hurt") == (1, 2)


def test_what_it_cost_the_customers_is_never_forgotten_here(melati: Clinic) -> None:
    soon, later = melati.booked("2026-11-24 08:30"), melati.booked("2026-11-24 09:00", customer=CustomerFactory())
    disruption = provider_away(melati)
    for one in (soon, later):
        melati.offered(one, guaranteed=False)
    assert figures(of(disruption), "points", "people_hurt") == (1.5 + 1.0, 2)
    assert report(disruption, now=NOW + days(400)).points == 2.5
    melati.customer.appointments.get().requests.update(wished=True)
    assert figures(of(disruption), "points", "people_hurt") == (1.0, 1)


@pytest.mark.parametrize("count", [1, 17])
def test_many_are_asked_like_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    booked = booked_in_a_row(melati, count)
    disruption = provider_away(melati)
    melati.offered(booked[0], guaranteed=False)
    with django_assert_num_queries(11):
        assert of(disruption).hit == count
