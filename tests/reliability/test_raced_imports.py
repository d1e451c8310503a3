"""A file is brought in while others book: somebody wins each time, the file says which of its lines lost, and why."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection

from appointments.domain import actors, booking
from appointments.domain.imports.matching import Choices
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.run import Options, run
from appointments.domain.schedule.slots import Slot
from appointments.enums import EventKind
from appointments.errors import SlotTaken
from appointments.models import Appointment, AppointmentEvent, Customer
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, clinic
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

HEAD = "uid,name,phone,start,duration,service,doctor\n"
TWO = HEAD + (
    "a1,Ana Putri,0812-0000-0001,2026-11-26 09:00,30,Check-up,Dr. Ratna\n"
    "a2,Joko Susilo,0812-0000-0002,2026-11-26 11:00,30,Check-up,Dr. Ratna\n"
)
NINE, ELEVEN = at("2026-11-26 09:00"), at("2026-11-26 11:00")


def bring_in(
    world: Clinic, text: str, *, skip_errors: bool = False, progress: Any = lambda done, total: None
) -> Report:
    options = Options(
        choices=Choices(location=world.location),
        source="old",
        filename="old.csv",
        first_day=date(2026, 11, 23),
        last_day=date(2027, 6, 30),
        skip_errors=skip_errors,
    )
    return run(text.encode(), options, now=NOW, progress=progress)


class Rival:
    """Somebody at the desk who acts, on a connection of their own, when the file has been compared, for the n-th time.

    SQLite lets nobody write before the file is done; PostgreSQL does, and then the file has been overtaken.
    """

    def __init__(self, act: Callable[[], Any], *, often: int = 1) -> None:
        self.act, self.often = act, often
        self.threads: list[threading.Thread] = []
        self.refused: list[Exception] = []

    def __call__(self, done: int, total: int) -> None:
        if done == total and len(self.threads) < self.often:
            self.threads.append(threading.Thread(target=self._run))
            self.threads[-1].start()
            if connection.vendor == "postgresql":
                self.threads[-1].join()

    def _run(self) -> None:
        try:
            self.act()
        except (SlotTaken, IntegrityError) as error:
            self.refused.append(error)
        finally:
            connection.close()

    def done(self) -> bool:
        """Waits for the end. Whether all of it went through."""
        for thread in self.threads:
            thread.join()
        return not self.refused


def book(world: Clinic, starts_at: Any, **more: Any) -> Appointment:
    slot = Slot(starts_at, starts_at + minutes(30), world.provider.pk, (world.provider.pk, world.room.pk))
    return booking.book(
        customer=world.customer,
        service=world.service,
        location=world.location,
        slot=slot,
        by=actors.SYSTEM,
        now=NOW,
        **more,
    )


def owners(world: Clinic, starts_at: Any) -> list[str]:
    return [row.appointment.customer.name for row in world.provider.occupancies.filter(starts_at=starts_at)]


@pytest.mark.parametrize("skip_errors", [False, True])
def test_the_line_whose_time_was_taken_meanwhile_is_told(skip_errors: bool) -> None:
    world = clinic()
    rival = Rival(lambda: book(world, NINE))

    report = bring_in(world, TWO, skip_errors=skip_errors, progress=rival)

    if rival.done():
        (error,) = report.errors
        assert error.line == 2
        assert "Dr. Ratna is busy then" in str(error.message)
        assert (report.counts[Outcome.FAILED], report.written) == (1, skip_errors)
        assert owners(world, NINE) == [world.customer.name]
        assert owners(world, ELEVEN) == (["Joko Susilo"] if skip_errors else [])
    else:
        assert (report.errors, report.written) == ([], True)
        assert (owners(world, NINE), owners(world, ELEVEN)) == (["Ana Putri"], ["Joko Susilo"])


def test_a_row_that_came_in_by_another_way_meanwhile_is_not_doubled() -> None:
    world = clinic(rooms=2)
    Customer.objects.filter(pk=world.customer.pk).update(name="Ana Putri")
    rival = Rival(lambda: book(world, NINE, source="old", external_id="a1"))

    report = bring_in(world, TWO, progress=rival)

    assert (report.errors, report.written) == ([], True)
    if rival.done():
        assert (report.counts[Outcome.UNCHANGED], report.counts[Outcome.NEW]) == (1, 1)
    else:
        assert report.counts[Outcome.NEW] == 2
    assert sorted(Appointment.objects.values_list("external_id", flat=True)) == ["a1", "a2"]
    assert len(owners(world, NINE)) == 1


def test_a_file_that_is_overtaken_again_and_again_says_so_and_writes_nothing() -> None:
    world = clinic()
    times = iter([NINE, ELEVEN, at("2026-11-26 13:00")])
    rival = Rival(lambda: book(world, next(times)), often=3)
    three = TWO + "a3,Budi,0812-0000-0003,2026-11-26 13:00,30,Check-up,Dr. Ratna\n"

    report = bring_in(world, three, skip_errors=True, progress=rival)

    if rival.done():
        assert not report.written
        assert [str(error.message) for error in report.errors] == [
            "Others keep booking the same times. Nothing was written; please run it again."
        ]
        assert Customer.objects.filter(name__in=["Ana Putri", "Joko Susilo", "Budi"]).count() == 0
        assert [owners(world, start) for start in (NINE, ELEVEN)] == [[world.customer.name]] * 2
    else:
        assert (report.written, report.counts[Outcome.NEW]) == (True, 3)


@pytest.mark.slow
def test_one_file_brought_in_by_many_at_once_while_others_book_is_there_once() -> None:
    """Exactly one of them writes each row; every contested time has one owner; nobody sees an error of the database."""
    world = clinic(rooms=2)
    starts = [at("2026-11-26 09:00") + minutes(30 * number) for number in range(12)]
    text = HEAD + "".join(
        f"b{number},Guest {number},0812-0000-01{number:02},{start:%Y-%m-%d %H:%M},30,Check-up,Dr. Ratna\n"
        for number, start in enumerate(starts)
    )

    def act(number: int) -> Report | None:
        try:
            if number % 2:
                return bring_in(world, text, skip_errors=True)
            for start in starts[number::4]:
                with suppress(SlotTaken):
                    book(world, start)
            return None
        finally:
            connection.close()

    reports = [report for report in all_at_once(act, range(8)) if report]

    won = Counter(Appointment.objects.exclude(external_id="").values_list("external_id", flat=True))
    assert set(won.values()) <= {1}
    assert [len(owners(world, start)) for start in starts] == [1] * len(starts)
    assert all(report.written for report in reports)
    assert sum(report.counts[Outcome.NEW] for report in reports) == len(won)
    imported = AppointmentEvent.objects.filter(kind=EventKind.IMPORTED)
    assert imported.count() == len(won)
    assert Customer.objects.filter(name__startswith="Guest").count() == len(won)
