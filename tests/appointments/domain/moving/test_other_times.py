"""The rounds that open by themselves when a customer asks for other times."""

from datetime import datetime

import pytest

from appointments import models
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.enums import PromiseKind, RequestState
from appointments.models import Absence, Appointment, RescheduleRequest
from tests.clock import NOW, at, days, minutes
from tests.factories import AbsenceFactory, Clinic, clinic

pytestmark = pytest.mark.django_db
AFTERNOON = Wishes(parts=frozenset({"afternoon"}))


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def newest(appointment: Appointment) -> RescheduleRequest:
    return appointment.requests.latest("round")


def choices(round_: RescheduleRequest) -> set[tuple[datetime, int | None]]:
    return {offer.when_and_whom for offer in round_.offers.all()}


def test_what_was_offered_before_is_not_offered_again(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    answers.ask_other_times(first, wishes=AFTERNOON, nonce="1", now=NOW)
    second = newest(appointment)
    answers.ask_other_times(second, wishes=AFTERNOON, nonce="2", now=NOW)
    third = newest(appointment)

    assert [first.round, second.round, third.round] == [1, 2, 3]
    assert choices(second) & (choices(first) | choices(third)) == set()
    assert all(offer.guaranteed for offer in third.offers.all())


@pytest.mark.parametrize(("fitting", "others", "offered"), [(0, 0, 0), (1, 0, 0), (1, 1, 2), (1, 2, 3), (2, 0, 2)])
def test_nobody_gets_a_choice_of_one(melati: Clinic, fitting: int, others: int, offered: int) -> None:
    """So many free times fit the wishes, so many others are left besides."""
    appointment = melati.booked()
    round_ = melati.offered(appointment, count=2)
    free = {"afternoon": fitting, "morning": others}
    Absence.objects.create(resource=melati.colleague, starts_at=NOW, ends_at=NOW + days(90))
    keep = [
        one
        for part, hour in (("afternoon", 14), ("morning", 9))
        for one in (at(f"2026-12-0{day} {hour:02}:00") for day in range(1, free[part] + 1))
    ]
    begins = NOW
    for start in [*sorted(keep), NOW + days(90)]:
        if start > begins:
            Absence.objects.create(resource=melati.provider, starts_at=begins, ends_at=start)
        begins = start + minutes(30)
    answers.ask_other_times(round_, wishes=AFTERNOON, nonce="more", now=NOW)
    latest = newest(appointment)
    assert (latest.offers.count() if latest != round_ else 0) == offered


def test_a_time_that_can_be_answered_for_in_one_moment_only_is_offered(melati: Clinic) -> None:
    melati.service.notice_minutes = 120
    melati.service.save()
    round_ = melati.offered(melati.booked("2026-11-26 10:00"), respond_by=at("2026-11-24 12:00"))
    for provider in (melati.provider, melati.colleague):
        for begins, ends in (("24 00:00", "24 09:30"), ("24 10:30", "25 00:00")):
            AbsenceFactory(resource=provider, starts_at=at(f"2026-11-{begins}"), ends_at=at(f"2026-11-{ends}"))
    day = at("2026-11-24 00:00").date()
    answers.ask_other_times(
        round_, wishes=Wishes(from_day=day, until_day=day), nonce="night", now=at("2026-11-23 21:30")
    )
    wished = newest(round_.appointment)
    last = max(one.starts_at for one in wished.offers.all())
    assert (wished.wished, wished.respond_by, last) == (True, at("2026-11-24 08:00"), at("2026-11-24 10:00"))


def test_after_three_rounds_of_wishes_a_person_looks_for_times(melati: Clinic) -> None:
    appointment = melati.booked()
    melati.offered(appointment)
    for turn in range(3):
        answers.ask_other_times(newest(appointment), wishes=Wishes(), nonce=f"{turn}", now=NOW)
    last = newest(appointment)
    assert (last.round, last.wished, last.state) == (4, True, RequestState.OPEN)

    answers.ask_other_times(last, wishes=Wishes(), nonce="once more", now=NOW)
    last.refresh_from_db()
    assert (newest(appointment), last.state) == (last, RequestState.WITH_US)
    assert last.promises.open().filter(kind=PromiseKind.FIND_TIMES).count() == 1


def test_every_kind_of_round_keeps_the_length_of_the_appointment(melati: Clinic) -> None:
    appointment = melati.booked(ends_at=at("2026-11-24 11:15"))
    first = melati.offered(appointment)
    answers.ask_other_times(first, wishes=AFTERNOON, nonce="1", now=NOW)
    offers = models.Offer.objects.filter(request__appointment=appointment)

    assert {offer.request_id for offer in offers} == {first.pk, newest(appointment).pk}
    assert {offer.ends_at - offer.starts_at for offer in offers} == {minutes(75)}
    answers.accept(newest(appointment).offers.all()[0], nonce="2", now=NOW)
    appointment.refresh_from_db()
    assert appointment.ends_at - appointment.starts_at == minutes(75)
