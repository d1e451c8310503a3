"""Keys stand on the ways they press; whoever speaks to the browser switches those of a letter off."""

import re

from django.test import Client
from django.urls import reverse

from tests.factories import Clinic, StaffFactory

CALLS = "/calls/"


def keys(page: str) -> set[str]:
    return {key for keys in re.findall(r'data-key="([^"]+)"', page) for key in keys.split()}


def test_every_page_tells_its_keys_and_a_board_some_more(desk: Client, melati: Clinic) -> None:
    everywhere = {"n", "b", "w", "c", "p", "/", "?", "j", "k", "ArrowDown", "ArrowUp", "Escape"}
    assert keys(desk.get(CALLS).content.decode()) == everywhere
    board = desk.get(reverse("board", args=[melati.location.code, "2026-11-23"])).content.decode()
    assert keys(board) == everywhere | {"t", "ArrowLeft", "ArrowRight"}


def test_who_does_not_work_at_the_desk_has_no_keys(client: Client, melati: Clinic) -> None:
    assert keys(client.get("/accounts/sign-in/").content.decode()) == set()


def test_letters_are_switched_off_for_one_colleague_and_on_again(desk: Client, melati: Clinic) -> None:
    switch = reverse("letter-keys")
    assert desk.post(switch, {"letters": "off", "next": CALLS}).headers["Location"] == CALLS
    assert 'data-letters="off"' in desk.get(CALLS).content.decode()

    desk.force_login(StaffFactory())
    assert "data-letters" not in desk.get(CALLS).content.decode()

    desk.force_login(melati.staff)
    desk.post(switch, {"letters": "on", "next": CALLS})
    assert "data-letters" not in desk.get(CALLS).content.decode()


def test_the_switch_leads_nowhere_else(desk: Client) -> None:
    answer = desk.post(reverse("letter-keys"), {"letters": "off", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert desk.get(reverse("letter-keys")).status_code == 405
