"""A third language by settings and a folder alone: no code, no migration, and not even a catalogue of gettext's."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from appointments.domain import actors, links
from appointments.domain.imports.reading.table import cells
from appointments.domain.messages import previews
from appointments.domain.moving import answers, reminders, rounds
from appointments.enums import LinkPurpose
from appointments.models import Appointment, Customer
from notifications.models import Message
from tests.clock import NOW, hours
from tests.factories import Clinic, CustomerFactory, ReasonFactory, clinic
from tests.languages import add_dutch, with_dutch

WORDING = {"en": "the machine is broken", "id": "alatnya rusak", "nl": "het apparaat van {provider} kapot is"}
BECAUSE = "omdat het apparaat van Dr. Ratna kapot is"


@pytest.fixture(autouse=True)
def _dutch(settings: Any) -> Iterator[None]:
    add_dutch(settings)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(db: None) -> Clinic:
    found = clinic(
        name={"en": "Check-up", "id": "Pemeriksaan", "nl": "Controle"}, stays={"nl": "De prijs blijft gelijk."}
    )
    found.reason.wording = WORDING
    found.reason.save()
    return found


@pytest.fixture
def appointment(world: Clinic) -> Appointment:
    """Tuesday at ten, with somebody who reads Dutch."""
    return world.booked(customer=CustomerFactory(name="Anneke de Wit", honorific="ms", language="nl"))


def letter(kind: str) -> Message:
    return Message.objects.get(kind=kind)


def test_an_offer_is_written_in_dutch_with_dutch_days_hours_and_greeting(
    world: Clinic, appointment: Appointment
) -> None:
    world.offered(appointment, personal_note="Tot dinsdag.")

    found = letter("offer")
    assert (found.language, found.subject) == (
        "nl",
        "Uw afspraak op dinsdag kan niet doorgaan: kies een nieuwe tijd",
    )
    text = found.text
    assert text.startswith("Geachte mevrouw Anneke de Wit,\n")
    assert f"Uw afspraak op dinsdag 24 november 2026 om 10.00 uur WIB kan niet doorgaan, {BECAUSE}." in text
    assert "uiterlijk maandag 23 november 2026 om 11.00 uur WIB." in text
    assert "De prijs blijft gelijk." in text
    assert "Kies deze tijd: " in text
    assert not re.search(r"\b(?:the|your|yang|Anda|at|pukul)\b", text)
    assert '<html lang="nl">' in found.html
    assert "Geachte mevrouw Anneke de Wit," in found.html


def test_a_text_message_is_dutch_too(world: Clinic, appointment: Appointment) -> None:
    round_ = rounds.compose(appointment, world.draft(appointment), by=actors.staff(world.staff), now=NOW)
    offers = rounds.offers_of(round_, world.draft(appointment).offers)

    found = {(one.language, one.channel): one for one in previews.offer_as_sent(round_, offers, now=NOW)}
    assert list(dict.fromkeys(language for language, _channel in found)) == ["nl", "en", "id"]
    assert found["nl", "sms"].rendered.text.startswith(
        "Klinik Melati: uw afspraak op di 24-11, 10.00 uur WIB kan niet doorgaan. Kies uiterlijk ma 23-11, 11.00 uur"
    )
    assert found["nl", "call"].rendered.text.startswith("Bel mevrouw Anneke de Wit.")
    assert "the machine is broken" in found["en", "email"].rendered.text
    assert "alatnya rusak" in found["id", "email"].rendered.text


def test_the_confirmation_is_dutch_and_a_text_that_is_missing_is_wholly_the_sites_own(
    world: Clinic, appointment: Appointment
) -> None:
    round_ = world.offered(appointment)
    answers.accept(round_.offers.get(position=1), nonce="n", now=NOW + hours(1))
    appointment.refresh_from_db()
    reminders.remind(appointment, now=appointment.starts_at - hours(5))

    assert letter("confirmation").subject.startswith("Bevestigd: uw afspraak is nu ")
    assert re.search(r"is nu \w+dag \d+ november 2026 om \d+\.\d\d uur WIB, bij Dr\. ", letter("confirmation").text)
    reminder = letter("reminder").text
    assert reminder.startswith("Dear Anneke de Wit,\n")
    assert re.search(r"on \w+day, \d+ November 2026 at \d\d:\d\d WIB", reminder)
    assert not re.search(r"\b(?:uur|dinsdag|om|uw)\b", reminder)


def test_the_customers_page_says_cause_days_and_hours_in_dutch(
    world: Clinic, appointment: Appointment, client: Client
) -> None:
    world.offered(appointment)
    token = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    page = unescape(client.get(f"/r/{token}/").content.decode())
    assert '<html lang="nl">' in page
    assert BECAUSE in page
    assert "<s>di 24-11, 10.00 uur WIB</s>" in page
    assert re.search(r'<span class="day">\w+dag \d+ november 2026</span>', page)
    assert re.search(r'href="\?lang=nl"[^>]*aria-current="true">Nederlands</a>', page)
    assert "De prijs blijft gelijk." in page
    assert "the machine is broken" in unescape(client.get(f"/r/{token}/?lang=en").content.decode())


def test_the_desk_sees_what_goes_out_and_can_read_dutch_itself(
    world: Clinic, appointment: Appointment, client: Client
) -> None:
    client.force_login(world.staff)
    client.post(reverse("set_language"), {"language": "nl", "next": "/"})

    shown = unescape(client.get(reverse("appointment", args=[appointment.pk])).content.decode())
    assert '<html lang="nl">' in shown
    assert "Controle" in shown
    assert "10.00 uur" in shown
    assert "Bahasa Indonesia" in shown


def test_a_spreadsheet_may_name_the_language(world: Clinic) -> None:
    assert [cells.language(cell) for cell in ("nl", "Nederlands", "Dutch", "hollands", "nl_BE", "Frans")] == [
        "nl", "nl", "nl", "nl", "nl", "",
    ]  # fmt: skip


def test_a_reason_for_which_nobody_has_written_dutch_is_said_in_the_sites_own(
    world: Clinic, appointment: Appointment
) -> None:
    world.offered(appointment, reason=ReasonFactory(wording={"en": "it is flooded", "id": "banjir"}))
    assert "omdat it is flooded" in letter("offer").text


def test_when_dutch_is_taken_away_its_customers_are_written_to_in_the_sites_own(
    world: Clinic, appointment: Appointment, settings: Any
) -> None:
    settings.LANGUAGES = settings.LANGUAGES[:2]
    world.offered(appointment)

    assert letter("offer").text.startswith("Dear Anneke de Wit,\n")
    assert Customer.objects.get(name="Anneke de Wit").language == "nl"


@pytest.mark.slow
@pytest.mark.parametrize("own", ["en", "nl"])
def test_it_is_no_migration_and_the_checks_pass(own: str) -> None:
    environment = with_dutch() | {"LANGUAGE_CODE": own, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    for command in (["makemigrations", "--check", "--dry-run"], ["check"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=project.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout[:40]) == (
            0,
            "No changes detected\n" if "--check" in command else done.stdout[:40],
        )
