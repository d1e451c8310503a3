"""The page of one appointment: what it says, what to do next, and how one is ended."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain import links
from appointments.domain.limbo import in_limbo
from appointments.enums import AnswerKind, AppointmentState, EventKind, Family, Fault, LinkPurpose, RequestState
from appointments.models import Appointment, AppointmentEvent, Occupancy
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import (
    AnswerFactory,
    AppointmentFactory,
    CallAttemptFactory,
    Clinic,
    OfferFactory,
    PromiseFactory,
    ReasonFactory,
    RescheduleRequestFactory,
)


def page_of(desk: Client, appointment: Appointment) -> str:
    return desk.get(reverse("appointment", args=[appointment.pk])).content.decode()


def test_the_page_says_what_who_when_where_and_what_to_do_next(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")

    page = page_of(desk, booked)

    for said in (booked.customer.name, "Check-up", "Dr. Ratna", "Tuesday, 24 November 2026, 10:00–10:30 WIB",
                 "Melati Jakarta", "in 25 h", "Booked", booked.customer.email):  # fmt: skip
        assert said in page
    assert re.findall(r'class="button primary" href="([^"]+)"', page) == [reverse("propose", args=[booked.pk])]


def test_while_the_customer_thinks_the_page_says_until_when_and_who_phones_then(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    round_ = RescheduleRequestFactory(appointment=booked, contact=melati.staff)
    OfferFactory(request=round_, starts_at=at("2026-11-26 15:00"))

    page = " ".join(page_of(desk, booked).split())

    assert "Waiting for the customer" in page
    assert "wait for an answer until Tue 24 Nov, 09:00 WIB (in 24 h)" in page
    assert f"Otherwise {melati.staff.get_full_name()} will phone by Tue 24 Nov, 11:00 WIB." in page
    assert "Thu 26 Nov, 15:00–15:30 WIB" in page


def test_what_we_owe_is_the_next_step(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    round_ = RescheduleRequestFactory(appointment=booked, state=RequestState.WITH_US, answered_at=NOW)
    promise = PromiseFactory(appointment=booked, request=round_, owner=melati.staff, due_at=NOW - hours(1))

    page = page_of(desk, booked)

    assert "Our turn to answer" in page
    assert re.findall(r'class="button primary" href="([^"]+)"', page) == [reverse("promise", args=[promise.pk])]
    assert "overdue" in page


def test_the_story_is_told_whole_with_the_customers_own_words(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    round_ = RescheduleRequestFactory(appointment=booked, contact=melati.staff)
    words = "Only mornings,\nplease <b>call</b>"
    answer = AnswerFactory(request=round_, kind=AnswerKind.CALL_ME, words=words, at=NOW - hours(2))
    AppointmentEvent.objects.create(
        appointment=booked, request=round_, at=answer.at, kind=EventKind.ANSWERED, actor_kind="customer"
    )
    promise = PromiseFactory(appointment=booked, request=round_, owner=melati.staff)
    CallAttemptFactory(promise=promise, at=NOW - hours(1), note="The line was busy")
    AppointmentEvent.objects.create(
        appointment=booked, at=NOW - minutes(5), kind=EventKind.MOVED, actor_kind="staff", actor=melati.staff,
        before={"starts_at": at("2026-11-25 08:00").isoformat(), "ends_at": at("2026-11-25 08:30").isoformat()},
        after={"starts_at": booked.starts_at.isoformat(), "ends_at": booked.ends_at.isoformat()},
    )  # fmt: skip
    Message.objects.create(
        key="offer:1", kind="offer", about=booked.about, to_name="Ana", language="en", zone="Asia/Jakarta",
        state="failed", why="The mailbox is full.", subject="Please choose a new time", due_at=NOW,
        created_at=NOW - hours(3),
    )  # fmt: skip

    page = page_of(desk, booked)
    titles = re.findall(r"<strong[^>]*>([^<]*)</strong>", page[page.index('class="story"') :])

    assert titles[:4] == ["Moved", "Nobody answered", "Asked to be called", "Please choose a new time"]
    assert "please &lt;b&gt;call&lt;/b&gt;" in page
    assert "The line was busy" in page
    assert "The mailbox is full." in page
    assert "failed: please act" in page
    assert '<span class="was">Wed 25 Nov, 08:00–08:30 WIB</span>' in page


def test_a_long_story_takes_no_more_queries_than_a_short_one(desk: Client, melati: Clinic) -> None:
    def asked(appointment: Appointment) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, appointment)
        return len(queries)

    short, long = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00")
    for appointment, count in ((short, 1), (long, 30)):
        round_ = RescheduleRequestFactory(appointment=appointment)
        OfferFactory.create_batch(count, request=round_)
        AnswerFactory.create_batch(count, request=round_, recorded_by=melati.staff)
        for turn in range(count):
            promise = PromiseFactory(appointment=appointment)
            CallAttemptFactory(promise=promise)
            AppointmentEvent.objects.create(
                appointment=appointment, at=NOW, kind=EventKind.NUDGED, actor_kind="staff", actor=promise.owner
            )
            AppointmentFactory(
                customer=appointment.customer, location=melati.location, starts_at=NOW + days(turn + 5), occupies=False
            )

    assert asked(short) == asked(long) == 19


def words_from_hell(number: int) -> str:
    """As long as the form takes, without a place to break it."""
    return f"word{number:04}." + "x" * 3991


def test_a_story_without_end_comes_in_small_pages_and_all_of_it_can_be_read(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    round_ = RescheduleRequestFactory(appointment=booked, contact=melati.staff)
    for number in range(95):
        answer = AnswerFactory(request=round_, words=words_from_hell(number), at=NOW - minutes(number))
        AppointmentEvent.objects.create(
            appointment=booked, request=round_, at=answer.at, kind=EventKind.ANSWERED, actor_kind="customer"
        )
    address, seen, pages = reverse("appointment", args=[booked.pk]), [], 0
    asked: str | None = ""
    while asked is not None:
        page = desk.get(f"{address}{asked}").content.decode()
        assert len(page) < 200_000
        seen += re.findall(r"<blockquote>word(\d{4})\.", page)
        further = re.search(r'href="(\?page=\d+)#story" rel="prev"', page)
        asked, pages = further[1] if further else None, pages + 1
    assert [int(one) for one in seen] == list(range(95))
    assert pages == 4
    assert 'href="?page=3#story" rel="next"' in page
    for nonsense in ("?page=0", "?page=-1", "?page=x", "?page=99999999999999999999"):
        assert desk.get(address + nonsense).status_code == 200


def test_the_page_of_a_round_shows_what_was_told_last(desk: Client, melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked(), contact=melati.staff)
    for number in range(21):
        if number == 20:
            assert "before is in the whole story" not in desk.get(reverse("request", args=[round_.pk])).content.decode()
        AnswerFactory(request=round_, words=words_from_hell(number), at=NOW + minutes(number))
    page = desk.get(reverse("request", args=[round_.pk])).content.decode()
    assert re.findall(r"<blockquote>word(\d{4})\.", page) == [f"{number:04}" for number in range(1, 21)]
    assert "before is in the whole story" in page


@pytest.mark.parametrize(
    ("words", "folded"),
    [("x" * 600, False), ("x" * 601, True), ("\n".join("x" * 13), False), ("\n".join("x" * 14), True)],
)
def test_long_words_are_folded_and_can_be_opened(desk: Client, melati: Clinic, words: str, folded: bool) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked(), contact=melati.staff)
    AnswerFactory(request=round_, words=words)
    promise = PromiseFactory(appointment=round_.appointment, request=round_, details=words, kind="reply")
    for name, number in (
        ("appointment", round_.appointment_id),
        ("request", round_.pk),
        ("promise", promise.pk),
        ("reply", promise.pk),
    ):
        page = desk.get(reverse(name, args=[number])).content.decode()
        assert f"<blockquote>{words}</blockquote>" in page
        assert ('<details class="words">' in page) is folded


def test_insults_stay_closed_until_a_colleague_is_ready(desk: Client, melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked(), contact=melati.staff)
    AnswerFactory(request=round_, words="You are all idiots. I waited an hour.")
    page = desk.get(reverse("request", args=[round_.pk])).content.decode()
    [closed] = re.findall(r'<details class="words">(.*?)</details>', page, re.DOTALL)
    summary, quoted = closed.split("</summary>")
    assert "idiots" not in summary
    assert "<blockquote>You are all idiots. I waited an hour.</blockquote>" in quoted
    assert "answer the matter, not the tone" in page


def test_beside_the_board_the_page_is_only_what_fits_there(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()

    found = desk.get(
        reverse("appointment", args=[booked.pk]), headers={"HX-Request": "true", "HX-Target": "beside"}
    ).content.decode()

    assert "<html" not in found
    assert booked.customer.email in found
    assert "What happened" not in found


def test_an_appointment_that_nobody_has_is_not_found(desk: Client) -> None:
    assert [desk.get(f"/appointments/{number}/").status_code for number in (0, 999_999, 10**30)] == [404] * 3


# --- Ending one ----------------------------------------------------------------------------------------------------


def cancel(desk: Client, appointment: Appointment, **form: Any) -> int:
    return desk.post(reverse("cancel-appointment", args=[appointment.pk]), {"step": "send", **form}).status_code


@pytest.mark.parametrize(("whose", "by_customer"), [("theirs", True), ("ours", False)])
def test_cancelling_frees_the_time_and_tells_the_customer_whose_wish_it_was(
    desk: Client, melati: Clinic, whose: str, by_customer: bool
) -> None:
    booked = melati.booked()

    assert cancel(desk, booked, whose=whose, note="Pipe burst", reason=melati.reason.pk) == 302

    booked.refresh_from_db()
    assert booked.state == AppointmentState.CANCELLED
    assert not Occupancy.objects.exists()
    message = Message.objects.get()
    assert (message.kind, message.context["by_customer"]) == ("cancellation", by_customer)
    event = AppointmentEvent.objects.get(kind=EventKind.CANCELLED)
    assert (event.actor, event.note) == (melati.staff, "Pipe burst")


def test_cancelling_ends_a_round_that_is_running(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    round_ = RescheduleRequestFactory(appointment=booked)
    promise = PromiseFactory(appointment=booked, request=round_)

    cancel(desk, booked, whose="ours", note="Pipe burst", reason=melati.reason.pk)

    round_.refresh_from_db()
    promise.refresh_from_db()
    assert (round_.state, promise.state) == (RequestState.WITHDRAWN, "released")
    assert in_limbo(NOW).count() == 0


def test_cancelling_needs_a_reason_and_keeps_what_was_typed(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()

    answer = desk.post(reverse("cancel-appointment", args=[booked.pk]), {"note": "Pipe burst", "step": "preview"})

    assert answer.status_code == 422
    assert "Say whose wish it is" in answer.content.decode()
    assert ">\nPipe burst</textarea>" in answer.content.decode()
    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_what_we_cancel_needs_a_reason_that_the_customer_is_told(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    assert cancel(desk, booked, whose="ours", note="Pipe burst") == 422
    wish = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    assert cancel(desk, booked, whose="ours", note="Pipe burst", reason=wish.pk) == 422
    assert not Message.objects.exists()


def test_before_anything_leaves_the_very_message_is_shown_and_can_be_changed(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    form = {"whose": "ours", "reason": melati.reason.pk, "note": "Pipe burst"}
    address = reverse("cancel-appointment", args=[booked.pk])

    page = desk.post(address, {**form, "step": "preview"}).content.decode()
    assert "This is our responsibility" in page
    assert re.findall(r'name="(\w+)" value="([^"]*)"', page)[-5:-2] == [
        ("whose", "ours"), ("reason", str(melati.reason.pk)), ("note", "Pipe burst"),
    ]  # fmt: skip
    assert not Message.objects.exists()

    again = desk.post(address, {**form, "step": "edit"}).content.decode()
    assert ">\nPipe burst</textarea>" in again


def test_the_form_promises_a_message_only_to_whom_one_goes(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    address, form = reverse("cancel-appointment", args=[booked.pk]), {"whose": "theirs", "note": "Phoned"}
    assert f"You see first what {booked.customer.name} will read" in desk.get(address).content.decode()
    assert "gets this at once" in desk.post(address, {**form, "step": "preview"}).content.decode()
    booked.customer.preferred_channel = "call"
    booked.customer.save()
    assert f"{booked.customer.name} has to be phoned: you see" in desk.get(address).content.decode()
    page = desk.post(address, {**form, "step": "preview"}).content.decode()
    assert "the call will stand under “Calls”" in page
    assert "and tell the customer" not in page
    sent = desk.post(address, {**form, "step": "send"}, follow=True).content.decode()
    assert "has to be phoned: the call stands under “Calls”." in sent


def test_cancelling_twice_tells_the_customer_once(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()

    assert [cancel(desk, booked, whose="theirs", note="Phoned") for _ in range(3)] == [302, 422, 422]

    assert Message.objects.count() == 1
    page = desk.get(reverse("cancel-appointment", args=[booked.pk])).content.decode()
    assert "This appointment is over already." in page


def test_looking_at_the_cancel_page_changes_nothing(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    desk.get(reverse("cancel-appointment", args=[booked.pk]))
    desk.get(reverse("mark-missed", args=[booked.pk]))

    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED
    assert not Message.objects.exists()


def test_only_what_has_begun_can_be_missed(desk: Client, melati: Clinic) -> None:
    past, coming = melati.booked("2026-11-23 08:00"), melati.booked("2026-11-24 10:00")

    for one in (past, coming):
        desk.post(reverse("mark-missed", args=[one.pk]))
        one.refresh_from_db()

    assert [one.state for one in (past, coming)] == [AppointmentState.MISSED, AppointmentState.BOOKED]
    assert "Only an appointment that has begun can be marked as missed." in page_of(desk, coming)


def test_the_head_counts_who_waits_and_what_we_owe(desk: Client, melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked(), contact=melati.staff)
    PromiseFactory(appointment=round_.appointment, due_at=NOW - hours(1))
    lost = RescheduleRequestFactory(appointment=melati.booked("2026-11-25 10:00"), state=RequestState.WITH_US)

    page = " ".join(desk.get(reverse("search")).content.decode().split())

    assert re.findall(r'class="count ([a-z]*)"\s+>(.*?)</span>', page) == [
        ("", "1"),
        ("", "1"),
        ("bad", "1 overdue"),
    ]
    assert "Waiting without an answer <strong>1</strong>" in page
    assert lost.appointment in in_limbo(NOW)


def test_what_our_moves_have_cost_a_customer_is_read_by_colleagues_only(desk: Client, melati: Clinic) -> None:
    again = melati.booked("2026-11-26 10:00")
    url = reverse("appointment", args=[again.pk])
    title = "What our moves have cost this customer"
    assert title not in desk.get(url).content.decode()
    round_ = melati.offered(melati.booked("2026-11-24 08:00"))
    page = " ".join(re.sub(r"<[^>]+>", " ", desk.get(url).content.decode()).split())
    assert title in page
    assert "Mon 23 Nov, 09:00 WIB · Colleague is ill told less than a day before · counts 1.5 of 1.5 points" in page
    assert "a delay of this customer weighs 1.8 times. Points halve every 90 days and are forgotten after 365." in page
    beside = desk.get(url, headers={"HX-Request": "true", "HX-Target": "beside"}).content.decode()
    link = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    customers_page = desk.get(reverse("answer", args=[link])).content.decode()
    assert title not in beside + customers_page
    assert "points" not in customers_page
