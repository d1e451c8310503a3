"""A latecomer learns it at little cost, and whoever is in time is let through."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.moving import answers, drafts, offers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.enums import Why
from appointments.errors import RoundOver, SlotTaken
from appointments.models import Answer, Offer
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def rivals() -> tuple[Offer, Offer]:
    """Two customers to whom one open time is offered."""
    world = clinic(rooms=2)
    first = drafts.propose(world.booked("2026-11-26 10:00"), now=NOW, limit=2)
    return offer_of(world, first), offer_of(world, first, hour=11)


def offer_of(world: Clinic, slots: Any, *, hour: int = 10) -> Offer:
    appointment = world.booked(f"2026-12-01 {hour}:00", customer=CustomerFactory())
    open_times = tuple(ChosenOffer(one.slot, Why.SOONEST, guaranteed=False) for one in slots)
    round_ = world.offered(appointment, offers=open_times)
    return Offer.objects.select_related("request__appointment").get(request=round_, position=1)


def test_a_latecomer_is_told_by_one_query_and_waits_for_nobody(rivals: tuple[Offer, Offer]) -> None:
    winner, late = rivals
    answers.accept(winner, nonce="winner", now=NOW)
    with CaptureQueriesContext(connection) as queries, pytest.raises(SlotTaken):
        answers.accept(late, nonce="late", now=NOW)
    assert len(queries) == 1
    assert Answer.objects.count() == 1


def test_nothing_is_lost_before_somebody_has_it(rivals: tuple[Offer, Offer]) -> None:
    winner, late = rivals
    assert not offers.status_of(winner, nonce="winner", now=NOW).is_lost
    assert not offers.status_of(late, nonce="late", now=NOW).is_lost
    answers.accept(winner, nonce="winner", now=NOW)
    assert not offers.status_of(winner, nonce="winner", now=NOW).is_lost
    assert offers.status_of(late, nonce="late", now=NOW).is_lost


def test_a_form_that_was_answered_is_answered_again_and_a_round_that_is_over_says_so(
    rivals: tuple[Offer, Offer],
) -> None:
    winner, late = rivals
    answers.cancel(late.request, nonce="bye", now=NOW)
    given = answers.accept(winner, nonce="winner", now=NOW)
    assert answers.accept(winner, nonce="winner", now=NOW + days(1)) == given
    with pytest.raises(RoundOver):
        answers.accept(late, nonce="late", now=NOW)
