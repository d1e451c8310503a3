"""The page of the live board, and the small address that it asks for news."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain import affected
from appointments.domain.affected import call_off
from appointments.domain.disruptions import board as boards
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.models import Appointment, Disruption
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, StaffFactory, UserFactory
from tests.factories.hits import closed_down, many_hit

pytestmark = pytest.mark.django_db


def shown(desk: Client, disruption: Disruption) -> str:
    answer = desk.get(reverse("disruption", args=[disruption.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def counts(page: str) -> list[tuple[str, int]]:
    found = re.findall(r'id="head-([a-z]+)"><h2>[^<]+</h2> <span class="count">(\d+)<', page)
    return [(column, int(count)) for column, count in found if count != "0"]


def line(page: str) -> str:
    (found,) = re.findall(r'id="live-line"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found).strip()


def news(page: str) -> str:
    return re.findall(r'hx-get="([^"]+/news/[^"]+)"', page)[0]


def test_everybody_stands_in_a_column_and_the_head_counts_them(desk: Client, melati: Clinic) -> None:
    first = melati.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Putri"))
    melati.booked("2026-11-24 11:00", customer=CustomerFactory(name="Budi Santoso"))
    disruption = closed_down(melati)
    page = shown(desk, disruption)
    assert counts(page) == [("untold", 2)]
    assert line(page) == "0 of 2 have a time · 2 untold"
    assert f'<a id="name-{first.pk}" href="{reverse("appointment", args=[first.pk])}">Ana Putri</a>' in page
    assert page.index("Ana Putri") < page.index("Budi Santoso")
    assert f'href="{reverse("propose", args=[first.pk])}"' in page
    assert "has to know in 23 h" in page

    round_ = melati.offered(first, disruption=disruption)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    page = shown(desk, disruption)
    assert counts(page) == [("untold", 1), ("picked", 1)]
    assert line(page) == "1 of 2 have a time · 1 untold"


def test_a_call_leads_to_its_promise(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    round_ = melati.offered(booked, disruption=disruption)
    answers.call_me(round_, nonce="c", now=NOW)
    promise = round_.promises.get(kind="call")
    page = shown(desk, disruption)
    assert counts(page) == [("call", 1)]
    assert re.search(rf'href="{reverse("promise", args=[promise.pk])}">Call now<', page)


def test_nothing_new_is_no_content_and_news_are_the_columns(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    ask = news(shown(desk, disruption))
    assert desk.get(ask).status_code == 204
    melati.offered(booked, disruption=disruption)
    answer = desk.get(ask)
    fresh = answer.content.decode()
    assert (answer.status_code, counts(fresh)) == (200, [("told", 1)])
    assert '<p id="live-line" hx-swap-oob="innerHTML">' in fresh
    assert "<html" not in fresh
    assert desk.get(news(fresh)).status_code == 204


def test_two_readers_are_told_the_same(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    other = Client()
    other.force_login(StaffFactory())
    assert news(shown(desk, disruption)) == news(shown(other, disruption))


def test_the_head_leads_to_the_plan_while_it_is_made_and_to_its_progress_after(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    plan_page, progress = reverse("plan", args=[disruption.pk]), reverse("plan-progress", args=[disruption.pk])
    page = shown(desk, disruption)
    assert (f'href="{plan_page}"' in page, f'href="{progress}"' in page) == (False, False)
    plan = plans.begin(disruption, by=melati.staff, now=NOW)
    assert f'href="{plan_page}"' in shown(desk, disruption)
    type(plan).objects.update(state="sent", send_at=NOW, ended_at=NOW)
    page = shown(desk, disruption)
    assert (f'href="{plan_page}"' in page, f'href="{progress}"' in page) == (False, True)


def test_what_was_called_off_says_so_and_is_not_called_off_again(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    address = f'href="{reverse("change-end", args=[disruption.pk])}"'
    assert address in shown(desk, disruption)
    call_off(disruption, now=NOW)
    page = shown(desk, disruption)
    assert (address in page, line(page)) == (False, "Called off 1 of 1 have a time · 0 untold")


def test_it_is_for_the_desk_and_changes_nothing(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    addresses = [reverse(name, args=[disruption.pk]) for name in ("disruption", "disruption-news")]
    assert [desk.post(one).status_code for one in addresses] == [405, 405]
    desk.force_login(UserFactory())
    assert [desk.get(one).status_code for one in addresses] == [404, 404]
    assert [desk.get(reverse(name, args=[0])).status_code for name in ("disruption", "disruption-news")] == [404, 404]


def test_of_one_appointment_there_is_no_board(desk: Client, melati: Clinic) -> None:
    melati.reason.about = "appointment"
    melati.reason.save()
    melati.offered(melati.booked("2026-11-24 10:00"))
    disruption = Disruption.objects.get()
    assert desk.get(reverse("disruption", args=[disruption.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 30, 400])
def test_the_page_and_its_news_take_as_many_queries_for_many_as_for_one(
    desk: Client, melati: Clinic, many: int, django_assert_num_queries: Any
) -> None:
    disruption = many_hit(melati, many)
    with CaptureQueriesContext(connection) as asked:
        page = shown(desk, disruption)
    own = [one["sql"] for one in asked.captured_queries if "notifications_message" in one["sql"]]
    assert (counts(page), len(own), len(asked)) == ([("told", many)], 3, PAGE)
    with django_assert_num_queries(DOOR + 2):
        assert desk.get(news(page)).status_code == 204


def test_of_a_long_column_the_first_stand_there_and_the_rest_when_it_is_opened(
    desk: Client, melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "FEW", 2)
    disruption = many_hit(melati, 3)
    page = shown(desk, disruption)
    assert (page.count('id="card-'), counts(page)) == (2, [("told", 3)])
    here = reverse("disruption", args=[disruption.pk])
    assert f'href="{here}?show=told#column-told">1 more<' in page

    opened = desk.get(f"{here}?show=told").content.decode()
    assert (opened.count('id="card-'), "Show fewer" in opened) == (3, True)
    assert news(opened).endswith("&amp;show=told")
    melati.booked("2026-11-24 20:00")
    affected.add(disruption, Appointment.objects.filter(starts_at=at("2026-11-24 20:00")), now=NOW)
    assert desk.get(html.unescape(news(opened))).content.decode().count('id="card-') == 4

    unknown = desk.get(f"{here}?show=nothing").content.decode()
    assert (unknown.count('id="card-'), "show=" in news(unknown)) == (3, False)


DOOR = 3
"""Who is asking, and whether they work here."""
PAGE = 16
