"""The day board, as a colleague sees it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState
from appointments.templatetags.desk import rows
from tests.clock import at, days, minutes
from tests.factories import (
    AppointmentFactory,
    Clinic,
    CustomerFactory,
    LocationFactory,
    OccupancyFactory,
    OfferFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    open_weekly,
)

TUESDAY = "2026-11-24"


def part(name: str) -> dict[str, str]:
    """What a script sends to get one part of a page."""
    return {"HX-Request": "true", "HX-Target": name}


def board_of(desk: Client, day: str = TUESDAY, place: str = "melati", **query: str | int) -> str:
    answer = desk.get(reverse("board", args=[place, day]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def blocks(page: str) -> list[str]:
    """The words in each block of a board."""
    found = re.findall(r'<a class="block .*?</a>', page, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", block).split()) for block in found]


# --- Which board ---------------------------------------------------------------------------------------------------


def test_home_is_today_at_the_place_where_one_works(desk: Client, melati: Clinic) -> None:
    LocationFactory(code="first", name="A first place")
    melati.provider.user = melati.staff
    melati.provider.save()

    assert desk.get(reverse("home")).headers["Location"] == "/board/melati/2026-11-23/"


def test_home_remembers_the_place_seen_last(desk: Client, melati: Clinic) -> None:
    makassar = LocationFactory(code="makassar", zone="Asia/Makassar")
    board_of(desk, place=makassar.code)

    assert desk.get(reverse("home")).headers["Location"] == "/board/makassar/2026-11-23/"


def test_today_is_the_day_of_the_place(desk: Client) -> None:
    LocationFactory(code="honolulu", zone="Pacific/Honolulu", country="US")

    assert desk.get(reverse("board-today", args=["honolulu"])).headers["Location"] == "/board/honolulu/2026-11-22/"


def test_a_picked_day_leads_to_its_board_and_nonsense_to_today(desk: Client) -> None:
    address = reverse("board-today", args=["melati"])

    leads_to = [desk.get(address, {"day": day}).headers["Location"] for day in ("2026-12-01", "0001-01-01", "\x00")]

    assert leads_to == ["/board/melati/2026-12-01/", "/board/melati/2026-11-23/", "/board/melati/2026-11-23/"]


def test_a_day_or_place_that_does_not_exist_is_not_found(desk: Client) -> None:
    LocationFactory(code="closed-down", is_active=False)
    addresses = ["/board/melati/2026-02-30/", "/board/melati/0001-01-01/", "/board/nowhere/2026-11-24/"]

    assert [desk.get(one).status_code for one in [*addresses, "/board/closed-down/2026-11-24/"]] == [404] * 4


def test_without_any_place_the_first_page_says_what_to_do(desk: Client, melati: Clinic) -> None:
    type(melati.location).objects.update(is_active=False)

    assert "There is no place yet" in desk.get(reverse("home")).content.decode()


# --- What it shows -------------------------------------------------------------------------------------------------


def test_the_board_of_makassar_shows_the_hours_of_makassar(desk: Client, melati: Clinic) -> None:
    makassar = LocationFactory(code="makassar", zone="Asia/Makassar")
    open_weekly(makassar)
    provider = ProviderFactory(location=makassar)
    booked = AppointmentFactory(
        location=makassar, provider=provider, starts_at=at("2026-11-24 10:00", zone="Asia/Makassar")
    )

    page = board_of(desk, place="makassar")

    assert blocks(page) == [f"10:00 {booked.customer.name} Check-up"]
    assert re.findall(r'<div class="corner">(\w+)</div>', page) == ["WITA"]
    assert re.findall(r'<li class="h0 p0 eh0 ep1">([\d:]+)</li>', page) == ["08:00"]


def test_appointments_holds_and_offers_are_told_apart_by_words(desk: Client, melati: Clinic) -> None:
    moving = melati.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana"))
    round_ = RescheduleRequestFactory(appointment=moving)
    OccupancyFactory(
        appointment=moving, request=round_, resource=melati.colleague,
        starts_at=at("2026-11-24 13:00"), ends_at=at("2026-11-24 13:30"),
    )  # fmt: skip
    OfferFactory(request=round_, starts_at=at("2026-11-24 15:00"), guaranteed=False, resources=[melati.colleague])
    melati.booked("2026-11-24 11:00", customer=CustomerFactory(name="Ben"), room=None, state=AppointmentState.MISSED)

    assert blocks(board_of(desk, kind="provider")) == [
        "10:00 Ana Check-up new times offered",
        "11:00 Ben Check-up did not come",
        "13:00 Ana reserved until Tue 24 Nov, 09:00 WIB",
        "15:00 Ana offered, not reserved",
    ]


def test_an_empty_day_and_a_closed_day_say_so(desk: Client) -> None:
    assert "Nothing is booked on this day." in board_of(desk)
    assert "Closed all day." in board_of(desk, "2026-11-29")


def test_only_today_has_a_line_for_now(desk: Client) -> None:
    assert [len(re.findall('class="now ', board_of(desk, day))) for day in ("2026-11-23", TUESDAY)] == [3, 0]


def test_an_appointment_opens_beside_the_board_without_a_script(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    page = board_of(desk)
    links = re.findall(r'href="(\?open=\d+)#beside"', page)

    beside = board_of(desk, open=booked.pk)

    assert links == [f"?open={booked.pk}"] * 2  # with the provider and in the room
    assert booked.customer.email not in page
    assert booked.customer.email in beside
    assert "Propose new times" in beside


def test_nonsense_after_the_question_mark_is_left_out(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()

    answer = desk.get(reverse("board", args=["melati", TUESDAY]), {"open": "9" * 30, "kind": "<b>"}, follow=True)
    page = answer.content.decode()

    assert answer.redirect_chain == [(f"/board/melati/{TUESDAY}/?open={'9' * 30}", 302)]
    assert len(blocks(page)) == 2
    assert "<b>" not in page
    assert booked.customer.email not in page


def test_what_renews_itself_is_only_the_columns(desk: Client, melati: Clinic) -> None:
    melati.booked()
    answer = desk.get(reverse("board", args=["melati", TUESDAY]), headers=part("columns"))

    assert answer.content.decode().strip().startswith('<div id="columns"')
    assert len(blocks(answer.content.decode())) == 2
    assert {"HX-Request", "HX-Target"} <= {one.strip() for one in answer.headers["Vary"].split(",")}


def test_a_busy_board_takes_as_many_queries_as_an_empty_one_and_stays_small(desk: Client, melati: Clinic) -> None:
    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = board_of(desk)
        return len(queries), len(page.encode())

    melati.booked(provider=melati.colleague, room=None)
    asked()  # The session notes the place.
    few, _ = asked()
    for provider in ProviderFactory.create_batch(9, location=melati.location):
        for place in range(10):
            start = at("2026-11-24 08:00") + minutes(50) * place
            appointment = melati.booked(start, provider=provider, room=None)
            OfferFactory(
                request=RescheduleRequestFactory(appointment=appointment), starts_at=start + days(1), guaranteed=False
            )

    many, size = asked()

    assert (few, many) == (11, 11)
    assert size < 150_000


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("08:00", "08:30", "h0 p0 eh0 ep6"),
        ("09:55", "10:10", "h1 p11 eh2 ep2"),
        ("09:52", "10:03", "h1 p10 eh2 ep1"),  # rounded outwards, never inwards
        ("16:30", "18:30", "h8 p6 eh9 ep0"),  # cut at the end of the board
        ("07:00", "08:05", "h0 p0 eh0 ep1"),  # and at its beginning
        ("10:00", "10:01", "h2 p0 eh2 ep1"),
    ],
)
def test_a_span_is_put_into_its_rows(start: str, end: str, expected: str) -> None:
    window = Span(at("2026-11-24 08:00"), at("2026-11-24 17:00"))

    assert rows(Span(at(f"2026-11-24 {start}"), at(f"2026-11-24 {end}")), window) == expected


def test_a_block_says_where_it_lies_and_whether_it_can_be_dragged(desk: Client, melati: Clinic) -> None:
    melati.service.buffer_before, melati.service.buffer_after = 5, 10
    melati.service.save()
    coming = melati.booked("2026-11-23 14:00", room=None)
    over = melati.booked("2026-11-23 06:00", room=None)
    page = desk.get(reverse("board", args=["melati", "2026-11-23"])).content.decode()
    blocks = {one: re.search(rf'data-open="{one.pk}" data-at="([^"]+)" (data-moves)?', page) for one in (coming, over)}
    below = int(
        (coming.starts_at - at("2026-11-23 05:00")) / minutes(1)
    )  # from the hour that the first buffer begins in

    [found, ended] = [one for one in blocks.values() if one]
    assert found[1] == f"{below} {below + 30} {below - 5} {below + 40}"
    assert (found[2], ended[2]) == ("data-moves", None)
