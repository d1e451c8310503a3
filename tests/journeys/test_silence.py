"""A customer who does not answer: reminded twice, told what comes next, phoned by the colleague who was named."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.domain.moving import answers, chasing, drafts, reminders
from appointments.domain.moving.drafts import ChosenOffer
from appointments.enums import PromiseKind, PromiseState
from appointments.models import Feedback, Promise
from tests.clock import at
from tests.journeys.stage import Stage, links_of, page_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def test_silence_ends_in_a_call_and_the_call_in_a_new_time(page: Page, phone_page: Page, stage: Stage) -> None:
    appointment = stage.booked("2026-11-27 10:00")
    found = [one for one in drafts.propose(appointment, now=timezone.now()) if one.slot.starts_at > at("2026-11-24")]
    offers = tuple(ChosenOffer(one.slot, one.why, guaranteed=True) for one in found)
    round_ = stage.offered(appointment, offers=offers, respond_by=at("2026-11-23 15:00"))
    stage.post()

    heard = []
    for hour in ("12:05", "14:00", "15:01"):
        stage.clock.move_to(at(f"2026-11-23 {hour}"))
        for _ in range(2):  # the second sweep finds nothing left to do
            chasing.chase_answers(now=timezone.now())
        letters = stage.post()
        heard.append([str(one["Subject"]) for one in letters])
    nudge = "Please choose by Mon 23 Nov, 15:00 WIB: your consultation on Fri 27 Nov needs a new time"
    call = "Your consultation on Fri 27 Nov still has no new time: we will phone you"
    assert heard == [[nudge], [nudge], [call]]

    # The page tells the truth of the hour; the colleague has the call on her list and books what is agreed.
    phone_page.goto(page_of(letters[0]))
    caller = stage.world.staff.get_full_name()
    expect(phone_page.get_by_role("heading", level=1)).to_have_text(f"{caller} will phone you")
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    expect(page.get_by_role("link", name="Calls 1")).to_be_visible()
    page.get_by_role("link", name="Ana Putri").first.click()
    page.get_by_role("link", name="Phone the customer").click()
    expect(page.get_by_role("link", name="Call +62 812-5550-123")).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book this time").click()

    appointment.refresh_from_db()
    assert appointment.starts_at == round_.offers.get(position=1).starts_at
    assert list(Promise.objects.open()) == []
    assert Promise.objects.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.KEPT
    (confirmation,) = stage.post()
    assert str(confirmation["Subject"]).startswith("Confirmed: your consultation is now on")
    phone_page.reload()
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Your new time is confirmed")


def test_two_taps_say_how_it_went_and_a_bad_answer_is_answered(phone_page: Page, stage: Stage) -> None:
    round_ = stage.offered()
    appointment = answers.accept(round_.offers.all()[0], nonce="n", now=timezone.now()).request.appointment
    stage.clock.move_to(appointment.ends_at)
    stage.wait(hours=3)
    reminders.complete_past(now=timezone.now())
    stage.post()  # earlier letters
    assert (reminders.ask_all(now=timezone.now()), reminders.ask_all(now=timezone.now())) == (1, 0)
    (letter,) = stage.post()

    phone_page.goto(next(link for link in links_of(letter) if "/f/" in link))
    assert not Feedback.objects.exists()  # looking is not answering
    for question, score in (("How did we handle", "2 badly"), ("Did the new time work", "4 well")):
        phone_page.get_by_role("group", name=question).get_by_role("button", name=score).click()

    expect(phone_page.get_by_role("heading", level=1)).to_have_text("We are sorry that this went badly")
    given = Feedback.objects.get()
    assert (given.handling, given.outcome) == (2, 4)
    owed = Promise.objects.open().get()
    assert (owed.kind, owed.owner) == (PromiseKind.REPLY, stage.world.staff)
