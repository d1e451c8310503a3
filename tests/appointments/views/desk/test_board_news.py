"""An open board asks whether there is news, which costs next to nothing as long as there is none."""

import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, ProviderFactory

PAGES = ("/board/melati/2026-11-24/", "/board/melati/week/2026-11-24/", "/board/melati/week/2026-11-24/{pk}/")


def asks(desk: Client, melati: Clinic, page: str = PAGES[0]) -> str:
    """Where the board asks."""
    text = desk.get(page.format(pk=melati.provider.pk)).content.decode()
    return re.findall(r'hx-get="(/news/[^"]*)"', text)[0]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_new_is_said_in_two_queries_and_something_new_makes_it_look(
    desk: Client, melati: Clinic, page: str
) -> None:
    address = asks(desk, melati, page)
    with CaptureQueriesContext(connection) as queries:
        quiet = desk.get(address)
    assert (quiet.status_code, quiet.content, len(queries)) == (204, b"", 2)

    melati.booked("2026-11-24 10:00")

    news = desk.get(address)
    assert (news.status_code, news.headers["HX-Trigger"]) == (200, "board-news")
    assert desk.get(asks(desk, melati, page)).status_code == 204


def test_a_full_board_asks_no_more_than_an_empty_one(desk: Client, melati: Clinic) -> None:
    for provider in ProviderFactory.create_batch(10, location=melati.location):
        for hour in range(8, 12):
            melati.booked(f"2026-11-24 {hour:02}:00", provider=provider, room=None)
    address = asks(desk, melati)

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 204
    assert len(queries) == 2


def test_a_week_hears_of_all_its_days_and_a_day_of_itself_only(desk: Client, melati: Clinic) -> None:
    day, week = (asks(desk, melati, page) for page in PAGES[:2])

    melati.booked("2026-11-29 10:00")

    assert (desk.get(day).status_code, desk.get(week).status_code) == (204, 200)


def test_who_has_signed_out_is_asked_to_sign_in(desk: Client, melati: Clinic) -> None:
    address = asks(desk, melati)
    desk.logout()

    answer = desk.get(address)

    assert (answer.status_code, "/sign-in/" in answer.headers["Location"]) == (302, True)


def test_a_key_is_of_one_reader_and_of_one_day_of_work(desk: Client, melati: Clinic) -> None:
    address = asks(desk, melati)
    other = Client()
    other.force_login(melati.manager)

    def statuses(moment: object) -> list[int]:
        with time_machine.travel(moment, tick=False):  # type: ignore[arg-type]
            return [browser.get(address).status_code for browser in (desk, other)]

    assert statuses(NOW + hours(12)) == [204, 200]
    assert statuses(NOW + hours(12) + minutes(0.1)) == [200, 200]


def test_a_key_that_was_tampered_with_says_nothing(desk: Client, melati: Clinic) -> None:
    key = re.findall("/news/([^/]*)/", asks(desk, melati))[0]

    assert desk.get(f"/news/{key[:-1]}x/").headers["HX-Trigger"] == "board-news"
    assert SESSION_KEY in desk.session


def test_only_who_may_see_boards_gets_a_key_that_answers(desk: Client, melati: Clinic) -> None:
    address = asks(desk, melati)
    melati.staff.groups.clear()
    melati.staff.user_permissions.clear()

    # The question says no more than whether something changed; the board itself is closed at once.
    assert desk.get(address).status_code == 204
    assert desk.get(PAGES[0]).status_code == 404


def test_the_board_is_read_anew_with_its_month_and_its_hour(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    answer = desk.get(PAGES[0], headers={"HX-Request": "true", "HX-Target": "columns"}).content.decode()

    assert answer.strip().startswith('<div id="columns"')
    assert re.findall(r'id="(\w+)" [^>]*hx-swap-oob="true"', answer) == ["month", "printed"]
