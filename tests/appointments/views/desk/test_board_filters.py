"""What a colleague wants to see only stays, for each place, until they let go of it."""

import re

import pytest
from django.test import Client

from appointments.enums import ResourceKind
from tests.factories import Clinic, ProviderFactory, service_at

DAY, WEEK = "/board/melati/2026-11-24/", "/board/melati/week/2026-11-24/"


@pytest.fixture
def scan(melati: Clinic) -> int:
    """A service that only Dr. Budi does."""
    return int(service_at(melati.location, providers=[melati.colleague], name="Scan").pk)


def columns(desk: Client, address: str) -> tuple[list[str], str]:
    """Who has a column (or a row) and which address that is in the end."""
    answer = desk.get(address, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    names = re.findall(r'<a class="name"[^>]*title="([^"]*)"', page)
    names += re.findall(r'<th scope="row"><a [^>]*title="([^"]*)"', page)
    return names, answer.redirect_chain[-1][0] if answer.redirect_chain else address


def test_a_filter_stays_from_day_to_day_and_from_the_day_to_the_week(desk: Client, melati: Clinic) -> None:
    assert columns(desk, DAY + "?kind=room") == (["Room 1"], DAY + "?kind=room")

    assert columns(desk, "/board/melati/2026-11-25/") == (["Room 1"], "/board/melati/2026-11-25/?kind=room")
    assert columns(desk, WEEK) == (["Room 1"], WEEK + "?kind=room")


def test_an_address_that_is_shared_shows_the_same_to_somebody_else(desk: Client, melati: Clinic, scan: int) -> None:
    desk.get(f"{DAY}?service={scan}")
    _, shared = columns(desk, DAY)
    other = Client()
    other.force_login(melati.manager)
    other.get(f"{DAY}?kind=room")  # what they wanted to see before

    assert shared == f"{DAY}?service={scan}"
    assert columns(other, shared) == (["Dr. Budi"], shared)


def test_clearing_shows_all_again_and_keeps_it_so(desk: Client, melati: Clinic) -> None:
    desk.get(f"{DAY}?kind=room")

    everything = ["Dr. Ratna", "Dr. Budi", "Room 1"]
    assert columns(desk, f"{DAY}?kind=") == (everything, DAY)
    assert columns(desk, DAY) == (everything, DAY)


def test_what_is_set_stands_there_and_each_can_be_let_go_of(desk: Client, melati: Clinic, scan: int) -> None:
    page = desk.get(f"{DAY}?kind=provider&service={scan}").content.decode()
    chosen = page.split('class="chosen"')[1].split("</ul>")[0]

    links = re.findall(r'href="([^"]*)"[^>]*>(.*?)</a>', chosen, flags=re.DOTALL)
    said = [(href, " ".join(re.sub(r"<[^>]*>", "", text).split())) for href, text in links]
    assert said == [
        (f"?service={scan}", "Let go of: People ×"),
        ("?kind=provider", "Let go of: Scan ×"),
        ("?kind=", "Show all"),
    ]
    assert 'class="chosen"' not in desk.get(f"{DAY}?kind=", follow=True).content.decode()


def test_filters_of_one_place_are_not_those_of_another(desk: Client, melati: Clinic) -> None:
    ProviderFactory(location__code="other", name="Dr. Else")
    desk.get(f"{DAY}?resource={melati.room.pk}")

    assert columns(desk, "/board/other/2026-11-24/")[0] == ["Dr. Else"]
    assert columns(desk, DAY)[0] == ["Room 1"]


def test_each_colleague_has_filters_of_their_own(desk: Client, melati: Clinic) -> None:
    desk.get(f"{DAY}?kind=room")
    other = Client()
    other.force_login(melati.manager)

    assert columns(other, DAY)[0] == ["Dr. Ratna", "Dr. Budi", "Room 1"]


@pytest.mark.parametrize("nonsense", ["kind=ghost", "resource=99999", "service=-1", "resource=%00", "kind=equipment"])
def test_nonsense_is_left_out_and_not_remembered(desk: Client, melati: Clinic, nonsense: str) -> None:
    desk.get(f"{DAY}?{nonsense}", follow=True)

    assert columns(desk, DAY) == (["Dr. Ratna", "Dr. Budi", "Room 1"], DAY)


def test_a_filter_whose_last_resource_has_gone_is_forgotten(desk: Client, melati: Clinic) -> None:
    desk.get(f"{DAY}?kind={ResourceKind.ROOM}")
    type(melati.room).objects.filter(pk=melati.room.pk).update(is_active=False)

    columns(desk, DAY)

    assert columns(desk, DAY) == (["Dr. Ratna", "Dr. Budi"], DAY)


def test_a_board_that_renews_itself_changes_nothing_that_was_chosen_elsewhere(desk: Client, melati: Clinic) -> None:
    desk.get(f"{DAY}?kind=room")  # in one window
    desk.get(f"{DAY}?kind=provider")  # in another one

    first = desk.get(f"{DAY}?kind=room", headers={"HX-Request": "true", "HX-Target": "columns"})

    assert "Room 1" in first.content.decode()
    assert "Dr. Ratna" not in first.content.decode()
    assert columns(desk, DAY)[1] == f"{DAY}?kind=provider"


def test_what_is_open_beside_it_stays_open(desk: Client, melati: Clinic) -> None:
    desk.get(f"{DAY}?kind=room")
    booked = melati.booked()

    assert columns(desk, f"{DAY}?open={booked.pk}")[1] == f"{DAY}?open={booked.pk}&kind=room"
