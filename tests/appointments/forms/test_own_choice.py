"""A time in a button, there and back."""

import pytest

from appointments.domain.schedule.slots import Slot
from appointments.forms.answer import LARGEST
from appointments.forms.own_choice import MoveForm, in_form
from tests.clock import at, minutes

START = at("2026-11-26 10:00")


@pytest.mark.parametrize("provider", [7, None])
def test_what_a_button_carries_is_what_was_chosen(provider: int | None) -> None:
    slot = Slot(START, START + minutes(30), provider, (7,))
    form = MoveForm({"time": in_form(slot), "seen": "3", "nonce": "n"})
    assert form.is_valid()
    assert form.chosen() == {"to": (START, provider), "seen": 3, "nonce": "n.move"}


@pytest.mark.parametrize(
    "wrong",
    [
        *({"time": one} for one in ("", "1", "1.x", "x.1", "1.2.3", "1." + "9" * 40)),
        *({"seen": one} for one in ("", "-1", str(LARGEST + 1))),
        {"nonce": ""},
    ],
)
def test_what_no_page_sends_is_refused(wrong: dict[str, str]) -> None:
    form = MoveForm({"time": "1796266800.1", "seen": "0", "nonce": "n"} | wrong)
    assert not form.is_valid()
    assert form.first_problem == "Please choose one of the times first."
