"""The number in the head and the lines of the page are one: whatever state everything is in."""

import random
from typing import Any

import pytest

from appointments.domain.colleagues import places_of
from appointments.domain.moving import answers, chasing
from appointments.domain.pages.queues import counts as module
from appointments.domain.pages.queues import paging
from appointments.domain.pages.queues.asked import Asked
from appointments.domain.pages.queues.counts import EVERYTHING, IN_THE_HEAD, OVERDUE, counts
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.reading import page_of
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import (
    AppointmentFactory,
    Clinic,
    CustomerFactory,
    LocationFactory,
    PromiseFactory,
    RecoveryCaseFactory,
    StaffFactory,
)
from tests.factories.hits import closed_down

LATER = NOW + hours(3)


def anything(melati: Clinic, seed: int) -> None:
    """Customers at random stages of being moved, what we owe them, what hit them, and what did not arrive."""
    chance = random.Random(seed)
    colleagues, elsewhere = [melati.staff, StaffFactory()], LocationFactory(zone="Asia/Makassar")
    starts = [NOW + days(1) + hours(24 * turn) for turn in range(chance.randrange(6, 14))]
    for appointment in [melati.booked(start, customer=CustomerFactory(), room=None) for start in starts]:
        round_ = melati.offered(appointment) if chance.random() < 0.7 else None
        if round_ is not None:
            chance.choice(
                [
                    lambda one: None,
                    lambda one: answers.call_me(one, nonce=f"c{one.pk}", now=NOW),
                    lambda one: answers.tell(one, words="Why?", nonce=f"t{one.pk}", now=NOW),
                    lambda one: chasing.expire(one, now=one.respond_by + hours(0.1)),
                    lambda one: one.promises.update(state="released", settled_at=NOW),
                ]
            )(round_)
    for _turn in range(chance.randrange(5)):
        PromiseFactory(
            appointment=AppointmentFactory(location=elsewhere, starts_at=NOW + days(chance.randrange(1, 9))),
            owner=chance.choice(colleagues),
            kind=chance.choice(["call", "reply", "find_times", "hold"]),
            due_at=NOW + hours(chance.randrange(-5, 40)),
        )
    for message in Message.objects.all():
        if chance.random() < 0.4:
            gone: dict[str, Any] = {
                "state": chance.choice(["failed", "parked"]),
                "sent_at": None,
                "secrets": {},
                "mime": None,
            }
            Message.objects.filter(pk=message.pk).update(**gone)
    for day in chance.sample(range(24, 30), 2):
        closed_down(melati, f"2026-11-{day} 00:00", f"2026-11-{day} 23:00")


def walked(code: str, moment: Moment, asked: Asked) -> list[int]:
    """The rows of all pages of a queue, as somebody meets them who goes on to the last one."""
    found, address = [], asked
    while True:
        page = page_of(QUEUES[code], address, moment)
        assert len(page.lines) == len(page.place.ids)
        found += [line.pk for line in page.lines]
        if not page.place.after:
            return found
        address = Asked(due=asked.due, sort=asked.sort, after=page.place.after)


@pytest.mark.parametrize("seed", range(8))
def test_each_number_is_how_many_lines_its_pages_have(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(paging, "SIZE", 3)
    anything(melati, seed)
    moment = Moment(melati.staff, LATER)
    numbers = counts([*QUEUES, OVERDUE], moment)
    for code, queue in QUEUES.items():
        for sort in queue.sorts:
            rows = walked(code, moment, Asked(sort=sort))
            assert (code, sort, len(rows), len(set(rows))) == (code, sort, numbers[code], numbers[code])
    assert len(walked("promises", moment, Asked(due="overdue"))) == numbers[OVERDUE]
    assert sum(numbers.values()) > 8


def test_they_are_one_query_whatever_is_counted(melati: Clinic, django_assert_num_queries: Any) -> None:
    anything(melati, 3)
    moment = Moment(melati.staff, LATER)
    places_of(melati.staff)  # known of whoever is signed in
    with django_assert_num_queries(1):
        assert list(counts(IN_THE_HEAD, moment)) == [*IN_THE_HEAD]
    with django_assert_num_queries(2):
        assert set(counts(EVERYTHING, moment)) == {*QUEUES, *IN_THE_HEAD}


def test_of_complaints_those_that_are_open_count(melati: Clinic) -> None:
    RecoveryCaseFactory()
    assert counts(["complaints"], Moment(melati.staff, NOW)) == {"complaints": 1}


def test_where_nothing_stands_it_reads_nought(melati: Clinic) -> None:
    assert counts(["waiting"], Moment(melati.staff, NOW)) == {"waiting": 0}
    assert set(counts(QUEUES, Moment(melati.staff, NOW)).values()) == {0}
    assert Promise.objects.count() == RescheduleRequest.objects.count() == 0


@pytest.mark.parametrize(("most", "shown"), [(2, 2), (3, 3), (4, 3)])
def test_it_counts_so_far_and_no_further(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch, most: int, shown: int
) -> None:
    monkeypatch.setattr(module, "ENOUGH", most)
    appointment = melati.booked()
    for _turn in range(3):
        PromiseFactory(appointment=appointment, owner=melati.staff)
    moment = Moment(melati.staff, NOW)
    assert counts(["calls"], moment) == {"calls": shown}
    assert page_of(QUEUES["calls"], Asked(kind="call"), moment).matching == shown
