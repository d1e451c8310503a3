"""Which moves there were, and how each went on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from appointments.domain.reports import moves
from appointments.enums import AnswerKind, RequestState
from appointments.models import RescheduleRequest
from tests.clock import NOW, at, hours
from tests.factories import AppointmentFactory, Clinic
from tests.factories.moves import a_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(melati: Clinic) -> Callable[..., RescheduleRequest]:
    """A move of somebody of its own, expected on the 20th of September; `rounds` as `a_round` takes them."""

    def make(*rounds: dict[str, Any]) -> RescheduleRequest:
        appointment = AppointmentFactory(
            starts_at=at("2026-09-20 10:00"), location=melati.location, provider=melati.provider, occupies=False
        )
        made = [
            a_round(appointment, number=number, **({"told": at("2026-09-14 09:00") + hours(number)} | fields))
            for number, fields in enumerate(rounds, start=1)
        ]
        return made[0]

    return make


Move = Callable[..., RescheduleRequest]


def cases_of(first: RescheduleRequest) -> set[str]:
    return {cases for cases in moves.Cases if moves.of_cases(moves.moves(), cases).filter(pk=first.pk).exists()}


def test_a_move_is_its_first_round_and_ends_with_the_first_that_was_not_replaced(moved: Move) -> None:
    first = moved({"state": RequestState.REPLACED}, {"state": RequestState.KEPT}, {"state": RequestState.OPEN})
    found = {one.round: one.end_state for one in moves.moves()}
    assert found == {1: RequestState.KEPT, 3: RequestState.OPEN}
    assert cases_of(first) == {moves.Cases.ALL, moves.Cases.PLACED}


def test_what_was_taken_back_is_no_move(moved: Move) -> None:
    assert cases_of(moved({"state": RequestState.WITHDRAWN})) == set()


@pytest.mark.parametrize(
    ("state", "is_open"),
    [(RequestState.OPEN, True), (RequestState.WITH_US, True), (RequestState.CANCELLED, False)],
)
def test_a_move_is_open_until_it_ends(moved: Move, state: RequestState, is_open: bool) -> None:
    assert (moves.Cases.OPEN in cases_of(moved({"state": state}))) is is_open


@pytest.mark.parametrize(
    ("placed", "soon"), [("2026-09-27 10:00", True), ("2026-09-27 10:01", False), ("2026-09-18 10:00", True)]
)
def test_placed_again_within_seven_days_of_the_old_time(moved: Move, placed: str, soon: bool) -> None:
    first = moved({"state": RequestState.ACCEPTED, "placed": at(placed)})
    assert (moves.Cases.PLACED in cases_of(first)) is soon
    assert moves.is_placed(RequestState.ACCEPTED, at(placed), was=first.was_starts_at) is soon


def test_who_kept_the_time_has_a_time_and_who_cancelled_has_none(moved: Move) -> None:
    assert moves.is_placed(RequestState.KEPT, None, was=NOW)
    assert not moves.is_placed(RequestState.CANCELLED, NOW, was=NOW)
    assert not moves.is_placed(RequestState.ACCEPTED, None, was=NOW)


def test_what_the_customer_only_told_us_is_no_answer(moved: Move) -> None:
    told = {"answered": at("2026-09-14 12:00")}
    assert moves.Cases.ANSWERED in cases_of(moved(told | {"kind": AnswerKind.CALL_ME}))
    assert moves.Cases.ANSWERED not in cases_of(moved(told | {"kind": AnswerKind.TELL}))


def test_an_answer_of_the_next_move_is_none_of_this_one(moved: Move) -> None:
    first = moved(
        {"state": RequestState.CANCELLED}, {"state": RequestState.ACCEPTED, "answered": at("2026-09-16 09:00")}
    )
    assert moves.Cases.ANSWERED not in cases_of(first)


def test_silence_in_any_round_of_the_move_is_silence(moved: Move) -> None:
    expired = {"expired": at("2026-09-15 09:00")}
    silent = moved({"state": RequestState.REPLACED} | expired, {"state": RequestState.KEPT})
    later = moved({"state": RequestState.KEPT}, {"state": RequestState.OPEN} | expired)
    assert moves.Cases.SILENT in cases_of(silent)
    assert moves.Cases.SILENT not in cases_of(later)


def opened(first: date | None, last: date | None) -> int:
    return moves.opened_between(RescheduleRequest.objects.all(), first, last).count()


def test_a_period_is_of_whole_days_at_the_place_and_has_perhaps_no_end(moved: Move) -> None:
    for moment in ("2026-09-14 00:00", "2026-09-15 23:59", "2026-09-16 00:00"):
        moved({"told": at(moment)})
    days_ = [date(2026, 9, day) for day in (14, 15, 16)]
    assert [opened(day, day) for day in days_] == [1, 1, 1]
    assert [opened(day, None) for day in days_] == [3, 2, 1]
    assert [opened(None, day) for day in days_] == [1, 2, 3]
    assert opened(None, None) == 3


def test_months_have_their_own_lengths() -> None:
    for key, last in (("2026-02", 28), ("2028-02", 29), ("2026-11", 30), ("2026-12", 31)):
        year, month = map(int, key.split("-"))
        assert moves.month_days(key) == (date(year, month, 1), date(year, month, last))
    assert moves.month_key(at("2026-10-01 00:30", "Asia/Makassar"), "Asia/Jakarta") == "2026-09"
    assert moves.month_key(at("2026-10-01 00:30", "Asia/Makassar"), "Asia/Makassar") == "2026-10"
