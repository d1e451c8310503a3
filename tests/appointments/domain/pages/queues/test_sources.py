"""In which order a colleague takes what waits."""

import pytest

from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.sources import APPOINTMENTS, PROMISES, ROUNDS, in_order, moment_in, ordered
from appointments.models import Promise
from tests.clock import NOW, days, hours, minutes
from tests.factories import AnswerFactory, Clinic, PromiseFactory, RescheduleRequestFactory


def test_what_is_due_within_the_hour_stands_above_what_is_urgent(melati: Clinic) -> None:
    pressing, urgent, usual = (
        PromiseFactory(due_at=NOW + after, request=RescheduleRequestFactory(appointment=melati.booked(NOW + days(day))))
        for day, after in ((1, minutes(59)), (2, hours(3)), (3, hours(1)))
    )
    AnswerFactory(request=urgent.request, kind="other_times", wishes={"urgent": True}, at=NOW)
    rows = ordered(Promise.objects.open(), PROMISES, "turn", Moment(melati.staff, NOW))
    assert list(rows.order_by(*in_order(PROMISES.sort("turn"), backwards=False))) == [pressing, urgent, usual]


def test_each_knows_where_to_find_what_one_asks_for() -> None:
    for source in (PROMISES, ROUNDS, APPOINTMENTS):
        rows = source.rows()
        assert rows.filter(**{f"{source.place}__code": "x", source.person: 1}).query
        for name in ("due", "time", "customer"):
            assert rows.order_by(*in_order(source.sort(name), backwards=True)).query


def test_an_order_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        PROMISES.sort("password")


def test_a_moment_has_a_zone() -> None:
    assert moment_in(NOW.isoformat()) == NOW
    for nonsense in ("2026-11-23T09:00:00", "soon", 7):
        with pytest.raises((ValueError, TypeError)):
            moment_in(nonsense)
