"""The customer's page in a browser: with a keyboard alone, without a script, on small screens, for every eye."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.enums import AppointmentState, LinkPurpose, PromiseKind
from appointments.models import Appointment, Promise, RescheduleRequest
from tests.engines.fixtures import PHONE
from tests.journeys.stage import Stage, complaints, overhang, page_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def focused(page: Page) -> str:
    """What the keyboard is on, as a customer would call it."""
    return str(
        page.evaluate(
            "(() => { const e = document.activeElement; return e.type === 'radio' ? 'offer' : e.innerText.trim() })()"
        )
    )


def tab_to(page: Page, what: str) -> None:
    """Press Tab until `what` has the focus, and see that the focus can be seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == what:
            style = "(() => { const e = document.activeElement.closest('.offer') || document.activeElement;"
            assert page.evaluate(style + " return getComputedStyle(e).outlineStyle })()") != "none", what
            return
    raise AssertionError(f"the keyboard never gets to “{what}”")


def test_a_time_is_picked_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    page.goto(stage.invited())
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"

    tab_to(page, "offer")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("label.offer", has=page.locator("input:checked")).locator(".day").inner_text()
    tab_to(page, "Choose this time")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is confirmed")
    assert page.locator(".notice.good .day").inner_text() == chosen
    tab_to(page, "Put it into my calendar")


def test_words_are_written_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    page.goto(stage.invited())

    tab_to(page, "Ask or complain")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("I took the day off for this.")
    tab_to(page, "Send it")
    page.keyboard.press("Enter")

    expect(page.locator(".notice.held")).to_contain_text("and answer you by")
    assert Promise.objects.get(kind=PromiseKind.REPLY).details == "I took the day off for this."


def test_each_answer_takes_two_taps_and_no_script(open_page: OpenPage, stage: Stage) -> None:
    """Seven customers, none of whose phones runs scripts; each ends where the page says what comes next."""
    page = open_page(viewport=PHONE, java_script_enabled=False)

    def answered(hour: int, title: str, button: str, *, tick: str = "", words: str = "", **draft: object) -> str:
        appointment = stage.booked(f"2026-11-24 {hour:02}:00", email=f"ana{hour}@mail.example")
        page.goto(stage.invited(appointment, **draft))
        if title:
            page.locator("summary", has_text=title).click()
        answer = page.locator("details.answer[open]")
        if tick:
            answer.get_by_label(tick).check()
        if words:
            answer.get_by_role("textbox").fill(words)
        answer.get_by_role("button", name=button).click()
        return heading(page)

    appointment = stage.booked("2026-11-24 08:00")
    page.goto(stage.invited(appointment))
    page.locator("input[name=offer]").first.check()
    page.get_by_role("button", name="Choose this time").click()
    assert heading(page) == "Your new time is confirmed"

    assert answered(9, "None of these suits me", "Show me other times", tick="Afternoon") == "Other times for you"
    assert page.locator("input[name=offer]").count() >= 2
    assert answered(10, "Please call me", "Call me") == f"{stage.world.staff.get_full_name()} will phone you"
    assert answered(11, "I want to keep", "Keep the original", can_keep=True) == "Your appointment stays as it is"
    assert answered(13, "Cancel the appointment", "Yes, cancel") == "Your appointment is cancelled"
    assert answered(14, "Ask or complain", "Send it", words="Why again?") == "Your appointment needs a new time"
    expect(page.locator(".notice.held")).to_contain_text("will read what you told us and answer you by")

    states = RescheduleRequest.objects.order_by("appointment__pk", "round").values_list("state", flat=True)
    assert list(states) == ["accepted", "replaced", "open", "with_us", "kept", "cancelled", "open"]


def test_what_is_missing_is_said_without_a_script_too(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(stage.invited())
    page.locator("summary", has_text="Ask or complain").click()
    # A browser that knows `required` would keep the form to itself.
    page.locator("details[open] form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("alert")).to_contain_text("Please write a few words first.")
    expect(page.locator("details[open] textarea")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("input[name=offer]")).to_have_count(3)
    expect(page.get_by_role("button", name="Choose this time")).to_be_visible()


def all_faces(stage: Stage) -> dict[str, str]:
    """An address for every face of the customer's pages, by its heading."""
    early = stage.booked("2026-11-24 08:00", email="early@mail.example")
    addresses = {
        "Your appointment needs a new time": stage.invited(personal_note="I am sorry."),
        "May we move your appointment?": stage.invited(early, can_keep=True),
    }
    for hour, (title, answer) in enumerate(ANSWERS.items(), start=11):
        round_ = stage.offered(stage.booked(f"2026-11-24 {hour}:00", email=f"ana{hour}@mail.example"), can_keep=True)
        (letter,) = stage.post()
        addresses[title] = page_of(letter)
        answer(round_, f"nonce-{hour}")
        stage.post()  # what was said to that
    over = stage.booked("2026-11-24 17:00", email="over@mail.example")
    addresses["This appointment is over"] = stage.invited(over, can_keep=True)
    answers.keep(over.requests.get(), nonce="over", now=timezone.now())
    Appointment.objects.filter(pk=over.pk).update(state=AppointmentState.MISSED)
    key = links.issue(over, purpose=LinkPurpose.FEEDBACK, now=timezone.now())
    addresses["Two questions"] = f"{stage.site.url}/f/{key}/"
    addresses["This link no longer works"] = f"{stage.site.url}/r/{'x' * 43}/"
    return addresses


def wish(round_: RescheduleRequest, nonce: str, part: str) -> object:
    wishes = Wishes(parts=frozenset({part}))
    return answers.ask_other_times(round_, wishes=wishes, nonce=nonce, now=timezone.now())


ANSWERS: dict[str, Callable[[RescheduleRequest, str], object]] = {
    "Your new time is confirmed": lambda one, nonce: answers.accept(
        one.offers.all()[0], nonce=nonce, now=timezone.now()
    ),
    "Other times for you": lambda one, nonce: wish(one, nonce, "afternoon"),
    "We are looking for other times": lambda one, nonce: wish(one, nonce, "evening"),
    "Sari will phone you": lambda one, nonce: answers.call_me(one, words="Soon.", nonce=nonce, now=timezone.now()),
    "Your appointment stays as it is": lambda one, nonce: answers.keep(one, nonce=nonce, now=timezone.now()),
    "Your appointment is cancelled": lambda one, nonce: answers.cancel(one, nonce=nonce, now=timezone.now()),
}


def test_every_face_suits_every_eye_and_every_screen(open_page: OpenPage, stage: Stage) -> None:
    User.objects.filter(pk=stage.world.staff.pk).update(last_name="")
    addresses = all_faces(stage)
    page = open_page(viewport={"width": 320, "height": 640})
    for title, address in addresses.items():
        page.goto(address)
        assert heading(page) == title
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            assert (title, width, overhang(page)) == (title, width, 0)
            assert (title, width, complaints(page)) == (title, width, [])
        page.emulate_media(color_scheme="dark")
        assert (title, "dark", complaints(page)) == (title, "dark", [])
        page.emulate_media(color_scheme="light")


def test_what_matters_stands_above_the_fold_of_a_small_phone(phone_page: Page, stage: Stage) -> None:
    phone_page.goto(stage.invited())

    for what in (phone_page.locator(".was"), phone_page.locator(".why"), phone_page.locator(".deadline")):
        expect(what).to_be_in_viewport(ratio=1)
    expect(phone_page.locator("input[name=offer]").first).to_be_in_viewport(ratio=1)
    expect(phone_page.get_by_role("button", name="Choose this time")).to_be_in_viewport(ratio=1)


def test_what_is_tapped_is_large_enough(phone_page: Page, stage: Stage) -> None:
    phone_page.goto(stage.invited(can_keep=True))
    phone_page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    small = phone_page.locator("button, summary, label.offer, label.choice, .languages a").evaluate_all(
        "found => found.filter(one => one.getBoundingClientRect().height < 44).map(one => one.innerText)"
    )

    assert small == []


@pytest.mark.parametrize("sign", ["a tap", "a key"])
def test_the_first_touch_of_a_person_says_that_the_page_was_opened(
    open_page: OpenPage, stage: Stage, sign: str
) -> None:
    page = open_page(viewport=PHONE, has_touch=True)
    page.goto(stage.invited())
    assert RescheduleRequest.objects.get().seen_at is None

    with page.expect_response(lambda answer: answer.url.endswith("/seen/")) as said:
        page.touchscreen.tap(5, 300) if sign == "a tap" else page.keyboard.press("Tab")
    assert said.value.status == 204
    first = RescheduleRequest.objects.get().seen_at
    assert first is not None

    page.keyboard.press("Tab")
    page.reload()
    page.keyboard.press("Tab")
    assert RescheduleRequest.objects.get().seen_at == first
