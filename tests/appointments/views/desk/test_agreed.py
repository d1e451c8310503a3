"""Moving as agreed, at the desk."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.enums import LinkPurpose, PromiseKind
from appointments.models import Appointment
from tests.clock import NOW, at, days
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    return melati.booked("2026-11-26 10:00")


def form_of(desk: Client, booked: Appointment, melati: Clinic) -> dict[str, Any]:
    page = desk.get(reverse("move-as-agreed", args=[booked.pk])).content.decode()
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("nonce", "seen")}
    slots = re.findall(r'name="slot" id="slot-\d+" value="([^"]+)"', page)
    said = {name: found[1] for name, found in marks.items() if found}
    return {**said, "slot": slots[0], "reason": melati.reason.pk, "place": melati.location.pk, "manner": "usual",
            "step": "send"}  # fmt: skip


def send(desk: Client, booked: Appointment, **said: Any) -> Any:
    return desk.post(reverse("move-as-agreed", args=[booked.pk]), said, follow=True)


def test_a_free_time_of_the_list_is_three_choices(desk: Client, booked: Appointment, melati: Clinic) -> None:
    form = form_of(desk, booked, melati)
    page = send(desk, booked, **form).content.decode()
    assert "Moved as agreed. A confirmation is on its way." in page
    booked.refresh_from_db()
    assert f"{int(booked.starts_at.timestamp())}.{booked.provider_id}" == form["slot"]


def test_another_time_is_that_of_the_place(desk: Client, booked: Appointment, melati: Clinic) -> None:
    send(desk, booked, **form_of(desk, booked, melati) | {"slot": "other", "starts_at": "2026-11-27T18:30"})
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-27 18:30")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"slot": "", "starts_at": ""}, "Choose the time that was agreed."),
        ({"slot": "other", "starts_at": "soon"}, "Enter a valid date/time."),
        ({"slot": "junk"}, "Choose the time that was agreed."),
        ({"reason": ""}, "This field is required."),
        ({"place": "\u0663"}, "Select a valid choice."),
        ({"place": "9" * 40}, "Select a valid choice."),
        ({"manner": "home"}, "Select a valid choice."),
        ({"slot": "other", "starts_at": "2020-01-01T10:00"}, "already passed"),
        ({"slot": "other", "starts_at": "2062-01-01T10:00"}, "more than two years away"),
        ({"slot": "other", "starts_at": "9999-12-31T23:30"}, "more than two years away"),
        ({"slot": "99999999999.1"}, "more than two years away"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_moves(
    desk: Client, booked: Appointment, melati: Clinic, change: dict[str, Any], sentence: str
) -> None:
    page = send(desk, booked, **form_of(desk, booked, melati) | change)
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-26 10:00")


def test_who_is_in_the_way_is_named(desk: Client, booked: Appointment, melati: Clinic) -> None:
    there = melati.booked("2026-11-27 10:00", provider=melati.provider)
    form = form_of(desk, booked, melati)
    page = send(desk, booked, **form | {
        "slot": "other", "starts_at": "2026-11-27T10:00", "provider": melati.provider.pk,
    })  # fmt: skip
    assert str(there.customer) in page.content.decode()


def test_the_address_tells_when_and_with_whom(desk: Client, booked: Appointment, melati: Clinic) -> None:
    address = reverse("move-as-agreed", args=[booked.pk])
    page = desk.get(f"{address}?starts_at=2026-11-27T18:30&provider={melati.colleague.pk}&place=melati")
    form = page.context["form"]
    shown = {name: form[name].value() for name in ("slot", "provider", "place")}
    assert shown == {"slot": "other", "provider": melati.colleague.pk, "place": melati.location.pk}
    assert 'value="2026-11-27T18:30"' in page.content.decode()
    assert page.context["against"] == "This time is outside the opening hours."
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-26 10:00")


def test_without_a_person_in_the_address_it_stays_with_whom_it_is(desk: Client, booked: Appointment) -> None:
    page = desk.get(reverse("move-as-agreed", args=[booked.pk]), {"starts_at": "2026-11-27T09:30"})
    assert page.context["form"]["provider"].value() == booked.provider_id
    assert page.context["against"] == ""


@pytest.mark.parametrize(
    "said", ["starts_at=soon", "starts_at=2026-11-27T09:30&provider=x&place=%00", "provider=9e9", ""]
)
def test_nonsense_in_the_address_is_left_out(desk: Client, booked: Appointment, said: str) -> None:
    page = desk.get(f"{reverse('move-as-agreed', args=[booked.pk])}?{said}")
    assert (page.status_code, page.context["form"]["place"].value()) == (200, booked.location_id)


def test_what_is_over_is_not_moved(desk: Client, melati: Clinic) -> None:
    over = melati.booked(NOW - days(2))
    page = desk.get(reverse("move-as-agreed", args=[over.pk]), follow=True).content.decode()
    assert "so it cannot be moved any more" in page


def test_the_page_of_the_appointment_leads_there(desk: Client, booked: Appointment) -> None:
    page = desk.get(reverse("appointment", args=[booked.pk])).content.decode()
    assert f'href="{reverse("move-as-agreed", args=[booked.pk])}"' in page


def test_a_customer_asks_for_it_and_the_colleague_reads_which_way(desk: Client, melati: Clinic) -> None:
    melati.service.by_phone = True
    melati.service.save()
    round_ = melati.offered()
    token = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    page = Client().get(f"/r/{token}/").content.decode()
    assert "Or in another way?" in page
    assert "Another of your places" not in page
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    Client().post(f"/r/{token}/other-times/", {"nonce": nonce, "manner": "phone"})
    owed = round_.appointment.promises.open().get(kind=PromiseKind.FIND_TIMES)
    assert round_.appointment.requests.count() == 1
    assert "online or by phone" in desk.get(reverse("promise", args=[owed.pk])).content.decode()


def test_what_the_customer_has_told_us_stands_on_the_page(desk: Client, melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.tell(round_, words="Never before nine, please.", nonce="told", now=NOW)

    page = desk.get(reverse("move-as-agreed", args=[round_.appointment_id]))

    assert page.status_code == 200
    assert "Never before nine, please." in page.content.decode()


def test_a_day_of_a_person_shows_all_its_times_and_keeps_them(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    page = reverse("move-as-agreed", args=[booked.pk])
    asked: dict[str, Any] = {"place": "melati", "day": "2026-11-26", "provider": melati.colleague.pk}

    first = desk.get(page, asked).content.decode()
    again = desk.post(page, {**asked, "step": "send", "place": melati.location.pk}).content.decode()

    for shown in (first, again):
        assert shown.count('name="slot" id="slot-') == 35 + 1  # and another time
        assert shown.count(melati.colleague.name + "</label>") == 35
    empty = desk.get(page, asked | {"day": "2026-11-29"}).content.decode()
    assert "Nothing is free on this day." in empty
    assert "Show the times of other days" in empty


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_no_day_to_look_at(
    desk: Client, booked: Appointment, melati: Clinic, day: str
) -> None:
    form = form_of(desk, booked, melati) | {"step": "times", "day": day}
    page = send(desk, booked, **form)
    assert (page.status_code, "Free times on" in page.content.decode()) == (200, False)
