"""The reasons report in the browser: every figure leads to as many cases as it says, and can be taken home."""

import csv
import io
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain.reports.facts import Dimension
from appointments.templatetags.reports import as_days
from tests.appointments.admin.pages import rows_of
from tests.factories.moves import World, many_moves, world

PERIOD = {"start": "2026-09-01", "end": "2026-11-30"}


@pytest.fixture
def place(db: None) -> World:
    made = world()
    many_moves(made, count=20)
    return made


def address(**query: Any) -> str:
    return f"{reverse('admin:reasons-report')}?{urlencode(PERIOD | query)}"


def figures(html: str) -> list[tuple[str, int]]:
    """Every link in the table of figures that shows a count, as (address, count)."""
    tables = re.findall(r'<table class="figures">.*?</table>', html, re.DOTALL)
    assert len(tables) == 2
    found = re.findall(r'<a href="([^"]+)">\s*(\d+)\s*(?:<span class="quiet">[^<]*</span>)?\s*</a>', "".join(tables))
    return [(url.replace("&amp;", "&"), int(count)) for url, count in found]


@pytest.mark.slow
@pytest.mark.parametrize("dimension", Dimension)
def test_every_figure_leads_to_as_many_cases(browser_of_manager: Client, place: World, dimension: Dimension) -> None:
    found = figures(browser_of_manager.get(address(by=dimension)).content.decode())

    assert len(found) >= 4 * 3
    lists = {url: len(rows_of(browser_of_manager.get(url))) for url, __ in found}
    assert lists == dict(found)
    assert sum(lists.values()) > 20


def test_figures_lead_to_their_cases_with_filters_and_part_of_a_month(browser_of_manager: Client, place: World) -> None:
    limits = {
        "start": "2026-09-10",
        "end": "2026-10-05",
        "by": "month",
        "location": place.locations[1].pk,
        "fault": "ours",
    }
    found = figures(browser_of_manager.get(address(**limits)).content.decode())

    assert {url: len(rows_of(browser_of_manager.get(url))) for url, __ in found} == dict(found)
    assert max(count for __, count in found) > 0


def test_the_chart_draws_the_numbers_of_the_table(browser_of_manager: Client, place: World) -> None:
    response = browser_of_manager.get(address(by="family"))
    report = response.context["report"]

    assert response.context["chart"]["labels"] == [row.label for row in report.rows]
    assert response.context["chart"]["counts"] == [row.count for row in report.rows]
    assert 'id="reasons-data"' in response.content.decode()


def test_the_file_holds_the_same_figures(browser_of_manager: Client, place: World) -> None:
    report = browser_of_manager.get(address(by="service")).context["report"]
    query = urlencode(PERIOD | {"by": "service"})
    csv_file: Any = browser_of_manager.get(f"{reverse('admin:reasons-report-file', args=['csv'])}?{query}")
    xlsx_file: Any = browser_of_manager.get(f"{reverse('admin:reasons-report-file', args=['xlsx'])}?{query}")

    names = ("label", "count", "open", "answered", "placed", "silent", "lost", "returned", "given")
    expected = [tuple(getattr(row, name) for name in names) for row in (*report.rows, report.total)]
    counts = (1, 4, 6, 8, 10, 12, 14)
    lines = list(csv.reader(io.StringIO(csv_file.getvalue().decode("utf-8-sig"))))[1:]
    assert [(line[0], *(int(line[i]) for i in counts), Decimal(line[17])) for line in lines] == expected
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet][1:]
    assert [(row[0], *(row[i] for i in (*counts, 17))) for row in rows] == expected


def test_a_name_that_computes_does_not_in_the_file(browser_of_manager: Client, place: World) -> None:
    for service in place.services:
        service.name = '=HYPERLINK("http://evil.example")'
        service.save()

    response: Any = browser_of_manager.get(
        f"{reverse('admin:reasons-report-file', args=['csv'])}?{urlencode(PERIOD | {'by': 'service'})}"
    )
    content = response.getvalue().decode("utf-8-sig")

    assert "\n=" not in content
    assert "'=HYPERLINK" in content


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"start": "2026-12-01", "end": "2026-11-30"}, "The first day is after the last one."),
        ({"start": "0001-01-01"}, "Please choose a period of at most five years."),
        ({"end": "9999-12-31"}, "Please choose a period of at most five years."),
        ({"start": "yesterday"}, "Enter a valid date."),
        ({"by": "colleague"}, "Select a valid choice."),
        ({"service": "999999999"}, "Select a valid choice."),
        ({"service": "9" * 30}, "Select a valid choice."),
    ],
)
def test_a_question_that_makes_no_sense_is_explained(
    browser_of_manager: Client, db: None, query: dict[str, str], sentence: str
) -> None:
    response = browser_of_manager.get(address(**query))

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert response.context["report"] is None


def test_without_moves_the_page_says_so(browser_of_manager: Client, db: None) -> None:
    html = browser_of_manager.get(reverse("admin:reasons-report")).content.decode()

    assert "No appointment was moved in this time" in html


def test_the_page_needs_as_many_queries_for_many_moves_as_for_few(browser_of_manager: Client, db: None) -> None:
    made = world()
    used = []
    for count in (30, 90):
        many_moves(made, count=count, seed=count)
        with CaptureQueriesContext(connection) as queries:
            assert browser_of_manager.get(address()).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1] <= 18


def test_a_kind_of_file_that_does_not_exist(browser_of_manager: Client, db: None) -> None:
    assert browser_of_manager.get(reverse("admin:reasons-report-file", args=["exe"])).status_code == 404


def test_a_reason_leads_to_the_disruptions_behind_it_and_those_to_their_own_page(
    browser_of_manager: Client, place: World
) -> None:
    page = browser_of_manager.get(address(fault="ours"))
    row, _links, leads_to = page.context["rows"][0]
    behind = browser_of_manager.get(leads_to)
    report = behind.context["report"]
    assert (report.group_by, report.filters.reason, report.filters.fault) == ("disruption", int(row.key), "ours")
    assert report.total.count == row.count
    ways = {found.key: url for found, _more, url in behind.context["rows"]}
    assert {key: url for key, url in ways.items() if url} == {
        str(one.pk): reverse("admin:appointments_disruption_change", args=[one.pk])
        for one in place.disruptions
        if str(one.pk) in ways
    }
    assert ways.keys() & {"alone", "wished"}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "–"), (0, "0 days"), (0.04, "0 days"), (-0.04, "0 days"), (1, "1 day"), (2.46, "2.5 days"),
        (20, "20 days"), (-1, "1 day sooner"), (-3.2, "3.2 days sooner"),
    ],
)  # fmt: skip
def test_days_are_said_as_people_say_them(days: float | None, said: str) -> None:
    assert as_days(days) == said
