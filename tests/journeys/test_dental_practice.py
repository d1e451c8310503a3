"""A dental practice, as its owner would set it up on the first day: three people, two chairs, five services, 200
appointments from the list that hangs on the wall, and the first patient moved. Through the pages alone.
"""

import io
import re
from datetime import date, time, timedelta
from itertools import product
from typing import Any

import openpyxl
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain.setup import hours, owner
from appointments.models import Appointment, Invitation, Resource, Service
from notifications.delivery import deliver_due
from tests.clock import NOW
from tests.engines.smtp import SmtpSink
from tests.journeys.stage import links_of
from tests.journeys.test_first_day import make_the_owner, save

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

HEADINGS = (
    "No. Booking", "Nama Pasien", "No HP / WA", "Email", "Tgl Kunjungan", "Jam", "Tindakan", "Dokter Gigi", "Kursi",
    "Ket.",
)  # fmt: skip
GIVEN = ("Konsultasi", "Pembersihan karang gigi", "Kontrol", "Tambal gigi", "Cabut gigi")
SERVICE, DENTIST, CHAIR = 6, 7, 8


def the_list() -> bytes:
    """200 rows under a title: one names a treatment by another word, one a chair that is no more, one has no patient,
    one a day that does not exist.
    """
    days = (date(2026, 11, 26) + timedelta(days=n) for n in range(21))
    clocks = [time(hour, minute) for hour in range(9, 17) for minute in (0, 30)]
    turns = product([day for day in days if day.weekday() < 5], clocks, ((1, "drg. Ratna"), (2, "drg. Andi")))
    rows = [
        [
            f"GS-{1000 + n}", f"Pasien {chr(65 + n % 26)}{n}", f"0812 5550 {n:04}", f"pasien.{n}@mail.example", day, at,
            GIVEN[n % len(GIVEN)], dentist, f"Kursi {chair}", "",
        ]
        for n, (day, at, (chair, dentist)) in zip(range(200), turns, strict=False)
    ]  # fmt: skip
    rows[10][SERVICE], rows[20][CHAIR] = "Scaling", "Kursi 3"
    rows[30][1] = rows[30][2] = rows[30][3] = ""
    rows[40][4] = "32/12/2026"
    book = openpyxl.Workbook()
    for row in (["Jadwal Praktik Gigi Sehat"], [], HEADINGS, *rows):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def write_down_the_people(page: Page) -> None:
    def line(number: int, name: str, **more: str) -> None:
        page.locator(f"[name=people-{number}-name]").fill(name)
        for field, label in more.items():
            page.locator(f"[name=people-{number}-{field}]").select_option(label=label)

    line(0, "drg. Ratna", role="Lead")
    page.locator("[name=people-0-email]").fill("ratna@gigi.example")
    line(1, "drg. Andi", role="Front desk")
    line(2, "Sari")
    page.locator(".setup-line summary").nth(2).click()
    page.locator("[name=people-2-week-day_0]").fill("13-19")
    line(3, "Kursi 1", kind="a room")
    line(4, "Kursi 2", kind="a room")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Gigi Sehat is open 09:00–17:00 on this day: 17:00–19:00 lies outside.")).to_be_visible()
    page.locator("[name=people-2-week-day_0]").fill("13-17")
    save(page, "Services")


def tick_the_services(page: Page) -> None:
    lines = zip(("consultation", "check-up", "control", "own-0", "own-1"), GIVEN, strict=True)
    for code, name in lines:
        page.locator(f"[name={code}-name]").fill(name)
        page.locator(f"[name={code}-minutes]").fill("30")
        page.locator("fieldset", has=page.locator(f"[name={code}-name]")).get_by_label("Sari").uncheck()
    page.locator("[name=home-visit-use]").uncheck()
    expect(page.locator("fieldset", has=page.locator("[name=home-visit-name]")).get_by_label("Sari")).to_be_hidden()
    save(page, "Reasons")
    save(page, "Your appointments")


def bring_the_list(page: Page) -> None:
    page.get_by_role("link", name="Bring them from a file").click()
    file: Any = {"name": "jadwal.xlsx", "mimeType": "application/octet-stream", "buffer": the_list()}
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Look at what would happen").click()
    expect(page.get_by_text("4 things are wrong")).to_be_visible()
    expect(
        page.get_by_text("There is no room or device “Kursi 3” at Gigi Sehat. Known: Kursi 1, Kursi 2.")
    ).to_be_visible()
    expect(page.get_by_label("No HP / WA")).to_have_value("customer_phone")
    page.get_by_label("Service “Scaling”").select_option(label="Pembersihan karang gigi")
    page.get_by_label("Room or device “Kursi 3”").select_option(label="Whichever is free")
    page.get_by_label("Leave wrong rows out and import the others").check()
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Import 198 appointments").click()
    expect(page.get_by_text("198 new, 0 changed")).to_be_visible()


def invite_both(page: Page, site: LiveServer) -> str:
    """One by a letter, the other by a link that is handed over."""
    page.goto(f"{site.url}/setup/bring/")
    page.get_by_role("link", name="drg. Ratna").click()
    page.get_by_role("button", name="Send a new letter").click()
    page.goto(f"{site.url}/setup/bring/")
    page.get_by_role("link", name="drg. Andi").click()
    page.get_by_role("button", name="Make a link to copy").click()
    found = re.search(r"http\S+/j/[\w-]+/", page.content())
    assert found is not None
    return found[0]


def come_by_the_link(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_label("Your name*")).to_have_value("drg. Andi")
    page.get_by_label("Name to sign in with*").fill("andi")
    page.locator("input[type=password]").nth(0).fill("kursi-dua-sore")
    page.locator("input[type=password]").nth(1).fill("kursi-dua-sore")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_load_state()


def test_a_practice_is_set_up_and_its_first_patient_moved(
    page: Page, live_site: LiveServer, smtp_sink: SmtpSink
) -> None:
    with time_machine.travel(NOW, tick=True) as clock:
        make_the_owner(page, live_site, owner.new_code(now=NOW))
        page.get_by_label("Name*", exact=True).fill("Gigi Sehat")
        save(page, "Places and hours")
        save(page, "People")
        write_down_the_people(page)
        tick_the_services(page)
        bring_the_list(page)
        assert (Service.objects.count(), Resource.objects.count(), Appointment.objects.count()) == (5, 5, 198)
        sari = hours.week_of(Resource.objects.get(name="Sari"), today=NOW.date())
        assert (sari[0], sari[1]) == ("13:00–17:00", "09:00–17:00")
        chairs = Appointment.objects.filter(provider__name="drg. Andi", occupancies__resource__kind="room")
        assert set(chairs.values_list("occupancies__resource__name", flat=True)) == {"Kursi 2"}

        page.get_by_role("link", name="See Thu 26 Nov on the board").click()
        page.get_by_text("Pasien A0").first.click()
        page.get_by_role("link", name="Propose new times").click()
        page.get_by_label("Why does it have to move?").select_option(label="Colleague not available")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Look at the message", exact=True).click()
        page.get_by_role("button", name="Send the offer").click()
        page.wait_for_url("**/rounds/**")
        link = invite_both(page, live_site)
        clock.shift(120)
        deliver_due(now_fn=timezone.now)
        letters = {str(one.message["To"]): one.message for one in smtp_sink.messages}
        assert sorted(letters) == ['"drg. Ratna" <ratna@gigi.example>', "Pasien A0 <pasien.0@mail.example>"]

        page.context.clear_cookies()
        offered = links_of(letters["Pasien A0 <pasien.0@mail.example>"])
        page.goto(next(one for one in offered if "offer=" in one))
        page.locator("button[type=submit]").first.click()
        moved = Appointment.objects.get(customer__name="Pasien A0")
        assert moved.starts_at.date() != date(2026, 11, 26)
        come_by_the_link(page, link)
        assert Resource.objects.get(user__username="andi").name == "drg. Andi"
        assert [one.name for one in Invitation.objects.standing()] == ["drg. Ratna"]
