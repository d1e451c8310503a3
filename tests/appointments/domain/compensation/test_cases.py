"""A move begins with its first round; the how-manieth it is counts whole moves of ours within a year."""

import pytest

from appointments.domain.compensation.cases import COUNTED, facts_of, moves_until, origin_of
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.models import RescheduleRequest
from tests.clock import NOW, days, hours
from tests.factories import Clinic, ReasonFactory

pytestmark = pytest.mark.django_db


def test_other_times_that_were_wished_for_belong_to_the_move_that_we_caused(melati: Clinic) -> None:
    first = melati.offered(melati.booked("2026-12-01 10:00"))
    answers.ask_other_times(first, wishes=Wishes(), nonce="w", now=NOW + hours(1))
    second = RescheduleRequest.objects.get(wished=True)
    assert origin_of(second) == first
    assert moves_until(first) == 1


def test_a_move_after_one_that_has_ended_begins_anew(melati: Clinic) -> None:
    first = melati.offered(melati.booked("2026-12-01 10:00"))
    answers.accept(first.offers.get(position=1), nonce="p", now=NOW)
    appointment = first.appointment
    appointment.refresh_from_db()
    second = melati.offered(appointment, now=NOW + hours(3))
    assert origin_of(second) == second
    assert moves_until(second) == 2


def test_what_was_told_at_the_same_moment_is_one_disturbance(melati: Clinic) -> None:
    both = [melati.offered(melati.booked(f"2026-12-0{day} 10:00")) for day in (1, 2)]
    assert [moves_until(one) for one in both] == [1, 1]


def test_a_wish_counts_for_nothing(melati: Clinic) -> None:
    wish = ReasonFactory(family="customer", fault="customer")
    melati.offered(melati.booked("2026-12-01 10:00"), reason=wish)
    assert moves_until(melati.offered(melati.booked("2026-12-02 10:00"), now=NOW + hours(1))) == 1


def test_a_move_counts_for_a_year(melati: Clinic) -> None:
    first = melati.offered(melati.booked("2026-12-01 10:00"))
    second = melati.offered(melati.booked("2026-12-02 10:00"), now=NOW + hours(1))
    for age, count in ((COUNTED, 1), (COUNTED - hours(1), 2)):
        RescheduleRequest.objects.filter(pk=first.pk).update(opened_at=second.opened_at - age)
        assert moves_until(second) == count


def test_what_was_taken_back_before_it_was_told_is_no_move(melati: Clinic) -> None:
    first = melati.offered(melati.booked("2026-12-01 10:00"))
    second = melati.offered(melati.booked("2026-12-02 10:00"), now=NOW + hours(1))
    RescheduleRequest.objects.filter(pk=first.pk).update(state="withdrawn", closed_at=first.undo_until)
    assert moves_until(second) == 1


def test_the_facts_are_those_of_the_first_round(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-12-01 10:00"))
    facts = facts_of(round_, wait=days(2), moves=3)
    assert (facts.fault, facts.wait, facts.moves) == ("ours", days(2), 3)
    assert facts.notice == round_.was_starts_at - NOW
    assert facts.service == melati.service.pk
