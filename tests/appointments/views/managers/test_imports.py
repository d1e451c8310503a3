"""Appointments from elsewhere, as a manager brings them in."""

import csv
import html
import io
from datetime import date, time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appointments import upload_limit
from appointments.domain.imports.page import progress, uploads, work
from appointments.enums import ImportState
from appointments.models import Appointment, Customer, ImportRun
from notifications.models import Message
from tests.appointments.domain.imports.page.runs import HEAD, TWO
from tests.appointments.domain.imports.reading.table.foreign_workbooks import in_container, ods, xls
from tests.appointments.domain.imports.reading.table.test_find import workbook
from tests.clock import NOW, at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def upload(browser: Client, data: str | bytes = TWO, name: str = "bookings.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    answer: Any = browser.post(reverse("imports"), {"file": file}, follow=True)
    return answer


def run() -> ImportRun:
    found: ImportRun = ImportRun.objects.get()
    return found


def said(**changed: Any) -> dict[str, Any]:
    """The form of a table with six columns, as a browser sends it back."""
    kept = run().choices
    values = {name: kept[name] for name in ("location", "first_day", "last_day")}
    fields = ("uid", "customer_name", "customer_phone", "date", "time", "service")
    return values | {f"column_{number}": name for number, name in enumerate(fields)} | changed


def test_from_the_file_to_the_list(office: Client) -> None:
    page = upload(office).content.decode()
    assert "Import 2 appointments" in page
    assert "no confirmation and no reminder leaves because of it" in page
    assert not Appointment.objects.exists()
    answer = office.post(reverse("bring-in", args=[run().pk]), follow=True)
    assert "Nobody was told anything." in answer.content.decode()
    assert (Appointment.objects.count(), Message.objects.count()) == (2, 0)
    listed = office.get(reverse("imports")).content.decode()
    assert "bookings.csv" in listed
    assert "2 new, 0 changed" in listed


def test_a_double_click_imports_once(office: Client) -> None:
    upload(office)
    answers = [office.post(reverse("bring-in", args=[run().pk])) for _click in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {reverse("import", args=[run().pk])}
    assert Appointment.objects.count() == 2


def test_a_renamed_copy_is_all_here_already(office: Client) -> None:
    upload(office)
    office.post(reverse("bring-in", args=[run().pk]))
    page = upload(office, name="bookings (1).csv").content.decode()
    assert "all of it is here already" in page
    assert "bring-in" not in page


def test_nothing_yet_teaches_the_next_step(office: Client, melati: Clinic) -> None:
    page = office.get(reverse("imports")).content.decode()
    assert "Nothing has been imported yet" in page
    assert "at most 10 MB and 5,000 rows" in page
    file = office.get(reverse("import-sample"))
    text = b"".join(file).decode("utf-8-sig")
    assert [row[7] for row in csv.reader(io.StringIO(text))][1:] == ["Check-up", "Check-up"]


NEW_SERVICE = {
    "name_en": "Scaling", "name_id": "Skaling", "kind": "visit", "minutes": 30, "buffer_before": 0, "buffer_after": 0,
    "grid": 15, "notice_minutes": 0, "horizon_days": 30, "lead_minutes": 0, "move_notice_hours": 24, "max_moves": 2,
}  # fmt: skip


def test_what_a_file_names_and_we_do_not_have_is_added_on_the_way(office: Client, melati: Clinic) -> None:
    page = upload(office, TWO.replace("Check-up", "Scaling")).content.decode()
    address = f"{reverse('settings-new-service')}?import={run().pk}&name=Scaling"
    assert html.escape(address) in page
    assert 'value="Scaling"' in office.get(address).content.decode()
    answer = office.post(address, NEW_SERVICE | {"people": [melati.provider.pk]}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("import", args=[run().pk])
    office.post(reverse("import", args=[run().pk]), said())
    assert "Import 2 appointments" in office.get(reverse("import", args=[run().pk])).content.decode()


def test_whoever_is_new_gives_the_services_that_are_ticked(office: Client, melati: Clinic) -> None:
    upload(office)
    address = f"{reverse('settings-new-person')}?import={run().pk}&name=Dr.+Tirta"
    assert 'value="Dr. Tirta"' in office.get(address).content.decode()
    person = {"name": "Dr. Tirta", "kind": "provider", "location": melati.location.pk, "same_hours": "on"}
    refused = office.post(address, person | {"kind": "equipment", "services": [melati.service.pk]})
    assert "Check-up: none of this kind is needed so far, or several are." in refused.content.decode()
    answer = office.post(address, person | {"services": [melati.service.pk]})
    assert answer.headers["Location"] == reverse("import", args=[run().pk])
    gives = melati.service.requirements.get(kind="provider").candidates
    assert gives.filter(name="Dr. Tirta").exists()


def test_a_room_that_we_do_not_have_is_added_on_the_way_or_said_to_be_ours(office: Client, melati: Clinic) -> None:
    table = TWO.replace("Service\n", "Service,Ruang\n").replace("Check-up\n", "Check-up,Kursi 2\n")
    page = upload(office, table).content.decode()
    assert "There is no room or device “Kursi 2” at Melati Jakarta. Known: Room 1." in page
    assert "Room or device “Kursi 2”" in page
    here, more = reverse("import", args=[run().pk]), {"column_6": "room"}
    office.post(here, said(**more, name_0="0"))
    assert "Import 2 appointments" in office.get(here).content.decode()
    office.post(here, said(**more, name_0=""))

    address = f"{reverse('settings-new-person')}?import={run().pk}&name=Kursi+2&kind=room"
    assert html.escape(address.replace("+", "%20")) in office.get(here).content.decode()
    assert '<option value="room" selected>' in office.get(address).content.decode()
    room = {"name": "Kursi 2", "kind": "room", "location": melati.location.pk, "same_hours": "on"}
    office.post(address, room | {"services": [melati.service.pk]})
    office.post(here, said(**more))
    office.post(reverse("bring-in", args=[run().pk]))
    assert set(Appointment.objects.values_list("occupancies__resource__name", flat=True)) >= {"Kursi 2"}


@pytest.mark.parametrize("asked", ["//evil.example", "1/../..", "٣", "9" * 20, "-1", ""])
def test_the_way_back_leads_to_an_import_or_to_the_settings(office: Client, melati: Clinic, asked: str) -> None:
    answer = office.post(
        reverse("settings-new-service") + "?" + urlencode({"import": asked, "name": "\x00<b>"}),
        NEW_SERVICE | {"people": [melati.provider.pk]},
    )
    assert answer.headers["Location"] == reverse("settings")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "Choose a file first."),
        (b"", "The file is empty."),
        (b"x" * (uploads.LARGEST + 1), "The file is larger than 10 MB."),
        (b"x" * (upload_limit.MOST + 1), "The file is larger than 10 MB."),
    ],
    ids=["none", "empty", "large", "huge"],
)
def test_what_is_no_file_is_refused_with_a_sentence(office: Client, data: bytes | None, sentence: str) -> None:
    if data is None:
        answer: Any = office.post(reverse("imports"), {})
    else:
        answer = office.post(reverse("imports"), {"file": SimpleUploadedFile("a.csv", data)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 500,
        b"PK\x03\x04" + b"\x00" * 300,
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        b"Name,Start\n" + b"a" * 1_000_000 + b",2026-11-26 09:00\n",
        b"Name,Start\n\xff\xfe\xfd,2026-11-26 09:00\n",
        "Name,Start\n\u202e=cmd|'/c calc'!A1,2026-11-26 09:00\n".encode(),
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=SECONDLY\nDTSTART:20260101T000000Z\nUID:x\nEND:VEVENT\n",
        b"," * 5_000 + b"\n" + b"x," * 5_000,
        "Näme;Start\nÄnne;26.11.2026 09:00".encode("utf-16"),
        b"\xed\xa0\x80,\xed\xb0\x80\n" * 50,
    ],
    ids=["nul", "zip", "old", "cell", "bytes", "rtl", "seconds", "wide", "utf16", "halves"],
)
def test_no_file_breaks_a_page(office: Client, data: bytes) -> None:
    """RELIABILITY 25: stored, or refused with a sentence."""
    upload(office, data, "odd.csv")
    work.work_off(now=NOW)
    answer = office.get(reverse("import", args=[run().pk]))
    assert answer.status_code == 200
    assert "\x00" not in answer.content.decode()
    assert not Appointment.objects.exists()
    assert run().state == ImportState.DRAFT


def test_a_small_file_that_unpacks_to_very_much_is_refused(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appointments.domain.imports.reading.table.workbook.MOST_UNPACKED", 1_000)
    rows = [["Name", "Start"], *(["Ana", "2026-11-26 09:00"] for _ in range(500))]
    assert "rows. Please import it in parts." in upload(office, workbook(rows), "a.xlsx").content.decode()


@pytest.mark.parametrize(("made_by", "name"), [(workbook, "a.xlsx"), (xls, "a.xls"), (ods, "a.ods")])
def test_a_workbook_comes_in_like_a_table(office: Client, made_by: Any, name: str) -> None:
    rows = [line.split(",") for line in TWO.splitlines()]
    assert "Import 2 appointments" in upload(office, made_by(rows), name).content.decode()


@pytest.mark.parametrize("made_by", [xls, ods])
def test_days_and_hours_of_other_programs_are_those_that_were_typed(office: Client, made_by: Any) -> None:
    rows = [["Nama", "No. HP", "Tanggal", "Jam"], ["Ana Putri", 6281255501101, date(2026, 11, 26), time(9, 30)]]
    upload(office, made_by([["Jadwal"], *rows]), "jadwal")
    office.post(reverse("bring-in", args=[run().pk]))
    [booked] = Appointment.objects.select_related("customer")
    assert (booked.starts_at, str(booked.customer.phone)) == (at("2026-11-26 09:30"), "+6281255501101")


@pytest.mark.parametrize("name", ["letter.doc", "locked.xlsx", "old.xls"])
def test_what_is_no_table_says_what_may_be_uploaded(office: Client, name: str) -> None:
    page = upload(office, in_container(b"something else"), name).content.decode()
    assert (
        f"“{name}” is no table that can be read. Please save it as CSV, XLSX, XLS or ODS, without a password." in page
    )
    assert ".csv, .xlsx, .xls or .ods" in office.get(reverse("imports")).content.decode()


def test_a_script_in_a_file_is_inert_on_the_page(office: Client) -> None:
    page = upload(office, "<script>x</script>,Start\n<img src=x>,2026-11-26 09:00\n", "<b>a.csv").content.decode()
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "<b>a.csv" not in page


def test_columns_that_nobody_knows_are_chosen_and_remembered(office: Client) -> None:
    text = TWO.replace("Booking number,Name", "Nr,Wer")
    page = upload(office, text).content.decode()
    assert "No column with a customer was recognised" in page
    assert 'href="#columns"' in page
    answer = office.post(reverse("import", args=[run().pk]), said(), follow=True)
    assert "Import 2 appointments" in answer.content.decode()
    office.post(reverse("bring-in", args=[run().pk]))
    later = upload(office, text.replace("09:30", "13:30"), "later.csv").content.decode()
    assert "Import 1 appointment" in later


def test_one_field_cannot_be_two_columns_and_nothing_chosen_is_lost(office: Client) -> None:
    upload(office)
    answer = office.post(reverse("import", args=[run().pk]), said(column_0="note", column_2="note", source="clinic"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“Booking number” is taken for that already." in page
    assert 'value="clinic"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_day": "2026-01-01"}, "The last day must not be before the first one."),
        ({"last_day": "2036-01-01"}, "Please choose at most five years at once."),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"location": "999"}, "Select a valid choice"),
        ({"first_day": "soon"}, "Enter a valid date"),
        ({"source": "x" * 21}, "at most 20 characters"),
        ({"column_0": "shoe"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(office: Client, changed: Any, sentence: str) -> None:
    upload(office)
    before = run().choices
    answer = office.post(reverse("import", args=[run().pk]), said(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert run().choices == before


def test_a_date_that_may_be_two_is_asked_about(office: Client) -> None:
    page = upload(office, HEAD + "a1,Ana,,03/04/2027,09:00,Check-up\n").content.decode()
    assert 'href="#id_date_order"' in page
    assert "bring-in" not in page
    office.post(reverse("import", args=[run().pk]), said(date_order="dmy"))
    office.post(reverse("bring-in", args=[run().pk]))
    assert Appointment.objects.get().starts_at.isoformat() == "2027-04-03T02:00:00+00:00"


def test_names_that_we_do_not_have_are_said_to_be_ours_or_left_out(office: Client, melati: Clinic) -> None:
    text = TWO.replace("09:30,Check-up", "09:30,Yoga").replace("09:00,Check-up", "09:00,Reiki")
    page = upload(office, text).content.decode()
    assert "Service “Reiki”" in page
    assert "Service “Yoga”" in page
    answer = office.post(
        reverse("import", args=[run().pk]), said(name_0=str(melati.service.pk), name_1="out"), follow=True
    )
    assert "Import 1 appointment" in answer.content.decode()
    office.post(reverse("bring-in", args=[run().pk]))
    assert list(Appointment.objects.values_list("customer__name", "service")) == [("Ana Putri", melati.service.pk)]


def test_wrong_rows_are_left_out_only_when_somebody_says_so_and_can_be_taken_along(office: Client) -> None:
    wrong = "a3,=HYPERLINK(1),,2026-11-99,09:00,Check-up\n"
    page = upload(office, TWO + wrong).content.decode()
    assert "As it stands, nothing would be written." in page
    office.post(reverse("bring-in", args=[run().pk]))
    assert not Appointment.objects.exists()
    answer = office.post(reverse("import", args=[run().pk]), said(skip_errors="on"), follow=True)
    assert "Import 2 appointments" in answer.content.decode()
    office.post(reverse("bring-in", args=[run().pk]))
    assert Appointment.objects.count() == 2
    sheet = office.get(reverse("import-left-out", args=[run().pk, "xlsx"]))
    assert b"".join(sheet).startswith(b"PK")
    file = b"".join(office.get(reverse("import-left-out", args=[run().pk, "csv"]))).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(file))] == ["Row", "4"]
    assert office.get(reverse("import-left-out", args=[run().pk, "pdf"])).status_code == 404


def test_a_reason_that_a_spreadsheet_would_compute_is_a_text(office: Client) -> None:
    """RELIABILITY 21."""
    upload(office)
    ImportRun.objects.update(report={"left": [[3, "=1+1"], [4, "@x"]]})
    file = b"".join(office.get(reverse("import-left-out", args=[run().pk, "csv"]))).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(file))][1:] == ["'=1+1", "'@x"]


def test_a_long_file_is_left_to_the_worker_and_the_page_watches_it(
    office: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(work, "AT_ONCE", 1)
    page = upload(office).content.decode()
    assert "The file is being checked." in page
    assert 'hx-trigger="every 1s"' in page
    address = reverse("import", args=[run().pk])
    progress.say(run().pk, 50, 120)
    watched = office.get(address, headers={"HX-Request": "true"})
    assert "50 of 120 rows" in watched.content.decode()
    assert "HX-Refresh" not in watched.headers
    assert office.post(address, {"location": "1"}).headers["Location"] == address
    work.work_off(now=NOW)
    assert office.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    office.post(reverse("bring-in", args=[run().pk]))
    assert "The file is being imported." in office.get(address).content.decode()
    work.work_off(now=NOW)
    assert "What was done" in office.get(address).content.decode()


def test_the_whole_is_undone_and_what_stays_is_named_before_and_after(office: Client, melati: Clinic) -> None:
    upload(office)
    office.post(reverse("bring-in", args=[run().pk]))
    Appointment.objects.filter(customer__name="Ana Putri").update(note="allergic")
    page = office.get(reverse("undo-import", args=[run().pk])).content.decode()
    assert "Take 1 appointment away" in page
    assert "its note was changed since" in page
    assert Appointment.objects.count() == 2
    page = office.post(reverse("undo-import", args=[run().pk]), follow=True).content.decode()
    assert "1 appointment was taken away, and its time is free again." in page
    assert "its note was changed since" in page
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ana Putri", melati.customer.name}
    again = office.post(reverse("undo-import", args=[run().pk]), follow=True).content.decode()
    assert "There is nothing to undo here any more." in again
    assert office.get(reverse("undo-import", args=[run().pk])).status_code == 302


def test_a_file_that_nobody_wants_is_thrown_away(office: Client) -> None:
    upload(office)
    page = office.post(reverse("throw-import-away", args=[run().pk]), follow=True).content.decode()
    assert "“bookings.csv” was thrown away." in page
    assert not ImportRun.objects.exists()


def test_looking_changes_nothing(office: Client) -> None:
    upload(office)
    pk = run().pk
    assert office.get(reverse("bring-in", args=[pk])).status_code == 405
    assert office.get(reverse("throw-import-away", args=[pk])).status_code == 405
    assert office.get(reverse("undo-import", args=[pk])).status_code == 302
    assert run().state == ImportState.DRAFT


def test_a_file_of_another_site_is_refused(client: Client, melati: Clinic) -> None:
    """RELIABILITY 23."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(melati.manager)
    assert strict.post(reverse("imports"), {"file": SimpleUploadedFile("a.csv", TWO.encode())}).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_file_with_more_rows_than_a_page_takes_is_refused(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appointments.domain.imports.page.chosen.MOST_ROWS", 1)
    rows = "".join(f"Ana {n},2026-11-26 09:00\n" for n in range(20))
    assert "The file has more than 1 rows." in upload(office, f"Name,Start\n{rows}").content.decode()


def test_the_front_desk_has_no_such_page(client: Client, melati: Clinic) -> None:
    client.force_login(melati.staff)
    assert client.get(reverse("imports")).status_code == 404
    assert reverse("imports") not in client.get(reverse("search")).content.decode()


def test_managers_find_it_in_their_menu_and_in_the_administration(office: Client) -> None:
    assert reverse("imports") in office.get(reverse("search")).content.decode()
    assert reverse("imports") in office.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_one_or_thirty_imports_are_listed_by_as_many_questions(
    office: Client, melati: Clinic, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        uploads.keep(TWO.encode(), name=f"{number}.csv", place=melati.location, by=melati.manager, now=NOW)
    office.get(reverse("imports"))
    with django_assert_max_num_queries(22):
        assert office.get(reverse("imports")).content.decode().count(".csv</a>") == count
