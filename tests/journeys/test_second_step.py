"""A manager sets up a second step and signs in with it: an app, and a passkey of a device that Chromium pretends."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments import roles
from appointments.domain.people import passwords
from tests.factories.people import colleague
from tests.factories.second_steps import Phone, with_app
from tests.journeys.stage import PASSWORD, Stage, complaints, links_of, overhang

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
NEW_PASSWORD = "quiet-river-stone"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def budi(stage: Stage, settings: Any) -> User:
    settings.SECOND_STEP_REQUIRED = True
    return colleague(roles.MANAGERS, username="budi", first_name="Budi")


def type_password(page: Page, stage: Stage, password: str = PASSWORD) -> None:
    """With the keyboard alone."""
    page.goto(f"{stage.site.url}/accounts/sign-in/?next=/settings/")
    page.keyboard.type("budi")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    """With the keyboard alone: whatever is focused, Tab comes to it in the end."""
    wanted = (
        page.get_by_role("main")
        .get_by_role("button", name=name)
        .or_(page.get_by_role("main").get_by_role("link", name=name))
    )
    for _key in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def suits_everybody(page: Page, *, dark: bool = False) -> None:
    """At 360 and 1280 pixels; in the dark too where there is something that is nowhere else."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (page.url, width, overhang(page)) == (page.url, width, 0)
    for scheme in ("light", "dark") if dark else ("light",):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert (page.url, scheme, complaints(page)) == (page.url, scheme, [])


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_manager_signs_in_with_the_code_of_an_app(page: Page, stage: Stage, budi: User) -> None:
    type_password(page, stage)
    title(page, "Second step at sign-in")
    expect(page.get_by_text("Your role needs one")).to_be_visible()
    suits_everybody(page)
    press(page, "Add an authenticator app")
    title(page, "Add an authenticator app")
    expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    suits_everybody(page, dark=True)
    phone = Phone(page.locator(".key").inner_text().replace(" ", ""))
    page.get_by_label("Code that the app shows").fill(phone.code(timezone.now()))
    page.keyboard.press("Enter")
    title(page, "Your recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    suits_everybody(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a file").click()
    kept = saved.value.path().read_text().split()
    assert kept == page.locator(".codes li").all_inner_texts()

    page.context.clear_cookies()
    stage.clock.shift(timedelta(minutes=1))
    type_password(page, stage)
    title(page, "Second step")
    suits_everybody(page)
    page.get_by_label("Code that your app shows").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.get_by_label("Code that your app shows").fill(phone.code(timezone.now()))
    page.keyboard.press("Enter")
    title(page, "Settings")


def test_a_new_password_by_a_letter_does_not_skip_it(page: Page, stage: Stage, budi: User) -> None:
    _phone, codes = with_app(budi, now=timezone.now())
    passwords.forgotten(budi.email, now=timezone.now())
    (letter,) = [one for one in stage.post() if "password" in one["subject"]]
    page.goto(links_of(letter)[0])
    page.get_by_label("Password*", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("The same password again*").fill(NEW_PASSWORD)
    press(page, "Keep this password")
    title(page, "Sign in")
    type_password(page, stage, NEW_PASSWORD)
    title(page, "Second step")
    page.get_by_text("Use a recovery code").click()
    page.get_by_label("One of the codes on your sheet").fill(codes[0])
    press(page, "Sign in with this code")
    expect(page.get_by_role("status")).to_contain_text("Codes left: 9.")
    suits_everybody(page)


def test_a_manager_signs_in_with_a_passkey(page: Page, stage: Stage, budi: User) -> None:
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    device = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    page.context.add_cookies([{"name": "django_language", "value": "id", "url": stage.site.url}])
    page.goto(f"{stage.site.url}/accounts/sign-in/")
    suits_everybody(page)
    type_password(page, stage)
    title(page, "Langkah kedua saat masuk")
    press(page, "Tambahkan kunci sandi")
    title(page, "Tambahkan kunci sandi")
    suits_everybody(page)
    page.get_by_label("Nama kunci sandi").fill("Ponsel Budi")
    page.keyboard.press("Enter")
    title(page, "Kode pemulihan")
    press(page, "Sudah saya simpan")
    expect(page.get_by_role("main")).to_contain_text("Ponsel Budi")
    suits_everybody(page)
    press(page, "Tambahkan kunci sandi lain")
    page.get_by_label("Nama kunci sandi").fill("Sekali lagi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Perangkat ini sudah punya kunci sandi untuk akun ini.")

    press(page, "Batal mengubah")
    page.context.clear_cookies(name="sessionid")
    type_password(page, stage)
    title(page, "Langkah kedua")
    suits_everybody(page, dark=True)
    press(page, "Pakai kunci sandi")
    title(page, "Pengaturan")

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{stage.site.url}/accounts/sign-in/?next=/settings/")
    press(page, "Masuk dengan kunci sandi")
    title(page, "Pengaturan")

    page.context.clear_cookies(name="sessionid")
    chromium.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{stage.site.url}/accounts/sign-in/")
    press(page, "Masuk dengan kunci sandi")
    expect(page.get_by_role("alert")).to_contain_text("Tidak berhasil.")
