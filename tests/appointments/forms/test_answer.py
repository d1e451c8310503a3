"""What a customer can send with "Please call me": a number where we have none, and when they are reached best."""

from collections.abc import Collection
from typing import Any

import pytest

from appointments.domain import reaching
from appointments.forms.answer import REACHED, CallMeForm


def sent(*, has_number: bool = False, parts: Collection[str] = reaching.HOURS, **data: Any) -> CallMeForm:
    return CallMeForm({"nonce": "n", **data}, has_number=has_number, parts=parts)


def test_every_part_of_the_day_stands_there_with_its_hours() -> None:
    assert [str(label) for _part, label in REACHED] == [
        "Morning (8–11)", "Midday (11–15)", "Afternoon (15–18)", "Evening (18–21)",
    ]  # fmt: skip
    assert [part for part, _label in REACHED] == list(reaching.HOURS)


def test_whoever_has_a_number_is_not_asked_for_one() -> None:
    form = sent(has_number=True, phone="0812 0000 0001")
    assert form.is_valid()
    assert "phone" not in form.cleaned_data
    assert form.cleaned_data["reached"] == []
    assert list(form.fields) == ["reached", "words", "nonce"]


def test_without_one_it_is_asked_for_first_and_read_as_it_is_written_here() -> None:
    assert list(sent().fields) == ["phone", "reached", "words", "nonce"]
    form = sent(phone="0812-3456-7890", reached=["evening"])
    assert form.is_valid()
    assert str(form.cleaned_data["phone"]) == "+6281234567890"
    assert form.cleaned_data["reached"] == ["evening"]


@pytest.mark.parametrize(
    ("phone", "problem"),
    [
        ("", "Please write the telephone number at which we reach you."),
        ("12", "This does not look like a telephone number. Please check it."),
    ],
)
def test_what_is_no_number_is_said(phone: str, problem: str) -> None:
    assert sent(phone=phone).errors == {"phone": [problem]}


def test_only_those_parts_are_offered_in_which_somebody_is_there() -> None:
    form = sent(has_number=True, parts=("evening", "midday"))
    assert [box.data["value"] for box in form["reached"]] == ["midday", "evening"]
    assert list(sent(has_number=True, parts=()).fields) == ["words", "nonce"]


def test_no_other_part_of_the_day_is_taken() -> None:
    assert list(sent(has_number=True, reached=["night"]).errors) == ["reached"]
