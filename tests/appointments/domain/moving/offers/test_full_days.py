"""The last place of a day, on offer to several: one gets it, the others read that the day is full, and fresh times."""

from typing import Any

import pytest

from appointments.domain.moving import answers, offers
from appointments.enums import OfferState
from appointments.errors import SlotTaken
from appointments.models import Appointment, Offer, RescheduleRequest, Resource
from tests.appointments.domain.booking.test_days import FULL, limited
from tests.appointments.domain.moving.offers.world import book, offered_at
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db
FRIDAY, LATER, SATURDAY = "2026-11-27 10:00", "2026-11-27 15:00", "2026-11-28 10:00"


def two_rounds(melati: Clinic, **draft: Any) -> tuple[RescheduleRequest, RescheduleRequest]:
    """Two customers of December who may choose of the same Friday and Saturday."""
    mine = melati.booked("2026-12-01 10:00")
    theirs = melati.booked("2026-12-01 11:00", customer=CustomerFactory())
    return (
        offered_at(melati, FRIDAY, SATURDAY, appointment=mine, **draft),
        offered_at(melati, LATER, f"{FRIDAY[:10]} 16:00", SATURDAY[:10] + " 12:00", appointment=theirs),
    )


def test_the_second_reads_that_the_day_is_full_and_gets_fresh_times(melati: Clinic) -> None:
    mine, theirs = two_rounds(melati)
    limited(melati.provider, 1)
    answers.accept(mine.offers.get(position=1), nonce="me", now=NOW)
    late = theirs.offers.get(position=1)
    with pytest.raises(SlotTaken, match=FULL):
        answers.accept(late, nonce="them", now=NOW)
    assert Appointment.objects.get(pk=theirs.appointment_id).sequence == 0
    fresh = offers.refresh(theirs, gone=late, now=NOW)
    states = dict(theirs.offers.filter(position__lte=3).values_list("position", "state"))
    assert states == {1: OfferState.GONE, 2: OfferState.GONE, 3: OfferState.LIVE}
    assert len(fresh) >= offers.ENOUGH_TO_CHOOSE_FROM
    friday = [one for one in fresh if at("2026-11-27 00:00") <= one.starts_at < at("2026-11-28 00:00")]
    assert {one.provider_id for one in friday} <= {melati.colleague.pk}
    assert answers.accept(fresh[0], nonce="again", now=NOW).offer == fresh[0]


def test_a_place_that_is_left_goes_to_the_second(melati: Clinic) -> None:
    mine, theirs = two_rounds(melati)
    limited(melati.provider, 2)
    answers.accept(mine.offers.get(position=1), nonce="me", now=NOW)
    answers.accept(theirs.offers.get(position=1), nonce="them", now=NOW)
    assert set(Offer.objects.filter(state=OfferState.TAKEN).values_list("starts_at", flat=True)) == {
        at(FRIDAY), at(LATER),
    }  # fmt: skip


def test_a_time_that_is_kept_for_somebody_is_a_place_of_the_day(melati: Clinic) -> None:
    mine, theirs = two_rounds(melati, guaranteed=True)
    limited(melati.provider, 1)
    with pytest.raises(SlotTaken, match=FULL):
        answers.accept(theirs.offers.get(position=1), nonce="them", now=NOW)
    answers.accept(mine.offers.get(position=1), nonce="me", now=NOW)


def test_who_was_promised_a_time_gets_it_however_full_the_day_has_become(melati: Clinic) -> None:
    mine, _theirs = two_rounds(melati, guaranteed=True)
    book(melati, "2026-11-27 12:00")
    limited(melati.provider, 1)
    kept = mine.offers.get(position=1)
    assert kept in offers.refresh(mine, gone=mine.offers.get(position=2), now=NOW)
    answers.accept(kept, nonce="me", now=NOW)
    assert Appointment.objects.get(pk=mine.appointment_id).starts_at == at(FRIDAY)


def test_after_that_it_is_open_to_all_like_any_other(melati: Clinic) -> None:
    mine, _theirs = two_rounds(melati, guaranteed=True)
    book(melati, "2026-11-27 12:00")
    limited(melati.provider, 1)
    kept = mine.offers.get(position=1)
    assert kept.kept_until is not None
    with pytest.raises(SlotTaken, match=FULL):
        answers.accept(kept, nonce="me", now=kept.kept_until)


def test_a_limit_is_known_before_anybody_waits(melati: Clinic) -> None:
    mine, theirs = two_rounds(melati, guaranteed=True)
    kept, open_ = mine.offers.get(position=1), theirs.offers.get(position=1)
    assert not offers.status_of(open_, nonce="form", now=NOW).is_limited
    Resource.objects.filter(pk=melati.room.pk).update(most_a_day=9)
    assert offers.status_of(open_, nonce="form", now=NOW).is_limited
    assert not offers.status_of(kept, nonce="form", now=NOW).is_limited


def test_struck_out_for_something_else_what_is_still_kept_stays_on_a_full_day(melati: Clinic) -> None:
    mine, _theirs = two_rounds(melati, guaranteed=True)
    book(melati, "2026-11-27 12:00")
    limited(melati.provider, 1)
    Offer.objects.filter(request=mine, position=2).update(provider=melati.colleague)
    mine.offers.get(position=2).resources.set([melati.colleague])
    melati.colleague.is_active = False
    melati.colleague.save()
    offers.strike_out(now=NOW)
    assert mine.offers.get(position=1).state == OfferState.LIVE
    assert set(mine.holds.values_list("starts_at", flat=True)) == {at(FRIDAY)}
