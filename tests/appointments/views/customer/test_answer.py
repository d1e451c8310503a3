"""The customer's page: GET shows and changes nothing, each answer is one POST, the present truth is always there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.domain import actors, affected, links
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import answers, chasing, drafts, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import find_alternatives
from appointments.enums import AppointmentState, DisruptionScope, LinkPurpose, PromiseKind, RequestState
from appointments.models import (
    Answer,
    Appointment,
    Business,
    Customer,
    Feedback,
    Link,
    Offer,
    Promise,
    RescheduleRequest,
)
from notifications.models import Message
from tests.clock import minutes
from tests.factories import AbsenceFactory, AppointmentFactory, Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db


class Visit:
    """A customer with a link, and what the page says to them."""

    def __init__(self, world: Clinic, client: Client, **fields: Any) -> None:
        self.now = timezone.now()
        start = (self.now + timedelta(days=4)).replace(hour=3, minute=0, second=0, microsecond=0)
        start += timedelta(days=(7 - start.weekday()) % 7 if start.weekday() == 6 else 0)
        self.appointment = world.booked(start, customer=CustomerFactory(language="en", name="Ana Putri"))
        starts = [one.slot.starts_at for one in drafts.propose(self.appointment, now=self.now, limit=3)]
        usual = {"respond_by": drafts.proposed_respond_by(self.appointment, starts, now=self.now)}
        self.round = world.offered(self.appointment, now=self.now, **usual | fields)
        self.client = client
        self.token = links.issue(self.appointment, purpose=LinkPurpose.ANSWER, now=self.now)

    def page(self, query: str = "", status: int = 200) -> str:
        response = self.client.get(f"/r/{self.token}/{query}")
        assert response.status_code == status
        return response.content.decode()

    def send(self, answer: str, expect: int = 303, **data: object) -> str:
        data.setdefault("nonce", self.nonce())
        response = self.client.post(f"/r/{self.token}/{answer}/", data)
        assert response.status_code == expect
        if expect == 303:
            return self.client.get(response["Location"]).content.decode()
        return response.content.decode()

    def nonce(self) -> str:
        found = re.search(r'name="nonce" value="([^"]+)"', self.page())
        assert found
        return found[1]

    def offer(self, position: int = 1) -> int:
        return int(self.round.offers.get(position=position).pk)


def heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.fixture
def visit(client: Client) -> Visit:
    return Visit(clinic(rooms=2), client)


def test_the_page_says_why_what_until_when_and_who(visit: Visit) -> None:
    page = visit.page()
    assert heading(page) == "Your appointment needs a new time"
    assert page.count('type="radio" name="offer"') == 3
    assert page.count('name="nonce" value=""') == 0
    assert page.count('name="nonce"') == page.count("<form")
    for wanted in ("and we are sorry", "Please answer by", "will phone you by", "Kept for you until", "WIB"):
        assert wanted in page


@pytest.mark.parametrize(("honorific", "spoken_to"), [("mr", "Bapak"), ("ms", "Ibu"), ("", "Bapak/Ibu")])
def test_in_indonesian_a_grown_up_is_spoken_to_as_one(visit: Visit, honorific: str, spoken_to: str) -> None:
    customer = visit.appointment.customer
    customer.name, customer.honorific = "Nur'aini Putri", honorific
    customer.save()
    page = visit.page("?lang=id")
    assert f"{spoken_to} Nur&#x27;aini, mohon maaf" in page
    assert ("Bapak/Ibu" in page) == (spoken_to == "Bapak/Ibu")
    assert page.count(spoken_to) > 1
    assert "Nur&#x27;aini, we cannot keep" in visit.page("?lang=en")


def test_a_page_is_on_the_terms_that_the_business_is_on_with_everybody(visit: Visit) -> None:
    Business.objects.update(tone="warm")
    page = visit.page("?lang=id")
    assert "Bapak" not in page
    assert page.count("Kak") > 1


def test_what_somebody_wrote_is_not_put_in_other_words(visit: Visit) -> None:
    said = "Selamat siang Bapak/Ibu admin"
    Customer.objects.update(honorific="ms")
    RescheduleRequest.objects.update(personal_note=f"{said}, kata saya.")
    html = visit.client.post(f"/r/{visit.token}/tell/?lang=id", {"words": said, "nonce": ""}).content.decode()
    assert html.count("Bapak/Ibu") == html.count(said) == 2


def test_looking_changes_nothing(visit: Visit) -> None:
    before = list(RescheduleRequest.objects.values()), list(Appointment.objects.values()), Message.objects.count()
    for method in ("get", "head", "options"):
        getattr(visit.client, method)(f"/r/{visit.token}/?offer={visit.offer()}")
        for answer in ("pick", "other-times", "call-me", "keep", "cancel", "tell"):
            getattr(visit.client, method)(f"/r/{visit.token}/{answer}/?offer={visit.offer()}")
    after = list(RescheduleRequest.objects.values()), list(Appointment.objects.values()), Message.objects.count()
    assert after == before


def test_the_link_of_an_offer_opens_the_page_with_it_chosen(visit: Visit) -> None:
    chosen = re.findall(r'value="(\d+)" required\s+checked', visit.page(f"?offer={visit.offer(2)}"))
    assert chosen == [str(visit.offer(2))]


def test_what_can_no_longer_take_place_is_struck_out_and_said(visit: Visit) -> None:
    before = visit.page()
    assert "No longer available" not in before
    offer = visit.round.offers.order_by("position").first()
    assert offer
    AbsenceFactory(resource=offer.provider, starts_at=offer.starts_at, ends_at=offer.ends_at)
    page = visit.page()
    (struck,) = re.findall(r'<section class="struck".*?</section>', page, re.DOTALL)
    assert "No longer available" in struck
    assert struck.count("<del>") == 1
    assert f"{offer.starts_at.astimezone(visit.appointment.location.tzinfo):%H:%M}" in struck
    assert page.count('type="radio" name="offer"') == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "That day has filled up in the meantime. Please choose another time."),
        ("id", "Hari itu baru saja penuh. Silakan pilih waktu lain."),
    ],
)
def test_a_day_that_others_have_filled_is_said_and_struck_out(visit: Visit, language: str, sentence: str) -> None:
    Offer.objects.update(guaranteed=False, kept_until=None)
    visit.round.holds.all().delete()
    offer = Offer.objects.get(pk=visit.offer())
    assert offer.provider is not None
    evening = offer.starts_at.astimezone(visit.appointment.location.tzinfo).replace(hour=20)
    AppointmentFactory(provider=offer.provider, location=offer.provider.location, starts_at=evening)
    offer.resources.filter(kind="provider").update(most_a_day=1)
    Customer.objects.filter(pk=visit.appointment.customer_id).update(language=language)
    page = visit.send("pick", offer=offer.pk, expect=409)
    assert sentence in page
    (struck,) = re.findall(r'<section class="struck".*?</section>', page, re.DOTALL)
    assert struck.count("<del>") >= 1
    assert page.count('type="radio" name="offer"') >= 3


def test_an_original_time_that_has_been_hit_is_struck_out_too(visit: Visit) -> None:
    assert "<s>" in visit.page()
    RescheduleRequest.objects.update(can_keep=True)
    assert "<s>" not in visit.page(), "what stays theirs until they choose is not struck out"
    assert '<span class="who">the original time<' not in visit.page()
    hit = WhatIsMissing(
        DisruptionScope.APPOINTMENT,
        visit.appointment.location,
        visit.appointment.starts_at,
        visit.appointment.ends_at,
        appointment=visit.appointment,
    )
    affected.declare(hit, reason=None, by=actors.SYSTEM, now=visit.now + minutes(1))
    assert '<span class="who">the original time<' in visit.page()


def test_picking_ends_in_what_is_now_true(visit: Visit) -> None:
    same_time = visit.round.offers.get(starts_at=visit.round.was_starts_at)
    page = visit.send("pick", offer=same_time.pk)
    assert heading(page) == "Your appointment is confirmed"
    assert "only the person has changed: Dr. Budi instead of Dr. Ratna." in page
    visit.appointment.refresh_from_db()
    assert visit.appointment.starts_at == same_time.starts_at
    calendar = visit.client.get(f"/r/{visit.token}/appointment.ics").content.decode()
    assert f"UID:{visit.appointment.uid}" in calendar
    assert "SEQUENCE:1" in calendar


def test_back_and_again_is_the_same_answer(visit: Visit) -> None:
    nonce = visit.nonce()
    for __ in range(5):
        assert heading(visit.send("pick", offer=visit.offer(1), nonce=nonce)) == "Your new time is confirmed"
    assert Answer.objects.count() == 1
    assert Message.objects.filter(kind="confirmation").count() == 1


def test_nothing_chosen_keeps_the_page_and_says_so(visit: Visit) -> None:
    page = visit.send("pick", expect=422)
    assert "Please choose one of the times first." in page
    assert page.count('type="radio" name="offer"') == 3


def test_a_time_of_somebody_else_is_refused_and_noted(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    other = Visit(clinic_beside(), visit.client)
    page = visit.send("pick", expect=409, offer=other.offer())
    assert "not among the ones we offered" in page
    assert f"Offer {other.offer()} was never made" in caplog.text
    assert Answer.objects.count() == 0


def clinic_beside() -> Clinic:
    from appointments.models import Business, Location

    Location.objects.update(code="first")
    Business.objects.all().delete()
    return clinic(rooms=1)


def test_other_times_show_new_ones_at_once(visit: Visit) -> None:
    page = visit.send("other-times", parts=["afternoon"], words="")
    assert heading(page) == "Other times for you"
    assert page.count('type="radio" name="offer"') >= 2


def test_wishes_nobody_can_meet_become_a_promise(visit: Visit) -> None:
    page = visit.send("other-times", days=["6"], words="Sundays only <b>please</b>")
    assert heading(page) == "We are looking for other times"
    assert Promise.objects.open().filter(kind=PromiseKind.FIND_TIMES).count() == 1


def test_call_me_and_tell_end_in_a_stated_promise(visit: Visit) -> None:
    page = visit.send("call-me", words="after lunch")
    assert "will phone you" in heading(page)
    assert 'type="radio" name="offer"' in page  # the times can still be taken
    again = visit.send("tell", words="Why so late?")
    assert "will read what you told us and answer you by" in again


def test_empty_words_are_asked_for_and_long_ones_are_kept(visit: Visit) -> None:
    assert "Please write a few words first." in visit.send("tell", expect=422, words="  ")
    long = "a" * 5000
    page = visit.send("tell", expect=422, words=long)
    assert "longer than we can take" in page
    assert long in page


def test_who_has_told_too_much_reads_what_to_do_instead_and_loses_no_word(visit: Visit) -> None:
    for number in range(10):
        visit.send("tell", words=f"word {number}")
    for name, more in (("tell", {}), ("call-me", {}), ("other-times", {"days": ["2"]})):
        page = visit.send(name, expect=429, words="one word too many", **more)
        assert "please phone us: +62 21 5550101." in page
        assert "one word too many</textarea>" in page
    assert Answer.objects.count() == 10
    assert heading(visit.send("pick", offer=visit.offer())) == "Your new time is confirmed"


def test_cancelling_says_goodbye_and_keeps_no_time(visit: Visit) -> None:
    assert heading(visit.send("cancel", words="")) == "Your appointment is cancelled"
    visit.appointment.refresh_from_db()
    assert visit.appointment.state == AppointmentState.CANCELLED
    assert "METHOD:CANCEL" in visit.client.get(f"/r/{visit.token}/appointment.ics").content.decode()


def test_keeping_is_offered_only_where_it_is_possible(client: Client) -> None:
    impossible = Visit(clinic(rooms=2), client)
    assert "Keep the original time" not in impossible.page()
    assert "no longer possible" in impossible.send("keep", expect=409)
    possible = Visit(clinic_beside(), client, can_keep=True)
    assert heading(possible.send("keep")) == "Your appointment stays as it is"


def test_a_second_tab_says_what_became_of_its_tap(visit: Visit) -> None:
    in_another_tab = visit.nonce()
    visit.send("pick", offer=visit.offer(1))
    page = visit.send("pick", offer=visit.offer(2), nonce=in_another_tab, expect=409)
    assert "You had chosen a time already, so this tap changed nothing. The time that holds is below." in page
    assert heading(page) == "Your new time is confirmed"
    assert Answer.objects.get().offer_id == visit.offer(1)
    # The same choice again is no second one.
    assert "changed nothing" not in visit.send("pick", offer=visit.offer(1), nonce=in_another_tab + "x")
    for answer in ("keep", "cancel", "other-times"):
        assert "changed nothing" in visit.send(answer, expect=409, parts=["morning"])


def test_the_link_of_an_earlier_round_shows_the_present_one(visit: Visit) -> None:
    old_offer = visit.offer(1)
    answers.ask_other_times(
        visit.round, wishes=answers.Wishes(parts=frozenset({"afternoon"})), nonce="x", now=timezone.now()
    )
    assert heading(visit.page(f"?offer={old_offer}")) == "Other times for you"
    assert "checked" not in visit.page(f"?offer={old_offer}").split("</form>")[0]
    visit.appointment.refresh_from_db()
    page = visit.send("pick", offer=old_offer, expect=409)
    assert heading(page) == "Other times for you"
    assert "This was settled already, so your tap changed nothing." in page
    assert visit.appointment.sequence == 0


def test_a_time_that_is_kept_for_less_says_so_and_then_that_it_is_free_for_all(visit: Visit) -> None:
    first, due = visit.round.offers.get(position=1), visit.now + timedelta(hours=1)
    RescheduleRequest.objects.update(respond_by=due)
    visit.round.offers.update(kept_until=due)
    assert "only until" not in visit.page()
    for shorter, kept, free in ((timedelta(minutes=5), 1, 0), (-timedelta(minutes=5), 0, 1)):
        visit.round.offers.filter(pk=first.pk).update(kept_until=timezone.now() + shorter)
        page = visit.page()
        assert page.count("A time that we can keep only for a shorter while says so.") == kept
        assert page.count("Kept for you only until ") == kept
        assert page.count("Kept for you until ") == 2
        assert page.count("Not reserved: others can choose it too") == free
    assert heading(visit.send("pick", offer=first.pk)) == "Your new time is confirmed"


def test_after_expiry_a_call_is_promised_and_the_times_may_still_be_taken(visit: Visit) -> None:
    RescheduleRequest.objects.update(
        undo_until=visit.now,
        opened_at=visit.now - timedelta(hours=3),
        respond_by=visit.now - timedelta(minutes=1),
    )  # fmt: skip
    chasing.chase_answers(now=timezone.now())
    page = visit.page()
    assert "will phone you" in heading(page)
    assert "Not reserved: others can choose it too" in page
    assert heading(visit.send("pick", offer=visit.offer(1))) == "Your new time is confirmed"


@pytest.mark.parametrize("how", ["revoked", "expired", "other purpose"])
def test_dead_links_look_alike(visit: Visit, how: str) -> None:
    unknown = visit.client.get("/r/" + "x" * 43 + "/")
    token = visit.token
    if how == "revoked":
        links.revoke(visit.appointment, now=timezone.now())
    elif how == "expired":
        Link.objects.update(expires_at=timezone.now())
    elif how == "other purpose":
        token = links.issue(visit.appointment, purpose=LinkPurpose.FEEDBACK, now=visit.now)
    dead = visit.client.get(f"/r/{token}/")
    assert (dead.status_code, dead.content) == (404, unknown.content)


def test_the_answer_is_private(visit: Visit) -> None:
    response = visit.client.get(f"/r/{visit.token}/")
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Putri" not in response.content.decode()
    assert response.cookies == {}


def test_the_page_needs_few_queries_however_many_times_are_offered(visit: Visit) -> None:
    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = visit.page()
        return page.count('type="radio" name="offer"'), len(queries)

    asked()  # what is known for some minutes afterwards
    offers, queries = asked()
    known = {(one.starts_at, one.provider_id) for one in visit.round.offers.all()}
    more = find_alternatives(visit.appointment, now=visit.now, limit=2, excluding=known)
    rounds.add_offers(visit.round, [ChosenOffer(one.slot, one.why, guaranteed=False) for one in more])

    assert (offers, asked()) == (3, (5, queries))
    assert queries <= 8


def test_two_taps_answer_the_questions_and_a_bad_one_is_answered(visit: Visit) -> None:
    answers.accept(visit.round.offers.get(position=1), nonce="p", now=visit.now)
    token = links.issue(visit.appointment, purpose=LinkPurpose.FEEDBACK, now=visit.now)
    for question, score in (("handling", 2), ("outcome", 5), ("outcome", 5)):
        assert visit.client.post(f"/f/{token}/", {"question": question, "score": score}).status_code == 303
    given = Feedback.objects.get()
    assert (given.handling, given.outcome) == (2, 5)
    assert [promise.kind for promise in Promise.objects.open()] == [PromiseKind.REPLY]
    assert visit.client.post(f"/f/{token}/", {"question": "handling", "score": 9}).status_code == 422
    for number in range(7):  # three scores were told already, one of them twice
        assert visit.client.post(f"/f/{token}/words/", {"words": f"word {number}"}).status_code == 303
    assert visit.client.post(f"/f/{token}/words/", {"words": "word 7"}).status_code == 303
    too_much = visit.client.post(f"/f/{token}/words/", {"words": "one word too many"})
    assert too_much.status_code == 429
    assert "please phone us: +62 21 5550101." in too_much.content.decode()
    assert "one word too many</textarea>" in too_much.content.decode()
    assert visit.client.post(f"/f/{token}/", {"question": "handling", "score": 5}).status_code == 429
    given.refresh_from_db()
    assert (given.handling, given.words) == (2, "word 7")
    assert visit.client.post(f"/f/{token}/no-more/").status_code == 200
    visit.appointment.customer.refresh_from_db()
    assert visit.appointment.customer.wants_follow_up is False


def test_a_withdrawn_round_tells_that_the_time_stands(visit: Visit) -> None:
    RescheduleRequest.objects.update(undo_until=visit.now)
    rounds.withdraw(visit.round, by=actors.SYSTEM, now=timezone.now())
    assert RescheduleRequest.objects.get().state == RequestState.WITHDRAWN
    assert heading(visit.page()) == "Your appointment stays as it is"
