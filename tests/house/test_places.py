"""What a manager of some places sees: no list and no report forgets to ask."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from appointments.adminlookups import OnlyWithinReach
from appointments.adminsite import ManagersSite
from appointments.domain.people import reach
from tests.factories.two_places import ELSEWHERE, two_places

OTHERS = {"app_list", "compensation-tried", "compensation-in-force", "compensation-copy"}
"""A list of lists; and tables of what we give, which are for the whole business: the figures beside one are of the
reader's places, which a test of that page holds.
"""


def pages_of_our_own() -> Iterator[str]:
    """The names of the site's addresses that are of no model: the reports and their files."""
    theirs = {getattr(one, "name", None) for one in admin.AdminSite(name="plain").get_urls()}
    for one in admin.site.get_urls():
        if (name := getattr(one, "name", None)) and name not in theirs:
            yield name


def test_every_table_of_the_administration_has_its_place_or_a_reason() -> None:
    assert isinstance(admin.site, ManagersSite)
    assert [model for model in admin.site._registry if not reach.is_known(model)] == []
    assert [model for model, one in admin.site._registry.items() if not isinstance(one, OnlyWithinReach)] == []
    assert all(len(why) > 10 for why in reach.OF_THE_BUSINESS.values())


def test_no_table_stands_in_two_lists() -> None:
    lists = (reach.OF_A_PLACE, reach.PERHAPS_EVERYWHERE, reach.OF_THE_BUSINESS, reach.BY_QUESTION)
    named = [model for one in lists for model in one]
    assert len(named) == len(set(named))


@pytest.mark.django_db
def test_no_report_and_no_file_of_one_tells_of_another_place(client: Client) -> None:
    """A new one is asked as soon as it has an address."""
    both = two_places()
    asked = 0
    for name in sorted(set(pages_of_our_own()) - OTHERS):
        for args in [["csv"], ["xlsx"]] if name.endswith("-file") else [[]]:
            for query in ({}, {"by": "disruption"}, {"by": "location"}, {"by": "service"}):
                address = reverse(f"admin:{name}", args=args)
                texts = []
                for user in (both.budi, both.cut):
                    client.force_login(user)
                    answer: Any = client.get(address, {"start": "2026-11-01", "end": "2026-12-31"} | query)
                    assert answer.status_code == 200, (name, query)
                    texts.append(b"".join(answer.streaming_content) if answer.streaming else answer.content)
                assert ELSEWHERE.encode() not in texts[0], name
                asked += 1
    assert asked >= 40
