"""What a report knows of each move."""

import pytest

from appointments.domain.reports.facts import ALONE, WISHED, Dimension, read
from appointments.domain.reports.moves import moves
from appointments.enums import RequestState
from appointments.models import Appointment
from tests.clock import at, days
from tests.factories import AppointmentFactory
from tests.factories.compensation import compensation, rupiah
from tests.factories.moves import World, a_round, world

pytestmark = pytest.mark.django_db
WAS, TOLD = at("2026-11-24 10:00"), at("2026-11-23 10:00")


@pytest.fixture
def place() -> World:
    return world()


@pytest.fixture
def moved(place: World) -> Appointment:
    appointment = AppointmentFactory(location=place.locations[0], starts_at=WAS, occupies=False)
    a_round(appointment, told=TOLD, state=RequestState.ACCEPTED, placed=WAS + days(3), reason=place.reasons[0])
    return appointment


def test_a_move_knows_every_group_that_it_belongs_to(place: World, moved: Appointment) -> None:
    [move] = read(moves())
    assert move.keys.keys() == set(Dimension)
    assert move.keys[Dimension.REASON] == str(place.reasons[0].pk)
    assert (move.notice, move.later, move.is_placed, move.is_open) == (days(1), days(3), True, False)
    assert move.keys[Dimension.DISRUPTION] in (ALONE, WISHED)


@pytest.mark.parametrize(("state", "given"), [("issued", 50_000), ("redeemed", 50_000), ("waiting", 0), ("refused", 0)])
def test_what_was_given_counts_once_it_is_given(moved: Appointment, state: str, given: int) -> None:
    fields = {"redeemed_at": TOLD, "redeemed_by": moved.requests.get().contact} if state == "redeemed" else {}
    compensation(moved, state=state, worth=rupiah(50_000), **fields)
    assert [move.given for move in read(moves())] == [given]


@pytest.mark.parametrize(
    ("starts", "booked", "again"),
    [(days(0), days(1), False), (days(1), days(1), True), (days(90), days(1), True), (days(91), days(1), False),
     (days(1), days(-1), False)],
)  # fmt: skip
def test_who_books_anew_within_ninety_days_has_returned(
    moved: Appointment, starts: object, booked: object, again: bool
) -> None:
    other = AppointmentFactory(customer=moved.customer, starts_at=WAS + starts, occupies=False)  # type: ignore[operator]
    Appointment.objects.filter(pk=other.pk).update(created_at=TOLD + booked)  # type: ignore[operator]
    assert [move.has_returned for move in read(moves())] == [again]
