"""A new appointment on the page of the desk: found, chosen, booked, refused, taken back."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.enums import AppointmentState, Manner
from appointments.models import Appointment, Customer
from notifications.models import Message
from tests.clock import at
from tests.factories import Clinic, CustomerFactory, LocationFactory

pytestmark = pytest.mark.django_db
PAGE = "/appointments/new/"


def choices(desk: Client, melati: Clinic, **change: Any) -> dict[str, Any]:
    """What the page sends when a colleague has chosen the first free time of Tuesday for the customer."""
    nonce = re.search(r'name="nonce" value="([^"]+)"', desk.get(PAGE).content.decode())
    assert nonce is not None
    plain = {
        "nonce": nonce[1], "step": "send", "place": melati.location.pk, "customer": melati.customer.pk,
        "service": melati.service.pk, "manner": "usual", "provider": "", "tells": "on",
        "slot": f"{int(at('2026-11-24 10:00').timestamp())}.0",
    }  # fmt: skip
    return {**plain, **change}


def times_on(page: str) -> list[str]:
    return re.findall(r'<label for="slot-\d+">([\d:]+)</label>', page)


def test_a_colleague_books_with_four_choices(desk: Client, melati: Clinic) -> None:
    page = desk.post(PAGE, choices(desk, melati), follow=True)

    booked = Appointment.objects.get()
    assert booked.starts_at == at("2026-11-24 10:00")
    assert page.redirect_chain == [(f"/board/melati/2026-11-24/?open={booked.pk}", 302)]
    content = page.content.decode()
    assert f"Booked. A confirmation to {melati.customer.name} leaves in a moment." in content
    assert "Undo this booking" in content


def test_the_free_times_of_the_service_stand_there_by_day(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 08:00", provider=melati.provider)
    melati.booked("2026-11-24 08:30", provider=melati.colleague)
    page = desk.post(PAGE, choices(desk, melati, step="times", day="2026-11-24", slot="")).content.decode()

    assert times_on(page)[:3] == ["09:00", "09:15", "09:30"]
    assert re.findall(r'value="(2026-11-2\d)" ?[^>]*aria-current', page) == ["2026-11-24"]
    assert "error" not in re.findall(r'class="alert[^"]*"', page)
    assert not Appointment.objects.filter(booked_by_form__gt="").exists()


def test_today_needs_no_notice_where_one_speaks_with_the_customer(desk: Client, melati: Clinic) -> None:
    page = desk.post(PAGE, choices(desk, melati, step="times", day="2026-11-23", slot="")).content.decode()
    assert times_on(page)[0] == "09:15"


def test_whose_times_are_shown_can_be_chosen(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 08:00", provider=melati.colleague, room=None)
    change = {"step": "times", "day": "2026-11-24", "slot": "", "provider": melati.colleague.pk}
    assert times_on(desk.post(PAGE, choices(desk, melati, **change)).content.decode())[0] == "08:30"


def test_a_click_on_the_board_is_a_choice_already(desk: Client, melati: Clinic) -> None:
    asked = f"{PAGE}?place=melati&starts_at=2026-11-24T10:15&provider={melati.colleague.pk}&service={melati.service.pk}"
    page = desk.get(asked).content.decode()
    assert re.findall(r'value="([\d.]+)" checked><label for="slot-\d+">10:15', page) == [
        f"{int(at('2026-11-24 10:15').timestamp())}.{melati.colleague.pk}"
    ]


def test_people_are_found_as_one_types(desk: Client, melati: Clinic) -> None:
    CustomerFactory(name="Dewi Anggraini", phone="+6281234567001")
    page = desk.get(reverse("new-people"), {"q": "anggraini d"}).content.decode()
    assert ("Dewi Anggraini" in page, "<html" in page) == (True, False)
    assert "Nobody found for “xyz”." in desk.get(reverse("new-people"), {"q": "xyz"}).content.decode()


def test_without_a_script_the_words_find_too(desk: Client, melati: Clinic) -> None:
    CustomerFactory(name="Dewi Anggraini")
    page = desk.post(PAGE, choices(desk, melati, step="find", q="dewi", customer="")).content.decode()
    assert "Dewi Anggraini" in page


def test_somebody_new_is_written_down_with_it(desk: Client, melati: Clinic) -> None:
    new = {"customer": "new", "new-name": "Rina Hapsari", "new-phone": "0812 3456 7002", "new-language": "id"}
    desk.post(PAGE, choices(desk, melati, **new))
    rina = Customer.objects.get(name="Rina Hapsari")
    assert (str(rina.phone), rina.preferred_channel) == ("+6281234567002", "sms")
    assert Appointment.objects.get().customer == rina


def test_who_may_be_the_same_person_is_asked_first(desk: Client, melati: Clinic) -> None:
    known = CustomerFactory(name="Rina Hapsari", phone="+6281234567002")
    new = {"customer": "new", "new-name": "Rina H.", "new-phone": "+6281234567002", "new-language": "id"}
    form = choices(desk, melati, **new)

    page = desk.post(PAGE, form)
    assert (page.status_code, f'id="alike-{known.pk}"' in page.content.decode()) == (422, True)
    assert not Appointment.objects.exists()

    desk.post(PAGE, form | {"somebody_else": "on"})
    assert Appointment.objects.get().customer.name == "Rina H."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"customer": ""}, "Choose who it is for"),
        ({"customer": "9" * 30}, "Choose who it is for"),
        ({"customer": "\u0663"}, "Choose who it is for"),
        ({"customer": "new"}, "Something is missing of the new customer."),
        ({"service": ""}, "This field is required."),
        ({"slot": ""}, "Choose the time that was agreed."),
        ({"slot": "junk"}, "Choose the time that was agreed."),
        ({"slot": "other", "starts_at": "soon"}, "Enter a valid date/time."),
        ({"slot": "other", "starts_at": "2020-01-01T10:00"}, "already passed"),
        ({"slot": "other", "starts_at": "9999-12-31T23:30"}, "more than two years away"),
        ({"slot": "99999999999.1"}, "more than two years away"),
        ({"slot": "other", "starts_at": "2026-11-24T19:00"}, "outside the hours"),
        ({"manner": Manner.HOME}, "Select a valid choice."),
        ({"day": "2026-02-30"}, "Enter a valid date."),
        ({"note": "She has cancer"}, "health"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_booked(
    desk: Client, melati: Clinic, change: dict[str, Any], sentence: str
) -> None:
    page = desk.post(PAGE, choices(desk, melati, **change))
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert not Appointment.objects.exists()


def test_what_was_chosen_is_there_again_after_a_refusal(desk: Client, melati: Clinic) -> None:
    page = desk.post(PAGE, choices(desk, melati, slot="other", starts_at="2026-11-24T19:00", note="By the window"))
    content = page.content.decode()
    assert 'value="2026-11-24T19:00"' in content
    assert "By the window" in content
    assert f'id="customer-known" value="{melati.customer.pk}" checked' in content
    assert 'name="insists"' in content


def test_a_colleague_may_insist_on_an_hour_outside(desk: Client, melati: Clinic) -> None:
    desk.post(PAGE, choices(desk, melati, slot="other", starts_at="2026-11-24T19:00", insists="on"))
    assert Appointment.objects.get().starts_at == at("2026-11-24 19:00")


def test_who_is_in_the_way_is_named(desk: Client, melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00", customer=CustomerFactory(name="Dewi Anggraini"))
    page = desk.post(PAGE, choices(desk, melati, slot="other", starts_at="2026-11-24T10:00"))
    assert (page.status_code, "Dewi Anggraini" in page.content.decode()) == (422, True)


def test_the_same_form_again_is_the_same_appointment(desk: Client, melati: Clinic) -> None:
    form = choices(desk, melati)
    pages = [desk.post(PAGE, form) for _ in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 302]
    assert (Appointment.objects.count(), Message.objects.count()) == (1, 1)


def test_a_place_that_is_not_the_readers_does_not_exist(desk: Client, melati: Clinic) -> None:
    other = LocationFactory(is_active=False)
    page = desk.post(PAGE, choices(desk, melati, place=other.pk))
    assert (page.status_code, Appointment.objects.exists()) == (422, False)


def test_a_booking_is_undone_while_nobody_was_told(desk: Client, melati: Clinic) -> None:
    desk.post(PAGE, choices(desk, melati))
    booked = Appointment.objects.get()

    page = desk.post(reverse("take-back-appointment", args=[booked.pk]), follow=True).content.decode()

    booked.refresh_from_db()
    assert booked.state == AppointmentState.CANCELLED
    assert "Undone: the time is free again, and nobody was told." in page


def test_nothing_is_booked_by_looking(desk: Client, melati: Clinic) -> None:
    desk.get(PAGE, choices(desk, melati))
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("junk", ["?place=%00", "?starts_at=soon&provider=x", "?customer=9", "?service=-1&day=x"])
def test_a_mangled_address_shows_the_empty_page(desk: Client, melati: Clinic, junk: str) -> None:
    assert desk.get(PAGE + junk).status_code == 200


def test_more_bookings_take_no_more_queries(desk: Client, melati: Clinic) -> None:
    form = choices(desk, melati, step="times", day="2026-11-24", slot="")
    counts = []
    for day, bookings in ((24, 1), (25, 8)):
        for hour in range(8, 8 + bookings):
            melati.booked(f"2026-11-{day} {hour:02}:00", customer=CustomerFactory())
        with CaptureQueriesContext(connection) as queries:
            desk.post(PAGE, form)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_same_again_is_one_page(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    address = reverse("repeat-appointment", args=[booked.pk])
    page = desk.post(address, {"weeks": 2, "count": 2, "step": "times"}).content.decode()
    starts = re.findall(r'name="start" id="start-\d+" value="(\d+)" checked', page)
    nonce = re.search(r'name="nonce" value="([^"]*)"', desk.get(address).content.decode())
    assert nonce is not None
    assert [int(one) for one in starts] == [
        int(at(day).timestamp()) for day in ("2026-12-08 10:00", "2026-12-22 10:00")
    ]

    said = {"weeks": 2, "count": 2, "step": "send", "nonce": nonce[1], "tells": "on", "start": starts}
    content = desk.post(address, said, follow=True).content.decode()
    assert "Booked 2 times more." in content
    assert Appointment.objects.filter(booked_by_form__gt="").count() == 2


@pytest.mark.parametrize("change", [{"weeks": 0}, {"weeks": "x"}, {"count": 27}, {"start": ["1"]}, {"start": []}])
def test_a_repetition_that_cannot_be_is_said(desk: Client, melati: Clinic, change: dict[str, Any]) -> None:
    booked = melati.booked("2026-11-24 10:00")
    said = {
        "weeks": 1,
        "count": 1,
        "step": "send",
        "nonce": "n",
        "start": [str(int(at("2026-12-01 10:00").timestamp()))],
    }
    page = desk.post(reverse("repeat-appointment", args=[booked.pk]), said | change)
    assert (page.status_code, Appointment.objects.count()) == (422, 1)


def test_a_missed_one_can_turn_out_to_have_come(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-23 08:00")
    desk.post(reverse("mark-missed", args=[booked.pk]))
    assert "The customer did come" in desk.get(reverse("appointment", args=[booked.pk])).content.decode()
    desk.post(reverse("came-after-all", args=[booked.pk]))
    booked.refresh_from_db()
    assert booked.state == AppointmentState.COMPLETED


def test_a_note_and_a_length_are_one_page(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    address = reverse("appointment-details", args=[booked.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', desk.get(address).content.decode())
    assert seen is not None
    said = {"note": "Left knee", "minutes": 45, "seen": seen[1]}
    assert "Kept." in desk.post(address, said, follow=True).content.decode()
    booked.refresh_from_db()
    assert (booked.note, booked.ends_at) == ("Left knee", at("2026-11-24 10:45"))
    assert desk.post(address, said | {"note": "Other knee"}).status_code == 422


@pytest.mark.parametrize("change", [{"minutes": 4}, {"minutes": 1441}, {"minutes": "x"}, {"note": "She has cancer"}])
def test_what_cannot_be_corrected_so_is_said(desk: Client, melati: Clinic, change: dict[str, Any]) -> None:
    booked = melati.booked("2026-11-24 10:00")
    page = desk.post(
        reverse("appointment-details", args=[booked.pk]), {"minutes": 30, "seen": "x", "note": ""} | change
    )
    assert (page.status_code, 'class="alert"' in page.content.decode()) == (422, True)


def test_a_line_of_ones_own_is_read_first_and_the_choice_stays(desk: Client, melati: Clinic) -> None:
    said = choices(desk, melati, step="preview", personal_note="The lift is being repaired.")
    page = desk.post(PAGE, said)
    content = page.content.decode()

    assert (page.status_code, Appointment.objects.count()) == (200, 0)
    assert "This is what goes out" in content
    assert "The lift is being repaired." in content
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', content))
    desk.post(PAGE, {**kept, "step": "send"})
    assert Appointment.objects.get().starts_at == at("2026-11-24 10:00")
    assert "The lift is being repaired." in Message.objects.get(kind="booked").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"personal_note": "Sorry, Dr. Ratna is sick."}, "health"),
        ({"personal_note": "See you", "tells": ""}, "This line would reach nobody"),
    ],
)
def test_a_line_that_must_not_leave_is_refused(desk: Client, melati: Clinic, change: dict[str, Any], said: str) -> None:
    page = desk.post(PAGE, choices(desk, melati, **change))

    assert (page.status_code, Appointment.objects.count()) == (422, 0)
    assert said in page.content.decode()


def test_a_line_for_somebody_whom_nobody_can_write_to_is_refused_and_not_lost(desk: Client, melati: Clinic) -> None:
    told = choices(desk, melati, personal_note="See you soon")
    Customer.objects.update(email="", phone="")
    page = desk.post(PAGE, told)

    assert (page.status_code, Appointment.objects.count()) == (422, 0)
    assert "there is no way to write to them" in page.content.decode()
    assert "See you soon" in page.content.decode()
    assert desk.post(PAGE, {**told, "personal_note": ""}).status_code == 302
