"""Queues at the desk: narrowed and kept, taken over and handed on, and renewed only when something has changed."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.domain.pages.queues import paging
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.models import AppointmentEvent, Promise, SavedView
from appointments.templatetags.desk import many as many_in_words
from notifications.models import Message
from tests.clock import NOW, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, PromiseFactory, StaffFactory, UserFactory, letters_have_left
from tests.factories.hits import closed_down, many_hit

pytestmark = pytest.mark.django_db
CALLS, ASSIGN = "/calls/", "/queues/assign/"
DOOR = 3
"""Session, user, and two for what the user may do."""


def owed(melati: Clinic, name: str = "Ana Putri", *, day: int = 1, **fields: Any) -> Promise:
    appointment = melati.booked(NOW + days(day), customer=CustomerFactory(name=name, phone="+6281200000001"))
    promise: Promise = PromiseFactory(appointment=appointment, **{"owner": melati.staff} | fields)
    return promise


def words(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def names(client: Client, address: str) -> list[str]:
    return re.findall(r'class="work-name"[^>]*>([^<]+)<', words(client, address))


def said(answer: Any) -> str:
    """What was said last."""
    return [str(one) for one in get_messages(answer.wsgi_request)][-1]


def mark_of(page: str) -> str:
    return re.findall(r"news/\?since=(\w+)", page)[0]


@pytest.mark.parametrize("code", QUEUES)
def test_each_queue_opens_empty_and_teaches_where_to_go(desk: Client, code: str) -> None:
    page = words(desk, reverse("queue", args=[code]))
    title, hint = QUEUES[code].empty
    assert str(title) in page
    assert str(hint) in page
    assert f'href="{reverse(QUEUES[code].then[0])}">{QUEUES[code].then[1]}</a>' in page


@pytest.mark.parametrize("name", ["calls", "waiting", "to-move", "promises"])
def test_the_old_addresses_lead_to_the_same_page(desk: Client, name: str) -> None:
    assert desk.get(f"/{name}/").context["queue"].code == name


def test_a_line_says_who_by_when_and_the_button(desk: Client, melati: Clinic) -> None:
    promise = owed(melati, due_at=NOW + hours(3))
    page = words(desk, CALLS)
    assert 'href="tel:+62-812-0000-0001"' in page
    assert "in 3 h" in page
    assert "Mon 23 Nov, 12:00 WIB" in page
    assert f'class="button primary" href="{reverse("promise", args=[promise.pk])}">Phone now' in page


def test_filters_stick_until_they_are_lifted_and_stand_in_the_address(desk: Client, melati: Clinic) -> None:
    owed(melati, "Ana Putri", kind="call")
    owed(melati, "Ben Situmorang", day=2, kind="reply")
    assert names(desk, f"{CALLS}?kind=reply&sort=customer") == ["Ben Situmorang"]
    assert desk.get(CALLS).headers["Location"] == f"{CALLS}?kind=reply&sort=customer"
    assert desk.get("/queues/mine/").status_code == 200  # each queue has its own
    other = Client()
    other.force_login(StaffFactory())
    assert names(other, CALLS) == ["Ana Putri", "Ben Situmorang"]
    assert desk.get(f"{CALLS}?all").headers["Location"] == CALLS
    assert names(desk, CALLS) == ["Ana Putri", "Ben Situmorang"]


def test_what_was_mine_by_the_old_address_is_by_the_new_one(desk: Client, melati: Clinic) -> None:
    owed(melati)
    owed(melati, "Ben Situmorang", day=2, owner=StaffFactory())
    answer = desk.get(f"{CALLS}?mine", follow=True)
    assert answer.redirect_chain == [(f"{CALLS}?person={melati.staff.pk}", 302)]
    assert "Ben Situmorang" not in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["?kind=x&person=me&after=%00&sort=-pk", "?after=W10", "?before=xx&due=3&place=/"])
def test_nonsense_in_the_address_is_ignored(desk: Client, melati: Clinic, nonsense: str) -> None:
    owed(melati)
    found = names(desk, CALLS + nonsense)
    assert found == ([] if "place" in nonsense else ["Ana Putri"])


def test_where_nothing_fits_the_way_back_is_shown(desk: Client, melati: Clinic) -> None:
    owed(melati)
    page = words(desk, f"{CALLS}?kind=reply")
    assert "Nothing fits" in page
    assert "1 stands in this queue that you do not see." in page
    assert f'href="{CALLS}?all">Show all</a>' in page


def test_one_goes_on_and_back_through_many(desk: Client, melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    for day in range(1, 6):
        owed(melati, f"Customer {day}", day=day, due_at=NOW + hours(day))
    first = desk.get(f"{CALLS}?sort=customer")
    assert "5 in all" in first.content.decode()
    second = f"{CALLS}?{first.context['page'].after}"
    assert names(desk, second) == ["Customer 3", "Customer 4"]
    back = desk.get(second).context["page"].before
    assert names(desk, f"{CALLS}?{back}") == ["Customer 1", "Customer 2"]


def test_whoever_takes_over_has_it_and_comes_back_to_where_they_were(desk: Client, melati: Clinic) -> None:
    promise = owed(melati, owner=StaffFactory())
    back = f"{CALLS}?sort=due"
    answer = desk.post(ASSIGN, {"to_me": promise.pk, "next": back})
    promise.refresh_from_db()
    assert (promise.owner, answer.headers["Location"], said(answer)) == (melati.staff, back, "Yours now: 1.")
    assert "Take over" not in words(desk, CALLS)


def test_what_is_ticked_is_handed_over_with_a_note(desk: Client, melati: Clinic) -> None:
    budi = StaffFactory(first_name="Budi", last_name="")
    first, second, third = (owed(melati, day=day) for day in (1, 2, 3))
    form = {"promise": [first.pk, second.pk, "x", "-1"], "to": budi.pk, "note": "Speaks Javanese.", "next": CALLS}
    assert said(desk.post(ASSIGN, form)) == "Handed over: 2."
    assert set(Promise.objects.filter(owner=budi)) == {first, second}
    notes = AppointmentEvent.objects.filter(kind="promised").values_list("note", flat=True)
    assert list(notes) == ["now with Budi\nSpeaks Javanese."] * 2
    third.refresh_from_db()
    assert third.owner == melati.staff


def test_who_ticks_nothing_or_chooses_nobody_is_told_so(desk: Client, melati: Clinic) -> None:
    promise = owed(melati)
    assert said(desk.post(ASSIGN, {"to_me": "", "next": CALLS})) == "Tick at least one line first."
    assert said(desk.post(ASSIGN, {"promise": promise.pk})) == "This field is required."
    settled = owed(melati, day=2, state="kept", settled_at=NOW)
    assert said(desk.post(ASSIGN, {"to_me": "", "promise": settled.pk})) == "Tick at least one line first."


def test_nobody_is_led_to_another_site(desk: Client, melati: Clinic) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        assert desk.post(ASSIGN, {"to_me": "", "next": elsewhere}).headers["Location"] == CALLS


def test_one_line_is_handed_over_on_a_page_of_its_own(desk: Client, melati: Clinic) -> None:
    budi, promise = StaffFactory(), owed(melati)
    address = reverse("hand-over", args=[promise.pk])
    assert "The customer was told Monday, 23 November 2026 at 12:00 WIB" in words(desk, f"{address}?next={CALLS}")
    assert desk.post(address, {"to": "", "next": CALLS}).status_code == 422
    assert desk.post(address, {"to": budi.pk, "note": "Is she well?", "next": CALLS}).headers["Location"] == CALLS
    promise.refresh_from_db()
    assert (promise.owner, promise.due_at) == (budi, NOW + hours(3))
    assert desk.post(address, {"to": melati.staff.pk}).headers["Location"] == reverse("promise", args=[promise.pk])


def test_a_note_says_nothing_of_anybodys_health(desk: Client, melati: Clinic) -> None:
    budi, promise = StaffFactory(), owed(melati)
    form = {"to": budi.pk, "note": "Dr. Ratna has dengue fever."}
    assert desk.post(reverse("hand-over", args=[promise.pk]), form).status_code == 422


def test_a_view_is_kept_under_a_name_and_removed(desk: Client, melati: Clinic) -> None:
    owed(melati)
    query = "kind=call&sort=due"
    answer = desk.post(f"/queues/calls/save/?{query}&colour=red", {"name": "Mornings"})
    assert answer.headers["Location"] == f"{CALLS}?{query}"
    page = words(desk, f"{CALLS}?{query}")
    assert '<a href="/calls/?kind=call&amp;sort=due" aria-current="true">Mornings</a>' in page
    other = Client()
    other.force_login(StaffFactory())
    assert "Mornings" not in words(other, CALLS)
    view = SavedView.objects.get()
    assert other.post(reverse("forget-view", args=[view.pk])).status_code == 404
    assert said(desk.post(reverse("forget-view", args=[view.pk]))) == "The view “Mornings” is removed."
    assert not SavedView.objects.exists()
    assert said(desk.post(f"/queues/calls/save/?{query}", {"name": " "})) == "Give the view a name."


def test_a_view_of_a_queue_that_is_gone_is_not_shown(desk: Client, melati: Clinic) -> None:
    SavedView.objects.create(owner=melati.staff, queue="long-gone", name="Old")
    assert "Old" not in words(desk, CALLS)


def test_an_open_queue_is_left_alone_while_nothing_changes(
    desk: Client, melati: Clinic, django_assert_num_queries: Any
) -> None:
    promise = owed(melati)
    mark = mark_of(words(desk, CALLS))
    address = f"/queues/calls/news/?since={mark}"
    with django_assert_num_queries(DOOR + 1):
        answer = desk.get(address)
    assert (answer.status_code, answer.content) == (204, b"")
    desk.post(ASSIGN, {"to_me": promise.pk})
    assert desk.get(address).status_code == 204  # it was theirs already
    owed(melati, "Ben Situmorang", day=2)
    answer = desk.get(address)
    fresh = answer.content.decode()
    assert "Ben Situmorang" in fresh
    assert mark_of(fresh) != mark
    assert re.search(r'id="count-calls"[^>]*hx-swap-oob="true"\s*>2</span>', fresh)
    assert re.search(r'id="number-calls"[^>]*hx-swap-oob="true"\s*>2</span>', fresh)
    assert desk.get(f"/queues/calls/news/?since={mark_of(fresh)}").status_code == 204


def test_a_minute_later_the_hours_are_counted_anew(desk: Client, melati: Clinic) -> None:
    owed(melati)
    address = f"/queues/calls/news/?since={mark_of(words(desk, CALLS))}"
    with time_machine.travel(NOW + minutes(1), tick=False):
        assert desk.get(address).status_code == 200


def test_whoever_is_at_work_gets_the_numbers_and_a_word(desk: Client, melati: Clinic) -> None:
    mark = mark_of(words(desk, CALLS))
    owed(melati)
    answer = desk.get(f"/queues/calls/news/?since={mark}&busy=1&kind=call")
    fresh = answer.content.decode()
    assert answer.headers["HX-Reswap"] == "none"
    assert "work-name" not in fresh
    assert f'<a href="{CALLS}?kind=call">Show how it stands now</a>' in fresh
    assert re.search(r'id="count-calls"[^>]*hx-swap-oob="true"\s*>1</span>', fresh)


@pytest.mark.parametrize(("number", "shown"), [(999, "999"), (1000, "999+")])
def test_a_number_that_was_counted_no_further_says_so(number: int, shown: str) -> None:
    assert many_in_words(number) == shown


def test_asking_for_news_keeps_no_filters(desk: Client, melati: Clinic) -> None:
    desk.get("/queues/calls/news/?since=x&kind=reply")
    assert desk.get(CALLS).status_code == 200


def test_what_did_not_arrive_is_sent_again_by_whoever_may(desk: Client, melati: Clinic) -> None:
    round_ = melati.offered()
    letters_have_left()
    Message.objects.update(state="bounced")
    page = words(desk, "/queues/failed/")
    assert "came back: please act" in page
    address = reverse("send-again", args=[round_.appointment_id])
    assert address not in page
    assert desk.post(address).status_code == 404
    melati.staff.user_permissions.add(Permission.objects.get(codename="send_again"))
    assert address in words(desk, "/queues/failed/")
    assert said(desk.post(address)) == f"On its way once more to {melati.customer.name}."
    assert said(desk.post(address)) == "There is nothing to send again: see how things stand now."
    assert "Every message has arrived" in words(desk, "/queues/failed/")


def test_the_head_leads_to_whom_nobody_has_told_and_who_is_left_with_nothing(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    closed_down(melati)
    page = words(desk, "/to-move/")
    assert 'href="/queues/untold/"' in page
    assert 'href="/queues/nobody-answers/"' in page
    assert names(desk, "/queues/untold/") == [melati.customer.name]


def test_what_hits_several_is_planned_from_above_the_queue(desk: Client, melati: Clinic) -> None:
    for hour in (10, 11):
        melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory())
    disruption = closed_down(melati)
    page = words(desk, "/to-move/")
    assert "2 to move" in page
    assert "Plan these 2" in page
    assert reverse("begin-plan", args=[disruption.pk]) in page
    assert page.count("It takes place as booked") == 2


@pytest.mark.parametrize("many", [1, 30])
@pytest.mark.parametrize("code", ["calls", "waiting", "promises", "untold"])
def test_the_page_takes_as_many_queries_for_many_as_for_one(
    desk: Client, melati: Clinic, code: str, many: int, django_assert_num_queries: Any
) -> None:
    many_hit(melati, many)
    Promise.objects.update(kind="call")
    if code == "untold":
        Message.objects.update(state="failed", sent_at=None)
    expected = {"calls": 8, "promises": 9, "waiting": 10, "untold": 11}[code]
    desk.get(reverse("queue", args=[code]))
    with django_assert_num_queries(DOOR + expected):
        assert len(names(desk, reverse("queue", args=[code]))) == many


def test_it_is_for_the_desk_and_looking_changes_nothing(desk: Client, melati: Clinic) -> None:
    promise = owed(melati)
    addresses = [*(reverse(name, args=["calls"]) for name in ("queue", "queue-news")), CALLS]
    changing = [ASSIGN, reverse("save-view", args=["calls"]), reverse("send-again", args=[promise.appointment_id])]
    assert [desk.post(one).status_code for one in addresses] == [405] * 3
    assert [desk.get(one).status_code for one in changing] == [405] * 3
    assert desk.get("/queues/no-such-thing/").status_code == 404
    desk.force_login(UserFactory())
    assert [desk.get(one).status_code for one in addresses] == [404] * 3
    assert [desk.post(one).status_code for one in changing] == [404] * 3
