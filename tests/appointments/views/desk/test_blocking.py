"""Blocking a time at the desk: the form, the boards, and who reads the title."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import AbsenceKind
from appointments.models import Absence
from tests.clock import at
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db
BOARD = "/board/melati/2026-11-24/"
TITLE = "Talk with the bank"


def said(melati: Clinic, **change: Any) -> dict[str, Any]:
    usual = {"resource": melati.provider.pk, "title": TITLE, "starts": "2026-11-24T10:00", "ends": "2026-11-24T12:00"}
    return usual | change


@pytest.fixture
def made(melati: Clinic) -> Absence:
    span = {"starts_at": at("2026-11-24 10:00"), "ends_at": at("2026-11-24 12:00")}
    found: Absence = AbsenceFactory(
        resource=melati.provider, kind=AbsenceKind.BLOCKED, title=TITLE, written_by=melati.staff, **span
    )
    return found


def test_it_stands_on_the_boards_of_who_wrote_it(desk: Client, melati: Clinic) -> None:
    page = desk.post(reverse("block-time"), said(melati), follow=True).content.decode()
    made = Absence.objects.get()
    assert "Blocked. No time in it is offered to customers." in page
    assert f'href="/blocked/{made.pk}/" title="{TITLE}">{TITLE}</a>' in page
    assert (made.starts_at, made.ends_at, made.kind, made.written_by) == (
        at("2026-11-24 10:00"), at("2026-11-24 12:00"), AbsenceKind.BLOCKED, melati.staff,
    )  # fmt: skip
    week = desk.get(f"/board/melati/week/2026-11-24/{melati.provider.pk}/").content.decode()
    assert week.count(TITLE) == 2  # once, in its words and its title


def test_others_see_that_it_is_blocked_and_no_more(client: Client, made: Absence, desk: Client) -> None:
    client.force_login(StaffFactory())
    page = client.get(BOARD).content.decode()
    assert re.search(r'<div class="private [^>]*>Blocked</div>', page)
    assert TITLE not in page
    for name in ("blocked-time", "unblock-time"):
        assert client.post(reverse(name, args=[made.pk])).status_code == 404
    assert client.get(reverse("blocked-time", args=[made.pk])).status_code == 404
    assert Absence.objects.filter(pk=made.pk).exists()


def test_a_manager_and_the_person_read_it(client: Client, made: Absence, melati: Clinic, desk: Client) -> None:
    person = StaffFactory()
    melati.provider.user = person
    melati.provider.save()
    for reader in (melati.manager, person):
        client.force_login(reader)
        assert TITLE in client.get(BOARD).content.decode()


def test_who_is_in_the_way_is_named_and_ticked(desk: Client, melati: Clinic) -> None:
    there = melati.booked("2026-11-24 10:30", customer=CustomerFactory(name="Ben Situmorang"))
    asked = desk.post(reverse("block-time"), said(melati))
    page = asked.content.decode()
    assert (asked.status_code, "Ben Situmorang" in page, Absence.objects.count()) == (422, True, 0)
    tick = re.findall(r'name="knowing" id="knowing" value="(\w+)"', page)[0]
    desk.post(reverse("block-time"), said(melati, knowing=tick))
    assert Absence.objects.count() == 1
    assert str(there.customer) in desk.get(reverse("to-move")).content.decode()


def test_a_click_on_a_free_place_is_told_beforehand(desk: Client, melati: Clinic) -> None:
    address = f"?place=melati&starts_at=2026-11-24T13:15&resource={melati.room.pk}"
    new = desk.get(reverse("new-appointment") + address).content.decode()
    assert f'href="/blocked/new/{address}"'.replace("&", "&amp;").replace(":", "%3A") in new
    form = desk.get(reverse("block-time") + address).context["form"]
    assert [f"{form[name].value()}" for name in ("resource", "starts", "ends")] == [
        str(melati.room.pk), "2026-11-24 13:15:00", "2026-11-24 14:15:00",
    ]  # fmt: skip


@pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_what_no_board_shows_is_left_out_of_what_is_told_beforehand(desk: Client, moment: str) -> None:
    form = desk.get(reverse("block-time") + f"?starts_at={moment}").context["form"]
    assert form["starts"].value() is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 61}, "at most 60 characters"),
        ({"ends": "2026-11-24T10:00"}, "The end must be after the start."),
        ({"ends": "2026-12-01T10:00"}, "longer than six days"),
        ({"starts": "soon"}, "Enter a valid date/time."),
        ({"resource": "9" * 30}, "Select a valid choice."),
        ({"weekly": "on", "last_day": "2026-11-23"}, "The last day is before the first."),
        ({"starts": "2026-11-22T10:00", "ends": "2026-11-22T11:00"}, "already passed"),
        ({"starts": "2062-11-22T10:00", "ends": "2062-11-22T11:00"}, "more than two years away"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    desk: Client, melati: Clinic, change: dict[str, Any], sentence: str
) -> None:
    page = desk.post(reverse("block-time"), said(melati, **change))
    assert (page.status_code, sentence in page.content.decode(), Absence.objects.count()) == (422, True, 0)
    assert f'value="{change.get("title", TITLE)}"' in page.content.decode() or not change.get("title", TITLE)


def test_changed_and_taken_away_and_put_back(desk: Client, melati: Clinic, made: Absence) -> None:
    change = said(melati, title="Lunch", weekly="on", last_day="2026-12-08")
    desk.post(reverse("blocked-time", args=[made.pk]), change)
    made.refresh_from_db()
    assert (made.title, made.rrule) == ("Lunch", "FREQ=WEEKLY;UNTIL=20261208")

    page = desk.post(reverse("unblock-time", args=[made.pk]), follow=True).content.decode()
    assert Absence.objects.count() == 0
    back = re.findall(r'href="(/blocked/new/[^"]+)">Block it again', page)[0].replace("&amp;", "&")
    form = desk.get(back).context["form"]
    again = {name: form[name].value() for name in form.fields if name != "knowing"}
    desk.post(reverse("block-time"), {name: value for name, value in again.items() if value})
    put_back = Absence.objects.get()
    assert (put_back.title, put_back.rrule, put_back.starts_at) == ("Lunch", made.rrule, made.starts_at)


def test_an_open_board_learns_of_it(desk: Client, melati: Clinic) -> None:
    page = desk.get(BOARD).content.decode()
    news = re.findall(r'hx-get="(/news/[^"]+)"', page)[0].replace("&amp;", "&")
    assert desk.get(news).status_code == 204
    desk.post(reverse("block-time"), said(melati))
    assert desk.get(news)["HX-Trigger"] == "board-news"
