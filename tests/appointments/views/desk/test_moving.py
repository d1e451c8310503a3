"""Moving a customer from the desk: propose, look at the message, send, undo, wait, phone."""

import html as html_module
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, drafts
from appointments.enums import AnswerKind, AppointmentState, CallOutcome, OfferState, PromiseKind, RequestState, Why
from appointments.models import Answer, CallAttempt, Customer, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from tests.factories import Clinic, CustomerFactory, clinic, letters_have_left

pytestmark = pytest.mark.django_db


class Desk:
    """A colleague at the desk with one appointment that has to move."""

    def __init__(self, world: Clinic, client: Client) -> None:
        self.world, self.client = world, client
        client.force_login(world.staff)
        start = (timezone.now() + timedelta(days=4)).replace(hour=3, minute=0, second=0, microsecond=0)
        start += timedelta(days=1 if start.weekday() == 6 else 0)
        customer = CustomerFactory(name="Ana Putri", language="en", phone="+6281200000001")
        self.appointment = world.booked(start, customer=customer)
        self.url = f"/appointments/{self.appointment.pk}/move/"

    def form(self) -> dict[str, object]:
        """What the page proposes, as a browser would send it back."""
        page = self.client.get(self.url).content.decode()
        ticked = re.findall(r'name="offer" value="([^"]+)" checked', page)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page)
        respond_by = re.search(r'name="respond_by" value="([^"]+)"', page)
        assert nonce
        assert respond_by
        return {
            "offer": ticked,
            "shown": re.findall(r'name="shown" value="([^"]+)"', page),
            "nonce": nonce[1],
            "respond_by": respond_by[1],
            "reason": self.world.reason.pk,
            "contact": self.world.staff.pk,
            "personal_note": "",
        }

    def post(self, step: str, expect: int = 200, **change: Any) -> str:
        response = self.client.post(self.url, self.form() | change | {"step": step})
        assert response.status_code == expect
        return response.content.decode()

    def send(self, **change: object) -> RescheduleRequest:
        self.post("send", expect=302, **change)
        return RescheduleRequest.objects.get()


@pytest.fixture
def desk(client: Client) -> Desk:
    return Desk(clinic(rooms=2), client)


def test_the_page_reads_once_what_is_written_down(desk: Desk) -> None:
    desk.client.get(desk.url)
    with CaptureQueriesContext(connection) as queries:
        desk.client.get(desk.url)
    written = [one["sql"] for one in queries if one["sql"].startswith('SELECT "appointments_disruption"')]
    # What the page asks about, and what no suggestion may lie in.
    assert len(written) == 2


def test_the_page_proposes_ranked_times_that_say_why(desk: Desk) -> None:
    page = desk.client.get(desk.url).content.decode()
    assert page.count('class="suggestion ') == 5
    assert len(re.findall(r'name="offer" value="[^"]+" checked', page)) == 3
    assert "same person" in page


def test_the_preview_is_what_goes_out(desk: Desk) -> None:
    form = desk.form() | {"personal_note": "I am sorry, Ana."}
    page = desk.client.post(desk.url, form | {"step": "preview"}).content.decode()
    assert page.count('<details class="preview"') == 6
    desk.client.post(desk.url, form | {"step": "send"})
    message = Message.objects.get(kind="offer")
    assert message.subject in html_module.unescape(page)
    shown = {
        re.sub(r"\s+", " ", html_module.unescape(one)) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    }
    sent = re.sub(r"offer=\d+", "offer=N", re.sub(r"\s+", " ", message.text))
    assert sent.strip() in {re.sub(r"offer=\d+", "offer=N", one).strip() for one in shown}
    assert "I am sorry, Ana." in message.text


def test_whoever_has_neither_an_address_nor_a_number_is_not_said_to_get_anything(desk: Desk) -> None:
    nothing = "We have no e-mail address and no number of"
    assert nothing not in desk.client.post(desk.url, desk.form() | {"step": "preview"}).content.decode()
    Customer.objects.update(email="", phone="")
    page = desk.client.post(desk.url, desk.form() | {"step": "preview"}).content.decode()
    assert nothing in page
    assert "what Ana" not in page


def test_a_near_time_says_until_when_it_can_be_reserved_and_does_not_shorten_the_rest(desk: Desk) -> None:
    zone = desk.world.location.tzinfo
    day = (timezone.now() + timedelta(days=1)).astimezone(zone).replace(hour=9, minute=0, second=0, microsecond=0)
    starts = [day.replace(hour=13, minute=30), *(day.replace(hour=14) + timedelta(days=far) for far in (2, 3))]
    keys = [f"{int(start.timestamp())}.{desk.world.provider.pk}.staff_choice" for start in starts]
    with time_machine.travel(day, tick=False):
        assert "can be reserved only until" in desk.post("times", offer=keys, shown=keys)
        round_ = desk.send(offer=keys, respond_by=f"{day + timedelta(days=1):%Y-%m-%dT%H:%M}")
        due = day + timedelta(days=1)
        kept = list(round_.offers.order_by("starts_at").values_list("kept_until", flat=True))
        assert (round_.respond_by, kept) == (due, [day.replace(hour=13), due, due])
        page = desk.client.get(f"/rounds/{round_.pk}/").content.decode()
        assert page.count("reserved until") == 3


def test_nothing_is_written_before_sending(desk: Desk) -> None:
    desk.post("preview")
    assert (RescheduleRequest.objects.count(), Message.objects.count(), Promise.objects.count()) == (0, 0, 0)
    assert Occupancy.objects.filter(request__isnull=False).count() == 0


def test_sending_twice_is_one_offer(desk: Desk) -> None:
    seen = re.search(r'name="seen" value="([^"]+)"', desk.client.get(desk.url).content.decode())
    assert seen
    form = desk.form() | {"step": "send", "seen": seen[1]}
    assert [desk.client.post(desk.url, form).status_code for __ in range(3)] == [302, 302, 302]
    assert (RescheduleRequest.objects.count(), Message.objects.count()) == (1, 1)


def test_a_time_can_be_open_to_all(desk: Desk) -> None:
    form = desk.form()
    ticked = form["offer"]
    assert isinstance(ticked, list)
    round_ = desk.send(open=ticked[:1])
    assert sorted(round_.offers.values_list("guaranteed", flat=True)) == [False, True, True]


def test_more_times_keep_what_was_chosen_and_typed(desk: Desk) -> None:
    form = desk.form()
    ticked = form["offer"]
    assert isinstance(ticked, list)
    kept = [*ticked[:1], *ticked[2:]]
    page = desk.post("more", offer=kept, personal_note="I am sorry, Ana.", reason="")
    assert page.count('name="shown"') > 5
    assert re.findall(r'name="offer" value="([^"]+)" checked', page) == kept
    assert "I am sorry, Ana." in page
    assert "Choose the reason: the customer is told it." not in page


def test_an_own_time_outside_the_open_hours_is_warned_about_and_recorded(desk: Desk) -> None:
    day = (timezone.now() + timedelta(days=6)).astimezone(desk.world.location.tzinfo).date()
    added: dict[str, Any] = {"add_day": day.isoformat(), "add_time": "20:00", "add_provider": ""}
    page = desk.post("add", **added)
    assert "outside the open hours" in page
    keys = re.findall(r'name="offer" value="([^"]+)" checked', page)
    assert len(keys) == 4
    round_ = desk.send(offer=keys)
    chosen = round_.offers.get(outside_hours=True)
    assert chosen.why == Why.STAFF_CHOICE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": ""}, "Choose the reason"),
        ({"offer": []}, "between two and five"),
        ({"offer": ["1.1.same_person", "junk"]}, "cannot be read"),
        ({"personal_note": "Dear {name}"}, "looks like a placeholder"),
        ({"personal_note": "See [[link]]"}, "looks like a placeholder"),
        ({"respond_by": "2020-01-01T10:00"}, "lies ahead"),
        ({"respond_by": "soon"}, "Answer by"),
        ({"contact": "999999999"}, "Responsible"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: Desk, change: dict[str, object], sentence: str
) -> None:
    page = desk.post("send", expect=422, **({"personal_note": "Keep me"} | change))
    assert sentence in page
    if "personal_note" not in change:
        assert "Keep me" in page
    assert RescheduleRequest.objects.count() == 0


def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    wrong = {
        "reason": "",
        "offer": desk.form()["offer"][:1],  # type: ignore[index]
        "respond_by": "2020-01-01T10:00",
        "contact": "999999999",
        "personal_note": "Dear {name}",
    }
    page = desk.post("preview", expect=422, **wrong)
    alert = page[page.index('role="alert"') : page.index('name="nonce"')]
    assert alert.count("<li>") == 5
    for sentence in (
        "Choose the reason: the customer is told it.",
        "Offer between two and five times.",
        "Give the customer a time to answer that lies ahead.",
        "Responsible",
        "looks like a placeholder",
    ):
        assert sentence in alert
    assert '<a href="#id_respond_by">' in alert


def test_whoever_is_told_less_than_a_day_before_hears_from_a_person_too(desk: Desk) -> None:
    near = desk.appointment.starts_at - timedelta(hours=23)
    with time_machine.travel(near, tick=False):
        desk.client.force_login(desk.world.staff)
        page = desk.post("preview", expect=422)
        assert "It begins in less than a day, and it is our doing. Please add a personal line here;" in page
        desk.send(personal_note="I have looked for an early hour for you.")


def test_how_many_times_there_are_is_asked_when_those_that_went_are_off_the_list(desk: Desk) -> None:
    page = desk.post("preview", expect=422, offer=["junk"], respond_by="2020-01-01T10:00")
    assert "cannot be read" in page
    assert "lies ahead" in page
    assert "between two and five" not in page


def test_a_time_that_has_gone_meanwhile_says_who_is_there(desk: Desk) -> None:
    form = desk.form()
    keys = form["offer"]
    assert isinstance(keys, list)
    seconds, provider, __ = keys[0].split(".")
    taken = datetime.fromtimestamp(int(seconds), tz=desk.world.location.tzinfo)
    provider_row = desk.world.provider if int(provider) == desk.world.provider.pk else desk.world.colleague
    desk.world.booked(taken, provider=provider_row, customer=CustomerFactory(name="Joko Susilo"), room=None)
    page = desk.client.post(desk.url, form | {"step": "send"}).content.decode()
    assert "Joko Susilo" in page
    assert RescheduleRequest.objects.count() == 0


def test_undo_tells_nobody(desk: Desk) -> None:
    round_ = desk.send()
    page = desk.client.get(f"/rounds/{round_.pk}/").content.decode()
    assert "Undo" in page
    desk.client.post(f"/rounds/{round_.pk}/undo/")
    round_.refresh_from_db()
    assert round_.state == RequestState.WITHDRAWN
    assert Message.objects.get().state == "cancelled"
    assert drafts.can_be_moved(desk.appointment, now=timezone.now())


def said_after(desk: Desk, path: str) -> list[str]:
    """What has just happened, as the next page says it after this POST."""
    page = desk.client.post(path, follow=True).content.decode()
    return re.findall(r'<li class="notice [^"]*">([^<]+)</li>', html_module.unescape(page))


def test_a_second_tap_on_undo_says_the_same(desk: Desk) -> None:
    undo = f"/rounds/{desk.send().pk}/undo/"
    said = ["Taken back. The customer was not told anything of it."]
    assert [said_after(desk, undo), said_after(desk, undo)] == [said, said]


def test_an_undo_that_comes_too_late_says_what_is_so(desk: Desk) -> None:
    round_ = desk.send()
    RescheduleRequest.objects.update(undo_until=timezone.now())
    undo = f"/rounds/{round_.pk}/undo/"
    late = "The time to undo is over. You can still take it back: the customer has not been told anything yet."
    assert said_after(desk, undo) == [late]
    letters_have_left()
    desk.client.post(f"/rounds/{round_.pk}/withdraw/", follow=True)
    told = "It was taken back already, and the customer is told that the original time stands."
    assert said_after(desk, undo) == [told]


def test_taking_back_later_tells_that_the_time_stands(desk: Desk) -> None:
    round_ = desk.send()
    RescheduleRequest.objects.update(undo_until=timezone.now())
    letters_have_left()
    assert "Undo" not in desk.client.get(f"/rounds/{round_.pk}/").content.decode()
    told = "Taken back, and the customer is told that the original time stands."
    assert said_after(desk, f"/rounds/{round_.pk}/withdraw/") == [told]
    assert Message.objects.filter(kind="kept").count() == 1


def test_taking_back_later_what_has_not_left_says_that_nobody_was_told(desk: Desk) -> None:
    round_ = desk.send()
    RescheduleRequest.objects.update(undo_until=timezone.now())
    said = said_after(desk, f"/rounds/{round_.pk}/withdraw/")
    assert said == ["Taken back. The customer was not told anything of it."]
    assert not Message.objects.filter(kind="kept").exists()


def test_the_waiting_list_has_the_nearest_deadline_first(desk: Desk, django_assert_max_num_queries: object) -> None:
    desk.send()
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page = desk.client.get("/waiting/").content.decode()
    assert "Ana Putri" in page
    assert "waiting" in page


def owed(desk: Desk, kind: PromiseKind = PromiseKind.CALL) -> Promise:
    round_ = desk.send()
    give = {"nonce": "from the page", "now": timezone.now()}
    if kind == PromiseKind.CALL:
        answers.call_me(round_, **give)  # type: ignore[arg-type]
    else:
        answers.tell(round_, words="Why?", **give)  # type: ignore[arg-type]
    return Promise.objects.open().get(kind=kind)


def write_down(desk: Desk, promise: Promise, outcome: CallOutcome, expect: int = 302, **data: object) -> str:
    values = {"outcome": outcome, "nonce": f"call-{outcome}", "note": "said so"} | data
    response = desk.client.post(f"/promises/{promise.pk}/", values)
    assert response.status_code == expect
    return response.content.decode()


def test_the_call_page_has_number_script_and_buttons(desk: Desk) -> None:
    promise = owed(desk)
    page = desk.client.get(f"/promises/{promise.pk}/").content.decode()
    assert 'href="tel:+6281200000001"' in page
    assert "Ana Putri" in page
    assert page.count('type="radio" name="offer"') == 3
    assert "Ana Putri" in desk.client.get("/calls/").content.decode()


def test_a_choice_made_by_phone_is_the_same_as_a_tap(desk: Desk) -> None:
    promise = owed(desk)
    offer = RescheduleRequest.objects.get().offers.get(position=2)
    for __ in range(2):
        write_down(desk, promise, CallOutcome.CHOSE, offer=offer.pk)
    desk.appointment.refresh_from_db()
    assert desk.appointment.starts_at == offer.starts_at
    answer = Answer.objects.get(kind=AnswerKind.PICK)
    assert answer.recorded_by == desk.world.staff
    assert (CallAttempt.objects.count(), Promise.objects.open().count()) == (1, 0)
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_nobody_there_means_that_the_call_is_still_owed(desk: Desk) -> None:
    promise = owed(desk)
    write_down(desk, promise, CallOutcome.NO_ANSWER)
    assert Promise.objects.open().get(kind=PromiseKind.CALL) == promise
    assert in_limbo(timezone.now()).count() == 0


def test_a_later_call_is_promised_for_the_agreed_hour(desk: Desk) -> None:
    promise = owed(desk)
    assert "Say when to call again" in write_down(desk, promise, CallOutcome.CALL_LATER, expect=422, later="")
    day = (timezone.now() + timedelta(days=1)).astimezone(desk.world.location.tzinfo).replace(second=0, microsecond=0)
    typed = {"night": day.replace(hour=5, minute=0), "odd": day.replace(hour=14, minute=8)}
    night = typed["night"].strftime("%Y-%m-%dT%H:%M")
    assert "05:00 is at night" in write_down(desk, promise, CallOutcome.CALL_LATER, expect=422, later=night)
    odd = typed["odd"].strftime("%Y-%m-%dT%H:%M")
    write_down(desk, promise, CallOutcome.CALL_LATER, later=odd, nonce="again")
    assert Promise.objects.open().get(kind=PromiseKind.CALL).due_at == day.replace(hour=14, minute=15)


def test_cancelling_by_phone_ends_it(desk: Desk) -> None:
    write_down(desk, owed(desk), CallOutcome.CANCEL)
    desk.appointment.refresh_from_db()
    assert desk.appointment.state == AppointmentState.CANCELLED
    assert Message.objects.filter(kind="cancellation").count() == 1


def test_other_times_by_phone_open_a_new_round(desk: Desk) -> None:
    write_down(desk, owed(desk), CallOutcome.OTHER_TIMES, parts=["afternoon"], note="")
    assert RescheduleRequest.objects.get(round=2).wished is True


def test_a_call_cannot_be_settled_while_the_customer_has_no_time(desk: Desk) -> None:
    promise = owed(desk)
    RescheduleRequest.objects.get().offers.update(state=OfferState.GONE)
    page = write_down(desk, promise, CallOutcome.SETTLED, expect=422)
    assert "does not fit any more" in page
    assert in_limbo(timezone.now()).count() == 0


def test_an_answered_comment_is_kept_as_a_promise(desk: Desk) -> None:
    promise = owed(desk, PromiseKind.REPLY)
    write_down(desk, promise, CallOutcome.SETTLED)
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_handing_over_keeps_the_due_time(desk: Desk) -> None:
    promise = owed(desk)
    desk.client.post(f"/promises/{promise.pk}/hand-over/", {"to": desk.world.manager.pk})
    after = Promise.objects.get(pk=promise.pk)
    assert (after.owner, after.due_at) == (desk.world.manager, promise.due_at)


def test_overdue_promises_stand_on_top(desk: Desk) -> None:
    promise = owed(desk)
    Promise.objects.filter(pk=promise.pk).update(due_at=timezone.now() - timedelta(hours=1))
    page = desk.client.get("/promises/").content.decode()
    shown = re.findall(r'class="work-due">\s*<strong>([^<]*)</strong>', page)
    assert shown[0] == "1 h ago"
    assert page.count('<span class="badge bad">overdue</span>') == 1


@pytest.mark.parametrize("path", ["/waiting/", "/calls/", "/promises/"])
def test_empty_lists_teach_the_next_step(desk: Desk, path: str) -> None:
    assert 'class="empty"' in desk.client.get(path).content.decode()


def test_words_that_may_be_meant_leave_once_somebody_says_so(desk: Desk) -> None:
    said = "The room will definitely be warm."
    page = html_module.unescape(desk.post("preview", expect=422, personal_note=said))
    assert "“definitely” promises more than anybody can know." in page
    assert f"{said}</textarea>" in page
    mark = re.search(r'name="anyway" value="(\w+)"', page)
    assert mark and "checked" not in page.split('name="anyway"')[1].split(">")[0]

    desk.post("preview", expect=422, personal_note=f"{said} And quiet!!", anyway=mark[1])
    page = desk.post("preview", personal_note=said, anyway=mark[1])
    assert f'name="anyway" value="{mark[1]}"' in page

    assert desk.send(personal_note=said, anyway=mark[1]).personal_note == said


def test_words_that_must_not_leave_have_no_box_to_tick(desk: Desk) -> None:
    page = html_module.unescape(
        desk.post("send", expect=422, personal_note="Dr. Ratna is ill. It will definitely be fine!!")
    )
    assert "“ill” speaks of a colleague’s health. Say only that they are not available." in page
    assert "“definitely” promises" in page
    assert 'name="anyway"' not in page


def test_words_follow_the_reason_that_is_chosen(desk: Desk) -> None:
    said = "You asked us to move it."
    page = html_module.unescape(desk.post("preview", expect=422, personal_note=said))
    assert "says that the customer asked for it" in page
