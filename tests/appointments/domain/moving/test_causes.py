"""What cannot take place is asked first, and no offered time lies in it."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import answers, causes, drafts, offers, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot, Wishes, slot_at
from appointments.enums import DisruptionScope, DisruptionSource, Family, ReasonAbout, ReasonSpan, Why
from appointments.errors import DomainError, NotOffered
from appointments.models import Appointment, Disruption, Reason, RescheduleRequest
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, EquipmentFactory, OccupancyFactory, ReasonFactory

ALL_DAY = at("2026-11-24 00:00"), at("2026-11-25 00:00")


def reason(about: ReasonAbout, lasts: ReasonSpan = ReasonSpan.TIME, *, family: Family = Family.OPERATIONAL) -> Reason:
    made: Reason = ReasonFactory(about=about, lasts=lasts, family=family)
    return made


def starts(appointment: Appointment, missing: WhatIsMissing | None, *, now: datetime = NOW) -> list[datetime]:
    return [one.slot.starts_at for one in drafts.propose(appointment, now=now, limit=12, missing=missing)]


def test_a_reason_says_what_it_takes_away_as_a_rule(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    person = causes.usual(appointment, reason(ReasonAbout.PERSON), now=NOW)
    room = causes.usual(appointment, reason(ReasonAbout.ROOM, ReasonSpan.DAY), now=NOW)
    place = causes.usual(appointment, reason(ReasonAbout.PLACE, ReasonSpan.DAY), now=NOW)
    assert person == WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, appointment.starts_at, appointment.ends_at, (melati.provider.pk,)
    )
    assert room == WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *ALL_DAY, (melati.room.pk,))
    assert place == WhatIsMissing(DisruptionScope.PLACE, melati.location, *ALL_DAY)
    itself = causes.usual(appointment, reason(ReasonAbout.APPOINTMENT), now=NOW)
    assert itself == causes.of_itself(appointment)


def test_a_reason_about_what_this_appointment_does_not_need_is_about_itself(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    assert causes.usual(appointment, reason(ReasonAbout.EQUIPMENT), now=NOW) == causes.of_itself(appointment)


def test_a_reason_about_equipment_takes_the_machine_away(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    machine = EquipmentFactory(location=melati.location)
    OccupancyFactory(resource=machine, appointment=appointment, starts_at=appointment.starts_at)
    usual = causes.usual(appointment, reason(ReasonAbout.EQUIPMENT), now=NOW)
    assert usual is not None
    assert usual.resource_ids == (machine.pk,)


def test_whom_it_is_with_stands_before_whoever_helps(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    first = type(melati.provider).objects.filter(pk=melati.colleague.pk)
    first.update(position=0)
    OccupancyFactory(resource=melati.colleague, appointment=appointment, starts_at=appointment.starts_at)
    assert causes.resources_of(appointment) == [melati.provider, melati.colleague, melati.room]


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-22 23:59", "2026-11-23 00:00"),
        ("2026-11-23 08:59", "2026-11-23 08:45"),
        ("2026-11-23 14:59", "2026-11-23 14:45"),
        ("2026-11-23 15:00", "2026-11-23 00:00"),
    ],
)
def test_once_it_should_have_begun_the_whole_day_is_missing(melati: Clinic, now: str, since: str) -> None:
    appointment = melati.booked("2026-11-23 15:00")
    span = causes.usual_span(appointment, reason(ReasonAbout.PERSON, ReasonSpan.DAY), now=at(now))
    assert span == (at(since), at("2026-11-24 00:00"))


def test_what_is_written_down_at_the_place_is_looked_at_for_the_first_time_and_for_the_last(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    found = drafts.propose(appointment, now=NOW, limit=12)
    slots = [min((one.slot for one in found), key=lambda slot: slot.starts_at)]
    slots += [max((one.slot for one in found), key=lambda slot: slot.starts_at)]
    for number, slot in enumerate(slots):
        missing = WhatIsMissing(DisruptionScope.PLACE, melati.location, slot.starts_at, slot.ends_at)
        affected.declare(missing, reason=None, by=actors.SYSTEM, now=NOW, hits=[])
        assert len(causes.all_outages(appointment, None, slots)) == number + 1
    assert causes.all_outages(appointment, None) == []


def test_what_is_written_down_already_is_not_written_down_again(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    missing = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *ALL_DAY, (melati.provider.pk,))
    by = actors.staff(melati.staff)
    absent = affected.declare(missing, reason=None, by=by, now=NOW, source=DisruptionSource.ABSENCE)
    found = causes.because_of(causes.as_missing(absent), absent, appointment, reason=melati.reason, by=by, now=NOW)
    assert (found, Disruption.objects.count()) == (absent, 1)
    besides = causes.because_of(
        causes.of_itself(appointment), absent, appointment, reason=melati.reason, by=by, now=NOW
    )
    assert (besides, Disruption.objects.count()) == (absent, 2)


def test_what_is_missing_must_last(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    inside = at("2026-11-24 10:15")
    with pytest.raises(DomainError, match="must end after it begins"):
        causes.must_hit(WhatIsMissing(DisruptionScope.PLACE, melati.location, inside, inside), appointment)


def test_a_customers_wish_takes_nothing_away(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    wish = reason(ReasonAbout.PERSON, family=Family.CUSTOMER)
    assert causes.usual(appointment, wish, now=NOW) is None
    assert melati.offered(appointment, reason=wish).disruption is None


def test_of_today_only_the_rest_is_missing(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-23 15:00")
    missing = causes.usual(appointment, reason(ReasonAbout.PERSON, ReasonSpan.DAY), now=at("2026-11-23 09:08"))
    assert missing is not None
    assert (missing.starts_at, missing.ends_at) == (at("2026-11-23 09:00"), at("2026-11-24 00:00"))


def test_nothing_is_suggested_inside_what_is_missing(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    power_cut = causes.usual(appointment, reason(ReasonAbout.PLACE, ReasonSpan.DAY), now=NOW)
    assert any(ALL_DAY[0] <= start < ALL_DAY[1] for start in starts(appointment, None))
    assert not any(ALL_DAY[0] <= start < ALL_DAY[1] for start in starts(appointment, power_cut))


def test_a_person_who_is_missing_is_not_offered_and_a_colleague_is(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    ill = causes.usual(appointment, reason(ReasonAbout.PERSON, ReasonSpan.DAY), now=NOW)
    that_day = [
        one.slot for one in drafts.propose(appointment, now=NOW, limit=12, missing=ill)
        if ALL_DAY[0] <= one.slot.starts_at < ALL_DAY[1]
    ]  # fmt: skip
    assert {slot.provider_id for slot in that_day} == {melati.colleague.pk}


def test_a_time_added_by_hand_is_refused_inside_what_is_missing(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    ill = causes.usual(appointment, reason(ReasonAbout.PERSON, ReasonSpan.DAY), now=NOW)
    outages = causes.all_outages(appointment, ill)

    def by_hand(text: str, provider_id: int | None) -> int | None:
        return slot_at(appointment, starts_at=at(text), provider_id=provider_id, now=NOW, outages=outages).provider_id

    with pytest.raises(NotOffered):
        by_hand("2026-11-24 15:00", melati.provider.pk)
    with pytest.raises(NotOffered):  # outside the open hours as well
        by_hand("2026-11-24 19:00", melati.provider.pk)
    assert by_hand("2026-11-24 15:00", None) == melati.colleague.pk
    assert by_hand("2026-11-25 15:00", melati.provider.pk) == melati.provider.pk


def test_a_draft_that_offers_what_is_missing_is_refused(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    inside = melati.draft(appointment)
    with pytest.raises(NotOffered):
        melati.offered(appointment, offers=inside.offers, reason=reason(ReasonAbout.PLACE, ReasonSpan.DAY))
    assert not RescheduleRequest.objects.exists()


def test_what_is_said_to_be_missing_must_hit_the_appointment(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")

    def said(since: str, until: str) -> WhatIsMissing:
        return WhatIsMissing(DisruptionScope.RESOURCES, melati.location, at(since), at(until), (melati.provider.pk,))

    for since, until in (
        ("2026-11-24 10:30", "2026-11-24 12:00"),
        ("2026-11-24 09:00", "2026-11-24 10:00"),
        ("2026-11-24 11:00", "2026-11-24 10:00"),
    ):
        with pytest.raises(DomainError):
            causes.must_hit(said(since, until), appointment)
    causes.must_hit(said("2026-11-24 10:29", "2026-11-24 12:00"), appointment)
    causes.must_hit(said("2026-11-24 09:00", "2026-11-24 10:01"), appointment)


def test_a_move_belongs_to_what_is_missing_and_finds_the_others_it_hits(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    other = melati.booked("2026-11-24 14:00", customer=CustomerFactory())
    ill = reason(ReasonAbout.PERSON, ReasonSpan.DAY)
    missing = causes.usual(appointment, ill, now=NOW)
    chosen = drafts.propose(appointment, now=NOW, limit=3, missing=missing)
    round_ = melati.offered(
        appointment, reason=ill, offers=tuple(ChosenOffer(one.slot, one.why, guaranteed=True) for one in chosen)
    )
    assert round_.disruption is not None
    assert [one.appointment for one in round_.disruption.affected.all()] == [appointment, other]
    # The next one of that day begins with what is known, and belongs to the same.
    assert causes.known(other) == [round_.disruption]
    assert melati.offered(other, disruption=round_.disruption, reason=ill).disruption == round_.disruption


def test_what_is_said_once_keeps_everybody_out(melati: Clinic) -> None:
    first = melati.booked("2026-11-24 10:00")
    missing = causes.usual(first, reason(ReasonAbout.PLACE, ReasonSpan.DAY), now=NOW)
    away = reason(ReasonAbout.PLACE, ReasonSpan.DAY)
    chosen = drafts.propose(first, now=NOW, limit=3, missing=missing)
    melati.offered(first, reason=away, offers=tuple(ChosenOffer(one.slot, one.why, True) for one in chosen))
    stranger = melati.booked("2026-12-09 10:00", customer=CustomerFactory())
    assert all(not ALL_DAY[0] <= start < ALL_DAY[1] for start in starts(stranger, None))


def test_only_this_appointment_keeps_its_own_time_and_leaves_it_to_others(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    itself = causes.of_itself(appointment)
    assert causes.outages_of(itself, appointment)[0].owners == {melati.provider.pk}
    melati.offered(appointment, reason=reason(ReasonAbout.APPOINTMENT))
    other = melati.booked("2026-11-24 15:00", customer=CustomerFactory())
    assert causes.all_outages(other, None) == []


def test_other_times_and_fresh_times_keep_out_of_it_too(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    late = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, at("2026-11-24 08:00"), at("2026-11-24 12:00"),
        (melati.provider.pk, melati.colleague.pk),
    )  # fmt: skip
    chosen = drafts.propose(appointment, now=NOW, limit=2, missing=late)
    round_ = melati.offered(
        appointment, missing=late, offers=tuple(ChosenOffer(one.slot, Why.SOONEST, True) for one in chosen)
    )
    offers.refresh(round_, gone=round_.offers.get(position=1), now=NOW)
    wishes = Wishes(from_day=at("2026-11-24 00:00").date(), parts=frozenset({"morning"}))
    answers.ask_other_times(round_, wishes=wishes, nonce="more", now=NOW)
    wished = RescheduleRequest.objects.live().get()
    assert wished.disruption == round_.disruption
    shown = [one for each in (round_, wished) for one in each.offers.all()]
    assert all(not late.starts_at <= one.starts_at < at("2026-11-24 12:00") for one in shown)


@pytest.mark.parametrize("source", [DisruptionSource.HOURS, DisruptionSource.SERVICE, DisruptionSource.ZONE])
def test_what_has_rows_of_its_own_says_by_them_when_it_can_be_had_again(
    melati: Clinic, source: DisruptionSource
) -> None:
    """Changed hours hit somebody from now on and for good: there are still hours in which they can come."""
    appointment = melati.booked("2026-11-24 10:00")
    before = starts(appointment, None)
    changed = affected.declare(
        WhatIsMissing(DisruptionScope.PLACE, melati.location, NOW), reason=None, by=actors.staff(melati.staff),
        now=NOW, source=source, hits=[appointment],
    )  # fmt: skip
    assert causes.known(appointment) == [changed]
    assert starts(appointment, causes.as_missing(changed)) == before
    assert melati.offered(appointment, disruption=changed).disruption == changed


def test_what_was_said_an_absence_and_a_closure_last_as_long_as_they_say(melati: Clinic) -> None:
    lasting = {DisruptionSource.SAID, DisruptionSource.ABSENCE, DisruptionSource.CLOSURE}
    for source in DisruptionSource:
        disruption = affected.declare(
            WhatIsMissing(DisruptionScope.PLACE, melati.location, NOW), reason=None, by=actors.staff(melati.staff),
            now=NOW, source=source, hits=[],
        )  # fmt: skip
        assert (source, causes.as_missing(disruption).is_kept_free) == (source, source in lasting)


def test_all_that_is_known_is_kept_out_of_whichever_was_said_to_be_the_cause(melati: Clinic) -> None:
    """By hand a time may lie outside the hours, and an absence is one reason for that; it is none here."""
    appointment = melati.booked("2026-11-24 10:00")
    leave = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *ALL_DAY, (melati.provider.pk,))
    affected.declare(
        leave, reason=None, by=actors.staff(melati.staff), now=NOW, source=DisruptionSource.ABSENCE, hits=[appointment]
    )
    room = causes.usual(appointment, reason(ReasonAbout.ROOM), now=NOW)
    owners = [one.owners for one in causes.all_outages(appointment, room)]
    assert owners == [{melati.room.pk}, {melati.provider.pk}]


def test_what_an_appointment_has_moved_out_of_is_no_cause_of_its_next_move(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    round_ = melati.offered(appointment, reason=reason(ReasonAbout.PERSON, ReasonSpan.TIME))
    assert causes.known(appointment) == [round_.disruption]
    answers.accept(round_.offers.get(position=1), nonce="one", now=NOW)
    appointment.refresh_from_db()
    assert causes.known(appointment) == []


def test_a_second_thing_that_is_missing_stands_beside_what_was_known(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    away = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *ALL_DAY, (melati.provider.pk,))
    known = affected.declare(away, reason=None, by=actors.staff(melati.staff), now=NOW, source=DisruptionSource.ABSENCE)
    flooded = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *ALL_DAY, (melati.room.pk,))
    round_ = melati.offered(appointment, disruption=known, missing=flooded)
    assert round_.disruption == known
    both = [one.disruption for one in appointment.affected_by.order_by("disruption_id")]
    assert [causes.as_missing(one).resource_ids for one in both] == [(melati.provider.pk,), (melati.room.pk,)]


def test_taking_the_offer_back_at_once_takes_back_what_was_said_of_this_one_only(melati: Clinic) -> None:
    by = actors.staff(melati.staff)
    alone = melati.offered(melati.booked("2026-11-24 10:00"), reason=reason(ReasonAbout.APPOINTMENT))
    rounds.undo(alone, by=by, now=NOW)
    assert alone.disruption is not None
    alone.disruption.refresh_from_db()
    assert alone.disruption.ended_at == NOW
    other = melati.booked("2026-11-25 10:00", customer=CustomerFactory())
    for_all = melati.offered(other, reason=reason(ReasonAbout.PERSON))
    rounds.undo(for_all, by=by, now=NOW + hours(0))
    assert for_all.disruption is not None
    for_all.disruption.refresh_from_db()
    assert for_all.disruption.ended_at is None


@pytest.mark.parametrize("source", DisruptionSource.values)
@pytest.mark.parametrize("scope", [DisruptionScope.PLACE, DisruptionScope.RESOURCES])
def test_whoever_asks_about_many_hears_what_is_heard_about_each(
    melati: Clinic, source: DisruptionSource, scope: DisruptionScope
) -> None:
    hit, other = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-26 10:00", customer=CustomerFactory())
    ids = (melati.provider.pk,) if scope == DisruptionScope.RESOURCES else ()
    missing = WhatIsMissing(scope, melati.location, *ALL_DAY, ids)
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=NOW, source=source)
    affected.declare(causes.of_itself(other), reason=None, by=actors.SYSTEM, now=NOW)
    written = causes.Written([hit, other], *ALL_DAY)
    start = at("2026-11-24 14:00")
    slots = [Slot(start, start + minutes(30), melati.provider.pk, (melati.provider.pk, melati.room.pk))]
    for one in (hit, other):
        assert written.outages_for(one) == causes.all_outages(one, None, slots)


def test_about_thirty_are_asked_as_many_questions_as_about_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    hit = [melati.booked(f"2026-11-24 {8 + n // 4:02}:{n % 4 * 15:02}", room=None, provider=None) for n in range(30)]
    affected.declare(
        WhatIsMissing(DisruptionScope.PLACE, melati.location, *ALL_DAY), reason=None, by=actors.SYSTEM, now=NOW
    )
    for some in (hit[:1], hit):
        with django_assert_num_queries(3):
            causes.Written(some, *ALL_DAY)
