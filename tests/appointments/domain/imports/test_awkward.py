"""Files as they come: each is read dry, then twice for good, and once more after a change at its source."""

from typing import Any

import pytest

from appointments.domain.imports import run
from appointments.domain.imports.matching import Choices
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.run import Options
from appointments.models import Appointment, Customer
from tests.appointments.domain.imports.files import booked, calendar, counts, event, said, starting
from tests.clock import NOW
from tests.factories import Clinic

pytestmark = pytest.mark.django_db

HEAD = "Name,Date,Time,Service\n"
WORDS = " ".join(f"kata{number}" for number in range(240))


def bring_in(melati: Clinic, data: str | bytes, **options: Any) -> Report:
    raw = data.encode() if isinstance(data, str) else data
    values: dict[str, Any] = {
        "choices": Choices(melati.location, service=melati.service if b"VEVENT" in raw else None),
        "filename": "bookings.csv", "first_day": NOW.date(), "last_day": NOW.date().replace(year=2027),
    }  # fmt: skip
    return run.run(raw, Options(**values | options), now=NOW)


def every_way(melati: Clinic, data: str | bytes, *, new: int) -> Report:
    """The dry run tells what the run does, and the second run does nothing. Returns the report of the first."""
    dry = bring_in(melati, data, dry_run=True)
    assert not Appointment.objects.exists()
    report = bring_in(melati, data)
    assert (counts(dry), dry.problems, report.written) == (counts(report), report.problems, True)
    assert report.counts[Outcome.NEW] == new == Appointment.objects.count()
    again = bring_in(melati, data, filename="bookings (1).csv")
    assert again.written
    assert {name: count for name, count in counts(again).items() if name != Outcome.LEFT_OUT} == {
        Outcome.UNCHANGED: new
    }
    return report


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_unicode(melati: Clinic, encoding: str) -> None:
    text = HEAD + "José Ñandú,2026-12-07,09:00,Check-up\n李雷,2026-12-07,10:00,Check-up\n"
    assert every_way(melati, text.encode(encoding), new=2).problems == []
    assert booked() == [("José Ñandú", "12-07 09:00"), ("李雷", "12-07 10:00")]
    assert counts(bring_in(melati, text.replace("10:00", "11:00").encode(encoding))) == {
        Outcome.UNCHANGED: 1, Outcome.NEW: 1, Outcome.DROPPED: 1,
    }  # fmt: skip


def test_semicolons_and_a_comma_in_the_length(melati: Clinic) -> None:
    rows = ('"Siti; Aminah";7/12/2026;09.00;0,5;150.000,00;Check-up', "Ida;25/12/2026;10.00;1,25;12,50;Check-up")
    text = "Nama;Tanggal;Jam;Durasi (jam);Biaya;Layanan\n" + "\n".join(rows)
    report = every_way(melati, text, new=2)
    assert (1, "Not imported are the columns: Biaya.") in said(report, "note")
    assert list(Appointment.objects.order_by("starts_at").values_list("customer__name", flat=True)) == [
        "Siti; Aminah", "Ida",
    ]  # fmt: skip
    assert [one.duration.total_seconds() / 60 for one in Appointment.objects.order_by("starts_at")] == [30, 75]


def test_the_headings_of_a_german_spreadsheet(melati: Clinic) -> None:
    every_way(melati, "Name;Datum;Uhrzeit;Dauer;Leistung;Telefon\nJörg;24.12.2026;09:00;45;Check-up;\n", new=1)
    assert booked() == [("Jörg", "12-24 09:00")]


def test_line_ends_inside_of_cells(melati: Clinic) -> None:
    note = 'first line\nsecond "quoted", line\n\nlast'
    cell = note.replace('"', '""')
    every_way(melati, f'Name,Date,Time,Service,Note\n"Ana\nPutri",2026-12-07,09:00,Check-up,"{cell}"\n', new=1)
    assert Appointment.objects.values_list("customer__name", "note").get() == ("Ana Putri", note)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("12:00 AM", "00:00"),
        ("12:00 PM", "12:00"),
        ("9:15pm", "21:15"),
        ("11:30 a.m. - 1:00 p.m.", "11:30"),
        ("9 AM", "09:00"),
    ],
)
def test_halves_of_the_day(melati: Clinic, written: str, hour: str) -> None:
    every_way(melati, f"{HEAD}Ana,2026-12-07,{written},Check-up\n", new=1)
    assert booked() == [("Ana", f"12-07 {hour}")]


def test_a_date_that_may_be_two_is_asked_about_and_nothing_is_called_written(melati: Clinic) -> None:
    text = HEAD + "Ana,03/04/2027,09:00,Check-up\nBen,05/04/2027,09:00,Check-up\n"
    report = bring_in(melati, text, skip_errors=True)
    assert report.written is False
    assert said(report, "error") == [
        (2, "“03/04/2027 09:00” may be the day before the month or the month before the day."),
        (2, "2 rows were left out. Please choose the order of day and month."),
    ]
    every_way(melati, text.replace("05/04", "25/04"), new=2)
    assert booked() == [("Ana", "04-03 09:00"), ("Ben", "04-25 09:00")]


def test_days_and_hours_as_a_spreadsheet_counts_them(melati: Clinic) -> None:
    every_way(melati, HEAD + 'Ana,46363,0.375,Check-up\nBen,46363.5,,Check-up\nCid,"46364,5",,Check-up\n', new=3)
    assert booked() == [("Ana", "12-07 09:00"), ("Ben", "12-07 12:00"), ("Cid", "12-08 12:00")]


def test_of_two_columns_of_one_name_the_first_counts_and_the_other_is_said(melati: Clinic) -> None:
    text = "Name,Name,Date,Date,Time,Service\nAna,Ben,2026-12-07,2026-12-08,09:00,Check-up\n"
    assert said(every_way(melati, text, new=1), "note") == [(1, "Not imported are the columns: Name, Date.")]
    assert booked() == [("Ana", "12-07 09:00")]


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["a.csv", "a.ics"])
def test_an_empty_file_is_called_empty_and_never_written(melati: Clinic, data: bytes, name: str) -> None:
    report = bring_in(melati, data, filename=name, skip_errors=True)
    assert (report.written, said(report, "error")) == (False, [(0, "The file is empty.")])


def test_what_is_excluded_on_another_clock_is_excluded(melati: Clinic) -> None:
    rule = ("RRULE:FREQ=DAILY;COUNT=5", starting("20261201T090000"))
    makassar = "EXDATE;TZID=Asia/Makassar:202612"
    out = (f"{makassar}02T100000", "EXDATE:20261203T020000Z", f"{makassar}04T090000")
    every_way(melati, calendar(event("r@trial.example", *rule, *out)), new=3)
    assert [when for _who, when in booked()] == ["12-01 09:00", "12-04 09:00", "12-05 09:00"]
    report = bring_in(melati, calendar(event("r@trial.example", *rule, out[0], sequence=1)))
    assert counts(report) == {Outcome.UNCHANGED: 3, Outcome.NEW: 1}


def test_a_long_description_stays_whole(melati: Clinic) -> None:
    assert len(WORDS) > 1700
    every_way(melati, calendar(event("l@trial.example", starting("20261201T090000"), f"DESCRIPTION:{WORDS}")), new=1)
    assert Appointment.objects.get().note == WORDS


def test_a_note_and_a_description_are_both_kept_and_the_same_once(melati: Clinic) -> None:
    head = "Name,Date,Time,Service,Note,Description\n"
    rows = (f"Ana,2026-12-07,09:00,Check-up,by the window,{WORDS}", "Ben,2026-12-07,10:00,Check-up,same,same")
    every_way(melati, head + "\n".join(rows), new=2)
    assert list(Appointment.objects.order_by("starts_at").values_list("note", flat=True)) == [
        f"by the window\n{WORDS}", "same",
    ]  # fmt: skip


WHOLE_DAYS = "whole days, which are rarely appointments"


@pytest.mark.parametrize(
    ("start", "end", "is_left_out"),
    [
        (";TZID=Asia/Jakarta:20261205T000000", ";TZID=Asia/Jakarta:20261206T000000", True),
        (";TZID=Asia/Jakarta:20261205T000000", ";TZID=Asia/Jakarta:20261208T000000", True),
        (";TZID=Asia/Tokyo:20261205T000000", ";TZID=Asia/Tokyo:20261206T000000", True),
        (":20261205T000000Z", ":20261206T000000Z", True),
        (":20261205T170000Z", ":20261206T170000Z", True),
        (";VALUE=DATE:20261205", ";VALUE=DATE:20261206", True),
        (";TZID=Asia/Jakarta:20261205T000000", ";TZID=Asia/Jakarta:20261205T235900", False),
        (";TZID=Asia/Jakarta:20261205T090000", ";TZID=Asia/Jakarta:20261206T090000", False),
        (";TZID=Asia/Jakarta:20261205T220000", ";TZID=Asia/Jakarta:20261206T000000", False),
    ],
)
def test_from_midnight_to_midnight_is_a_whole_day_however_it_is_written(
    melati: Clinic, start: str, end: str, is_left_out: bool
) -> None:
    text = calendar(event("d@trial.example", f"DTSTART{start}", f"DTEND{end}").replace("DURATION:PT30M\n", ""))
    assert bring_in(melati, text, dry_run=True).left_out == ({WHOLE_DAYS: 1} if is_left_out else {})
    assert counts(bring_in(melati, text, all_day=True)) == {Outcome.NEW: 1}


def test_of_two_who_are_invited_the_one_who_comes_is_the_customer(melati: Clinic) -> None:
    who = (
        "ATTENDEE;CN=Rudi;PARTSTAT=DECLINED:mailto:rudi@trial.example",
        'ATTENDEE;CN="Sinta, Dr.":mailto:s@trial.example',
    )
    every_way(melati, calendar(event("t@trial.example", starting("20261201T090000"), *who)), new=1)
    assert booked() == [("Sinta, Dr.", "12-01 09:00")]


def test_a_name_of_pictures_alone_is_a_name(melati: Clinic) -> None:
    head = "ID,Name,Phone,Date,Time,Service\n"
    rows = (
        "1,👩🏽‍⚕️ Ana 🌸,081255501107,2026-12-07,09:00,Check-up",
        "2,🌸,081255501108,2026-12-07,10:00,Check-up",
        "3,🎉🎉,,2026-12-07,11:00,Check-up",
    )
    every_way(melati, head + "\n".join(rows), new=3)
    assert set(Customer.objects.exclude(pk=melati.customer.pk).values_list("name", flat=True)) == {
        "👩🏽‍⚕️ Ana 🌸", "🌸", "🎉🎉",
    }  # fmt: skip
    later = "\n".join(rows).replace("10:00", "13:00")
    assert counts(bring_in(melati, head + later)) == {Outcome.UNCHANGED: 2, Outcome.MOVED: 1}


def test_a_row_that_differs_in_capitals_says_the_same(melati: Clinic) -> None:
    report = every_way(melati, HEAD + "Ana,2026-12-07,09:00,Check-up\nANA,2026-12-07,09:00,Check-up\n", new=1)
    assert said(report, "warning") == [(3, "This row says the same as line 2, so it was left out.")]
