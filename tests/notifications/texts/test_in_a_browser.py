"""The rich form on a small phone and in a window, by day and by night, with names as long as they come."""

from collections.abc import Callable
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.notifications.texts.world import LANGUAGES, Situation, write

LETTERS = (
    "offer",
    "confirmation",
    "acknowledgement",
    "reply",
    "follow_up",
    "escalation",
    "running_late",
    "false_alarm",
)
LONG = {
    "customer__name": "Raden Ajeng Kartika Puspitasari Wulandari Hadiningrat",
    "place__address": "Jl. Kyai Haji Wahid Hasyim Nomor 127-129, Menteng, Jakarta Pusat 10240",
    "contact__name": "Maria Magdalena Situmorang-Hutagalung",
    "business__email": "pendaftaran.dan.informasi@klinik-ibu-dan-anak-sentosa.example",
}


@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen_and_everybody_can_read_it(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for kind, language in product(LETTERS, LANGUAGES):
        page.set_content(
            write(kind, "email", Situation(language=language, flags=("follow",), besides=("of_its_own",)), **LONG).html
        )
        for width in (320, 360, 640, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, language, width)
        report = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        found = [(one["id"], [node["html"] for node in one["nodes"]]) for one in report.response["violations"]]
        assert found == [], (kind, language)


@pytest.mark.browser
@pytest.mark.sqlite_only
def test_an_offer_is_big_enough_for_a_finger(phone_page: Page) -> None:
    phone_page.set_content(write("offer", "email", Situation()).html)
    for link in phone_page.locator("a.offer, a.button-quiet").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 240
