"""Bringing in appointments from files: all or nothing, safe to repeat, and the dry run tells the truth."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from appointments.domain import actors, booking
from appointments.domain.schedule.slots import Slot
from appointments.enums import ActorKind, AppointmentState, EventKind
from appointments.models import Appointment, AppointmentEvent, Customer, Occupancy
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db

CALENDARS = Path(__file__).resolve().parents[4] / "shared" / "data" / "calendars"
HEAD = "uid,name,email,phone,start,duration,service,doctor,status\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The Monday morning of tests.clock: what these files hold lies ahead."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str, name: str = "bookings.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def bring_in(path: Path, *options: str) -> dict[str, Any]:
    """The report of a run over the days of these stories; a refused run gives its report too."""
    out = StringIO()
    try:
        call_command(
            "import_appointments", path, "--json", "--from", "2026-11-23", "--until", "2027-06-30", *options, stdout=out
        )
    except CommandError as refused:
        assert refused.returncode == 1
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in report["counts"].items() if count}


def rows() -> list[tuple[Any, ...]]:
    return list(Appointment.objects.order_by("starts_at", "pk").values_list("external_id", "starts_at", "state"))


TWO = (
    HEAD + "a1,Ana Putri,ana@example.com,+62 812 0000 0001,2026-11-26 09:00,30,Check-up,Dr. Ratna,\n"
    "a2,Joko Susilo,,0812-0000-0002,2026-11-26 09:30,30,Check-up,Dr. Ratna,\n"
)


def test_a_dry_run_says_what_the_run_then_does(melati: Clinic, file: Any) -> None:
    path = file(TWO)
    dry = bring_in(path, "--dry-run")
    assert (counts(dry), dry["written"], rows(), Customer.objects.count()) == ({"new": 2}, False, [], 1)
    wet = bring_in(path)
    assert (counts(wet), wet["written"]) == ({"new": 2}, True)
    assert [(one[0], one[1]) for one in rows()] == [("a1", at("2026-11-26 09:00")), ("a2", at("2026-11-26 09:30"))]
    assert Customer.objects.filter(phone="+6281200000002").count() == 1
    assert Occupancy.objects.count() == 4
    assert set(AppointmentEvent.objects.values_list("kind", "actor_kind")) == {(EventKind.IMPORTED, ActorKind.IMPORT)}
    assert Message.objects.count() == 0


def test_importing_again_doubles_nothing(melati: Clinic, file: Any) -> None:
    path = file(TWO)
    bring_in(path)
    before = rows()
    assert counts(bring_in(path)) == {"unchanged": 2}
    assert (rows(), Customer.objects.count()) == (before, 3)


@pytest.mark.parametrize(
    "state", [AppointmentState.BOOKED, AppointmentState.COMPLETED, AppointmentState.MISSED, AppointmentState.CANCELLED]
)
def test_what_is_over_when_the_file_comes_again_is_unchanged(
    melati: Clinic, file: Any, clock: time_machine.Traveller, state: AppointmentState
) -> None:
    """Only what was cancelled here differs from a file that says it takes place."""
    path = file(TWO)
    bring_in(path)
    Appointment.objects.filter(external_id="a1").update(state=state)
    clock.move_to(at("2026-11-28 09:00"))
    expected = {"unchanged": 2} if state != AppointmentState.CANCELLED else {"unchanged": 1, "left out": 1}
    assert counts(bring_in(path)) == expected


def test_what_was_over_already_comes_in_twice_and_once(
    melati: Clinic, file: Any, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-11-28 09:00"))
    path = file(TWO)
    assert counts(bring_in(path)) == {"new": 2}
    assert counts(bring_in(path)) == {"unchanged": 2}
    assert {state for _id, _at, state in rows()} == {AppointmentState.COMPLETED}


def test_a_changed_start_moves_and_keeps_identity(melati: Clinic, file: Any) -> None:
    path = file(TWO)
    bring_in(path)
    before = Appointment.objects.get(external_id="a1")
    file(TWO.replace("2026-11-26 09:00", "2026-11-27 11:00"))
    assert counts(bring_in(path)) == {"moved": 1, "unchanged": 1}
    after = Appointment.objects.get(external_id="a1")
    assert (after.pk, after.uid, after.starts_at, after.sequence) == (before.pk, before.uid, at("2026-11-27 11:00"), 1)


def test_cancelled_in_the_file_is_cancelled_here(melati: Clinic, file: Any) -> None:
    path = file(TWO)
    bring_in(path)
    file(TWO.replace("Dr. Ratna,\na2", "Dr. Ratna,cancelled\na2"))
    assert counts(bring_in(path)) == {"cancelled": 1, "unchanged": 1}
    assert Appointment.objects.get(external_id="a1").state == AppointmentState.CANCELLED


def test_what_was_moved_here_is_left_alone(melati: Clinic, file: Any) -> None:
    path = file(TWO)
    bring_in(path)
    mine = Appointment.objects.get(external_id="a1")
    used = tuple(sorted(mine.occupancies.values_list("resource_id", flat=True)))
    slot = Slot(mine.starts_at + days(5), mine.ends_at + days(5), mine.provider_id, used)
    booking.move(mine, to=slot, by=actors.staff(melati.staff), now=at("2026-11-23 09:00"))
    file(TWO.replace("2026-11-26 09:00", "2026-11-27 11:00"))
    report = bring_in(path)
    assert counts(report) == {"left out": 1, "unchanged": 1}
    mine.refresh_from_db()
    assert mine.starts_at == slot.starts_at


def test_one_wrong_row_keeps_everything_out_and_is_named_by_its_line(melati: Clinic, file: Any) -> None:
    path = file(TWO + "a3,Rina,,,2026-02-30 10:00,30,Check-up,Dr. Ratna,\n")
    report = bring_in(path)
    assert (report["written"], rows()) == (False, [])
    assert [(one["line"], one["level"]) for one in report["problems"] if one["level"] == "error"] == [(4, "error")]
    assert counts(bring_in(path, "--skip-errors")) == {"new": 2, "failed": 1}
    assert len(rows()) == 2


def test_overlaps_say_what_is_in_the_way(melati: Clinic, file: Any) -> None:
    standing = melati.booked("2026-11-26 09:10")
    report = bring_in(file(TWO), "--skip-errors")
    messages = [one["message"] for one in report["problems"] if one["level"] == "error"]
    assert messages == [
        f"2026-11-26 09:00: Dr. Ratna is busy then: appointment {standing.pk}.",
        f"2026-11-26 09:30: Dr. Ratna is busy then: appointment {standing.pk}.",
    ]


def test_two_rows_of_one_file_that_collide_are_found(melati: Clinic, file: Any) -> None:
    report = bring_in(file(TWO.replace("09:30", "09:15")))
    (error,) = [one["message"] for one in report["problems"] if one["level"] == "error"]
    assert error == "2026-11-26 09:15: Dr. Ratna is busy then: another line of this file."
    assert rows() == []


def test_back_to_back_bookings_come_in_although_our_service_has_buffers(file: Any) -> None:
    clinic(rooms=2, buffer_after=10)
    assert counts(bring_in(file(TWO))) == {"new": 2}
    assert Appointment.objects.count() == 2


def test_known_customers_are_found_again(melati: Clinic, file: Any) -> None:
    known = CustomerFactory(name="Ana P.", email="ANA@example.com")
    bring_in(file(TWO))
    assert Appointment.objects.get(external_id="a1").customer == known


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.csv", None, "cannot be read"),
        ("empty.csv", b"", ""),
        ("picture.ics", b"\x89PNG\r\n\x1a\n\x00\x00", ""),
    ],
)
def test_what_is_no_file_of_appointments_is_refused_kindly(
    melati: Clinic, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_appointments", path, stdout=StringIO())
    assert sentence in str(refused.value)
    assert rows() == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--location", "nowhere"), ("--service", "nothing"), ("--zone", "Mars/Base"), ("--map", "Who=nobody")],
)
def test_an_option_that_means_nothing_is_refused(melati: Clinic, file: Any, option: str, value: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_appointments", file(TWO), option, value, stdout=StringIO())
    assert refused.value.returncode == 2


def test_a_calendar_entry_keeps_the_uid_that_the_customer_has(melati: Clinic, file: Any) -> None:
    entry = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:abc@elsewhere.example\r\nDTSTAMP:20261101T000000Z\r\n"
        "DTSTART;TZID=Asia/Jakarta:20261126T090000\r\nDURATION:PT30M\r\nSUMMARY:Check-up Bu Rina\r\n"
        "ATTENDEE;CN=Rina:mailto:rina@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert counts(bring_in(file(entry, "one.ics"))) == {"new": 1}
    appointment = Appointment.objects.get()
    assert (appointment.uid, appointment.customer.email) == ("abc@elsewhere.example", "rina@example.com")


def test_a_cancelled_series_takes_all_its_dates_along(melati: Clinic, file: Any) -> None:
    event = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:series@elsewhere.example\r\n"
        "DTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Asia/Jakarta:20261126T090000\r\nDURATION:PT30M\r\n"
        "SUMMARY:Rina\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    path = file(event.format(more="RRULE:FREQ=WEEKLY;COUNT=4\r\n"), "series.ics")
    assert counts(bring_in(path)) == {"new": 4}
    file(event.format(more="SEQUENCE:1\r\nSTATUS:CANCELLED\r\n"), "series.ics")
    assert counts(bring_in(path)) == {"cancelled": 4}
    assert set(Appointment.objects.values_list("state", flat=True)) == {AppointmentState.CANCELLED}


@pytest.mark.skipif(not CALENDARS.exists(), reason="the calendars lie beside the project")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("icalendar-alarm_google_future", {}),
        ("icalendar-issue_1050_calendar_with_events_and_todos", {}),
        ("icalendar-multiple_timezones", {}),
        ("icaljs-duration_instead_of_dtend", {}),
        ("icaljs-google_birthday", {}),
        ("icaljs-daily_recur", {"new": 220}),
        ("icaljs-recur_instances", {"new": 7}),
    ],
)
def test_calendars_from_the_wild_come_in_twice_and_once(melati: Clinic, name: str, expected: dict[str, int]) -> None:
    path = CALENDARS / f"{name}.ics"
    assert counts(bring_in(path)) == expected
    again = {"unchanged": expected["new"]} if expected else {}
    assert counts(bring_in(path)) == again
    assert Appointment.objects.count() == expected.get("new", 0)


@pytest.mark.skipif(not CALENDARS.exists(), reason="the calendars lie beside the project")
def test_the_first_tuesday_series_still_runs_on_the_clock_of_its_own_place(melati: Clinic) -> None:
    bring_in(CALENDARS / "icaljs-recur_instances.ics")
    starts = list(Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True))
    zone = "America/Los_Angeles"
    assert starts == [
        at(f"{day} 10:00", zone)
        for day in (
            "2026-12-01", "2027-01-05", "2027-02-02", "2027-03-02", "2027-04-06", "2027-05-04", "2027-06-01",
        )
    ]  # fmt: skip
    assert all(one.ends_at - one.starts_at == minutes(30) for one in Appointment.objects.all())


@pytest.mark.skipif(not CALENDARS.exists(), reason="the calendars lie beside the project")
def test_broken_entries_of_a_real_export_are_named_and_the_others_come_in(melati: Clinic) -> None:
    report = bring_in(CALENDARS / "ics-parser-google-export.ics", "--skip-errors")
    errors = [(one["line"], one["message"]) for one in report["problems"] if one["level"] == "error"]
    assert errors == [(22, "“20171032T000000” is not a date that exists, so this entry was left out.")]
    assert report["counts"]["new"] == Appointment.objects.count() == 32


def test_on_the_first_day_it_says_that_places_come_first(file: Any) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_appointments", file(TWO), "--dry-run", stdout=StringIO())
    assert str(refused.value) == "There is no location yet; add one in the settings."


def test_the_report_is_in_the_language_of_the_business(melati: Clinic, file: Any) -> None:
    melati.business.language = "id"
    melati.business.save()
    out = StringIO()
    path = file(HEAD + "a1,Ana,,12,2026-11-26 09:00,30,Check-up,Dr. Ratna,\n")
    call_command("import_appointments", path, "--dry-run", stdout=out)
    said = out.getvalue()
    assert "Belum ada yang ditulis" in said
    assert "      1  baru\n" in said
    assert "bookings.csv:2: peringatan: “12”" in said
    assert "unchanged" not in said


def test_a_long_source_is_refused_and_never_cut(melati: Clinic, file: Any) -> None:
    with pytest.raises(CommandError, match="at most 20 characters"):
        call_command("import_appointments", file(HEAD), "--source", "x" * 21)


def test_a_file_of_which_nothing_can_be_used_is_not_told_to_skip_its_errors(melati: Clinic, file: Any) -> None:
    with pytest.raises(CommandError, match="no line of the file can be used"):
        call_command("import_appointments", file(""), "--skip-errors", stdout=StringIO())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "No longer in the file: Ben, 2026-11-26 10:00, Check-up; nothing was changed."),
        ("id", "Tidak ada lagi di berkas: Ben, 2026-11-26 10:00, Pemeriksaan; tidak ada yang diubah."),
    ],
)
def test_who_is_no_longer_in_the_file_is_counted_and_named_in_the_language_of_the_business(
    melati: Clinic, file: Any, language: str, sentence: str
) -> None:
    type(melati.service).objects.update(name={"en": "Check-up", "id": "Pemeriksaan"})
    type(melati.business).objects.update(language=language)
    head, out = "Name,Email,Date,Time,Service\n", StringIO()
    ana, ben = (f"{name},,2026-11-26,{hour}:00,Check-up\n" for name, hour in (("Ana", "09"), ("Ben", "10")))
    bring_in(file(head + ana + ben))
    call_command("import_appointments", file(head + ana), "--dry-run", stdout=out)
    label = {"en": "no longer in the file", "id": "tidak ada lagi di berkas"}[language]
    assert f"      1  {label}\n" in out.getvalue()
    assert f"bookings.csv:1: {'warning' if language == 'en' else 'peringatan'}: {sentence}" in out.getvalue()
