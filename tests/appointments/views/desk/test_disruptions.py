"""The queue of those who have to be moved: nobody leaves it unseen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import closing
from appointments.domain.disruptions.planning import plans
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Appointment, Disruption, DisruptionPlan, Location, Resource
from tests.clock import hours
from tests.factories import Clinic, CustomerFactory, UserFactory, clinic
from tests.factories.disruptions import provider_away

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(client: Client) -> Clinic:
    world = clinic()
    client.force_login(world.staff)
    return world


@pytest.fixture
def booked(here: Clinic) -> Appointment:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + hours(48)
    return here.booked(start, customer=CustomerFactory(name="Ana Putri", phone="+6281200000001"))


def hit(here: Clinic, booked: Appointment, source: DisruptionSource = DisruptionSource.SAID) -> Disruption:
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, here.location, booked.starts_at, booked.ends_at, (here.provider.pk,)
    )
    return affected.declare(
        missing, reason=here.reason, by=actors.staff(here.staff), now=booked.starts_at - hours(48), source=source
    )


def words(client: Client) -> str:
    return client.get(reverse("to-move")).content.decode()


def test_who_is_hit_stands_there_with_phone_and_next_step(client: Client, here: Clinic, booked: Appointment) -> None:
    assert "Nobody has to be moved" in words(client)
    hit(here, booked)
    page = words(client)
    assert "Ana Putri" in page
    assert 'href="tel:+62-812-0000-0001"' in page
    assert "knows nothing of it yet" in page
    assert reverse("propose", args=[booked.pk]) in page


def test_the_count_stands_in_the_head_of_every_page(client: Client, here: Clinic, booked: Appointment) -> None:
    assert "Untold <strong>0</strong>" in client.get(reverse("waiting")).content.decode()
    hit(here, booked)
    assert "Untold <strong>1</strong>" in client.get(reverse("waiting")).content.decode()


def test_it_takes_place_after_all(client: Client, here: Clinic, booked: Appointment) -> None:
    row = hit(here, booked).affected.get()
    assert client.post(reverse("takes-place", args=[row.pk])).headers["Location"] == reverse("to-move")
    row.refresh_from_db()
    assert row.kept_by == here.staff
    assert "Nobody has to be moved" in words(client)


def test_a_false_alarm_lets_everybody_go(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked)
    assert "a false alarm" in words(client)
    assert client.post(reverse("call-off", args=[disruption.pk])).status_code == 302
    assert "Nobody has to be moved" in words(client)


def test_what_has_rows_of_its_own_is_not_called_off_here(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked, DisruptionSource.ABSENCE)
    assert "a false alarm" not in words(client)
    assert client.post(reverse("call-off", args=[disruption.pk])).status_code == 404


def test_looking_changes_nothing_and_strangers_find_nothing(client: Client, here: Clinic, booked: Appointment) -> None:
    row = hit(here, booked).affected.get()
    assert client.get(reverse("takes-place", args=[row.pk])).status_code == 405
    client.force_login(UserFactory())
    assert client.get(reverse("to-move")).status_code == 404
    assert client.post(reverse("takes-place", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.kept_at is None


def test_a_place_that_was_closed_down_opens_while_somebody_is_booked_there(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    type(here.location).objects.update(is_active=False)
    board = reverse("board", args=[here.location.code, f"{booked.starts_at.astimezone(here.location.tzinfo):%Y-%m-%d}"])
    assert client.get(board).status_code == 200
    Appointment.objects.update(state="cancelled")
    assert client.get(board).status_code == 404


def test_the_numbers_in_the_head_come_by_themselves(client: Client, here: Clinic, booked: Appointment) -> None:
    page = words(client)
    assert f'hx-get="{reverse("counts")}" hx-trigger="every 60s" hx-swap="none"' in page
    assert re.search(r'id="count-to-move"[^>]*hidden>0</span>', page)
    hit(here, booked)
    fresh = client.get(reverse("counts")).content.decode()
    assert re.search(r'id="count-to-move"[^>]*hx-swap-oob="true"\s+>1</span>', fresh)
    assert re.search(r'id="limbo" class="limbo bad" hx-swap-oob="true"', fresh)
    swapped = re.findall(r'id="([a-z-]+)"[^>]*hx-swap-oob', fresh)
    assert swapped == ["count-to-move", "count-waiting", "count-calls", "count-complaints", "count-promises", "limbo"]
    assert all(f'id="{one}"' in page for one in swapped)


def test_whoever_is_signed_out_gets_no_numbers(client: Client, here: Clinic) -> None:
    client.logout()
    assert client.get(reverse("counts")).status_code == 302


def of_the_list(client: Client) -> str:
    return client.get(reverse("disruptions")).content.decode()


def test_all_of_them_stand_in_one_list_with_one_thing_to_do(client: Client, here: Clinic, booked: Appointment) -> None:
    assert "Everything has been available" in of_the_list(client)
    disruption = hit(here, booked)
    page = of_the_list(client)
    assert f'action="{reverse("begin-plan", args=[disruption.pk])}"' in page
    assert "Plan this one" in page
    assert here.provider.name in page
    plan = plans.begin(disruption, by=here.staff, now=timezone.now())
    assert f'href="{reverse("plan", args=[disruption.pk])}">Go on planning' in of_the_list(client)
    plans.drop(plan, now=timezone.now())
    affected.keep(booked, by=actors.SYSTEM, now=timezone.now())
    assert f'href="{reverse("close-disruption", args=[disruption.pk])}">Close it' in of_the_list(client)
    closing.close(disruption, lessons="", by=here.staff, now=timezone.now())
    assert f'href="{reverse("disruption-report", args=[disruption.pk])}">Report' in of_the_list(client)
    affected.add(disruption, [here.booked(booked.ends_at, customer=CustomerFactory())], now=timezone.now())
    assert "somebody was hit after it was closed" in of_the_list(client)


def test_what_concerns_one_appointment_is_not_in_it(client: Client, here: Clinic, booked: Appointment) -> None:
    missing = WhatIsMissing(
        DisruptionScope.APPOINTMENT, here.location, booked.starts_at, booked.ends_at, appointment=booked
    )
    affected.declare(missing, reason=here.reason, by=actors.SYSTEM, now=timezone.now())
    assert "Everything has been available" in of_the_list(client)
    assert "begin-plan" not in words(client)
    assert "Plan this one" not in words(client)


def test_a_group_of_those_who_have_to_move_is_planned_at_once(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    here.booked(booked.starts_at + hours(1), customer=CustomerFactory())
    missing = WhatIsMissing(DisruptionScope.PLACE, here.location, booked.starts_at, booked.starts_at + hours(3))
    disruption = affected.declare(missing, reason=here.reason, by=actors.staff(here.staff), now=timezone.now())
    assert "Plan these 2" in words(client)
    plans.begin(disruption, by=here.staff, now=timezone.now())
    assert f'href="{reverse("plan", args=[disruption.pk])}">Go on planning' in words(client)
    DisruptionPlan.objects.update(state="countdown", send_at=timezone.now())
    assert f'href="{reverse("plan-progress", args=[disruption.pk])}">See how far it is' in words(client)


def test_something_else_is_entered_on_the_board_of_today(client: Client, here: Clinic) -> None:
    today = timezone.now().astimezone(here.location.tzinfo).date()
    way = f'href="{reverse("declare", args=[here.location.code, today])}">Something else is not available'
    assert way in words(client)
    assert way in of_the_list(client)
    Location.objects.update(is_active=False)
    assert "Something else is not available" not in words(client)


def test_the_board_leads_to_what_is_not_available(client: Client, here: Clinic) -> None:
    Resource.objects.filter(pk=here.colleague.pk).update(is_active=False)
    here.booked(timezone.now() + hours(1), provider=here.colleague)
    day = (timezone.now() + hours(1)).astimezone(here.location.tzinfo).date()
    page = client.get(reverse("board", args=[here.location.code, day])).content.decode()
    declare = reverse("declare", args=[here.location.code, day])
    assert f'href="{declare}?of=place"><span aria-hidden="true">⊘</span> Not available …' in page
    assert f'href="{declare}?of={here.provider.pk}" title="{here.provider.name} is not available …"' in page
    assert f"?of={here.colleague.pk}" not in page
    before = reverse("board", args=[here.location.code, day - timedelta(days=2)])
    assert "?of=" not in client.get(before).content.decode()
    whole = client.get(f"{declare}?of=place").content.decode()
    assert re.search(r'value="place"[^>]*checked', whole)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_as_much_for_many_as_for_one(
    client: Client, here: Clinic, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        provider_away(here, day=f"20{30 + number}-12-01")
    client.get(reverse("disruptions"))
    with django_assert_num_queries(11):
        client.get(reverse("disruptions"))


def end(client: Client, disruption: Disruption, **said: Any) -> Any:
    return client.post(reverse("change-end", args=[disruption.pk]), said)


def shown_at(here: Clinic, moment: Any) -> str:
    return f"{moment.astimezone(here.location.tzinfo):%Y-%m-%dT%H:%M}"


def test_it_lasts_longer_and_hits_more(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked)
    here.booked(booked.ends_at + hours(1), customer=CustomerFactory(name="Budi Hartono"))
    answer = end(client, disruption, ends=shown_at(here, booked.ends_at + hours(3)))
    assert answer.headers["Location"] == reverse("to-move")
    page = words(client)
    assert "Changed. 2 appointments in it have to move, and nobody moves them yet." in page
    assert "Budi Hartono" in page
    disruption.refresh_from_db()
    assert disruption.ends_at == booked.ends_at + hours(3)


def test_a_plan_that_is_being_made_takes_in_who_is_hit_besides(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    disruption = hit(here, booked)
    plan = plans.begin(disruption, by=here.staff, now=timezone.now())
    here.booked(booked.ends_at + hours(1), customer=CustomerFactory())
    answer = end(client, disruption, ends=shown_at(here, booked.ends_at + hours(3)))
    assert answer.headers["Location"] == reverse("plan", args=[disruption.pk])
    assert plan.lines.count() == 2


def test_nobody_knows_until_when_any_more(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked)
    affected.keep(booked, by=actors.SYSTEM, now=timezone.now())
    news = booked.starts_at - hours(10)
    answer = end(client, disruption, ends="", news=shown_at(here, news))
    assert answer.headers["Location"] == reverse("disruptions")
    assert "Changed. Nobody else has to move." in of_the_list(client)
    disruption.refresh_from_db()
    assert (disruption.ends_at, disruption.next_news_at) == (None, news)


def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    disruption = hit(here, booked)
    early = end(client, disruption, ends=shown_at(here, booked.starts_at - hours(1)))
    nothing = end(client, disruption, ends="", news="")
    assert (early.status_code, nothing.status_code) == (422, 422)
    assert "Choose an end that lies ahead. If all of it takes place, call it off." in early.content.decode()
    assert shown_at(here, booked.starts_at - hours(1)) in early.content.decode()
    assert "Say until when, or by when you know more." in nothing.content.decode()


def test_before_calling_it_off_one_reads_who_is_told_what(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked)
    way = reverse("change-end", args=[disruption.pk])
    assert f'href="{way}">Longer, shorter or a false alarm …' in words(client)
    page = client.get(way).content.decode()
    assert "1 appointment takes place as booked, and its customer is told nothing." in page
    assert f'action="{reverse("call-off", args=[disruption.pk])}"' in page
    client.post(reverse("call-off", args=[disruption.pk]))
    assert "Call it off" not in client.get(way).content.decode()
