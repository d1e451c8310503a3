"""What cannot take place is entered once, and can become longer, shorter or a false alarm."""

from datetime import date, datetime

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import slot_at
from appointments.enums import DisruptionScope, PlanState, RequestState
from appointments.errors import DomainError
from appointments.models import Disruption
from tests.appointments.domain.disruptions.world import away, booked_on_tuesday, entered, planned
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, ReasonFactory, letters_have_left

AFTERWARDS = NOW + minutes(1)


def hit_by(disruption: Disruption) -> list[int]:
    return sorted(affected.to_move().filter(disruption=disruption).values_list("appointment", flat=True))


def change_end(melati: Clinic, disruption: Disruption, until: datetime | None, news: datetime | None = None) -> None:
    by = actors.staff(melati.staff)
    declare.change_end(disruption, ends_at=until, next_news_at=news, by=by, now=AFTERWARDS)


def test_whoever_is_booked_in_it_is_hit_and_knows_nothing_yet(melati: Clinic) -> None:
    in_it = booked_on_tuesday(melati, 9, 10)
    melati.booked("2026-11-25 09:00")

    disruption = entered(melati, note="Ask Budi.", may_stand_in=False)

    assert hit_by(disruption) == [one.pk for one in in_it]
    assert affected.counts() == {"to_move": 2, "untold": 2}
    assert (disruption.note, disruption.may_stand_in, disruption.declared_by) == ("Ask Budi.", False, melati.staff)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-22 23:59", "2026-11-23 00:00"),
        ("2026-11-23 00:14", "2026-11-23 00:00"),
        ("2026-11-23 09:14", "2026-11-23 09:00"),
        ("2026-11-23 09:15", "2026-11-23 09:15"),
        ("2026-11-23 23:59", "2026-11-23 23:45"),
        ("2026-11-24 06:00", "2026-11-23 23:45"),
    ],
)
def test_of_a_day_only_what_is_left_is_missing_as_a_rule(melati: Clinic, now: str, since: str) -> None:
    span = declare.usual_span(date(2026, 11, 23), melati.location, now=at(now))
    assert span == (at(since), at("2026-11-24 00:00"))


def test_what_two_colleagues_enter_is_one(melati: Clinic) -> None:
    first = entered(melati)
    appointment = booked_on_tuesday(melati, 9)[0]

    entry = Entry(away(melati, until="2026-11-24 12:00"), reason=ReasonFactory(code="other"))
    second, is_new = declare.declare(entry, by=actors.staff(melati.manager), now=AFTERWARDS)

    assert (second, is_new) == (first, False)
    assert hit_by(first) == [appointment.pk]


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-11-23 23:45", "2026-11-24 12:00"), ("2026-11-24 08:00", "2026-11-25 00:00"), ("2026-11-24 08:00", None)],
)
def test_what_reaches_further_is_another_one(melati: Clinic, since: str, until: str | None) -> None:
    first = entered(melati)

    assert entered(melati, away(melati, since, until)) != first


def test_the_whole_place_takes_everybody_away(melati: Clinic) -> None:
    place = WhatIsMissing(DisruptionScope.PLACE, melati.location, at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    whole = entered(melati, place)

    assert entered(melati) == whole


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00", "must end after it begins"),
        ("2026-11-23 07:00", "2026-11-23 09:00", "That time is over"),
    ],
)
def test_a_span_that_nobody_can_mean_is_refused(melati: Clinic, since: str, until: str, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        entered(melati, away(melati, since, until))


def test_what_is_not_over_yet_can_be_entered(melati: Clinic) -> None:
    assert entered(melati, away(melati, "2026-11-23 07:00", "2026-11-23 09:15")).pk


def test_somebody_or_something_has_to_be_named(melati: Clinic) -> None:
    nobody = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, NOW, NOW + hours(1))
    with pytest.raises(DomainError, match="Choose who or what"):
        entered(melati, nobody)


def test_longer_hits_more_and_touches_nobody_else(melati: Clinic) -> None:
    tuesday, wednesday = booked_on_tuesday(melati, 9)[0], melati.booked("2026-11-25 09:00")
    disruption = entered(melati)
    melati.offered(tuesday)

    change_end(melati, disruption, at("2026-11-25 12:00"))

    assert hit_by(disruption) == [wednesday.pk]
    assert tuesday.requests.get().state == RequestState.OPEN


def test_shorter_lets_those_come_who_are_not_hit_any_more(melati: Clinic) -> None:
    early, late = booked_on_tuesday(melati, 9, 14)
    disruption = entered(melati)

    change_end(melati, disruption, at("2026-11-24 14:00"))

    assert hit_by(disruption) == [early.pk]
    assert disruption.affected.get(appointment=late).kept_by == melati.staff


def test_what_becomes_shorter_and_longer_again_hits_them_again(melati: Clinic) -> None:
    early, late = booked_on_tuesday(melati, 9, 14)
    disruption = entered(melati)
    change_end(melati, disruption, at("2026-11-24 14:00"))

    change_end(melati, disruption, at("2026-11-24 14:30"))

    assert hit_by(disruption) == [early.pk, late.pk]


def test_the_new_time_of_somebody_who_was_moved_can_be_hit_itself(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    disruption = entered(melati)
    slot = slot_at(appointment, starts_at=at("2026-11-25 09:00"), provider_id=melati.provider.pk, now=NOW)
    booking.move(appointment, to=slot, by=actors.staff(melati.staff), now=NOW)
    assert hit_by(disruption) == []

    change_end(melati, disruption, at("2026-11-25 12:00"))

    assert hit_by(disruption) == [appointment.pk]


def test_who_comes_all_the_same_is_left_alone_by_a_longer_end(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    disruption = entered(melati)
    affected.keep(appointment, by=actors.staff(melati.staff), now=NOW)

    change_end(melati, disruption, at("2026-11-25 12:00"))
    entered(melati, now=AFTERWARDS)

    assert hit_by(disruption) == []


def test_nobody_knows_how_long_until_somebody_does(melati: Clinic) -> None:
    disruption = entered(melati)
    change_end(melati, disruption, None, at("2026-11-24 12:00"))
    disruption.refresh_from_db()
    assert (disruption.ends_at, disruption.next_news_at) == (None, at("2026-11-24 12:00"))

    change_end(melati, disruption, at("2026-11-26 12:00"), at("2026-11-24 12:00"))
    disruption.refresh_from_db()
    assert (disruption.ends_at, disruption.next_news_at) == (at("2026-11-26 12:00"), None)


def test_an_end_lies_ahead(melati: Clinic) -> None:
    disruption = entered(melati, away(melati, "2026-11-23 08:00", None))
    with pytest.raises(DomainError, match="lies ahead"):
        change_end(melati, disruption, AFTERWARDS)
    change_end(melati, disruption, AFTERWARDS + minutes(1))


def test_what_was_called_off_has_no_other_end(melati: Clinic) -> None:
    disruption = entered(melati)
    declare.false_alarm(disruption, by=actors.staff(melati.staff), now=NOW)
    with pytest.raises(DomainError, match="called off"):
        change_end(melati, disruption, NOW + days(3))


def test_a_false_alarm_lets_everybody_come_and_drops_the_plan(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)

    assert declare.false_alarm(plan.disruption, by=actors.staff(melati.staff), now=AFTERWARDS) is True
    assert declare.false_alarm(plan.disruption, by=actors.staff(melati.staff), now=AFTERWARDS) is False

    plan.refresh_from_db()
    assert plan.state == PlanState.DROPPED
    assert affected.counts() == {"to_move": 0, "untold": 0}


def test_of_a_false_alarm_nobody_hears_who_was_not_told(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    disruption = entered(melati)
    round_ = melati.offered(appointment, disruption=disruption)

    declare.false_alarm(disruption, by=actors.staff(melati.staff), now=AFTERWARDS)

    round_.refresh_from_db()
    assert round_.state == RequestState.WITHDRAWN


def test_a_false_alarm_offers_the_old_time_and_takes_no_chosen_one_back(melati: Clinic) -> None:
    waiting, chosen = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    sending.ask(plan, by=melati.staff, now=NOW)
    sending.send_due(now=AFTERWARDS)
    letters_have_left()
    taken = chosen.requests.get()
    answers.accept(taken.offers.all()[0], by=actors.CUSTOMER, now=AFTERWARDS, nonce="tap")
    chosen.refresh_from_db()
    new_time = chosen.starts_at

    declare.false_alarm(plan.disruption, by=actors.staff(melati.staff), now=AFTERWARDS + hours(1))

    round_ = waiting.requests.get()
    assert (round_.state, round_.can_keep, affected.can_be_kept(round_)) == (RequestState.OPEN, True, True)
    chosen.refresh_from_db()
    assert chosen.starts_at == new_time


def test_what_else_is_missing_stands_in_the_way_of_the_old_time(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    disruption = entered(melati)
    round_ = melati.offered(appointment, disruption=disruption)
    letters_have_left()
    room = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, at("2026-11-24 08:00"), at("2026-11-24 12:00"), (melati.room.pk,)
    )
    entered(melati, room, now=AFTERWARDS)

    declare.false_alarm(disruption, by=actors.staff(melati.staff), now=AFTERWARDS)

    round_.refresh_from_db()
    assert (round_.state, round_.can_keep) == (RequestState.OPEN, False)


def test_a_plan_that_is_on_its_way_is_not_dropped(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    sending.ask(plan, by=melati.staff, now=NOW)
    assert plans.drop(plan, now=NOW) is False
