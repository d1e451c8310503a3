"""Tables: dialects, headings in two languages, and what each column becomes."""

from datetime import date

import pytest

from appointments.domain.imports.reading import is_calendar
from tests.appointments.domain.imports.reading.samples import levels, said, shown, starts, table, times

FULL = """Nama Pasien;No. HP;Email;Tanggal;Jam;Durasi (menit);Layanan;Dokter;Cabang;Bahasa;Catatan;Status
Dewi Lestari;'+62 812-3456-789;dewi@example.com;Selasa, 24 November 2026;14.30 WIB;30;\
Scaling;drg. Sari;Kemang;Indonesia;"bawa kartu
lama";
Budi;0812345678;;25/11/2026;09.00 - 10.00;;Cabut gigi;;;;;Batal
"""


def test_an_indonesian_table_is_read_whole():
    reading = table(FULL)
    first, second = reading.rows
    assert (first.customer_name, first.customer_phone, first.customer_email, first.customer_language) == (
        "Dewi Lestari",
        "+62 812-3456-789",
        "dewi@example.com",
        "id",
    )
    assert (first.service, first.provider, first.location, first.note) == (
        "Scaling",
        "drg. Sari",
        "Kemang",
        "bawa kartu\nlama",
    )
    assert times(reading) == [("2026-11-24 07:30", "2026-11-24 08:00"), ("2026-11-25 02:00", "2026-11-25 03:00")]
    assert [(row.line, row.cancelled, row.zone) for row in reading.rows] == [
        (2, False, "Asia/Jakarta"),
        (4, True, "Asia/Jakarta"),
    ]
    assert (second.customer_name, second.customer_email, said(reading), reading.kind) == ("Budi", "", [], "table")


def test_an_english_table_is_read_whole():
    reading = table(
        "Booking ID,Client Name,Mobile Phone,E-mail,Start Time,End Time,Time Zone,"
        "Service,Staff,Branch,Language,Notes,Status\n"
        "B-7,Ann Lee,+1 555 0100,ann@example.com,11/24/2026 2:30 PM,11/24/2026 3:15 PM,America/New_York,"
        "Cut,Kim,Soho,English,"
        '"Likes ""warm"" tea",Confirmed\n'
    )
    row = reading.rows[0]
    assert (row.identity, row.customer_name, row.customer_phone, row.customer_email) == (
        "B-7",
        "Ann Lee",
        "+1 555 0100",
        "ann@example.com",
    )
    assert times(reading) == [("2026-11-24 19:30", "2026-11-24 20:15")]
    assert (row.zone, row.service, row.provider, row.location) == ("America/New_York", "Cut", "Kim", "Soho")
    assert (row.customer_language, row.note, row.cancelled, said(reading)) == ("en", 'Likes "warm" tea', False, [])


def test_first_and_last_names_make_a_name():
    assert [row.customer_name for row in table("First Name,Last Name,Start\nAnn,Lee,2026-11-24 10:00").rows] == [
        "Ann Lee"
    ]


def test_a_calendar_programs_own_table_is_read():
    reading = table(
        "Subject,Start Date,Start Time,End Date,End Time,All day event,Location\n"
        "Visit,11/24/2026,2:30:00 PM,11/24/2026,3:00:00 PM,False,Here\n"
        "Fair,11/25/2026,12:00:00 AM,11/27/2026,12:00:00 AM,True,There\n"
    )
    assert times(reading) == [("2026-11-24 07:30", "2026-11-24 08:00"), ("2026-11-24 17:00", "2026-11-26 17:00")]
    assert [(row.customer_name, row.all_day) for row in reading.rows] == [("Visit", False), ("Fair", True)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end_will_do(delimiter, encoding, end):
    lines = [
        ("Name", "Start", "Note"),
        ("Zoë", "2026-11-24 10:00", f'"a{delimiter}b"'),
        ("Budi", "2026-11-24 11:00", ""),
    ]
    reading = table(end.join(delimiter.join(cells) for cells in lines).encode(encoding))
    assert [(row.line, row.customer_name, row.note) for row in reading.rows] == [
        (2, "Zoë", f"a{delimiter}b"),
        (3, "Budi", ""),
    ]
    assert said(reading) == []


def test_an_older_encoding_is_read_with_a_note():
    reading = table("Name,Start\nZoë,2026-11-24 10:00".encode("cp1252"))
    assert ([row.customer_name for row in reading.rows], levels(reading)) == (["Zoë"], [(0, "note")])


def test_a_line_that_names_the_delimiter_is_obeyed():
    reading = table("sep=;\nName;Start\nA, B;2026-11-24 10:00")
    assert [(row.line, row.customer_name) for row in reading.rows] == [(3, "A, B")]


def test_titles_above_the_headings_and_blank_lines_do_not_matter():
    reading = table("Jadwal Klinik,,\n\n,,\nNama,Tanggal,Jam\n\nA,2026-11-24,10:00\n,,\n\nB,2026-11-24,11:00\n")
    assert [(row.line, row.customer_name) for row in reading.rows] == [(6, "A"), (9, "B")]
    assert said(reading) == []


def test_lines_are_counted_through_cells_of_several_lines():
    reading = table('Name,Start,Note\nA,2026-11-24 10:00,"one\ntwo\n\nfour"\nB,nonsense,\nC,2026-11-24 11:00,\n')
    assert [(row.line, row.customer_name, row.note) for row in reading.rows] == [
        (2, "A", "one\ntwo\n\nfour"),
        (7, "C", ""),
    ]
    assert levels(reading) == [(6, "error")]


@pytest.mark.parametrize("mapping", [{"customer_name": "Who?"}, {"Who?": "customer_name"}, {"customer_name": "WHO"}])
def test_columns_with_other_names_can_be_named(mapping):
    reading = table("Who?,Mulai\nA,2026-11-24 10:00", mapping=mapping)
    assert [row.customer_name for row in reading.rows] == ["A"]


def test_a_named_column_comes_before_a_recognised_one():
    reading = table("Name,Nickname,Start\nAnn,Annie,2026-11-24 10:00", mapping={"customer_name": "Nickname"})
    assert [row.customer_name for row in reading.rows] == ["Annie"]


def test_names_of_columns_that_are_not_there_are_told_with_those_that_are():
    reading = table("Who,Start\nA,2026-11-24 10:00", mapping={"customer_name": "Nama"})
    assert said(reading) == [(1, "error", "There is no column “Nama”. The columns are: Who, Start.")]
    wrong = table("Who,Start\nA,2026-11-24 10:00", mapping={"shoe_size": "Who"})
    assert [str(problem.message).partition(":")[0] for problem in wrong.problems] == [
        "“shoe_size” is no field. Fields are"
    ]


def test_columns_that_mean_nothing_here_are_told():
    reading = table("Name,Start,Shoe size,Start\nA,2026-11-24 10:00,42,")
    assert said(reading) == [(1, "note", "Not imported are the columns: Shoe size, Start.")]


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("Tanggal;Jam", "24/11/2026;14.30", "2026-11-24 07:30"),
        ("Tanggal;Mulai", "24/11/2026;14.30", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026 00:00:00;14:30:00", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026 14:30;", "2026-11-24 07:30"),
        ("Tanggal;Jam", ";24/11/2026 14:30", "2026-11-24 07:30"),
        ("Start Time;X", "24/11/2026 14:30;", "2026-11-24 07:30"),
        ("Tanggal;Jam", "46350;0,604166667", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026;24:00", "2026-11-24 17:00"),
        ("Tanggal dan jam;X", "24.11.2026 14.30;", "2026-11-24 07:30"),
        ("Tanggal;Jam;Zona", "24/11/2026;14.30;WITA", "2026-11-24 06:30"),
        ("Tanggal;Jam;Zona", "24/11/2026;14.30 WIB;WITA", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026;14:30+09:00", "2026-11-24 05:30"),
    ],
)
def test_date_and_hour_may_be_in_one_column_or_two(head, cells, expected):
    reading = table(f"Nama;{head}\nA;{cells}")
    assert starts(reading) == [expected]


@pytest.mark.parametrize(
    ("head", "cells", "end"),
    [
        ("End", "2026-11-24 11:00", "04:00"),
        ("End", "11:00", "04:00"),
        ("End Time", "11.00", "04:00"),
        ("Selesai", "11.00 WIB", "04:00"),
        ("Selesai", "12.00 WITA", "04:00"),
        ("Duration", "60", "04:00"),
        ("Duration", "1:00", "04:00"),
        ("Durasi", "1 jam", "04:00"),
        ("Durasi", "1 jam 30 menit", "04:30"),
        ("Durasi", "45 menit", "03:45"),
        ("Durasi (jam)", "1,5", "04:30"),
        ("Duration (hours)", "2", "05:00"),
        ("Length", "PT45M", "03:45"),
        ("Length", "90 min", "04:30"),
        ("Length", "1.5 h", "04:30"),
        ("Length", "0.0208333333", "03:30"),
        ("Length", "", ""),
        ("Length", "-", ""),
    ],
)
def test_the_end_is_an_hour_or_a_length(head, cells, end):
    reading = table(f"Name;Start;{head}\nA;2026-11-24 10:00;{cells}")
    assert [shown(row.ends_at) for row in reading.rows] == [f"2026-11-24 {end}" if end else ""]
    assert said(reading) == []


def test_an_hour_before_the_start_is_in_the_night_after_it_when_that_is_near():
    reading = table("Name;Date;Time;End\nNight;2026-11-24;22:00;02:00\nWrong;2026-11-25;10:00;09:00")
    assert times(reading) == [("2026-11-24 15:00", "2026-11-24 19:00"), ("2026-11-25 03:00", "")]
    assert said(reading) == [(3, "warning", "The end is not after the start, so the row has no end.")]


def test_the_end_is_believed_before_the_length():
    reading = table("Name,Start,End,Duration\nA,2026-11-24 10:00,11:00,30\nB,2026-11-25 10:00,11:00,60")
    assert [shown(row.ends_at) for row in reading.rows] == ["2026-11-24 04:00", "2026-11-25 04:00"]
    assert said(reading) == [(2, "warning", "The end and the length do not fit each other; the end was taken.")]


@pytest.mark.parametrize(
    ("status", "cancelled"),
    [
        ("Cancelled", True),
        ("canceled by client", True),
        ("BATAL", True),
        ("Dibatalkan", True),
        ("Cancelled by customer, not notified", True),
        ("Confirmed", False),
        ("Not cancelled", False),
        ("tidak batal", False),
        ("No show", False),
        ("", False),
    ],
)
def test_cancelled_rows_are_cancelled(status, cancelled):
    assert [row.cancelled for row in table(f"Name;Start;Status\nA;2026-11-24 10:00;{status}").rows] == [cancelled]


def test_a_column_of_its_own_may_say_cancelled():
    assert [row.cancelled for row in table("Name,Start,Batal\nA,2026-11-24 10:00,ya\nB,2026-11-24 11:00,").rows] == [
        True,
        False,
    ]


def test_a_daily_hour_in_a_zone_with_summer_time():
    reading = table("Name,Start\nA,2027-03-27 10:00\nB,2027-03-28 10:00\nC,2027-03-28 02:30", zone="Europe/Berlin")
    assert starts(reading) == ["2027-03-27 09:00", "2027-03-28 08:00"]
    assert said(reading) == [
        (4, "error", "2027-03-28 02:30 does not exist there, because the clocks go forward, so it was left out.")
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2027-03-14", {"01:59": 1, "02:00": 0, "02:59": 0, "03:00": 1}),
        ("Europe/Berlin", "2027-03-28", {"01:59": 1, "02:00": 0, "02:59": 0, "03:00": 1}),
        ("Asia/Jakarta", "2027-03-28", {"01:59": 1, "02:00": 1, "02:59": 1, "03:00": 1}),
    ],
)
def test_only_the_hours_that_a_clock_skips_are_refused(zone, day, hours):
    found = {hour: len(table(f"Name,Start\nA,{day} {hour}", zone=zone).rows) for hour in hours}
    assert found == hours


def test_a_whole_day_has_no_hour_that_could_be_skipped():
    """In Santiago the clocks go forward at midnight."""
    reading = table("Name,Start,All day\nA,2027-09-05,yes", zone="America/Santiago")
    assert (len(reading.rows), reading.rows[0].all_day, said(reading)) == (1, True, [])


def test_an_hour_that_comes_twice_is_the_first_and_is_said():
    reading = table("Name,Start\nA,2027-10-31 02:30", zone="Europe/Berlin")
    assert starts(reading) == ["2027-10-31 00:30"]
    assert [(line, level) for line, level, __ in said(reading)] == [(2, "warning")]


def test_an_abbreviation_that_people_there_use_is_understood_others_are_not_guessed():
    rows = "Name,Start\nA,2026-11-24 10:00 CET\nB,2026-07-24 10:00 CEST\nC,2026-11-24 10:00 CST"
    reading = table(rows, zone="Europe/Berlin")
    assert starts(reading) == ["2026-07-24 08:00", "2026-11-24 09:00"]
    assert said(reading) == [(4, "error", "Which time zone “CST” means is not clear, so this row was left out.")]


def test_rows_have_an_identity_that_stays_when_the_table_is_imported_again():
    rows = ["A,2026-11-24 10:00", "B,2026-11-24 10:00", "A,2026-11-25 10:00"]
    first, second = (table("Name,Start\n" + "\n".join(order)) for order in (rows, rows[::-1]))
    assert {row.identity for row in first.rows} == {row.identity for row in second.rows}
    assert len({row.identity for row in first.rows}) == 3


@pytest.mark.parametrize(
    ("data", "name", "calendar"),
    [
        (b"BEGIN:VCALENDAR\n", "x", True),
        (b"\xef\xbb\xbf\r\nbegin:vcalendar", "x.txt", True),
        ("BEGIN:VCALENDAR".encode("utf-16"), "x.csv", True),
        (b"nonsense", "x.ICS", True),
        (b"Name,Start", "bookings.csv", False),
        (b"", "", False),
    ],
)
def test_which_reader_a_file_is_for(data, name, calendar):
    assert is_calendar(data, filename=name) is calendar


def test_a_zone_or_order_that_does_not_exist_is_the_callers_mistake():
    with pytest.raises(ValueError, match="Nowhere"):
        table("Name,Start", zone="Nowhere")
    with pytest.raises(ValueError, match="dym"):
        table("Name,Start", date_order="dym")


def test_dates_far_from_now_are_dates():
    assert [row.starts_at.date() for row in table("Name,Start\nA,1941-05-12 10:00\nB,2106-02-07 10:00").rows] == [
        date(1941, 5, 12),
        date(2106, 2, 7),
    ]
