"""A code is used once, as long as it is valid."""

import threading

import pytest
from django.db import connection

from appointments.domain.compensation.redeeming import redeem, why_not
from appointments.domain.moving import answers
from appointments.enums import CompensationState, EventKind
from appointments.errors import DomainError
from appointments.models import Compensation
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.compensation import table_in_force


@pytest.fixture
def given(melati: Clinic) -> Compensation:
    table_in_force({"valid_days": 10})
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    return Compensation.objects.get()


@pytest.mark.django_db
def test_a_code_is_used_once_and_the_second_reads_by_whom(melati: Clinic, given: Compensation) -> None:
    used = redeem(given, by=melati.staff, now=NOW, note="Bill 17")
    assert (used.state, used.redeemed_at, used.redeemed_by, used.note) == ("redeemed", NOW, melati.staff, "Bill 17")
    assert used.appointment.events.filter(kind=EventKind.REDEEMED).count() == 1
    with pytest.raises(DomainError, match="was used on"):
        redeem(given, by=melati.manager, now=NOW)


@pytest.mark.django_db
def test_it_is_valid_until_the_last_second(melati: Clinic, given: Compensation) -> None:
    with pytest.raises(DomainError, match="could be used until"):
        redeem(given, by=melati.staff, now=given.valid_until + days(1))
    assert redeem(given, by=melati.staff, now=given.valid_until).state == CompensationState.REDEEMED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "words"), [("waiting", "agreed to this yet"), ("refused", "not granted"), ("withdrawn", "not granted")]
)
def test_what_is_not_granted_cannot_be_used(melati: Clinic, given: Compensation, state: str, words: str) -> None:
    given.state = state
    assert words in why_not(given, now=NOW)
    Compensation.objects.filter(pk=given.pk).update(state="withdrawn")
    with pytest.raises(DomainError):
        redeem(given, by=melati.staff, now=NOW)


@pytest.mark.django_db
def test_a_code_is_found_as_people_type_it(given: Compensation) -> None:
    drawn = given.code
    for typed in (drawn, drawn.lower(), drawn.replace("-", ""), f" {drawn.replace('-', ' ')} "):
        assert Compensation.objects.of_code(typed).get() == given
    for other in ("", "Jonathan", drawn[:-1], f"{drawn}2"):
        assert not Compensation.objects.of_code(other).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_take_a_code_at_once_one_has_it(melati: Clinic, given: Compensation) -> None:
    gate, won, lost = threading.Barrier(50), [], []

    def take() -> None:
        try:
            gate.wait()
            won.append(redeem(given, by=melati.staff, now=NOW))
        except DomainError as error:
            lost.append(error.message)
        finally:
            connection.close()

    tries = [threading.Thread(target=take) for _n in range(50)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert (len(won), len(lost)) == (1, 49)
    assert given.appointment.events.filter(kind=EventKind.REDEEMED).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_tap_at_once_one_receives_it(melati: Clinic) -> None:
    table_in_force()
    offers = list(melati.offered(count=3).offers.all())
    gate = threading.Barrier(50)

    def tap(number: int) -> None:
        try:
            gate.wait()
            answers.accept(offers[number % 3], nonce=f"form {number}", now=NOW)
        except DomainError:
            pass
        finally:
            connection.close()

    taps = [threading.Thread(target=tap, args=[number]) for number in range(50)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert Compensation.objects.count() == 1
