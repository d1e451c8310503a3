"""What a colleague writes down about a call: each outcome asks for its own, and for nothing else."""

from typing import Any

import pytest

from appointments.domain import promises
from appointments.enums import CallOutcome, PromiseKind
from appointments.forms.promises import CallForm
from tests.clock import NOW, at
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db

WRONG: dict[str, Any] = {
    "offer": "0",
    "days": ["9"],
    "parts": ["night"],
    "person": "nobody",
    "later": "2026-11-24T23:10",
    "phone": "12",
    "email": "ana@",
}


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def form(melati: Clinic, outcome: CallOutcome, **typed: Any) -> CallForm:
    round_ = melati.offered()
    promise = promises.owe(PromiseKind.CALL, round_, owner=melati.staff, now=NOW)
    return CallForm({"outcome": outcome, "nonce": "n", "note": "", **typed}, promise=promise, now=NOW)


@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        (CallOutcome.NO_ANSWER, set()),
        (CallOutcome.CANCEL, set()),
        (CallOutcome.CHOSE, {"offer"}),
        (CallOutcome.OTHER_TIMES, {"days", "parts", "person"}),
        (CallOutcome.CALL_LATER, {"later"}),
        (CallOutcome.WRONG_NUMBER, {"phone", "email"}),
    ],
)
def test_what_was_typed_for_another_outcome_stands_in_nobodys_way(
    melati: Clinic, outcome: CallOutcome, asked: set[str]
) -> None:
    assert set(form(melati, outcome, **WRONG).errors) == asked


def test_what_was_typed_for_another_outcome_does_not_count(melati: Clinic) -> None:
    typed = {"later": "2026-11-24T10:00", "phone": "+62 812-5550-0001", "email": "ana@mail.example", "days": ["1"]}
    said = form(melati, CallOutcome.NO_ANSWER, **typed)
    assert said.is_valid()
    call = said.call()
    assert (call.later, call.phone, call.email, call.wishes and call.wishes.days) == (None, "", "", frozenset())
    later = form_again(melati, **typed)
    assert later.is_valid()
    assert (later.call().later, later.call().phone) == (at("2026-11-24 10:00"), "")


def form_again(melati: Clinic, **typed: Any) -> CallForm:
    """The same for a call that was put off."""
    promise = promises.owe(PromiseKind.CALL, melati.booked("2026-11-27 10:00"), owner=melati.staff, now=NOW)
    return CallForm({"outcome": CallOutcome.CALL_LATER, "nonce": "n", **typed}, promise=promise, now=NOW)
