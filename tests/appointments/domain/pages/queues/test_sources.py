"""In which order a colleague takes what waits."""

import pytest

from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.sources import (
    APPOINTMENTS,
    CASES,
    NEVER,
    PROMISES,
    ROUNDS,
    in_order,
    moment_in,
    ordered,
)
from appointments.models import Promise
from tests.clock import NOW, days, hours, minutes
from tests.factories import AnswerFactory, Clinic, PromiseFactory, RecoveryCaseFactory, RescheduleRequestFactory


def test_what_is_due_within_the_hour_stands_above_what_is_urgent(melati: Clinic) -> None:
    pressing, urgent, usual = (
        PromiseFactory(due_at=NOW + after, request=RescheduleRequestFactory(appointment=melati.booked(NOW + days(day))))
        for day, after in ((1, minutes(59)), (2, hours(3)), (3, hours(1)))
    )
    AnswerFactory(request=urgent.request, kind="other_times", wishes={"urgent": True}, at=NOW)
    rows = ordered(Promise.objects.open(), PROMISES, "turn", Moment(melati.staff, NOW))
    assert list(rows.order_by(*in_order(PROMISES.sort("turn"), backwards=False))) == [pressing, urgent, usual]


def test_each_knows_where_to_find_what_one_asks_for() -> None:
    for source in (PROMISES, ROUNDS, CASES, APPOINTMENTS):
        rows = source.rows()
        assert rows.filter(**{f"{source.place}__code": "x", source.person: 1}).query
        for name in ("due", "time", "customer"):
            assert rows.order_by(*in_order(source.sort(name), backwards=True)).query


def test_a_complaint_is_due_with_the_first_thing_owed_and_one_without_stands_behind_the_others(melati: Clinic) -> None:
    later, without, sooner = (
        RecoveryCaseFactory(appointment=melati.booked(NOW + days(day)), owner=melati.staff) for day in (1, 2, 3)
    )
    for case, after in ((later, 9), (later, 12), (sooner, 1)):
        PromiseFactory(appointment=case.appointment, due_at=NOW + hours(after), owner=melati.staff)
    PromiseFactory(appointment=without.appointment, due_at=NOW, kind="hold", owner=melati.staff)
    moment = Moment(melati.staff, NOW + hours(10))
    rows = CASES.rows().order_by(*in_order(CASES.sort("due"), backwards=False))

    due = [(sooner, NOW + hours(1)), (later, NOW + hours(9)), (without, NEVER)]
    assert [(one, one.due_by) for one in rows] == due
    assert list(rows.filter(CASES.is_overdue(moment))) == [sooner, later]
    assert without not in rows.filter(CASES.is_due_today(moment))


def test_an_order_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        PROMISES.sort("password")


def test_a_moment_has_a_zone() -> None:
    assert moment_in(NOW.isoformat()) == NOW
    for nonsense in ("2026-11-23T09:00:00", "soon", 7):
        with pytest.raises((ValueError, TypeError)):
            moment_in(nonsense)
