"""Whom a disruption hits, and that none of them is forgotten."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors, affected, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import answers, drafts, rounds
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import AffectedAppointment, Appointment, CallAttempt, Disruption
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory, letters_have_left

DAY = at("2026-11-24 00:00"), at("2026-11-25 00:00")


def away(melati: Clinic, *, since: datetime = DAY[0], until: datetime | None = DAY[1], **fields: Any) -> WhatIsMissing:
    """The provider is missing that day."""
    said: dict[str, Any] = {"scope": DisruptionScope.RESOURCES, "resource_ids": (melati.provider.pk,)}
    return WhatIsMissing(location=melati.location, starts_at=since, ends_at=until, **said | fields)


def declare(melati: Clinic, missing: WhatIsMissing, *, now: datetime = NOW) -> Disruption:
    return affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=now)


def hit_by(disruption: Disruption) -> list[Appointment]:
    return [one.appointment for one in disruption.affected.all()]


def test_everybody_who_is_booked_in_it_is_hit_and_nobody_else(melati: Clinic) -> None:
    hit = [melati.booked(f"2026-11-24 {hour}", customer=CustomerFactory()) for hour in ("08:00", "16:30")]
    melati.booked("2026-11-24 10:00", provider=melati.colleague)
    melati.booked("2026-11-25 08:00")
    melati.booked("2026-11-24 11:00", state="cancelled")
    assert hit_by(declare(melati, away(melati))) == hit


def test_what_is_over_is_not_hit_and_what_is_going_on_is(melati: Clinic) -> None:
    melati.booked("2026-11-23 08:30")
    going_on = melati.booked("2026-11-23 09:00")
    missing = away(melati, since=at("2026-11-23 00:00"), until=None)
    assert hit_by(declare(melati, missing, now=at("2026-11-23 09:00"))) == [going_on]


def test_it_hits_what_overlaps_it_by_a_minute_and_not_what_touches_it(melati: Clinic) -> None:
    before = melati.booked("2026-11-24 09:30")
    after = melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    exactly = away(melati, since=before.ends_at, until=after.starts_at)
    wider = away(melati, since=before.ends_at - minutes(1), until=after.starts_at + minutes(1))
    assert hit_by(declare(melati, exactly)) == []
    assert hit_by(declare(melati, wider)) == [before, after]


def test_a_whole_place_hits_everybody_there(melati: Clinic) -> None:
    here = [melati.booked("2026-11-24 09:00"), melati.booked("2026-11-24 10:00", provider=melati.colleague)]
    melati.booked("2026-11-24 12:00", location=LocationFactory(), room=None)
    missing = away(melati, scope=DisruptionScope.PLACE, resource_ids=())
    assert hit_by(declare(melati, missing)) == here


def test_the_same_said_again_is_the_same_and_finds_who_came_meanwhile(melati: Clinic) -> None:
    first = melati.booked("2026-11-24 09:00")
    disruption = declare(melati, away(melati))
    second = melati.booked("2026-11-24 10:00", customer=CustomerFactory())
    assert declare(melati, away(melati), now=NOW + hours(1)) == disruption
    assert hit_by(disruption) == [first, second]
    assert declare(melati, away(melati, until=DAY[1] + days(1))) != disruption
    assert declare(melati, away(melati, resource_ids=(melati.colleague.pk,))) != disruption


def test_hit_stays_to_move_until_it_has_moved(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    assert [one.appointment for one in affected.to_move()] == [appointment]
    round_ = melati.offered(appointment)
    assert not affected.to_move().exists()
    answers.accept(round_.offers.get(position=1), nonce="tap", now=NOW)
    assert not AffectedAppointment.objects.unsettled().exists()


def test_whoever_moves_it_by_whatever_door_it_is_settled(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    to = drafts.propose(appointment, now=NOW)[0].slot
    booking.move(appointment, to=to, by=actors.SYSTEM, now=NOW)
    assert not affected.to_move().exists()
    # A move from before does not settle what hits it now.
    later = away(melati, since=to.starts_at, until=to.ends_at, resource_ids=to.resource_ids)
    declare(melati, later)
    assert [one.appointment for one in affected.to_move()] == [appointment]


def test_what_has_ended_is_settled(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    booking.cancel(appointment, by=actors.SYSTEM, now=NOW)
    assert not affected.to_move().exists()


def test_what_takes_place_all_the_same_is_settled_with_the_name_of_who_said_so(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    disruption = declare(melati, away(melati))
    assert affected.keep(appointment, by=actors.staff(melati.staff), now=NOW, only=disruption) == 1
    row = disruption.affected.get()
    assert (row.kept_at, row.kept_by) == (NOW, melati.staff)
    assert not affected.to_move().exists()


def test_a_customer_who_keeps_the_time_settles_it(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 09:00"), can_keep=True)
    answers.keep(round_, nonce="keep", now=NOW)
    assert not affected.to_move().exists()


def test_who_was_written_to_is_told_and_who_had_it_taken_back_before_it_left_is_not(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    assert [one.appointment for one in affected.untold()] == [appointment]
    round_ = melati.offered(appointment)
    assert not affected.untold().exists()
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW)
    assert [one.appointment for one in affected.untold()] == [appointment]


def test_a_message_that_came_back_and_a_call_not_made_told_nobody(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    round_ = melati.offered(appointment)
    assert affected.counts() == {"to_move": 0, "untold": 0}, "on its way"
    letters_have_left()
    told = {"sent": 0, "delivered": 0, "bounced": 1, "failed": 1, "parked": 1, "dropped": 1}
    for state, untold in told.items():
        Message.objects.update(state=state, sent_at=NOW if state in ("sent", "delivered", "bounced") else None)
        assert (state, affected.counts()) == (state, {"to_move": 0, "untold": untold})
    Message.objects.update(state="sent", channel="call", sent_at=NOW)
    assert {one.appointment for one in affected.unreached()} == {appointment}

    promise = round_.promises.all()[0]
    call = CallAttempt.objects.create(promise=promise, at=NOW, by=melati.staff, outcome="no_answer", nonce="n")
    assert affected.counts()["untold"] == 1
    CallAttempt.objects.filter(pk=call.pk).update(outcome="settled")
    assert affected.counts()["untold"] == 0


def test_a_message_about_another_round_tells_nothing_of_this_one(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    declare(melati, away(melati))
    round_ = melati.offered(appointment)
    for key, untold in ((f"{round_.pk}", 0), (f"{round_.pk}:again", 0), (f"{round_.pk}1", 1)):
        Message.objects.filter(kind="offer").update(key=f"offer:request:{key}")
        assert (key, affected.counts()["untold"]) == (key, untold)


def test_who_was_told_with_another_appointment_is_told(melati: Clinic) -> None:
    first, second = melati.booked("2026-11-24 09:00"), melati.booked("2026-11-24 11:00")
    declare(melati, away(melati))
    lead, other = melati.offered(first), melati.offered(second)
    letters_have_left()
    Message.objects.filter(about=second.about).update(state="cancelled", sent_at=None)
    assert {one.appointment for one in affected.untold()} == {second}
    type(other).objects.filter(pk=other.pk).update(told_with=lead)
    assert not affected.untold().exists()


def test_an_earlier_message_tells_nothing_of_what_came_later(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    rounds.withdraw(melati.offered(appointment), by=actors.staff(melati.staff), now=NOW + hours(1))
    declare(melati, away(melati), now=NOW + hours(2))
    assert [one.appointment for one in affected.untold()] == [appointment]


def test_a_false_alarm_hits_nobody_any_more(melati: Clinic) -> None:
    melati.booked("2026-11-24 09:00")
    disruption = declare(melati, away(melati))
    assert affected.call_off(disruption, now=NOW)
    assert not affected.call_off(disruption, now=NOW)
    assert not affected.to_move().exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"ends_at": DAY[0]},
        {"scope": DisruptionScope.APPOINTMENT},
    ],
    ids=["it ends when it begins", "one appointment without saying which"],
)
def test_the_database_refuses_nonsense(melati: Clinic, broken: dict[str, Any]) -> None:
    values = {"scope": DisruptionScope.PLACE, "location": melati.location, "starts_at": DAY[0], "declared_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Disruption.objects.create(**values | {"source": DisruptionSource.SAID} | broken)


def test_an_appointment_is_hit_once_by_one_disruption(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    disruption = declare(melati, away(melati))
    with pytest.raises(IntegrityError), transaction.atomic():
        AffectedAppointment.objects.create(disruption=disruption, appointment=appointment, found_at=NOW)


def test_what_can_take_place_again_is_let_go_but_not_what_colleagues_said(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    said = declare(melati, away(melati))
    by = actors.staff(melati.staff)
    absent = affected.declare(away(melati), reason=None, by=by, now=NOW, source=DisruptionSource.ABSENCE)
    zone = affected.declare(away(melati), reason=None, by=by, now=NOW, source=DisruptionSource.ZONE)
    assert affected.let_go(AffectedAppointment.objects.all(), by=by, now=NOW) == [appointment]
    assert {row.disruption for row in affected.to_move()} == {said, zone}
    assert absent.affected.get().kept_by == melati.staff


def test_only_what_ends_by_itself_is_let_go(melati: Clinic) -> None:
    melati.booked("2026-11-24 09:00")
    by = actors.staff(melati.staff)
    for source in DisruptionSource:
        affected.declare(away(melati), reason=None, by=by, now=NOW, source=source)
    affected.let_go(AffectedAppointment.objects.all(), by=by, now=NOW)
    assert {row.disruption.source for row in affected.to_move()} == {
        DisruptionSource.SAID, DisruptionSource.ZONE, DisruptionSource.SERVICE, DisruptionSource.LATE,
    }  # fmt: skip


def test_what_has_no_known_end_is_the_same_when_it_is_said_again(melati: Clinic) -> None:
    melati.booked("2026-11-24 09:00")
    open_ended = away(melati, until=None)
    assert declare(melati, open_ended) == declare(melati, open_ended) != declare(melati, away(melati))


def test_the_original_time_can_be_kept_unless_something_has_hit_it_since(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 09:00"), can_keep=True)
    declare(melati, away(melati))
    assert affected.can_be_kept(round_)
    declare(melati, away(melati, since=at("2026-11-24 08:00")), now=NOW + minutes(1))
    assert not affected.can_be_kept(round_)


def test_whoever_was_written_to_in_the_moment_in_which_it_was_found_is_told(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    found = declare(melati, away(melati)).affected.get().found_at
    assert melati.offered(appointment, now=NOW).opened_at == found
    assert not affected.untold().exists()


def test_what_it_has_moved_out_of_stays_that_when_it_is_kept_or_let_go_later(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 09:00")
    by = actors.staff(melati.staff)
    absent = affected.declare(away(melati), reason=None, by=by, now=NOW, source=DisruptionSource.ABSENCE)
    booking.move(appointment, to=melati.draft(appointment).offers[0].slot, by=by, now=NOW)
    assert affected.let_go(AffectedAppointment.objects.all(), by=by, now=NOW) == []
    assert affected.keep(appointment, by=by, now=NOW) == 0
    assert absent.affected.get().kept_at is None


def test_whose_later_hour_stands_is_hit_like_anybody_else(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 09:00"))
    round_.disruption = None
    declare(melati, away(melati))
    assert affected.counts()["to_move"] == 0
    type(round_).objects.update(stands_by_itself=True)
    assert affected.counts()["to_move"] == 1
