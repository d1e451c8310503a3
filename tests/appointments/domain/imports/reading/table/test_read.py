"""Whole tables: dialects, two languages, and which reader a file is for."""

from datetime import date

import pytest

from appointments.domain.imports.reading import is_calendar
from tests.appointments.domain.imports.reading.samples import said, table, times

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


def test_a_calendar_programs_own_table_is_read():
    reading = table(
        "Subject,Start Date,Start Time,End Date,End Time,All day event,Location\n"
        "Visit,11/24/2026,2:30:00 PM,11/24/2026,3:00:00 PM,False,Here\n"
        "Fair,11/25/2026,12:00:00 AM,11/27/2026,12:00:00 AM,True,There\n"
    )
    assert times(reading) == [("2026-11-24 07:30", "2026-11-24 08:00"), ("2026-11-24 17:00", "2026-11-26 17:00")]
    assert [(row.customer_name, row.all_day) for row in reading.rows] == [("Visit", False), ("Fair", True)]


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
