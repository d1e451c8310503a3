"""Telling a customer from the desk before there is a time: the way in, the message, and how it goes on."""

import html as html_module
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.domain.limbo import in_limbo
from appointments.domain.moving import undelivered
from appointments.enums import PromiseKind, RequestState
from appointments.models import AppointmentEvent, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, letters_have_left

pytestmark = pytest.mark.django_db

WAY_OUT = "No time yet: tell the customer and call"


class Page:
    """The page of proposing for one appointment."""

    def __init__(self, world: Clinic, desk: Client) -> None:
        self.world, self.desk = world, desk
        self.appointment = world.booked("2026-11-27 10:00", customer=CustomerFactory(name="Ana Putri"))
        self.url = f"/appointments/{self.appointment.pk}/move/"

    def show(self) -> str:
        return self.desk.get(self.url).content.decode()

    def form(self) -> dict[str, Any]:
        """What a browser sends that has chosen the reason and nothing else."""
        page = self.show()
        found = dict(re.findall(r'name="(nonce|seen|respond_by|call_by)" value="([^"]+)"', page))
        ticked = re.findall(r'name="offer" value="([^"]+)" checked', page)
        return {**found, "offer": ticked, "reason": self.world.reason.pk, "contact": self.world.staff.pk}

    def post(self, step: str, expect: int = 200, **change: Any) -> str:
        response = self.desk.post(self.url, self.form() | change | {"step": f"{step}-without-times"})
        assert response.status_code == expect
        return html_module.unescape(response.content.decode())

    def send(self, **change: Any) -> RescheduleRequest:
        self.post("send", expect=302, **change)
        return RescheduleRequest.objects.get()


@pytest.fixture
def page(melati: Clinic, desk: Client) -> Page:
    return Page(melati, desk)


def nothing_is_free(world: Clinic) -> None:
    for one in (world.provider, world.colleague):
        AbsenceFactory(resource=one, starts_at=NOW - days(1), ends_at=NOW + days(365))


def test_the_way_out_is_quiet_where_there_are_times_and_open_where_there_are_none(page: Page) -> None:
    shown = page.show()
    assert WAY_OUT in shown
    assert '<details class="without-times" >' in shown
    assert 'href="#without-times"' not in shown
    nothing_is_free(page.world)
    shown = page.show()
    assert '<details class="without-times" open>' in shown
    assert 'href="#without-times"' in shown
    assert 'name="call_by" value="2026-11-23T12:00"' in shown


def test_the_preview_is_the_message_and_writes_nothing(page: Page) -> None:
    shown = page.post("preview", personal_note="I look at once.", call_by="2026-11-24T10:00")
    assert "Ana Putri is told that there is no time yet." in " ".join(shown.split())
    assert shown.count('<details class="preview"') == 6
    assert "Send the offer" not in shown
    assert not RescheduleRequest.objects.exists()
    page.send(personal_note="I look at once.", call_by="2026-11-24T10:00")
    sent = Message.objects.get()
    assert sent.kind == "no_time"
    assert sent.subject in shown
    assert sent.text.strip() in {one.strip() for one in re.findall(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)}


def test_what_the_preview_sends_on_is_the_same_decision(page: Page) -> None:
    shown = page.post("preview", call_by="2026-11-24T10:00", contact=page.world.manager.pk)
    posted = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', shown))
    assert re.findall(r'name="step" value="([^"]+)"', shown) == ["send-without-times", "edit-without-times"]
    edited = page.desk.post(page.url, posted | {"step": "edit-without-times"}).content.decode()
    assert '<details class="without-times" open>' in edited
    assert 'name="call_by" value="2026-11-24T10:00"' in edited
    assert page.desk.post(page.url, posted | {"step": "send-without-times"}).status_code == 302
    promise = Promise.objects.get()
    assert (promise.owner, promise.due_at) == (page.world.manager, at("2026-11-24 10:00"))


def test_sending_twice_is_one_message(page: Page) -> None:
    form = page.form() | {"step": "send-without-times"}
    assert [page.desk.post(page.url, form).status_code for __ in range(2)] == [302, 302]
    assert (RescheduleRequest.objects.count(), Message.objects.count(), Promise.objects.count()) == (1, 1, 1)


def test_ticked_times_and_the_time_to_answer_do_not_matter(page: Page) -> None:
    round_ = page.send(respond_by="2026-11-23T03:00", call_by="2026-11-23T15:07")
    assert (round_.state, round_.offers.count()) == (RequestState.WITH_US, 0)
    assert round_.call_by == at("2026-11-23 15:15")


def test_the_hour_to_get_in_touch_does_not_matter_for_an_offer(page: Page) -> None:
    form = page.form() | {"call_by": "2026-11-23T03:00", "step": "send"}
    assert page.desk.post(page.url, form).status_code == 302
    assert RescheduleRequest.objects.get().state == RequestState.OPEN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"call_by": ""}, "Get in touch by</a>: This field is required."),
        ({"call_by": "2026-11-23T22:00"}, "Get in touch by</a>: 22:00 is at night."),
        ({"call_by": "2026-11-23T09:00"}, "Get in touch by</a>: Choose an hour that lies ahead."),
        ({"call_by": "2026-12-08T09:00"}, "Get in touch by</a>: Get in touch within the next two weeks."),
        ({"reason": ""}, "Choose the reason: the customer is told it."),
        ({"personal_note": "Dear {name}"}, "“{name}” looks like a placeholder."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_way_out_stays_open(
    page: Page, change: dict[str, Any], said: str
) -> None:
    shown = page.post("send", expect=422, **change)
    assert said in " ".join(shown.split())
    assert '<details class="without-times" open>' in shown
    assert not RescheduleRequest.objects.exists()


def test_the_page_of_the_round_speaks_of_no_offer_and_can_undo_it(page: Page) -> None:
    round_ = page.send()
    shown = page.desk.get(f"/rounds/{round_.pk}/").content.decode()
    assert "Ana Putri: told, no time yet" in shown
    assert "Offer to" not in shown
    assert "Answer by" not in shown
    assert "The message leaves in" in shown
    assert page.desk.post(f"/rounds/{round_.pk}/undo/").status_code == 302
    round_.refresh_from_db()
    assert (round_.state, Message.objects.get().state) == (RequestState.WITHDRAWN, "cancelled")


def test_it_goes_on_with_times_or_as_booked(page: Page, time_machine: Any) -> None:
    round_ = page.send()
    time_machine.move_to(round_.undo_until + minutes(1))
    assert WAY_OUT not in page.show()
    shown = page.desk.get(f"/rounds/{round_.pk}/").content.decode()
    assert "Propose times now" in shown
    assert "find other times, by" in shown
    shown = page.desk.get(f"/appointments/{page.appointment.pk}/").content.decode()
    assert "See the message" in shown
    assert "customer told, no time yet" in shown.lower()
    assert "Find other times" in shown
    promise = Promise.objects.get()
    call = page.desk.get(f"/promises/{promise.pk}/").content.decode()
    assert f'href="{page.url}"' in call
    form = page.form() | {"step": "send"}
    assert page.desk.post(page.url, form).status_code == 302
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_whom_a_colleague_tells_by_phone_waits_for_times_all_the_same(page: Page) -> None:
    round_ = page.send()
    undelivered.phone_as_preferred(Message.objects.get().true_if, kind="no_time", script="", now=NOW)
    call, times = (Promise.objects.get(kind=kind) for kind in (PromiseKind.CALL, PromiseKind.FIND_TIMES))
    assert 'value="settled"' not in page.desk.get(f"/promises/{times.pk}/").content.decode()
    shown = " ".join(page.desk.get(f"/promises/{call.pk}/").content.decode().split())
    assert "There is no time yet that we can offer you; we look for one" in shown
    nonce = re.search(r'name="nonce" value="([^"]+)"', shown)
    assert nonce
    answer = {"outcome": "settled", "nonce": nonce[1], "note": "Told her."}
    assert page.desk.post(f"/promises/{call.pk}/", answer).status_code == 302
    assert list(round_.promises.open()) == [times]
    assert not in_limbo(NOW).exists()


def test_two_at_once_tell_the_customer_once(page: Page, melati: Clinic) -> None:
    form = page.form()
    melati.told(page.appointment)
    response = page.desk.post(page.url, form | {"step": "send-without-times"})
    assert response.status_code == 422
    assert "is moving this appointment too" in response.content.decode()
    assert Message.objects.count() == 1


def test_withdrawing_says_that_the_time_stands(page: Page, time_machine: Any) -> None:
    round_ = page.send()
    time_machine.move_to(round_.undo_until + timedelta(minutes=1))
    letters_have_left()
    assert "It can take place after all" in page.desk.get(f"/rounds/{round_.pk}/").content.decode()
    page.desk.post(f"/rounds/{round_.pk}/withdraw/")
    assert "We told you that a new time is needed." in " ".join(Message.objects.get(kind="kept").text.split())
    assert AppointmentEvent.objects.filter(kind="withdrawn").exists()
    assert not Promise.objects.open().filter(kind=PromiseKind.FIND_TIMES).exists()
