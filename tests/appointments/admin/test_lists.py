"""Lists: found by what people know, filtered by what managers ask, taken home without formulas."""

import csv
import io
import weakref
from typing import Any

import pytest
from django.test import Client

from appointments.admin import base
from appointments.enums import Fault, RequestState
from appointments.models import Appointment, Customer
from tests.appointments.admin.pages import form_values, page, rows_of
from tests.clock import at, hours
from tests.factories import AppointmentFactory, Clinic, CustomerFactory, ReasonFactory, clinic
from tests.factories.moves import a_round

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


def found(browser: Client, model: str, **query: str) -> list[Any]:
    return rows_of(browser.get(page(model), query))


def exported(browser: Client, model: str, **query: str) -> list[list[str]]:
    response: Any = browser.get(page(model, "export", "csv"), query)
    content = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def test_a_request_is_a_line_that_tells_the_whole_story(browser_of_manager: Client, place: Clinic) -> None:
    appointment = place.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    told = at("2026-11-23 09:00")
    a_round(
        appointment,
        told=told,
        reason=place.reason,
        state=RequestState.ACCEPTED,
        answered=told + hours(1.5),
        placed=at("2026-11-25 10:00"),
    )

    changelist = browser_of_manager.get(page("reschedulerequest"))
    text = changelist.content.decode()

    for words in (
        "Ana Pratiwi",
        "Tue 24 Nov, 10:00 WIB",
        "Colleague is ill",
        "staff absence",
        "ours",
        "Melati Jakarta",
        "Check-up",
        "new time chosen",
        '<td class="field-offered">2</td>',
        "1.5 h",
    ):
        assert words in text, words


@pytest.mark.parametrize("words", ["ana", "ANA PRAT", "ana@exam", "0812 5550 199", "+6281255501", "5550199"])
def test_a_customer_is_found_by_name_mail_or_phone(browser_of_manager: Client, words: str) -> None:
    ana = CustomerFactory(name="Ana Pratiwi", email="ana@example.com", phone="+6281255501999")
    CustomerFactory(name="Budi Santoso", email="budi@example.com", phone="+628777000111")

    assert found(browser_of_manager, "customer", q=words) == [ana]


def test_requests_are_filtered_by_fault_and_state(browser_of_manager: Client, place: Clinic) -> None:
    flood = ReasonFactory(fault=Fault.NOBODY, label="Flood")
    ours = a_round(place.booked("2026-11-24 10:00"), told=at("2026-11-20 09:00"), reason=place.reason)
    theirs = a_round(
        place.booked("2026-11-24 13:00"), told=at("2026-11-20 09:00"), reason=flood, state=RequestState.CANCELLED
    )

    assert found(browser_of_manager, "reschedulerequest", reason__fault__exact="nobody") == [theirs]
    assert found(browser_of_manager, "reschedulerequest", state__exact="open") == [ours]
    assert found(browser_of_manager, "reschedulerequest", q="flood") == [theirs]


def test_the_days_of_a_period_are_those_of_the_place(browser_of_manager: Client, place: Clinic) -> None:
    late = a_round(place.booked("2026-11-24 10:00"), told=at("2026-11-20 23:59"))
    early = a_round(place.booked("2026-11-24 13:00"), told=at("2026-11-21 00:00"))

    until = found(browser_of_manager, "reschedulerequest", told_until="2026-11-20")
    after = found(browser_of_manager, "reschedulerequest", told_from="2026-11-21", told_until="2026-11-21")

    assert (until, after) == ([late], [early])


@pytest.mark.parametrize(
    "query",
    [
        {"told_from": "soon"},
        {"told_until": "9999-12-31"},
        {"cases": "all of them"},
        {"state__exact": "\x00"},
        {"opened_at__year": "99999"},
        {"opened_at__year": "2026", "opened_at__month": "13"},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_and_leads_back_to_the_list(
    browser_of_manager: Client, place: Clinic, query: dict[str, str]
) -> None:
    response = browser_of_manager.get(page("reschedulerequest"), query)

    assert response.status_code == 400
    assert f'href="{page("reschedulerequest")}"' in response.content.decode()


@pytest.mark.parametrize("query", [{"p": "-1"}, {"p": "1e9"}, {"reason__id__exact": "9" * 30}])
def test_what_nobody_has_is_an_empty_list(browser_of_manager: Client, place: Clinic, query: dict[str, str]) -> None:
    assert browser_of_manager.get(page("reschedulerequest"), query).status_code == 200


@pytest.mark.parametrize("words", ["%", "'; --", "\ud800".encode("utf-8", "surrogatepass"), "x" * 200])
@pytest.mark.parametrize("model", ["customer", "appointment", "reschedulerequest", "promise", "appointmentevent"])
def test_hostile_words_in_a_search_find_nothing(browser_of_manager: Client, model: str, words: Any) -> None:
    assert browser_of_manager.get(page(model), {"q": words}).status_code == 200


def test_script_in_names_and_notes_is_shown_and_not_run(browser_of_manager: Client, place: Clinic) -> None:
    appointment = place.booked(customer=CustomerFactory(name=SCRIPT, note=SCRIPT), note=SCRIPT)
    a_round(appointment, told=at("2026-11-20 09:00"), personal_note=SCRIPT)
    round_ = appointment.requests.get()

    for address in (
        page("customer"),
        page("appointment"),
        page("reschedulerequest"),
        page("customer", "change", appointment.customer_id),
        page("appointment", "change", appointment.pk),
        page("reschedulerequest", "change", round_.pk),
    ):
        html = browser_of_manager.get(address).content.decode()
        assert SCRIPT not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_an_exported_list_is_the_list_that_is_shown(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    place.booked("2026-11-24 13:00", customer=CustomerFactory(name="Budi Santoso"))

    head, *rows = exported(browser_of_manager, "appointment", q="budi")

    by_name = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["customer"], row["starts"], row["time zone"], row["state"]) for row in by_name] == [
        ("Budi Santoso", "2026-11-24 13:00", "Asia/Jakarta", "booked")
    ]


def test_a_long_list_is_read_some_rows_at_a_time(
    browser_of_manager: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """The order of the list, each row once, and never many of them in memory."""
    monkeypatch.setattr(base, "TOGETHER", 10)
    names = sorted(f"Ana {number:02}" for number in range(35))
    for name in names:
        CustomerFactory(name=name)
    held: weakref.WeakSet[Customer] = weakref.WeakSet()
    most, seen = 0, []

    with django_assert_num_queries(1 + 4):
        for row in base.by_keys(Customer.objects.order_by("-name")):
            held.add(row)
            seen.append(row.name)
            most = max(most, len(held))

    assert seen == names[::-1]
    assert most <= 20
    head, *rows = exported(browser_of_manager, "customer", o="-0")
    assert [row[head.index("name")] for row in rows] == names[::-1]


def test_a_row_that_goes_while_the_file_is_sent_is_left_out(db: None) -> None:
    first, second = CustomerFactory(name="Ana"), CustomerFactory(name="Budi")
    rows = base.by_keys(Customer.objects.order_by("name"))
    first.delete()

    assert list(rows) == [second]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_customer_whose_name_computes_does_not_in_the_file(browser_of_manager: Client, start: str) -> None:
    CustomerFactory(name=f"{start}cmd|' /C calc'!A0", phone="")

    head, row = exported(browser_of_manager, "customer")

    assert dict(zip(head, row, strict=True))["name"] == f"'{start}cmd|' /C calc'!A0"


def test_only_who_may_see_a_list_may_take_it_home(client: Client, place: Clinic) -> None:
    client.force_login(place.staff)
    assert client.get(page("customer", "export", "csv")).status_code == 302
    place.staff.is_staff = True
    place.staff.save()
    assert client.get(page("customer", "export", "csv")).status_code == 403


def test_the_pages_of_a_long_list_hold_every_row_once_and_in_order(browser_of_manager: Client, place: Clinic) -> None:
    for number in range(130):
        start = at("2026-11-24 10:00") + hours(number % 40)
        AppointmentFactory(
            starts_at=start,
            customer=place.customer,
            service=place.service,
            location=place.location,
            provider=place.provider,
            occupies=False,
        )

    pages = [browser_of_manager.get(page("appointment"), {"p": number}).context["cl"] for number in (1, 2, 3)]

    shown = [row.pk for changelist in pages for row in changelist.result_list]
    assert shown == list(Appointment.objects.order_by("-starts_at", "-pk").values_list("pk", flat=True))
    assert [len(changelist.result_list) for changelist in pages] == [50, 50, 30]


def test_appointments_of_a_day_by_the_clock_of_the_manager(browser_of_manager: Client, place: Clinic) -> None:
    late = place.booked("2026-11-24 23:30")
    early = place.booked("2026-11-25 00:00")

    def on(first: str, last: str) -> list[Any]:
        return found(browser_of_manager, "appointment", starts_at_from=first, starts_at_until=last)

    assert on("2026-11-24", "2026-11-24") == [late]
    assert on("2026-11-25", "2026-11-25") == [early]
    assert on("2026-11-24", "2026-11-25") == [early, late]


@pytest.mark.parametrize("words", ["Ana Pratiwi", "ana@exam", "5550199", "CRM-77"])
def test_an_appointment_is_found_by_its_customer_or_its_id(
    browser_of_manager: Client, place: Clinic, words: str
) -> None:
    ana = CustomerFactory(name="Ana Pratiwi", email="ana@example.com", phone="+6281255501999")
    hers = place.booked("2026-11-24 10:00", customer=ana, source="crm", external_id="CRM-77")
    place.booked("2026-11-24 13:00", customer=CustomerFactory(name="Budi Santoso", phone="+628777000111"))

    assert found(browser_of_manager, "appointment", q=words) == [hers]


def test_an_appointment_is_not_moved_by_typing(browser_of_manager: Client, place: Clinic) -> None:
    """Whatever is sent along, only the note changes: nothing here can put two people into one time."""
    first = place.booked("2026-11-24 10:00")
    second = place.booked("2026-11-24 13:00")
    address = page("appointment", "change", second.pk)
    values = form_values(browser_of_manager.get(address), "appointment_form")
    assert set(values) - {"csrfmiddlewaretoken"} == {"note"}
    before = Appointment.objects.filter(pk=second.pk).values().get()

    response = browser_of_manager.post(
        address,
        values
        | {
            "note": "Prefers the morning",
            "starts_at": first.starts_at.isoformat(),
            "starts_at_0": "2026-11-24",
            "starts_at_1": "10:00",
            "ends_at_0": "2026-11-24",
            "ends_at_1": "10:30",
            "provider": str(place.provider.pk),
            "state": "cancelled",
        },
    )

    assert response.status_code == 302
    assert Appointment.objects.filter(pk=second.pk).values().get() == before | {"note": "Prefers the morning"}
    assert [(row.starts_at, row.ends_at) for row in second.occupancies.filter(resource=place.provider)] == [
        (at("2026-11-24 13:00"), at("2026-11-24 13:30"))
    ]


def test_an_appointment_shows_its_history_and_leads_to_the_desk(browser_of_manager: Client, place: Clinic) -> None:
    appointment = place.booked("2026-11-24 10:00")
    appointment.events.create(
        at=at("2026-11-20 09:00"),
        kind="moved",
        actor_kind="staff",
        actor=place.staff,
        before={"starts_at": "2026-11-23T03:00:00+00:00", "ends_at": "2026-11-23T03:30:00+00:00"},
        after={"starts_at": "2026-11-24T03:00:00+00:00", "ends_at": "2026-11-24T03:30:00+00:00"},
    )

    response = browser_of_manager.get(page("appointment", "change", appointment.pk))

    (row,) = response.context["facts"][1].rows
    assert [str(cell) for cell in row] == [
        "Fri 20 Nov, 09:00 WIB",
        "moved",
        place.staff.get_full_name(),
        "Mon 23 Nov, 10:00–10:30 WIB",
        "Tue 24 Nov, 10:00–10:30 WIB",
        "–",
    ]
    html = response.content.decode()
    assert f'href="/appointments/{appointment.pk}/"' in html
    assert f"about__exact=appointment%3A{appointment.pk}" in html


def test_there_is_one_business_and_its_page_is_the_list(browser_of_manager: Client, place: Clinic) -> None:
    response = browser_of_manager.get(page("business"))

    assert response["Location"] == page("business", "change", 1)
    assert browser_of_manager.get(page("business", "add")).status_code == 403


def test_a_requirement_takes_only_resources_of_its_kind(browser_of_manager: Client, place: Clinic) -> None:
    address = page("service", "change", place.service.pk)
    values = form_values(browser_of_manager.get(address), "service_form")

    response = browser_of_manager.post(
        address,
        values
        | {
            "requirements-TOTAL_FORMS": "3",
            "requirements-2-service": str(place.service.pk),
            "requirements-2-kind": "provider",
            "requirements-2-candidates": [str(place.provider.pk), str(place.room.pk)],
        },
    )

    assert "These are of another kind than the requirement: Room 1." in response.content.decode()
