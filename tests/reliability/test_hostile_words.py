"""Names, notes and words that try to be code, headers, placeholders or calendar entries: shown, and inert."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from appointments.domain import links
from appointments.domain.messages import previews
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.enums import AbsenceKind, LinkPurpose
from appointments.models import Answer, Appointment, Promise, RescheduleRequest
from notifications.channels import files
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, ReasonFactory, clinic
from tests.reliability.letters import letters_in, opened, post_every_kind
from tests.reliability.test_same_again import token_for

SCRIPT = "<script>hacked=1</script>"
IMAGE = "<img src=x onerror=hacked=1>"
PLACEHOLDERS = "{{ 7919*7907 }}{% now 'Y' %}{provider}[[link]]${x}%(y)s"
PRODUCT = str(7919 * 7907)  # eight digits: no identifier or link holds them by chance
HEADER = "\r\nBcc: evil@mail.example\r\nX-EVIL: 1\r\n"
INVISIBLE = "\u202egnp.exe\u2066\u0007\u001b[31m\ufeff"
NAME = f"Ana{SCRIPT}{IMAGE}\"'{HEADER}{INVISIBLE}[[link]]"
WORDS = f"=1+1\n{SCRIPT}{IMAGE}</textarea>{PLACEHOLDERS}{HEADER}{INVISIBLE}\nEND:VEVENT\nBEGIN:VEVENT"
RAW = (SCRIPT, IMAGE)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def hostile(db: None) -> Clinic:
    """A clinic in which everything that somebody can type has been typed by somebody who means harm."""
    world = clinic(rooms=2)
    for resource in (world.provider, world.colleague, world.room):
        resource.name = f"Dr. {SCRIPT}{IMAGE}{HEADER}{{x}}"[:120]
        resource.save()
    world.service.name = f"Check {SCRIPT}{HEADER}[[link]]"[:120]
    world.service.stays = WORDS[:200]
    world.service.save()
    world.location.name = f"Melati {SCRIPT}{HEADER}"[:120]
    world.location.address = f"Jalan {IMAGE}{HEADER}"
    world.location.save()
    return world


def hostile_reason() -> Any:
    wording = f"{SCRIPT} {{provider}} [[link]] {{{{ 7919*7907 }}}} is away{HEADER}"
    return ReasonFactory(label=f"Away {SCRIPT}", wording=wording)


def ana() -> Any:
    return CustomerFactory(name=NAME[:150], email="ana@mail.example", note=WORDS, address=f"Jalan {SCRIPT}")


@pytest.mark.django_db(transaction=True)
def test_every_letter_goes_out_and_nothing_in_it_is_more_than_text(
    hostile: Clinic, clock: Traveller, settings: Any
) -> None:
    settings.EMAIL_BACKEND = files.BACKEND
    settings.MESSAGE_FROM = "Front desk <desk@melati.example>"
    post_every_kind(
        hostile,
        clock,
        customer=ana(),
        words=WORDS,
        reason=hostile_reason(),
        personal_note=WORDS.replace("[[link]]", ""),
    )
    letters = letters_in(Path(settings.MAIL_DIR))
    assert len(letters) >= 10
    for letter in letters:
        check_headers(letter)
        for part in letter.walk():
            if part.get_content_type() == "text/html":
                assert [raw for raw in RAW if raw in part.get_content()] == []
                assert PRODUCT not in part.get_content()
            elif part.get_content_type() in ("text/calendar", "application/ics"):
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                check_calendar(payload)
    assert Message.objects.exclude(state="sent").filter(state__in=("parked", "failed")).count() == 0


def check_headers(letter: EmailMessage) -> None:
    """Nothing that was typed became a header or a recipient."""
    names = {name.lower() for name in letter.keys()}  # noqa: SIM118  a message is no dictionary
    assert names.isdisjoint({"bcc", "x-evil", "cc"})
    (to,) = letter["To"].addresses
    assert to.addr_spec == "ana@mail.example" or to.addr_spec.endswith("@melati.example")
    for name, value in letter.items():
        assert "\n" not in str(value), name
        assert "\u202e" not in str(value), name


def check_calendar(content: bytes) -> None:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert {"BCC", "X-EVIL"}.isdisjoint(event)
    assert set(event) <= {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "TRANSP",
        "ORGANIZER", "ATTENDEE",
    }  # fmt: skip
    assert [line for line in content.splitlines() if line.startswith((b"Bcc", b"X-EVIL", b"BCC"))] == []


@pytest.mark.django_db
def test_no_page_gives_back_what_was_typed_as_code(hostile: Clinic, clock: Traveller, client: Client) -> None:
    round_ = live_round(hostile)
    client.force_login(hostile.manager)
    for path in desk_pages(round_):
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert [raw for raw in RAW if raw in page] == [], path
    page = client.get(f"/r/{token_for(round_)}/").content.decode()
    assert [raw for raw in RAW if raw in page] == []
    assert "&lt;script&gt;hacked=1&lt;/script&gt;" in page
    promise = Promise.objects.to_work_on().for_display().first()
    assert promise is not None
    assert "{{ 7919*7907 }}" in previews.call_script(promise, now=NOW)


def live_round(world: Clinic) -> RescheduleRequest:
    """A round in which the customer asked to be called, in hostile words."""
    appointment = world.booked("2026-11-26 10:00", customer=ana())
    round_ = opened(world, appointment, reason=hostile_reason(), personal_note=WORDS)
    from appointments.domain.moving import answers

    answers.call_me(round_, words=WORDS, nonce="call", now=NOW)
    return round_


def desk_pages(round_: RescheduleRequest) -> list[str]:
    appointment: Appointment = round_.appointment
    promise = Promise.objects.to_work_on().get()
    message = Message.objects.filter(kind="offer").latest("pk")
    admin = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
        for model, one in ((Appointment, appointment), (Promise, promise), (Message, message), (Answer, None))
        for page, args in (("changelist", ()), ("change", (one.pk,) if one else None))
        if args is not None and has_admin(model)
    ]
    return [
        reverse("board", args=["melati", "2026-11-26"]),
        reverse("appointment", args=[appointment.pk]),
        reverse("cancel-appointment", args=[appointment.pk]),
        reverse("propose", args=[appointment.pk]),
        reverse("request", args=[round_.pk]),
        reverse("waiting"),
        reverse("calls"),
        reverse("promises"),
        reverse("promise", args=[promise.pk]),
        reverse("search") + "?q=Ana",
        *all_day(appointment),
        *admin,
    ]


def all_day(appointment: Appointment) -> list[str]:
    """What a front desk opens besides: bookings, weeks, queues, and everything about one customer."""
    other = CustomerFactory(name=NAME[:150], email="ana@mail.example", note=WORDS)
    person, one, week = appointment.customer_id, [appointment.pk], ["melati", "2026-11-26"]
    private = AbsenceFactory(
        resource=appointment.location.resources.first(), kind=AbsenceKind.BLOCKED, title=NAME[:60],
        starts_at=NOW + days(4), ends_at=NOW + days(4) + hours(1),
    )  # fmt: skip
    return [
        f"{reverse('new-appointment')}?customer={person}&service={appointment.service_id}&name={quote(NAME[:100])}",
        f"{reverse('new-people')}?q=Ana",
        *(reverse(name, args=one) for name in ("move-as-agreed", "appointment-details", "repeat-appointment")),
        reverse("place-week", args=week) + f"?open={appointment.pk}",
        reverse("resource-week", args=[*week, appointment.provider_id]),
        *(reverse(name, args=[person]) for name in ("customer", "correct-customer", "same-person")),
        reverse("merge-customers", args=[person, other.pk]),
        reverse("write-complaint", args=one),
        reverse("blocked-time", args=[private.pk]),
        *(reverse("queue", args=[code]) for code in QUEUES),
    ]


def has_admin(model: Any) -> bool:
    from django.contrib import admin

    return admin.site.is_registered(model)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_browser_runs_none_of_it_and_no_page_breaks_the_policy(
    hostile: Clinic, clock: Traveller, live_site: LiveServer, page: Page, client: Client
) -> None:
    round_ = live_round(hostile)
    token = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    client.force_login(hostile.manager)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for path in [f"/r/{token}/", *desk_pages(round_)]:
        answer = page.goto(live_site.url + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("typeof hacked") == "undefined", path
        assert page.locator("img[src=x]").count() == 0, path
    assert dialogs == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("x" * 1_000_000, 422),
        ("nul \x00 inside", 422),
        (WORDS, 303),
        ("\u202e\u2066\ufeff", 303),
        ("=cmd|'/c calc'!A1", 303),
    ],
    ids=["a megabyte", "NUL", "everything at once", "invisible", "a formula"],
)
def test_whatever_a_customer_types_is_kept_or_refused_in_words(client: Client, words: str, status: int) -> None:
    with time_machine.travel(NOW, tick=True):
        world = clinic(rooms=2)
        round_ = opened(world, world.booked("2026-11-26 10:00"))
        link = f"/r/{token_for(round_)}/"
        for answer in ("tell", "call-me", "other-times"):
            reply = client.post(f"{link}{answer}/", {"nonce": f"form-{answer}", "words": words})
            assert reply.status_code == status
            if status == 422:
                page = reply.content.decode()
                assert 'role="alert"' in page
                assert words.replace("\x00", "")[:50] in page.replace("\x00", "")
        kept = set(Answer.objects.values_list("words", flat=True))
        assert kept == (set() if status == 422 else {words.strip()})


@pytest.mark.django_db
def test_a_lone_surrogate_in_a_form_or_an_address_is_no_error(client: Client) -> None:
    with time_machine.travel(NOW, tick=True):
        world = clinic(rooms=2)
        round_ = opened(world, world.booked("2026-11-26 10:00"))
        link = f"/r/{token_for(round_)}/"
        body = "nonce=%ED%A0%80&words=%ED%A0%80+%FF%FE"
        kind = "application/x-www-form-urlencoded"
        assert client.post(f"{link}tell/", body, content_type=kind).status_code == 303
        assert client.post(f"{link}pick/", "nonce=a&offer=%ED%A0%80", content_type=kind).status_code == 422
        assert client.get(f"{link}?offer=%ED%A0%80&lang=%ED%A0%80").status_code == 200
        assert client.get("/r/%ED%A0%80%FF/").status_code == 404
        client.force_login(world.staff)
        assert client.get("/search/?q=%ED%A0%80").status_code == 200
        assert client.get("/search/?q=%00").status_code == 422
        assert client.get("/board/melati/2026-11-26/?kind=%ED%A0%80&open=%00", follow=True).status_code == 200
