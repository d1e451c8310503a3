"""Words for customers are read while they can still be mended; the house's own notes say nothing of health."""

from typing import Any

import pytest
from django import forms

from appointments.domain.recovery.honesty import Facts
from appointments.forms.diary.cancelling import CancelForm
from appointments.forms.words import NoteForColleagues, WordsForCustomers, WritesToCustomers
from tests.factories import ReasonFactory

GOOD, MEANT, REFUSED = "See you on Thursday.", "It will definitely be warm.", "Dr. Maya is ill."


class Sample(WritesToCustomers):
    before = forms.CharField(required=False)
    words = WordsForCustomers(required=False)
    after = forms.CharField(required=False)

    def facts(self) -> Facts:
        return Facts(language="en", confirmed=self.cleaned_data["before"] == "sure")


class House(forms.Form):
    note = NoteForColleagues(required=False)


def form(words: str, **more: str) -> Sample:
    return Sample({"words": words, **more})


def mark(found: Sample) -> Any:
    return found.fields["anyway"].widget.attrs["value"]


def test_good_words_pass_and_none_are_read_as_none() -> None:
    assert form(GOOD).is_valid()
    assert form("").is_valid()
    assert list(form(GOOD).fields) == ["before", "words", "after"]


def test_what_must_not_leave_is_a_fault_of_its_field_without_a_box() -> None:
    found = form(f"{REFUSED} {MEANT}")

    assert not found.is_valid()
    assert [name for name, errors in found.errors.items() if errors] == ["words"]
    assert len(found.errors["words"]) == 2
    assert "anyway" not in found.fields


def test_what_may_be_meant_gets_a_box_beside_the_words() -> None:
    found = form(MEANT)

    assert not found.is_valid()
    assert list(found.fields) == ["before", "words", "anyway", "after"]
    assert "checked" not in str(found["anyway"])


def test_a_tick_lets_these_words_pass_and_no_others() -> None:
    asked = form(MEANT)
    asked.is_valid()
    box = mark(asked)

    passed = form(MEANT, anyway=box)
    assert passed.is_valid()
    assert passed.cleaned_data["words"] == MEANT
    assert "checked" in str(passed["anyway"])

    changed = form(f"{MEANT} Surely!", anyway=box)
    assert not changed.is_valid()
    assert mark(changed) != box
    assert "checked" not in str(changed["anyway"])


def test_a_tick_never_lets_pass_what_must_not_leave() -> None:
    asked = form(MEANT)
    asked.is_valid()
    assert not form(f"{MEANT} {REFUSED}", anyway=mark(asked)).is_valid()


def test_what_is_known_of_the_situation_counts() -> None:
    assert form(MEANT, before="sure").is_valid()


def test_a_language_that_cannot_be_read_stops_nobody() -> None:
    class Dutch(Sample):
        def facts(self) -> Facts:
            return Facts(language="nl")

    assert Dutch({"words": "Tot donderdag."}).is_valid()


def test_a_note_of_the_house_may_say_anything_but_what_is_about_health() -> None:
    assert House({"note": "Ask Budi tomorrow!!"}).is_valid()
    assert "health" in str(House({"note": "Maya is sick"}).errors["note"])


@pytest.mark.django_db
def test_why_we_cancel_is_a_note_of_the_house_and_why_a_customer_does_is_theirs() -> None:
    reason = ReasonFactory()
    ours = CancelForm({"whose": "ours", "reason": reason.pk, "note": "Maya is sick"})
    theirs = CancelForm({"whose": "theirs", "note": "She is sick"})

    assert "health" in str(ours.errors["note"])
    assert theirs.is_valid()


@pytest.mark.django_db
def test_why_we_cancel_is_written_down_and_a_customers_wish_explains_itself() -> None:
    ours = CancelForm({"whose": "ours", "reason": ReasonFactory().pk, "note": ""})

    assert list(ours.errors) == ["note"]
    assert CancelForm({"whose": "theirs", "note": ""}).is_valid()
