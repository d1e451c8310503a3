"""Which column is which."""

import pytest

from tests.appointments.domain.imports.reading.samples import said, table, times


def test_first_and_last_names_make_a_name():
    assert [row.customer_name for row in table("First Name,Last Name,Start\nAnn,Lee,2026-11-24 10:00").rows] == [
        "Ann Lee"
    ]


def test_titles_above_the_headings_and_blank_lines_do_not_matter():
    reading = table("Jadwal Klinik,,\n\n,,\nNama,Tanggal,Jam\n\nA,2026-11-24,10:00\n,,\n\nB,2026-11-24,11:00\n")
    assert [(row.line, row.customer_name) for row in reading.rows] == [(6, "A"), (9, "B")]
    assert said(reading) == []


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
    ("text", "sentence"),
    [
        ("a,b\nx,y", "No column with a date was recognised. The columns are: a, b. Say which it is."),
        (
            "Start,b\n2026-11-24 10:00,2",
            "No column with a customer was recognised. The columns are: Start, b. Say which it is.",
        ),
        (
            "Name,Jam\nA,10:00",
            "No column with a date was recognised. The columns are: Name, Jam. Say which it is.",
        ),
    ],
)
def test_headings_that_nobody_knows_are_told_with_how_to_say_them(text, sentence):
    reading = table(text)
    assert said(reading) == [(1, "error", sentence)]
    assert [one.remedy for one in reading.problems] == ["columns"]


def test_a_column_that_is_ignored_means_nothing_whatever_it_is_called():
    reading = table("Name,Start,Note\nA,2026-11-24 10:00,hello", ignored=["NOTE"])
    assert [one.note for one in reading.rows] == [""]
    assert said(reading) == [(1, "note", "Not imported are the columns: Note.")]


@pytest.mark.parametrize(
    "line", ["Ana Putri,0812 5550 1234,x", "Ana Putri,ana@x.example,x", "Ana Putri,2026-11-24 10:00,x"]
)
def test_people_of_a_table_without_headings_are_not_quoted(line):
    ((number, level, sentence),) = said(table(f"{line}\n{line}"))
    assert (number, level) == (1, "error")
    assert sentence == "The table has no headings. Please put a line like “Name,Phone,Date,Time,Service” above it."


@pytest.mark.parametrize(
    ("tool", "head", "cells"),
    [
        ("Google", "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private",
         "Ana Lee,11/24/2026,10:00 AM,11/24/2026,10:30 AM,False,,Room,False"),
        ("Outlook", "Subject,Start Date,Start Time,End Date,End Time,All day event,Required Attendees,Show time as",
         "Visit,11/24/2026,10:00:00 AM,11/24/2026,10:30:00 AM,False,Ana Lee,2"),
        ("Outlook id", "Subjek,Tanggal Mulai,Waktu Mulai,Tanggal Selesai,Waktu Selesai,Peserta yang Diperlukan",
         "Kontrol,24/11/2026,10.00,24/11/2026,10.30,Ana Lee"),
        ("Outlook de", "Betreff,Beginnt am,Beginnt um,Endet am,Endet um,Ganztägiges Ereignis,Erforderliche Teilnehmer",
         "Kontrolle,24.11.2026,10:00:00,24.11.2026,10:30:00,Aus,Ana Lee"),
        ("Square", "Start,Duration (minutes),Client Name,Service,Staff,Status", "2026-11-24 10:00,30,Ana Lee,Cut,Bo,"),
        ("Acuity", "Start Time,End Time,First Name,Last Name,Phone,Email,Type,Calendar,Appointment ID",
         "2026-11-24 10:00,2026-11-24 10:30,Ana,Lee,,,Cut,Bo,7"),
        ("Calendly", "Invitee Name,Invitee Email,Event Type Name,Start Date & Time,End Date & Time,Canceled",
         "Ana Lee,a@x.example,Cut,2026-11-24 10:00,2026-11-24 10:30,false"),
        ("SimplyBook", "Booking code,Client name,Client phone,Service,Provider,Start date,Start time,End time",
         "c7,Ana Lee,,Cut,Bo,2026-11-24,10:00,10:30"),
        ("Fresha", "Ref #,Client,Service,Team member,Scheduled date,Time,Duration (mins),Status,Location",
         "7,Ana Lee,Cut,Bo,2026-11-24,10:00,30,Booked,Main"),
        ("Cliniko", "Patient,Practitioner,Appointment Type,Business,Starts at,Ends at,Cancelled at",
         "Ana Lee,Bo,Cut,Main,2026-11-24 10:00,2026-11-24 10:30,"),
        ("Setmore", "Customer Name,Customer Email,Appointment Date,Start Time,End Time,Service,Staff Name",
         "Ana Lee,a@x.example,2026-11-24,10:00,10:30,Cut,Bo"),
    ],
)  # fmt: skip
def test_the_headings_of_common_tools_are_known(tool, head, cells):
    reading = table(f"{head}\n{cells}", date_order="mdy" if "AM" in cells else None)
    assert [problem.message for problem in reading.problems if problem.level == "error"] == [], tool
    (row,) = reading.rows
    assert row.customer_name == "Ana Lee"
    assert times(reading) == [("2026-11-24 03:00", "2026-11-24 03:30")]


def test_what_outlook_shows_as_free_is_nobodys_time():
    head = "Betreff,Beginnt am,Beginnt um,Zeitspanne zeigen als\n"
    rows = "".join(f"A{mark},24.11.2026,1{at}:00,{mark}\n" for at, mark in enumerate(("2", "3", "Frei", "4")))
    assert [row.transparent for row in table(head + rows).rows] == [False, True, True, False]


@pytest.mark.parametrize(
    "heading", ["Room", "Treatment room", "Dental chair", "Operatory", "Ruang", "No. Ruangan", "Kursi"]
)
def test_a_room_is_a_column_of_its_own(heading):
    [row] = table(f"Name,Start,Place,{heading}\nA,2026-11-24 10:00,Melati,Room 2").rows
    assert (row.location, row.room) == ("Melati", "Room 2")


def test_the_room_does_not_make_another_row_of_it():
    one, other = (table(f"Name,Start,Room\nA,2026-11-24 10:00,{room}").rows[0] for room in ("1", "2"))
    assert one.identity == other.identity


def test_two_names_for_one_thing_are_one_column():
    [row] = table("Nama / Pasien,No. HP / WA,Start,Notes / Email\nA,0812 5550 0101,2026-11-24 10:00,x@y.example").rows
    assert (row.customer_name, row.customer_phone, row.note) == ("A", "0812 5550 0101", "")
