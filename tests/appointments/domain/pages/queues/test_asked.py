"""How a queue is narrowed by what stands in an address."""

import pytest

from appointments.domain.pages.queues.asked import Asked, narrowed, read
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment
from appointments.enums import PromiseKind
from appointments.models import Promise
from tests.clock import NOW, at, hours, minutes
from tests.factories import AppointmentFactory, Clinic, LocationFactory, PromiseFactory, StaffFactory

CALLS, WAITING, TO_MOVE = QUEUES["calls"], QUEUES["waiting"], QUEUES["to-move"]


def shown(melati: Clinic, **asked: object) -> set[Promise]:
    return set(narrowed(CALLS, read(CALLS, asked), Moment(melati.staff, NOW)))


def test_by_place_person_kind_and_hour(melati: Clinic) -> None:
    other_place, other = AppointmentFactory(location=LocationFactory(code="bogor")), StaffFactory()
    here = melati.booked()
    late = PromiseFactory(appointment=here, owner=melati.staff, due_at=NOW - minutes(1))
    today = PromiseFactory(appointment=here, owner=other, due_at=at("2026-11-23 17:00"), kind=PromiseKind.REPLY)
    away = PromiseFactory(appointment=other_place, owner=other, due_at=NOW + hours(48))
    assert shown(melati) == {late, today, away}
    assert shown(melati, place="bogor") == {away}
    assert shown(melati, person=str(other.pk)) == {today, away}
    assert shown(melati, kind="reply") == {today}
    assert shown(melati, due="overdue") == {late}
    assert shown(melati, due="today") == {late, today}
    assert shown(melati, place="melati", person=str(other.pk), kind="reply", due="today") == {today}
    assert shown(melati, place="nowhere") == set()


def test_what_was_asked_stands_in_the_address_and_is_read_from_it() -> None:
    asked = read(CALLS, {"place": "melati", "person": "7", "kind": "reply", "due": "today", "sort": "customer"})
    assert asked == Asked(place="melati", person=7, kind="reply", due="today", sort="customer")
    assert asked.query == "place=melati&person=7&kind=reply&due=today&sort=customer"
    assert asked.at(after="abc") == asked.query + "&after=abc"
    assert asked.sorted_by("time").query == "place=melati&person=7&kind=reply&due=today&sort=time"
    assert Asked().query == Asked().address == ""


@pytest.mark.parametrize(
    "nonsense",
    [
        {"kind": "password"}, {"sort": "owner__password"}, {"due": "never"}, {"person": "x"}, {"person": "-1"},
        {"person": "9" * 30}, {"person": "²"}, {"sort": "turn"}, {"colour": "red"}, {"place": "\x00"},
    ],
)  # fmt: skip
def test_nonsense_is_as_if_it_had_not_been_said(nonsense: dict[str, str]) -> None:
    assert read(CALLS, nonsense) == Asked()


def test_the_usual_order_needs_no_word_and_each_queue_knows_its_own() -> None:
    assert read(CALLS, {"sort": "turn"}).query == ""
    assert read(WAITING, {"sort": "turn"}).query == read(WAITING, {"sort": "due"}).query == ""
    assert read(CALLS, {"sort": "due"}).query == "sort=due"
    assert read(TO_MOVE, {"due": "today"}) == Asked()


def test_where_one_reads_is_no_narrowing() -> None:
    assert not Asked(sort="due", after="x").is_narrowed
    assert Asked(person=7).is_narrowed
