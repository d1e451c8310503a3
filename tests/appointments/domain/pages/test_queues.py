"""What stands in line until somebody has dealt with it."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.pages import queues
from appointments.domain.pages.situation import situation_of
from appointments.enums import DisruptionScope
from appointments.models import Appointment, Disruption
from notifications.models import Message
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, CustomerFactory, letters_have_left


def declare(melati: Clinic, since: datetime, until: datetime, *, whom: int | None = None) -> Disruption:
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, since, until, (whom or melati.provider.pk,)
    )  # fmt: skip
    return affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)


def booked(melati: Clinic, when: str) -> Appointment:
    return melati.booked(when, customer=CustomerFactory())


def shown() -> list[tuple[int, list[tuple[int, bool]]]]:
    groups = queues.to_move(affected.to_move().for_display())
    return [(one.disruption.pk, [(hit.row.appointment_id, hit.is_untold) for hit in one.hits]) for one in groups]


def test_the_soonest_stands_first_and_all_that_one_thing_hits_stand_together(melati: Clinic) -> None:
    late, early = booked(melati, "2026-11-26 10:00"), booked(melati, "2026-11-26 09:00")
    soon = booked(melati, "2026-11-24 10:00")
    thursday = declare(melati, at("2026-11-26 00:00"), at("2026-11-27 00:00"))
    tuesday = declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    assert shown() == [(tuesday.pk, [(soon.pk, True)]), (thursday.pk, [(early.pk, True), (late.pk, True)])]


def test_who_was_told_and_waits_no_longer_stands_there_as_told(melati: Clinic) -> None:
    appointment = booked(melati, "2026-11-24 10:00")
    disruption = declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    assert affected.counts() == {"to_move": 1, "untold": 1}
    round_ = melati.offered(appointment, disruption=disruption)
    assert (shown(), affected.counts()) == ([], {"to_move": 0, "untold": 0})
    # The round ends without a time: the customer knows, and the appointment still has to move.
    type(round_).objects.filter(pk=round_.pk).update(state="replaced", closed_at=NOW + hours(1))
    assert shown() == [(disruption.pk, [(appointment.pk, False)])]
    assert affected.counts() == {"to_move": 1, "untold": 0}


def test_whom_somebody_moves_and_nobody_has_told_is_still_to_be_phoned(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    by_mail, by_phone, late = (booked(melati, f"2026-11-24 {hour}:00") for hour in (10, 11, 12))
    type(by_phone.customer).objects.filter(pk=by_phone.customer_id).update(
        preferred_channel="call", phone="+6281200000001"
    )
    disruption = declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    for one in (by_mail, by_phone):
        one.refresh_from_db()
        melati.offered(one, disruption=disruption)
    assert affected.counts() == {"to_move": 1, "untold": 2}
    letters_have_left()
    Message.objects.filter(about=by_mail.about).update(state="failed", sent_at=None)
    with django_assert_num_queries(2):
        found = queues.unreached(affected.unreached().for_display())
    assert [(one.row.appointment, one.promise is not None) for one in found] == [(by_mail, True), (by_phone, True)]
    assert affected.counts() == {"to_move": 1, "untold": 3}
    assert late in {one.appointment for one in affected.untold()}


def test_one_who_is_hit_twice_is_one_customer(melati: Clinic) -> None:
    booked(melati, "2026-11-24 10:00")
    declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"), whom=melati.room.pk)
    assert affected.counts() == {"to_move": 1, "untold": 1}


@pytest.mark.parametrize("many", [1, 30])
def test_however_many_there_are_it_takes_as_many_queries(
    melati: Clinic, many: int, django_assert_num_queries: Any
) -> None:
    for day in range(many):
        booked(melati, f"{at('2026-11-24 10:00') + days(day):%Y-%m-%d %H:%M}")
    declare(melati, at("2026-11-24 00:00"), at("2027-11-25 00:00"))
    with django_assert_num_queries(3):
        (group,) = queues.to_move(affected.to_move().for_display())
        names = [hit.row.appointment.customer.name for hit in group.hits]
        assert [one.name for one in group.disruption.resources.all()] == [melati.provider.name]
    assert len(names) == many


def test_of_thousands_the_soonest_are_read_and_the_rest_counted(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "SHOWN", 2)
    late, soon, next_ = (booked(melati, f"2026-11-24 {hour}:00") for hour in (12, 10, 11))
    other = booked(melati, "2026-11-26 09:00")
    tuesday = declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    thursday = declare(melati, at("2026-11-26 00:00"), at("2026-11-27 00:00"))
    assert shown() == [(tuesday.pk, [(soon.pk, True), (next_.pk, True)]), (thursday.pk, [(other.pk, True)])]
    groups = queues.to_move(affected.to_move().for_display())
    assert [(one.total, one.more) for one in groups] == [(3, 1), (1, 0)]
    melati.offered(late)
    assert [one.more for one in queues.to_move(affected.to_move().for_display())] == [0, 0]


def test_the_page_of_an_appointment_says_that_it_has_to_move(melati: Clinic) -> None:
    appointment = booked(melati, "2026-11-24 10:00")
    assert situation_of(appointment, now=NOW).key == "booked"
    declare(melati, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    assert situation_of(appointment, now=NOW).key == "must_move"
    melati.offered(appointment)
    assert situation_of(appointment, now=NOW).key == "waiting"
