"""When the last of what we offered dies: fresh times, a word to the customer, and nobody left without either."""

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.limbo import in_limbo
from appointments.domain.messages.context import about_round
from appointments.domain.moving import answers, offers
from appointments.enums import DisruptionScope, OfferState, PromiseKind, PromiseState, RequestState
from appointments.errors import MoveRefused
from appointments.models import Location, Occupancy, RescheduleRequest
from notifications.models import Message
from tests.appointments.domain.moving.offers.test_capacity import FRIDAY, SATURDAY, absent, offered
from tests.clock import NOW, at, minutes
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, letters_have_left

pytestmark = pytest.mark.django_db


def test_the_sweep_puts_fresh_times_in_the_place_of_dead_ones(melati: Clinic) -> None:
    round_, other = offered(melati), melati.booked("2026-12-01 16:00", customer=CustomerFactory())
    untouched = melati.offered(other)
    absent(melati, "2026-11-27 08:00", "2026-11-27 12:00")
    assert offers.strike_out(now=NOW) == 1
    assert [one.state for one in round_.offers.all()][:2] == [OfferState.GONE, OfferState.LIVE]
    live = round_.offers.filter(state=OfferState.LIVE)
    assert len(live) >= offers.ENOUGH_TO_CHOOSE_FROM
    assert {one.state for one in untouched.offers.all()} == {OfferState.LIVE}
    assert offers.strike_out(now=NOW) == 0


def test_what_was_held_for_a_dead_time_is_given_up_and_the_rest_stays_held(melati: Clinic) -> None:
    round_ = offered(melati)
    absent(melati, "2026-11-27 08:00", "2026-11-27 12:00")
    offers.strike_out(now=NOW)
    assert set(Occupancy.objects.filter(request=round_).values_list("starts_at", flat=True)) == {at(SATURDAY)}
    hold = round_.promises.get(kind=PromiseKind.HOLD)
    assert (hold.state, hold.settled_at, hold.broken_at) == (PromiseState.BROKEN, NOW, NOW)


def test_when_nothing_is_left_a_colleague_owes_times(melati: Clinic) -> None:
    round_ = offered(melati)
    Location.objects.update(is_active=False)
    offers.strike_out(now=NOW)
    round_.refresh_from_db()
    assert round_.state == RequestState.WITH_US
    assert round_.promises.open().get().kind == PromiseKind.FIND_TIMES


def test_the_original_time_dies_with_its_capacity_too(melati: Clinic) -> None:
    round_ = offered(melati, can_keep=True)
    assert affected.can_be_kept(round_)
    missing = WhatIsMissing(DisruptionScope.PLACE, melati.location, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    affected.declare(missing, reason=None, by=actors.staff(melati.staff), now=NOW + minutes(1))
    assert not affected.can_be_kept(round_)
    with pytest.raises(MoveRefused):
        answers.keep(round_, nonce="keep", now=NOW + minutes(2))
    assert not affected.can_be_kept(offered_without_keeping(melati))


def offered_without_keeping(melati: Clinic) -> RescheduleRequest:
    return melati.offered(melati.booked("2026-12-02 15:00", customer=CustomerFactory()))


def test_a_pick_that_was_first_is_found_by_the_change(melati: Clinic) -> None:
    """Then the appointment is booked there, and whoever is absent hits it like any other."""
    round_ = offered(melati)
    answers.accept(round_.offers.get(position=1), nonce="tap", now=NOW)
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, at("2026-11-27 00:00"), None, (melati.provider.pk,)
    )
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=NOW)
    assert affected.to_move().get().appointment_id == round_.appointment_id


def test_what_died_is_shown_beside_what_is_left(melati: Clinic) -> None:
    round_ = offered(melati)
    absent(melati, "2026-11-27 08:00", "2026-11-27 18:00")
    for _again in range(2):  # before anybody has marked it, and after
        left, struck = offers.looked_at(RescheduleRequest.objects.get(pk=round_.pk), now=NOW)
        assert [f"{one.starts_at:%a}" for one in struck] == ["Fri"]
        assert "Fri" not in {f"{one.starts_at:%a}" for one in left}
        offers.strike_out(now=NOW)
    gone = at(FRIDAY) + minutes(1)
    assert offers.looked_at(RescheduleRequest.objects.get(pk=round_.pk), now=gone)[1] == []


def test_whoever_loses_the_last_time_is_told_at_once(melati: Clinic) -> None:
    round_ = offered(melati)
    melati.service.horizon_days = 0
    melati.service.save()
    absent(melati, "2026-11-23 08:00", "2026-12-31 18:00")
    offers.strike_out(now=NOW)
    round_.refresh_from_db()
    assert round_.state == RequestState.WITH_US
    told = Message.objects.get(kind="times_gone")
    owed = round_.promises.open().get(kind=PromiseKind.FIND_TIMES)
    assert told.true_if["promise"] == owed.pk
    assert in_limbo(NOW).count() == 0


def letters(round_: RescheduleRequest) -> list[tuple[str, str, list[int]]]:
    rows = Message.objects.for_about(round_.appointment.about).order_by("pk")
    return [(one.kind, one.state, [offer["position"] for offer in one.context["offers"]]) for one in rows]


def test_whoever_can_choose_nothing_that_we_wrote_of_is_written_to_with_what_they_can(melati: Clinic) -> None:
    round_ = offered(melati)
    letters_have_left()
    absent(melati, "2026-11-27 08:00", "2026-11-27 18:00")
    offers.strike_out(now=NOW)
    assert len(letters(round_)) == 1  # Saturday stands in the first letter and can be chosen
    absent(melati, "2026-11-28 08:00", "2026-11-28 18:00")
    assert [offers.strike_out(now=NOW) for _again in range(2)] == [1, 0]
    (_opening, (kind, state, positions)) = letters(round_)
    live = [one.position for one in offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=NOW)]
    assert (kind, state, positions) == ("times_gone", "queued", live)
    told = Message.objects.get(kind="times_gone")
    owed = round_.promises.open().get(kind=PromiseKind.ANSWER_OR_CALL)
    assert (told.true_if["promise"], told.not_after) == (owed.pk, round_.respond_by)
    round_.refresh_from_db()
    assert (round_.state, round_.nudges) == (RequestState.OPEN, 1)


def test_each_time_that_all_of_it_dies_it_is_said_again(melati: Clinic) -> None:
    round_ = offered(melati)
    letters_have_left()
    absent(melati, "2026-11-27 08:00", "2026-11-28 18:00")
    offers.strike_out(now=NOW)
    letters_have_left()
    fresh = offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=NOW)
    for one in fresh:
        AbsenceFactory(resource=one.provider, starts_at=one.starts_at, ends_at=one.ends_at)
    offers.strike_out(now=NOW + minutes(1))
    kinds = [kind for kind, *_rest in letters(round_)]
    assert kinds == ["offer", "times_gone", "times_gone"]
    assert len({tuple(one[2]) for one in letters(round_)}) == 3


def test_what_has_not_left_when_it_is_said_again_stays_here(melati: Clinic) -> None:
    round_ = offered(melati)
    letters_have_left()
    absent(melati, "2026-11-27 08:00", "2026-11-28 18:00")
    offers.strike_out(now=NOW)
    for one in offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=NOW):
        AbsenceFactory(resource=one.provider, starts_at=one.starts_at, ends_at=one.ends_at)
    offers.strike_out(now=NOW + minutes(1))
    assert [(kind, state) for kind, state, __ in letters(round_)] == [
        ("offer", "sent"),
        ("times_gone", "cancelled"),
        ("times_gone", "queued"),
    ]


def test_a_letter_that_waits_is_written_anew_instead(melati: Clinic) -> None:
    round_ = offered(melati)
    absent(melati, "2026-11-27 08:00", "2026-11-28 18:00")
    offers.strike_out(now=NOW)
    (first, again) = letters(round_)
    assert first == ("offer", "cancelled", [1, 2])
    live = [one.position for one in offers.takeable(RescheduleRequest.objects.get(pk=round_.pk), now=NOW)]
    assert again == ("offer", "queued", live)


def test_who_has_answered_or_is_phoned_anyway_is_not_written_to(melati: Clinic) -> None:
    round_ = offered(melati)
    letters_have_left()
    answers.call_me(round_, words="", nonce="call", now=NOW)
    absent(melati, "2026-11-27 08:00", "2026-11-28 18:00")
    offers.strike_out(now=NOW)
    assert "times_gone" not in [one.kind for one in Message.objects.for_about(round_.appointment.about)]


def test_no_message_says_that_the_first_time_can_be_kept_when_it_cannot(melati: Clinic) -> None:
    round_ = offered(melati, can_keep=True)
    assert about_round(round_, now=NOW)["can_keep"] is True
    missing = WhatIsMissing(DisruptionScope.PLACE, melati.location, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=NOW + minutes(1))
    assert about_round(round_, now=NOW)["can_keep"] is False
