"""The menu of solutions beside the box for words, where somebody is moved and where a complaint is put right."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain import actors
from appointments.domain.moving import rounds
from appointments.domain.recovery import cases, steps
from appointments.enums import ApologyLevel, CaseConcern, CaseOrigin, UsedBy
from appointments.models import Appointment, RecoveryCase, RescheduleRequest, SolutionUse
from tests.clock import NOW, minutes
from tests.factories import Clinic, CustomerFactory
from tests.factories.playbook import solution

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(melati: Clinic) -> Appointment:
    return melati.booked(customer=CustomerFactory(language="en"))


def page(desk: Client, name: str, *args: Any, **data: Any) -> str:
    url = reverse(name, args=args)
    response: Any = desk.post(url, data) if data else desk.get(url)
    return str(response.content.decode())


def menu(desk: Client, appointment: Appointment, melati: Clinic | None = None, *, script: bool = True) -> str:
    """As a script fetches it for the reason of `melati`, or as a page."""
    headers = {"HX-Request": "true"} if script else {}
    asked = {"reason": melati.reason.pk} if melati else {"reason": ""}
    response = desk.get(reverse("solution-menu", args=[appointment.pk]), asked, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def decided(desk: Client, appointment: Appointment, melati: Clinic, **more: Any) -> dict[str, Any]:
    """What a browser sends of the page, with the reason and the times that are proposed."""
    response: Any = desk.post(reverse("propose", args=[appointment.pk]), {"step": "times", "reason": melati.reason.pk})
    form = response.context["form"]
    question = dict_of(response.context["question"].posted())
    fresh = desk.get(reverse("propose", args=[appointment.pk]))
    first: Any = fresh.context["form"].initial
    return {
        **question,
        "reason": melati.reason.pk,
        "offer": [one.key for one in form.suggestions()[:3]],
        "respond_by": first["respond_by"].strftime("%Y-%m-%dT%H:%M"),
        "contact": melati.staff.pk,
        "nonce": first["nonce"],
        "seen": first["seen"],
        **more,
    }


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_the_menu_says_what_is_possible_and_why_the_rest_is_not(desk: Client, appointment: Appointment) -> None:
    shown = menu(desk, appointment)

    assert "Who can do it here: Dr. Budi." in shown
    assert "Not possible: No other place of ours does this." in shown
    assert "Not possible: Choose the reason first." in shown


def test_the_chosen_reason_brings_its_solutions_with_their_words(
    desk: Client, appointment: Appointment, melati: Clinic
) -> None:
    solution(melati.manager, reasons=[melati.reason])

    before, after = menu(desk, appointment), menu(desk, appointment, melati)

    assert "Another colleague" not in before
    assert 'data-words="A colleague knows your file and has the same hour for you."' in after
    assert 'data-words-into="id_personal_note"' in after


def test_the_page_asks_for_the_menu_of_the_chosen_reason_only_when_somebody_looks(
    desk: Client, appointment: Appointment, melati: Clinic
) -> None:
    address = reverse("solution-menu", args=[appointment.pk])
    chosen = page(desk, "propose", appointment.pk, step="times", reason=melati.reason.pk)

    assert f'hx-get="{address}?reason="' in page(desk, "propose", appointment.pk)
    assert f'hx-get="{address}?reason={melati.reason.pk}"' in chosen
    assert "Who can do it here" not in chosen


def test_without_a_script_it_is_a_page_with_the_words_to_read(
    desk: Client, appointment: Appointment, melati: Clinic
) -> None:
    found = solution(melati.manager).solution
    shown = menu(desk, appointment, script=False)

    assert f'href="{reverse("solution", args=[found.pk])}" target="_blank"' in shown
    assert "<blockquote>A colleague knows your file" in shown
    assert ('name="solutions"' in shown, "data-words=" in shown, "<html" in shown) == (False, False, True)


def test_what_was_ticked_goes_through_the_preview_and_is_kept_when_it_is_sent(
    desk: Client, appointment: Appointment, melati: Clinic
) -> None:
    version = solution(melati.manager)
    said = decided(desk, appointment, melati, solutions=[version.pk])

    preview = page(desk, "propose", appointment.pk, step="preview", **said)
    assert f'name="solutions" value="{version.pk}"' in preview
    assert not SolutionUse.objects.exists()

    page(desk, "propose", appointment.pk, step="send", **said)
    used = SolutionUse.objects.get()
    assert (used.version, used.round, used.by) == (version, RescheduleRequest.objects.get(), melati.staff)


def test_what_is_not_for_the_reader_cannot_be_ticked_or_sent(
    desk: Client, appointment: Appointment, melati: Clinic
) -> None:
    version = solution(melati.manager, used_by=UsedBy.MANAGERS)

    shown = menu(desk, appointment)
    assert "only for managers" in shown
    assert f'name="solutions" value="{version.pk}"' not in shown
    assert "data-words=" not in shown

    refused = page(
        desk, "propose", appointment.pk, step="send", **decided(desk, appointment, melati, solutions=[version.pk])
    )
    assert "“Another colleague” is for managers." in refused
    assert not RescheduleRequest.objects.exists()


def test_taken_back_it_is_ticked_again(desk: Client, appointment: Appointment, melati: Clinic) -> None:
    version = solution(melati.manager)
    page(desk, "propose", appointment.pk, step="send", **decided(desk, appointment, melati, solutions=[version.pk]))
    round_ = RescheduleRequest.objects.get()
    rounds.undo(round_, by=actors.staff(melati.staff), now=NOW)

    assert f'value="{version.pk}" checked' in page(desk, "propose-again", round_.pk)


@pytest.fixture
def case(melati: Clinic, appointment: Appointment, monday_morning: None) -> RecoveryCase:
    """A complaint that has come to where it is put right."""
    melati.offered(appointment, now=NOW - minutes(30))
    found = cases.take_up(appointment, CaseOrigin.TOLD, key="a", words="Who pays?", now=NOW, by=actors.CUSTOMER)
    assert found is not None
    steps.hear(found, concern=CaseConcern.PRICE, wants="", points=["Who pays?"], by=melati.staff, now=NOW)
    steps.empathise(found, cost="Money.", by=melati.staff, now=NOW)
    return steps.apologise(found, level=ApologyLevel.RESPONSIBLE, by=melati.staff, now=NOW)


def test_a_complaint_is_put_right_with_a_solution(desk: Client, melati: Clinic, case: RecoveryCase) -> None:
    version = solution(melati.manager, reasons=[melati.reason])
    point = case.points.get()
    name = f"point{point.pk}"

    shown = page(desk, "complaint", case.pk)
    assert f'data-words-into="id_{name}-reply"' in shown
    assert "Money back" in shown

    said = {f"{name}-reply": "We do.", f"{name}-action": "words", f"{name}-solutions": [version.pk]}
    assert desk.post(reverse("answer-point", args=[case.pk, point.pk]), said).status_code == 302
    assert [(one.version, one.point) for one in SolutionUse.objects.all()] == [(version, point)]
    assert f'value="{version.pk}" checked' in page(desk, "complaint", case.pk)


def test_while_one_still_listens_there_is_no_menu(desk: Client, melati: Clinic, case: RecoveryCase) -> None:
    shown = desk.get(reverse("complaint", args=[case.pk]), {"step": "hear"}).content.decode()

    assert ("What we can offer" in shown, "What we can offer" in page(desk, "complaint", case.pk)) == (False, True)


def test_thirty_solutions_take_as_many_questions_as_one(desk: Client, appointment: Appointment, melati: Clinic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            menu(desk, appointment)
        return len(queries)

    solution(melati.manager, services=[melati.service])
    asked()
    few = asked()
    for _ in range(29):
        solution(melati.manager, services=[melati.service])
    assert asked() == few
