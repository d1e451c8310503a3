"""The main job on an appointment out of somebody else's calendar: imported, offered, sent, picked, confirmed."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from appointments.models import Appointment, Customer, Location, RescheduleRequest, WeeklyHours
from notifications import delivery
from tests.clock import NOW
from tests.factories import Clinic, clinic

CALENDAR = Path(__file__).resolve().parents[3] / "shared" / "data" / "calendars" / "icaljs-recur_instances.ics"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def coast() -> Clinic:
    """A clinic where the calendar's clock goes, open when its appointments are."""
    world = clinic(rooms=1)
    Location.objects.update(zone="America/Los_Angeles", closed_on_holidays=False)
    WeeklyHours.objects.update(opens_at=time(8), closes_at=time(18))
    world.location.refresh_from_db()
    return world


def letters(folder: Path, subject: str) -> list[str]:
    """The texts of the letters in the mail folder whose subject holds `subject`."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = letter.get_body(("plain",))
        if subject in str(letter["Subject"]) and body:
            found.append(body.get_content())
    return found


def post_goes_out(after: timedelta = timedelta(minutes=1)) -> None:
    delivery.deliver_due(now_fn=lambda: timezone.now() + after, limit=100)


@pytest.mark.skipif(not CALENDAR.exists(), reason="the calendars lie beside the project")
def test_the_next_date_of_a_series_from_the_wild_is_moved(coast: Clinic, client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "notifications.channels.files.EmailBackend"
    mail: Path = settings.MAIL_DIR
    call_command("import_appointments", CALENDAR, stdout=StringIO())
    appointment = Appointment.objects.filter(starts_at__gt=timezone.now() + timedelta(days=2)).earliest("starts_at")
    assert "calmozilla1" in appointment.customer.email
    # The address in the file is a stranger's: nothing is ever sent there.
    Customer.objects.filter(pk=appointment.customer_id).update(email="customer@example.com", language="en")

    client.force_login(coast.staff)
    form_page = client.get(f"/appointments/{appointment.pk}/move/").content.decode()
    fields = {
        "offer": re.findall(r'name="offer" value="([^"]+)" checked', form_page),
        "nonce": re.findall(r'name="nonce" value="([^"]+)"', form_page)[0],
        "respond_by": re.findall(r'name="respond_by" value="([^"]+)"', form_page)[0],
        "reason": coast.reason.pk,
        "contact": coast.staff.pk,
        "step": "send",
    }
    assert client.post(f"/appointments/{appointment.pk}/move/", fields).status_code == 302
    post_goes_out()

    (letter,) = letters(mail, "please choose a new time")
    link = re.search(r"(/r/[\w-]+/)\?offer=(\d+)", letter)
    assert link
    page = Client().get(f"{link[1]}?offer={link[2]}").content.decode()
    assert "Your appointment needs a new time" in page
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    answer = Client().post(f"{link[1]}pick/", {"offer": link[2], "nonce": nonce}, follow=True)
    assert "Your new time is confirmed" in answer.content.decode()

    before = appointment.starts_at
    appointment.refresh_from_db()
    chosen = RescheduleRequest.objects.get().offers.get(pk=link[2])
    assert (appointment.starts_at, appointment.starts_at == before) == (chosen.starts_at, False)
    post_goes_out()
    confirmed = max(mail.glob("*.eml"))
    invite = next(
        part.get_payload(decode=True)
        for part in message_from_bytes(confirmed.read_bytes(), policy=policy.default).walk()
        if part.get_content_type() == "text/calendar"
    )
    event = Calendar.from_ical(invite).walk("VEVENT")[0]  # type: ignore[arg-type]
    assert (str(event["UID"]), str(event["SEQUENCE"])) == (appointment.uid, "1")
    assert event.decoded("DTSTART") == chosen.starts_at
