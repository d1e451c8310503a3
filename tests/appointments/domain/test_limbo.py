"""Who is nowhere: moved by us, and without a time, an offer, a promise or an end."""

from datetime import timedelta

import pytest

from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing
from appointments.enums import AppointmentState, OfferState, PromiseKind, RequestState
from appointments.models import Appointment, Promise
from tests.clock import NOW, hours
from tests.factories import Clinic, PromiseFactory, clinic

pytestmark = pytest.mark.django_db

LATEST = NOW + hours(2)
"""Until when the round of these stories can be answered."""


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def uncovered(melati: Clinic) -> Appointment:
    """Times are on offer, and nobody has promised anything but to keep them free."""
    round_ = melati.offered()
    Promise.objects.exclude(kind=PromiseKind.HOLD).delete()
    return round_.appointment


def lost(*, after: timedelta) -> list[Appointment]:
    return list(in_limbo(NOW + after))


def test_whoever_was_never_moved_is_not_in_limbo(melati: Clinic) -> None:
    melati.booked()
    assert lost(after=hours(0)) == []


def test_offers_cover_until_the_time_to_answer_is_over(uncovered: Appointment) -> None:
    moment = timedelta(microseconds=1)
    assert list(in_limbo(LATEST - moment)) == []
    assert list(in_limbo(LATEST)) == [uncovered]


def test_offers_cover_until_the_last_of_them_begins(uncovered: Appointment) -> None:
    round_ = uncovered.requests.get()
    round_.respond_by = round_.call_by = NOW + hours(24 * 60)
    round_.save()
    last = round_.offers.latest("starts_at").starts_at
    assert list(in_limbo(last - timedelta(microseconds=1))) == []
    assert list(in_limbo(last)) == [uncovered]


def test_offers_that_went_to_others_cover_nobody(uncovered: Appointment) -> None:
    uncovered.requests.get().offers.update(state=OfferState.GONE)
    assert lost(after=hours(0)) == [uncovered]


def test_once_it_is_our_turn_offers_alone_are_not_enough(uncovered: Appointment) -> None:
    uncovered.requests.update(state=RequestState.WITH_US)
    assert lost(after=hours(0)) == [uncovered]


def test_a_promise_of_somebody_who_works_here_covers(melati: Clinic, uncovered: Appointment) -> None:
    owed = PromiseFactory(appointment=uncovered, owner=melati.staff)
    assert lost(after=hours(3)) == []
    melati.staff.is_active = False
    melati.staff.save()
    assert lost(after=hours(3)) == [uncovered]
    assert owed.owner == melati.staff


def test_a_promise_that_was_settled_covers_nobody_any_more(melati: Clinic, uncovered: Appointment) -> None:
    PromiseFactory(appointment=uncovered, owner=melati.staff, state="kept", settled_at=NOW)
    assert lost(after=hours(3)) == [uncovered]


def test_whoever_ended_it_is_not_in_limbo(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.cancel(round_, nonce="gone", now=NOW)
    assert lost(after=hours(24)) == []
    assert Appointment.objects.get().state == AppointmentState.CANCELLED


def test_silence_leads_to_a_call_and_never_into_limbo(melati: Clinic) -> None:
    round_ = melati.offered()
    assert lost(after=hours(3)) == []
    assert chasing.expire(round_, now=NOW + hours(3))
    assert lost(after=hours(4)) == []


def test_a_time_that_stands_by_itself_is_a_confirmed_one(uncovered: Appointment) -> None:
    uncovered.requests.get().offers.update(state=OfferState.GONE)
    uncovered.requests.update(stands_by_itself=True)
    assert lost(after=hours(0)) == []
    uncovered.requests.update(state=RequestState.WITH_US)
    assert lost(after=hours(0)) == [uncovered]
