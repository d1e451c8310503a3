"""What a colleague says of a delay, as the rules get it."""

from typing import Any

import pytest
from django.http import QueryDict

from appointments.forms.late import LateForm
from tests.clock import NOW
from tests.factories import Clinic, ReasonFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def form(melati: Clinic, **said: Any) -> LateForm:
    data = QueryDict(mutable=True)
    values = {"people": [melati.provider.pk], "minutes": ["40"], "reason": [melati.reason.pk]}
    for name, given in {**values, **said}.items():
        data.setlist(name, [str(one) for one in given])
    return LateForm(data, place=melati.location, user=melati.staff, now=NOW)


def test_who_runs_late_by_how_much_and_why(melati: Clinic) -> None:
    found = form(melati, personal_note=["So sorry."], note=["Ask Budi."])
    assert found.is_valid(), found.errors
    late = found.late()
    assert (late.place, late.people, late.minutes) == (melati.location, (melati.provider.pk,), 40)
    assert (late.reason, late.contact, late.personal_note, late.note) == (
        melati.reason, melati.staff, "So sorry.", "Ask Budi.",
    )  # fmt: skip


def test_only_people_run_late(melati: Clinic) -> None:
    people = [one for one, _name in form(melati).fields["people"].choices]  # type: ignore[attr-defined]
    assert people == [str(melati.provider.pk), str(melati.colleague.pk)]


@pytest.mark.parametrize(("minutes", "is_valid"), [(9, False), (10, True), (180, True), (181, False)])
def test_so_few_and_so_many_minutes(melati: Clinic, minutes: int, is_valid: bool) -> None:
    assert form(melati, minutes=[minutes]).is_valid() is is_valid


@pytest.mark.parametrize(("name", "said"), [("people", "Choose who runs late."), ("reason", "Choose the reason")])
def test_what_is_left_out_is_said(melati: Clinic, name: str, said: str) -> None:
    found = form(melati, **{name: []})
    assert not found.is_valid()
    assert said in str(found.errors[name])


def test_a_wish_of_the_customer_is_no_reason_of_ours(melati: Clinic) -> None:
    wish = ReasonFactory(code="wish", family="customer")
    assert "reason" in form(melati, reason=[wish.pk]).errors


def test_a_placeholder_is_not_sent(melati: Clinic) -> None:
    assert "personal_note" in form(melati, personal_note=["Dear {{ name }}"]).errors


def test_all_of_it_is_sent_again_from_the_preview(melati: Clinic) -> None:
    found = form(melati, people=[melati.provider.pk, melati.colleague.pk], personal_note=["Sorry."])
    assert found.is_valid()
    assert found.posted() == [
        ("people", str(melati.provider.pk)), ("people", str(melati.colleague.pk)), ("minutes", "40"),
        ("reason", str(melati.reason.pk)), ("personal_note", "Sorry."), ("note", ""),
    ]  # fmt: skip
