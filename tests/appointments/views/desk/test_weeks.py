"""The weeks of the diary, as a colleague sees them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.clock import at, hours
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    Clinic,
    LocationFactory,
    OfferFactory,
    ProviderFactory,
    RescheduleRequestFactory,
)

TUESDAY = "2026-11-24"


def shown(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def week_of(desk: Client, pk: int, day: str = TUESDAY, place: str = "melati") -> str:
    return shown(desk, reverse("resource-week", args=[place, day, pk]))


def week_at(desk: Client, day: str = TUESDAY, place: str = "melati") -> str:
    return shown(desk, reverse("place-week", args=[place, day]))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_each_day_of_a_resource_is_a_column_that_leads_to_its_board(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-26 10:00")

    page = week_of(desk, melati.provider.pk)

    heads = re.findall(r'<h2 class="column-head".*?href="([^"]*)".*?>(.*?)</a>', page, flags=re.DOTALL)
    assert len(heads) == 7
    assert heads[3] == (f"/board/melati/2026-11-26/#column-{melati.provider.pk}", "Thu 26 Nov")
    thursday = page.split('id="column-2026-11-26"')[1].split("</section>")[0]
    assert re.findall(r'class="block [^>]*aria-label="([^"]*)"', thursday) == [
        f"10:00 {melati.customer.name}, Check-up, confirmed, 10:00–10:30"
    ]


def test_what_is_free_says_whose_it_is_and_on_which_day(desk: Client, melati: Clinic) -> None:
    found = re.findall(r'data-resource="(\d+)" data-day="([\d-]+)" data-zone="([^"]+)"', week_of(desk, melati.room.pk))
    day = re.findall(r'data-resource="(\d+)" data-day="([\d-]+)"', shown(desk, f"/board/melati/{TUESDAY}/"))
    cells = re.findall(r'<td [^>]*data-resource="(\d+)" data-day="([\d-]+)" data-zone="([^"]+)"', week_at(desk))

    assert found[0] == (str(melati.room.pk), "2026-11-23", "Asia/Jakarta")
    assert day == [(str(one.pk), TUESDAY) for one in (melati.provider, melati.colleague, melati.room)]
    assert (len(found), len(cells), cells[-1]) == (7, 21, (str(melati.room.pk), "2026-11-29", "Asia/Jakarta"))


def test_the_week_of_a_place_counts_and_leads_on(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    AbsenceFactory(resource=melati.provider, starts_at=at("2026-11-25 00:00"), ends_at=at("2026-11-26 00:00"))

    page = week_at(desk)

    ratna = page.split("Dr. Ratna</a>")[1].split("</tr>")[0]
    cells = [words(cell) for cell in re.findall(r"<td.*?</td>", ratna, flags=re.DOTALL)]
    assert cells == [
        "0 booked 0 % taken", "1 booked 5 % taken", "away", "0 booked 0 % taken", "0 booked 0 % taken",
        "0 booked 0 % taken", "closed", "1 1 %",
    ]  # fmt: skip
    assert f'href="/board/melati/2026-11-24/#column-{melati.provider.pk}"' in ratna
    assert f'href="/board/melati/week/2026-11-24/{melati.provider.pk}/"' in page
    assert "Week 48" in page
    assert "Mon 23 Nov – Sun 29 Nov 2026" in page


def test_from_the_day_to_the_week_and_back_the_day_stays(desk: Client, melati: Clinic) -> None:
    day, week = shown(desk, f"/board/melati/{TUESDAY}/"), week_at(desk)

    def switch(page: str) -> list[str]:
        nav = page.split('aria-label="Day or week"')[1].split("</nav>", maxsplit=1)[0]
        return re.findall(r'href="([^"]*)"', nav)

    assert switch(day) == switch(week) == ["/board/melati/2026-11-24/", "/board/melati/week/2026-11-24/"]


def test_weeks_lead_to_their_neighbours_and_to_this_one(desk: Client, melati: Clinic) -> None:
    page = week_of(desk, melati.provider.pk, "2026-12-03")

    pk = melati.provider.pk
    steps = re.findall(r'href="([^"]*)"', page.split('aria-label="Week"')[1].split("</nav>")[0])
    assert steps == [f"/board/melati/week/{day}/{pk}/" for day in ("2026-11-26", "2026-11-23", "2026-12-10")]
    assert desk.get(reverse("this-week", args=["melati"])).headers["Location"] == "/board/melati/week/2026-11-23/"
    picked = desk.get(reverse("this-week", args=["melati", pk]), {"day": "2026-12-24"})
    assert picked.headers["Location"] == f"/board/melati/week/2026-12-24/{pk}/"


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_at_the_ends_of_the_century_there_are_boards_too(desk: Client, melati: Clinic, day: str) -> None:
    assert "Week" in week_at(desk, day)
    assert "Dr. Ratna" in week_of(desk, melati.provider.pk, day)
    assert "Dr. Ratna" in shown(desk, f"/board/melati/{day}/")


def test_a_resource_of_another_place_and_a_day_that_is_none_are_not_found(desk: Client, melati: Clinic) -> None:
    elsewhere = ProviderFactory(location=LocationFactory(code="elsewhere"))
    addresses = [
        f"/board/melati/week/2026-11-24/{elsewhere.pk}/",
        f"/board/nowhere/week/2026-11-24/{melati.provider.pk}/",
        f"/board/melati/week/2026-02-30/{melati.provider.pk}/",
        "/board/nowhere/week/2026-11-24/",
    ]

    assert [desk.get(one).status_code for one in addresses] == [404] * 4


def test_who_has_left_keeps_the_weeks_that_are_booked(desk: Client, melati: Clinic) -> None:
    type(melati.provider).objects.filter(pk=melati.provider.pk).update(is_active=False)

    assert "Dr. Ratna" in week_of(desk, melati.provider.pk)
    assert "?of=" not in week_of(desk, melati.provider.pk)


def test_a_week_is_read_on_the_clock_of_its_place_and_names_both_where_it_changes(desk: Client) -> None:
    berlin = LocationFactory(code="berlin", zone="Europe/Berlin", country="DE", closed_on_holidays=False)
    nurse = ProviderFactory(location=berlin)
    AppointmentFactory(location=berlin, provider=nurse, starts_at=at("2027-03-24 10:00", zone="Europe/Berlin"))

    usual, changing = (week_of(desk, nurse.pk, day, "berlin") for day in ("2027-03-16", "2027-03-24"))

    corner = re.compile(r'<div class="corner">(.*?)</div>')
    assert corner.findall(usual) == ["CET"]
    assert corner.findall(changing) == ["CET<br>CEST"]
    assert len(re.findall('class="shade gap ', changing)) == 1
    assert words(changing.split('class="shade gap ')[1].split("</div>")[0].split(">", 1)[1]) == "no such hour"
    assert "10:00" in changing


def test_today_is_marked_and_has_the_line_of_the_hour(desk: Client, melati: Clinic) -> None:
    this, next_ = (week_of(desk, melati.provider.pk, day) for day in (TUESDAY, "2026-12-01"))

    assert [len(re.findall('class="now ', page)) for page in (this, next_)] == [1, 0]
    assert [page.count('class="now-label') for page in (this, next_)] == [1, 0]


def test_a_home_visit_says_whereabouts(desk: Client, melati: Clinic) -> None:
    melati.customer.address = "Jl. Teratai No. 12, Cempaka Putih, Jakarta Pusat 10510"
    melati.customer.save()
    visit = melati.booked("2026-11-24 10:00", manner="home")

    week, beside = week_of(desk, melati.provider.pk), shown(desk, f"/appointments/{visit.pk}/")

    assert f"10:00 {melati.customer.name}, Check-up · Cempaka Putih, confirmed, 10:00–10:30" in week
    assert '<span class="block-where">Cempaka Putih</span>' in week
    where = words(beside.split("<dt>Where</dt>")[1].split("</dd>")[0])
    assert where == "Jl. Teratai No. 12, Cempaka Putih, Jakarta Pusat 10510 · at the customer’s home"


def test_a_week_says_on_paper_where_on_which_clock_and_when_it_was_printed(desk: Client, melati: Clinic) -> None:
    for page in (week_at(desk), week_of(desk, melati.provider.pk), shown(desk, f"/board/melati/{TUESDAY}/")):
        printed = page.split('id="printed"')[1].split("</p>")[0].split(">", 1)[1]
        assert words(printed) == "Melati Jakarta · WIB · printed Mon 23 Nov, 09:00 WIB"
        assert re.search(r'href="[^"]*board/print[^"]*" media="print"', page)


def test_the_month_says_of_each_day_how_full_it_is(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 08:00", ends_at=at("2026-11-24 17:00"))

    month = week_of(desk, melati.provider.pk).split('id="month"')[1].split("</nav>")[0]
    days = re.findall(r'<a class="month-day ([^"]*)" href="([^"]*)" aria-label="([^"]*)"', month)

    assert len(days) == 30
    assert [" ".join(days[23][0].split()), *days[23][1:]] == [
        "full-10 in-view", "/board/melati/2026-11-24/", "Tue 24 Nov: 100 % taken",
    ]  # fmt: skip
    assert [" ".join(days[0][0].split()), days[0][2]] == ["full-0 is-closed", "Sun 1 Nov: closed"]


@pytest.mark.parametrize("name", ["resource-week", "place-week"])
def test_a_week_takes_twelve_queries_at_most_however_full_it_is(desk: Client, melati: Clinic, name: str) -> None:
    address = reverse(name, args=["melati", TUESDAY, *([melati.provider.pk] if name == "resource-week" else [])])

    def asked() -> int:
        desk.get(address)  # the session notes the place, and the services are known for some minutes
        with CaptureQueriesContext(connection) as queries:
            shown(desk, address)
        return len(queries)

    melati.booked()
    few = asked()
    for provider in [melati.provider, *ProviderFactory.create_batch(34, location=melati.location)]:
        for place in range(1, 6):
            booked = melati.booked(at("2026-11-24 10:00") + hours(place), provider=provider, room=None)
            round_ = RescheduleRequestFactory(appointment=booked)
            OfferFactory(request=round_, starts_at=booked.starts_at + hours(24), guaranteed=False)

    assert (few, asked()) == ((11, 11) if name == "resource-week" else (10, 10))
