"""The words customers read: managers see the whole sentence, and what would spoil it is refused."""

import html
from typing import Any

import pytest
from django.test import Client

from appointments.models import Reason
from tests.appointments.admin.pages import form_values, page
from tests.factories import ReasonFactory

GOOD = {
    "label_en": "Machine is broken",
    "label_id": "Alat rusak",
    "code": "machine",
    "family": "operational",
    "fault": "ours",
    "wording_en": "the machine for your {service} has to be repaired",
    "wording_id": "alat untuk {service} sedang diperbaiki",
    "position": "1",
    "is_active": "on",
}


def errors(browser: Client, **changed: str) -> dict[str, Any]:
    response = browser.post(page("reason", "add"), GOOD | changed)
    return dict(response.context["adminform"].form.errors) if response.context else {}


def test_a_reason_is_written_in_both_languages(browser_of_manager: Client) -> None:
    assert errors(browser_of_manager) == {}

    reason = Reason.objects.get(code="machine")
    shown = browser_of_manager.get(page("reason", "change", reason.pk)).content.decode()
    assert "We cannot keep your appointment, because the machine for your Check-up has to be repaired." in shown
    assert "Jadwal ini tidak dapat kami penuhi karena alat untuk Pemeriksaan sedang diperbaiki." in shown


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("wording_en", "{customer} is away", "English: “{customer}” is not a placeholder."),
        ("wording_en", "{provider.user.password} is away", "is not a placeholder."),
        ("wording_id", "{service sedang", "Indonesian: A brace is open or closed without its partner."),
        ("wording_en", "because the machine is broken", "English: Leave out “because”"),
        ("wording_id", "Karena alat rusak", "Indonesian: Leave out “karena”"),
        ("wording_en", "the machine is broken.", "English: Leave out the full stop"),
        ("wording_id", "  ", "Indonesian: This field is required."),
        ("wording_en", "x" * 301, "English: Ensure this value has at most 300 characters (it has 301)."),
        ("label_id", "x" * 121, "Indonesian: Ensure this value has at most 120 characters (it has 121)."),
    ],
)
def test_what_would_spoil_the_sentence_is_refused(
    browser_of_manager: Client, field: str, text: str, sentence: str
) -> None:
    found = errors(browser_of_manager, **{field: text})

    (name,) = found
    assert name == field.partition("_")[0]
    assert sentence in html.unescape(str(found[name]))
    assert not Reason.objects.exists()


@pytest.mark.parametrize("is_private", [{}, {"is_private": "on"}])
def test_the_health_of_a_colleague_is_stored_nowhere(browser_of_manager: Client, is_private: dict[str, str]) -> None:
    found = errors(browser_of_manager, wording_id="dokter sedang sakit", **is_private)

    assert "Indonesian: “sakit” speaks of a colleague’s health." in html.unescape(str(found["wording"]))
    assert not Reason.objects.exists()


def test_a_wording_tells_the_kind_of_cause_that_it_is_for(browser_of_manager: Client) -> None:
    found = errors(browser_of_manager, wording_en="you asked us to move it", family="operational", fault="ours")

    assert "says that the customer asked for it" in html.unescape(str(found["wording"]))


def test_what_may_be_meant_is_saved_and_said(browser_of_manager: Client) -> None:
    given = GOOD | {"wording_en": "our street will definitely be closed"}
    response = browser_of_manager.post(page("reason", "add"), given, follow=True)

    (warning,) = [str(message) for message in response.context["messages"] if message.level_tag == "warning"]
    assert warning.startswith("English: “definitely” promises more than anybody can know.")
    assert Reason.objects.exists()


def test_a_reason_keeps_its_code_and_cannot_go(browser_of_manager: Client) -> None:
    reason = ReasonFactory(code="away")
    address = page("reason", "change", reason.pk)
    values = form_values(browser_of_manager.get(address), "reason_form")

    browser_of_manager.post(address, values | {"code": "other", "label_en": "Away"})

    stored = Reason.objects.get()
    assert (stored.code, stored.label.data) == ("away", {"en": "Away", "id": "Rekan sakit"})
    assert browser_of_manager.post(page("reason", "delete", reason.pk), {"post": "yes"}).status_code == 403


def test_a_wording_with_script_is_shown_and_not_run(browser_of_manager: Client) -> None:
    ReasonFactory(label="<script>alert(1)</script>", wording="<img src=x onerror=alert(1)>")

    shown = browser_of_manager.get(page("reason")).content.decode()

    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
