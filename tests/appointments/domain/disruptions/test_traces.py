"""What has happened to those who are hit since they were found, and nothing of before or of something else."""

from appointments.domain import actors, booking
from appointments.domain.disruptions import traces
from appointments.domain.moving import answers
from appointments.enums import PromiseKind
from appointments.models import AffectedAppointment
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, PromiseFactory
from tests.factories.hits import closed_down


def test_the_rounds_since_then_are_one_chain_until_one_moves_it(melati: Clinic) -> None:
    booked = melati.booked()
    before = melati.offered(booked, now=NOW - days(1))
    type(before).objects.filter(pk=before.pk).update(state="withdrawn", closed_at=NOW - hours(20))
    disruption = closed_down(melati)
    first = melati.told(booked, disruption=disruption)
    second = melati.offered(booked, disruption=disruption, now=NOW + hours(1))
    answers.accept(second.offers.get(position=1), nonce="p", now=NOW + hours(2))
    booked.refresh_from_db()
    later = melati.told(booked, now=NOW + hours(3))
    (row,) = (found := traces.read(disruption, now=NOW + hours(3))).rows
    assert found.chain_of(row) == [first, second]
    assert found.rounds[booked.pk] == [before, first, second, later]


def test_a_round_that_was_live_already_counts(melati: Clinic) -> None:
    booked = melati.booked()
    live = melati.offered(booked, now=NOW - hours(1))
    disruption = closed_down(melati)
    (row,) = (found := traces.read(disruption, now=NOW)).rows
    assert found.chain_of(row) == [live]


def test_what_we_owe_about_something_earlier_is_not_of_it(melati: Clinic) -> None:
    booked = melati.booked()
    old = PromiseFactory(kind=PromiseKind.CALL, appointment=booked, owner=melati.staff, made_at=NOW - hours(1))
    disruption = closed_down(melati)
    new = PromiseFactory(kind=PromiseKind.CALL, appointment=booked, owner=melati.staff, made_at=NOW)
    (row,) = (found := traces.read(disruption, now=NOW)).rows
    assert found.promises[booked.pk] == [old, new]
    assert found.promises_of(row, []) == [new]


def test_what_it_was_is_when_it_was_found_however_often_it_moves(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    for turn in range(2):
        round_ = melati.offered(booked, now=NOW + hours(turn))
        answers.accept(round_.offers.get(position=1), nonce=f"{turn}", now=NOW + hours(turn))
        booked.refresh_from_db()
    (row,) = (found := traces.read(disruption, now=NOW)).rows
    assert found.was_of(row) == (at("2026-11-24 10:00"), at("2026-11-24 10:30"))


def test_what_is_hit_again_where_it_moved_to_was_to_take_place_there(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    round_ = melati.offered(booked)
    answers.accept(round_.offers.get(position=1), nonce="1", now=NOW)
    booked.refresh_from_db()
    disruption = closed_down(melati, "2026-11-23 00:00", "2026-12-30 00:00")
    (row,) = (found := traces.read(disruption, now=NOW)).rows
    assert (found.was_of(row).start, found.stands(row)) == (booked.starts_at, True)
    assert AffectedAppointment.objects.unsettled().filter(disruption=disruption).get() == row


def test_what_was_moved_by_hand_just_before_was_to_take_place_there(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    booking.move(booked, to=melati.draft(booked).offers[0].slot, by=actors.staff(melati.staff), now=NOW)
    disruption = closed_down(melati, "2026-11-23 00:00", "2026-12-30 00:00")
    (row,) = (found := traces.read(disruption, now=NOW)).rows
    booked.refresh_from_db()
    assert found.was_of(row).start == booked.starts_at != at("2026-11-24 10:00")
