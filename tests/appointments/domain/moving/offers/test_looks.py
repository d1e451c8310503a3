"""Which offers can be taken, and which were offered and cannot any more."""

import pytest

from appointments.domain import actors
from appointments.domain.moving import offers, rounds
from appointments.enums import OfferState
from appointments.models import Offer
from tests.appointments.domain.moving.offers.world import offered_at
from tests.clock import NOW, at, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("now", "possible"), [("2026-11-25 11:59", True), ("2026-11-25 12:00", False)])
def test_a_time_can_be_taken_until_it_begins(melati: Clinic, now: str, possible: bool) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00")
    open_still = [one.starts_at for one in offers.takeable(round_, now=at(now))]
    assert open_still == ([at("2026-11-25 12:00")] if possible else []) + [at("2026-11-28 12:00")]


def test_a_time_cannot_be_taken_inside_the_notice_it_was_outside_of(melati: Clinic) -> None:
    melati.service.notice_minutes = 60
    melati.service.save()
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00")
    first = round_.offers.get(position=1)
    assert offers.is_in_time(first, round_, now=at("2026-11-25 10:59"))
    assert not offers.is_in_time(first, round_, now=at("2026-11-25 11:00"))


def test_nothing_can_be_taken_once_the_round_has_ended_or_the_offer_has(melati: Clinic) -> None:
    round_ = offered_at(melati, "2026-11-25 12:00", "2026-11-28 12:00", "2026-11-26 12:00")
    round_.offers.filter(position=2).update(state=OfferState.GONE)
    assert [one.position for one in offers.takeable(round_, now=NOW)] == [1, 3]
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    Offer.objects.update(state=OfferState.LIVE)
    assert offers.takeable(round_, now=NOW) == []


def test_what_was_offered_and_lies_ahead_is_shown_as_struck_and_nothing_else(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    gone, withdrawn, left = round_.offers.order_by("starts_at")
    Offer.objects.filter(pk=gone.pk).update(state=OfferState.GONE)
    Offer.objects.filter(pk=withdrawn.pk).update(state=OfferState.WITHDRAWN)
    assert offers.looked_at(round_, now=NOW) == ([left], [gone])
    assert offers.looked_at(round_, now=gone.starts_at - minutes(1))[1] == [gone]
    assert offers.looked_at(round_, now=gone.starts_at)[1] == []
