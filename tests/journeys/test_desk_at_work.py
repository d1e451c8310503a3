"""Two colleagues open the same appointment: the second one reads of the first, and the first one of the second."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appointments.domain.moving import at_work
from tests.clock import NOW
from tests.factories import StaffFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def test_each_reads_of_the_other_until_one_leaves(open_page: Callable[..., Page], stage: Stage) -> None:
    booked, sari, budi = stage.booked(), stage.world.staff, StaffFactory(first_name="Budi", last_name="Hartono")
    move, cancel = f"/appointments/{booked.pk}/agreed/", f"/appointments/{booked.pk}/cancel/"
    first, second = open_page(), open_page()
    first.clock.install()
    sign_in(first, stage.site, sari, move)
    expect(first.get_by_role("heading", name="Move as agreed")).to_be_visible()
    first.wait_for_load_state("networkidle")
    sign_in(second, stage.site, budi, cancel)

    name = sari.get_full_name() or sari.username
    expect(second.locator("#at-work")).to_contain_text(f"{name} is working on this appointment too, since 09:")
    assert (complaints(second), overhang(second)) == ([], 0)
    second.wait_for_load_state("networkidle")
    expect(first.locator("#at-work")).to_be_empty()
    first.clock.run_for(46_000)
    expect(first.locator("#at-work")).to_contain_text("Budi Hartono is working on this appointment too")

    first.get_by_role("link", name="Leave it as it is").click()
    expect(first.get_by_role("heading", name="What happened")).to_be_visible()
    second.reload()
    expect(second.locator("#at-work")).to_be_empty()


def test_without_a_script_the_page_still_tells(open_page: Callable[..., Page], stage: Stage) -> None:
    booked, budi = stage.booked(), StaffFactory(first_name="Budi", last_name="Hartono")
    page = open_page(java_script_enabled=False)
    sign_in(page, stage.site, stage.world.staff)
    at_work.begin(booked, by=budi, now=NOW)
    page.goto(f"{stage.site.url}/appointments/{booked.pk}/move/")
    expect(page.locator("#at-work")).to_contain_text(
        "Budi Hartono is working on this appointment too, since 09:00 WIB."
    )
