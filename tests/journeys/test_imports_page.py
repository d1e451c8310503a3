"""A manager brings a file in and takes it back, in a browser, and the page needs no script for it."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from appointments.models import Appointment
from tests.appointments.domain.imports.page.runs import TWO
from tests.clock import days
from tests.factories import clinic

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "sunny-garden-gate"


@pytest.mark.parametrize("scripted", [True, False])
def test_upload_look_import_and_undo(browser: Any, live_server: Any, tmp_path: Path, scripted: bool) -> None:
    world = clinic()
    file = tmp_path / "bookings.csv"
    file.write_text(TWO.replace("2026-11-26", f"{timezone.localdate() + days(7)}"))
    context = browser.new_context(java_script_enabled=scripted, viewport={"width": 360, "height": 640})
    page: Page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/accounts/sign-in/?next=/imports/")
    page.fill("[name=username]", world.manager.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.set_input_files("[name=file]", file)
    page.click("text=Look at what would happen")
    page.click("text=Import 2 appointments")
    page.wait_for_selector("text=Nobody was told anything.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360 if scripted else True
    page.click("text=Undo this import")
    page.click("text=Take 2 appointments away")
    page.wait_for_selector("text=their times are free again")
    context.close()
    assert faults == []
    assert not Appointment.objects.exists()
