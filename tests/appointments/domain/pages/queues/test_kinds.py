"""What stands in which queue."""

import pytest

from appointments.domain import affected
from appointments.domain.moving import answers, chasing
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.sources import Source
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import PromiseKind
from appointments.models import Absence, Appointment, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, CustomerFactory, PromiseFactory, StaffFactory, letters_have_left
from tests.factories.hits import closed_down


def where(melati: Clinic, *, now: object = NOW) -> dict[str, int]:
    """The queues in which anything stands, with how many."""
    moment = Moment(melati.staff, now)  # type: ignore[arg-type]
    numbers = {code: queue.rows(moment).count() for code, queue in QUEUES.items()}
    return {code: number for code, number in numbers.items() if number}


def test_an_offer_waits_for_the_customer_and_our_promise_stands_with_the_others(melati: Clinic) -> None:
    melati.offered()
    assert where(melati) == {"waiting": 1, "promises": 1}


def test_whoever_asks_to_be_called_stands_in_every_queue_of_calls(melati: Clinic) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    assert where(melati) == {"mine": 1, "today": 1, "calls": 1, "to-call": 1, "promises": 1}


def test_whoever_wants_other_times_stands_with_those(melati: Clinic) -> None:
    round_ = melati.offered()
    for provider in (melati.provider, melati.colleague):
        Absence.objects.create(resource=provider, starts_at=NOW, ends_at=NOW + days(90))
    answers.ask_other_times(round_, wishes=Wishes(), nonce="o", now=NOW)
    assert where(melati) == {"mine": 1, "today": 1, "calls": 1, "other-times": 1, "promises": 1}


def test_what_a_customer_tells_us_is_to_be_answered(melati: Clinic) -> None:
    answers.tell(melati.offered(), words="Why?", nonce="t", now=NOW)
    found = where(melati)
    assert (found["answers"], found["calls"], found["waiting"]) == (1, 1, 1)
    assert "to-call" not in found


def test_whoever_stays_silent_is_to_be_phoned(melati: Clinic) -> None:
    round_ = melati.offered()
    assert "to-call" not in where(melati)
    letters_have_left()
    later = round_.respond_by + minutes(1)
    chasing.expire(round_, now=later)
    assert where(melati, now=later)["to-call"] == 1


def test_mine_are_those_that_i_have(melati: Clinic) -> None:
    mine = PromiseFactory(owner=melati.staff)
    PromiseFactory(owner=StaffFactory())
    PromiseFactory(owner=melati.staff, kind=PromiseKind.HOLD)
    assert list(QUEUES["mine"].rows(Moment(melati.staff, NOW))) == [mine]


@pytest.mark.parametrize(("due", "stands"), [("2026-11-23 23:59", True), ("2026-11-24 00:00", False)])
def test_due_today_ends_at_midnight(melati: Clinic, due: str, stands: bool) -> None:
    PromiseFactory(appointment=melati.booked(), due_at=at(due))
    assert ("today" in where(melati)) is stands


def test_whom_a_closed_day_hits_has_to_move_and_is_untold_until_told(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    closed_down(melati, "2026-11-24 08:00", "2026-11-24 12:00")  # hit twice is one customer
    assert where(melati) == {"to-move": 1, "untold": 1}
    melati.offered(appointment, disruption=disruption)
    letters_have_left()
    assert "to-move" not in where(melati)
    assert "untold" not in where(melati)
    Message.objects.filter(kind="offer").update(state="failed", sent_at=None)
    found = where(melati)
    assert (found["untold"], found["failed"], found["waiting"]) == (1, 1, 1)


def test_who_is_untold_is_moved_by_nobody_or_was_not_reached(melati: Clinic) -> None:
    queue, moment = QUEUES["untold"], Moment(melati.staff, NOW)
    first, second = (melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11))
    disruption = closed_down(melati)
    melati.offered(second, disruption=disruption)
    Message.objects.update(state="failed", sent_at=None, secrets={}, mime=None)
    kinds = {name: set(queue.rows(moment).filter(kind.is_so())) for name, kind in queue.kinds.items()}
    assert kinds == {"nobody": {first}, "moving": {second}}
    assert {one.appointment for one in affected.untold()} == {first, second}


def test_what_has_to_move_can_be_narrowed_to_why(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    closed_down(melati)
    queue, moment = QUEUES["to-move"], Moment(melati.staff, NOW)
    kinds = {name: set(queue.rows(moment).filter(kind.is_so())) for name, kind in queue.kinds.items()}
    assert kinds.pop("said") == {appointment}
    assert set(map(len, kinds.values())) == {0}


def test_whoever_is_left_with_nothing_stands_where_it_has_to_be_empty(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.promises.update(state="released", settled_at=NOW)
    round_.offers.update(state="withdrawn")
    assert where(melati)["nobody-answers"] == 1


def test_waiting_can_be_narrowed_to_who_has_opened_the_page(melati: Clinic) -> None:
    round_ = melati.offered()
    queue, moment = QUEUES["waiting"], Moment(melati.staff, NOW)

    def kinds() -> set[str]:
        return {name for name, kind in queue.kinds.items() if queue.rows(moment).filter(kind.is_so()).exists()}

    assert kinds() == {"unopened"}
    RescheduleRequest.objects.filter(pk=round_.pk).update(seen_at=NOW, nudges=1, expired_at=NOW)
    assert kinds() == {"opened", "reminded", "silent"}


def test_of_messages_that_did_not_arrive_those_about_what_is_over_are_left_out(melati: Clinic) -> None:
    melati.offered()
    Message.objects.filter(kind="offer").update(state="bounced", sent_at=NOW, secrets={}, mime=None)
    assert where(melati)["failed"] == 1
    over = Appointment.objects.get().ends_at
    assert "failed" not in where(melati, now=over)
    assert "failed" in where(melati, now=over - minutes(1))


def test_every_queue_says_what_it_is_and_what_fills_it() -> None:
    for code, queue in QUEUES.items():
        assert code == queue.code
        assert all((str(queue.title), str(queue.short), str(queue.lead), *map(str, queue.empty)))
        assert isinstance(queue.source, Source)
        assert len({*queue.sorts}) == len(queue.sorts) >= 2
