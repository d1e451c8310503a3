"""What goes wrong and is put right: late at night, before an hour passes, the second time, and for good."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments import roles
from appointments.domain import watchdog
from appointments.domain.moving import answers
from appointments.domain.recovery import listening
from appointments.enums import AppointmentState, CaseStage, Mood, PromiseKind, RequestState
from appointments.models import Compensation, CorrectiveAction, Promise, Reason, RecoveryCase, RescheduleRequest
from tests.clock import at, days, hours, minutes
from tests.factories import AppointmentFactory, CustomerFactory, ReasonFactory, RescheduleRequestFactory
from tests.factories.compensation import compensation, table_in_force
from tests.factories.recovery import work_through
from tests.journeys.stage import Stage, complaints, links_of, overhang, page_of, sign_in, words_of

OpenPage = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def test_who_is_angry_at_twenty_to_midnight_leaves_reassured(phone_page: Page, stage: Stage) -> None:
    where = stage.invited()
    stage.clock.move_to(at("2026-11-23 23:40"))
    phone_page.goto(where)
    phone_page.get_by_text("Ask or complain").click()
    phone_page.get_by_label("Your words").fill("I took a day off for this. Who pays for that?")
    phone_page.get_by_label("upset").check()
    phone_page.locator("form[action*='tell']").get_by_role("button", name="Send it").click()
    stage.wait(minutes=1)
    listening.listen(now=timezone.now())

    letter = next(one for one in stage.post() if "R-" in words_of(one))
    case = RecoveryCase.objects.get()
    assert case.mood_before == Mood.UPSET
    assert "I took a day off for this." in words_of(letter)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    phone_page.goto(where)
    expect(phone_page.locator(".notice.held")).to_contain_text("will read what you told us and answer you by")
    expect(phone_page.locator(".progress [aria-current=step]")).to_have_text("We read it and note each point")
    assert (complaints(phone_page), overhang(phone_page)) == ([], 0)

    stage.clock.move_to(owed.due_at - timedelta(hours=1))
    work_through(case, by=stage.world.staff, cause=stage.world.reason, now=timezone.now())
    stage.wait(minutes=1)
    asked = next(link for one in stage.post() for link in links_of(one) if "/f/" in link and "no-more" not in link)
    phone_page.goto(asked)
    phone_page.get_by_role("button", name="Yes, it is settled").click()
    phone_page.get_by_role("button", name="Calm").click()
    case.refresh_from_db()
    assert (case.stage, case.solved, case.mood_after) == (CaseStage.CLOSED, True, Mood.CALM)


def test_before_an_hour_passes_the_customer_hears_of_the_new_one(phone_page: Page, stage: Stage) -> None:
    where = stage.invited()
    answers.call_me(RescheduleRequest.objects.get(), nonce="call", now=timezone.now())
    stage.post()
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    said_first = owed.due_at
    stage.clock.move_to(said_first - minutes(10))
    for _ in range(2):  # the second look finds nothing left to do
        watchdog.watch(now=timezone.now())
    told = [one for one in stage.post() if str(one["Subject"]).startswith("It takes us longer than we said")]
    assert len(told) == 1
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert owed.due_at > said_first
    phone_page.goto(where)
    hour = owed.due_at.astimezone(stage.world.location.tzinfo).strftime("%H:%M")
    expect(phone_page.locator(".notice.held").first).to_contain_text(hour)


def test_the_second_move_brings_something_and_no_copy_of_the_first(phone_page: Page, stage: Stage) -> None:
    table_in_force({"moves": 2})
    appointment = stage.booked()
    first = stage.offered(appointment)
    answers.accept(first.offers.get(position=1), nonce="p", now=timezone.now())
    stage.post()
    appointment.refresh_from_db()
    where = stage.invited(appointment, count=2)
    phone_page.goto(where)
    expect(phone_page.get_by_text(re.compile("you receive a discount of"))).to_be_visible()
    phone_page.locator("input[name=offer]").first.check()
    phone_page.get_by_role("button", name="Choose this time").click()
    given = Compensation.objects.get()
    expect(phone_page.locator(".given .code")).to_have_text(given.code)
    (confirmation,) = stage.post()
    assert given.code in words_of(confirmation)
    assert page_of(confirmation)


def test_a_manager_finds_the_cause_and_sees_it_fall(page: Page, stage: Stage) -> None:
    machine = ReasonFactory(label="Machine out of order")
    today = timezone.localdate()
    changed = today - days(45)
    _history(stage, machine, around=at(f"{changed} 09:00"))
    manager = stage.world.manager
    manager.is_staff = True
    manager.save()
    manager.groups.add(Group.objects.get(name=roles.MANAGERS))

    sign_in(page, stage.site, manager)
    page.goto(f"{stage.site.url}/admin/reports/reasons/")
    worst = page.locator("table.figures tbody tr").first.get_by_role("rowheader")
    expect(worst).to_contain_text("Machine out of order")
    page.goto(f"{stage.site.url}/admin/appointments/correctiveaction/add/?cause={machine.pk}")
    page.get_by_label("What we change").fill("A second machine")
    page.locator("select[name=owner]").select_option(str(manager.pk))
    page.locator("input[name=due_on]").fill(str(changed))
    page.locator("input[name=works_since]").fill(str(changed))
    page.get_by_role("button", name="Save", exact=True).click()
    action = CorrectiveAction.objects.get()
    page.goto(f"{stage.site.url}/admin/appointments/correctiveaction/{action.pk}/change/")
    expect(page.get_by_text("Did it help?")).to_be_visible()
    expect(page.locator("body")).to_contain_text("better")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_suit_every_eye_and_every_screen(open_page: OpenPage, stage: Stage, width: int, scheme: str) -> None:
    round_ = stage.offered(could_change="The part comes on Thursday.")
    answers.accept(round_.offers.get(position=1), nonce="p", now=timezone.now())
    answers.tell(round_, words="Who pays for that?", mood="upset", nonce="t", now=timezone.now())
    listening.listen(now=timezone.now())
    compensation(round_.appointment)
    manager = stage.world.manager
    manager.is_staff = True
    manager.save()
    manager.groups.add(Group.objects.get(name=roles.MANAGERS))
    booked = stage.booked("2026-11-26 10:00")

    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, stage.site, manager)
    customer = round_.appointment.customer_id
    for address in (
        f"/customers/{customer}/",
        f"/customers/{customer}/correct/",
        f"/appointments/{booked.pk}/agreed/",
        f"/appointments/{booked.pk}/move/",
        "/admin/reports/given/",
        "/admin/reports/complaints/",
    ):
        page.goto(f"{stage.site.url}{address}")
        assert (address, complaints(page), overhang(page)) == (address, [], 0)


def _history(stage: Stage, cause: Reason, *, around: datetime) -> None:
    """Six appointments a day for six weeks on each side; of those before, the cause moved three of ten."""
    chance, who = random.Random(3), CustomerFactory()
    for day in range(-42, 42):
        for turn in range(6):
            start = around + days(day) + hours(turn)
            values = {"state": AppointmentState.COMPLETED, "occupies": False, "customer": who}
            places = {"service": stage.world.service, "location": stage.world.location}
            appointment = AppointmentFactory(starts_at=start, provider=stage.world.provider, **values, **places)
            if chance.random() < (0.3 if day < 0 else 0.03):
                RescheduleRequestFactory(
                    appointment=appointment, reason=cause, state=RequestState.ACCEPTED, contact=stage.world.staff,
                    opened_at=start - days(2), closed_at=start - days(1), was_starts_at=start,
                )  # fmt: skip
