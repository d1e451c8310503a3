"""A file becomes appointments: all of it or nothing, as often as you like."""

from datetime import date, datetime
from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.imports import run
from appointments.domain.imports.matching import Choices
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.run import Options
from appointments.domain.messages import invites
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState
from appointments.models import Appointment, Customer
from notifications.models import Message
from tests.appointments.domain.imports.files import bring_in as table
from tests.appointments.domain.imports.files import counts, said
from tests.clock import NOW, at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


HEAD = "uid,name,email,start,duration,service,doctor,status\n"
ANA = "a1,Ana Putri,ana@example.com,2026-11-26 09:00,30,Check-up,Dr. Ratna,\n"
JOKO = "a2,Joko Susilo,joko@example.com,2026-11-26 09:30,30,Check-up,Dr. Ratna,\n"


def bring_in(melati: Clinic, *rows: str, now: datetime = NOW, **options: Any) -> Report:
    values: dict[str, Any] = {
        "choices": Choices(melati.location), "source": "csv", "filename": "bookings.csv",
        "first_day": date(2026, 11, 23), "last_day": date(2027, 6, 30),
    }  # fmt: skip
    return run.run((HEAD + "".join(rows)).encode(), Options(**values | options), now=now)


def starts() -> dict[str, datetime]:
    return dict(Appointment.objects.values_list("external_id", "starts_at"))


def test_new_rows_are_booked_once_and_nobody_is_told(melati: Clinic) -> None:
    report = bring_in(melati, ANA, JOKO)
    assert (counts(report), report.written, report.new_customers) == ({Outcome.NEW: 2}, True, 2)
    assert counts(bring_in(melati, ANA, JOKO)) == {Outcome.UNCHANGED: 2}
    assert starts() == {"a1": at("2026-11-26 09:00"), "a2": at("2026-11-26 09:30")}
    assert not Message.objects.exists()


def test_a_cell_is_an_address_as_a_whole_or_the_row_is_refused(melati: Clinic) -> None:
    head = "Name,Email,Date,Time,Service\n"
    table(melati, head + "Niamh O'Connor,o'connor@example.com,2027-04-07,09:00,Check-up\n")
    assert Customer.objects.filter(name="Niamh O'Connor").get().email == "o'connor@example.com"
    for cell in ("ana@x.example; ben@x.example", "ana@x.example (work)", "ana(at)x@y@z.example"):
        report = table(melati, head + f"Ana,{cell},2027-04-08,09:00,Check-up\n")
        assert (said(report, "error")[0][0], report.written) == (2, False), cell
    kept = table(melati, head + "Dewi,Dewi <dewi@x.example>,2027-04-09,09:00,Check-up\n")
    assert kept.written
    assert Customer.objects.filter(email="dewi@x.example").exists()


def test_what_was_cancelled_elsewhere_is_not_booked_in_whatever_words(melati: Clinic) -> None:
    head = "Name,Phone,Date,Time,Service,Cancelled at,Status\n"
    rows = [
        "Fajar,081255500401,2027-04-08,09:00,Check-up,2027-04-01 08:00,",
        "Gita,081255500402,2027-04-08,09:30,Check-up,,CANCELLED_BY_CUSTOMER",
        "Iwan,081255500404,2027-04-08,10:30,Check-up,no,storniert",
        "Hana,081255500403,2027-04-08,10:00,Check-up,,Confirmed",
        "Joko,081255500405,2027-04-08,11:00,Check-up,-,not cancelled",
    ]
    report = table(melati, head + "\n".join(rows))
    assert counts(report) == {Outcome.LEFT_OUT: 3, Outcome.NEW: 2}
    assert set(Appointment.objects.values_list("customer__name", flat=True)) == {"Hana", "Joko"}


def test_no_number_is_dropped_silently_or_invented(melati: Clinic) -> None:
    rows = {
        "Indra": ("628125550106.0", "+628125550106"),
        "Joko": ("0062 812 5550 1238", "+6281255501238"),
        "Lala": ("0812 5550 1107 / 0813 5550 1108", "+6281255501107"),
        "Kiki": ("12345", ""),
        "Mia": ("0812 5550 1110, 0813 5550 1111", "+6281255501110"),
        "Nina": ("021-5550123/4", "+62215550123"),
        "Oka": ("WA 0812 5550 1112 (istri)", "+6281255501112"),
    }
    lines = [
        f'{name},"{cell}",2027-04-{day:02},09:00,Check-up' for day, (name, (cell, _)) in enumerate(rows.items(), 6)
    ]
    report = table(melati, "Name,Phone,Date,Time,Service\n" + "\n".join(lines))
    found = {one.name: str(one.phone) for one in Customer.objects.exclude(pk=melati.customer.pk)}
    assert found == {name: number for name, (_, number) in rows.items()}
    assert said(report, "warning") == [
        (4, "There is more than one telephone number. The first was taken; the others are in the note."),
        (5, "“12345” is not a telephone number that can be called, so it was left out."),
        (6, "There is more than one telephone number. The first was taken; the others are in the note."),
        (7, "Beside the telephone number stands “4”. It is in the note."),
        (8, "Beside the telephone number stands “(istri)”. It is in the note."),
    ]
    assert dict(Appointment.objects.filter(note__gt="").values_list("customer__name", "note")) == {
        "Lala": "Also to be reached at: +6281355501108",
        "Mia": "Also to be reached at: +6281355501111",
        "Nina": "Beside the telephone number: 4",
        "Oka": "Beside the telephone number: (istri)",
    }


def test_one_address_and_one_phone_may_belong_to_several_people(melati: Clinic) -> None:
    rows = [
        "Ibu Rina,081255500301,rina@trial.example,2027-04-06,09:00,Check-up",
        "Anak Dito,081255500301,rina@trial.example,2027-04-06,09:30,Check-up",
        "Bapak Eko,081255500301,,2027-04-06,10:00,Check-up",
        "Rina,081255500301,,2027-04-06,10:30,Check-up",
    ]
    report = table(melati, "Name,Phone,Email,Date,Time,Service\n" + "\n".join(rows))
    assert (counts(report), report.new_customers) == ({Outcome.NEW: 4}, 3)
    owners = Appointment.objects.order_by("starts_at").values_list("customer__name", flat=True)
    assert list(owners) == ["Ibu Rina", "Anak Dito", "Bapak Eko", "Ibu Rina"]


def test_midnight_at_the_end_of_a_day_is_the_next_one(melati: Clinic) -> None:
    table(melati, "Name,Date,Time,Service\nMira,2027-04-10,24:00 - 01:00,Check-up\n")
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.ends_at) == (at("2027-04-11 00:00"), at("2027-04-11 01:00"))


def test_an_unknown_service_is_never_guessed_and_the_known_ones_are_named(melati: Clinic) -> None:
    text = "Name,Date,Time,Service\nQori,2027-04-15,09:00,Akupunktur\n"
    for choices in (Choices(melati.location), Choices(melati.location, service=melati.service)):
        report = table(melati, text, choices=choices)
        ((line, sentence),) = said(report, "error")
        assert (line, report.written) == (2, False)
        assert "There is no service “Akupunktur”. Known: Check-up." in sentence
        assert "Qori" not in sentence


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTART;TZID=Asia/Jakarta:{start}
DURATION:PT30M
{more}ORGANIZER:mailto:book@elsewhere.example
ATTENDEE;CN=Eka Lima:mailto:eka@mail.example
SUMMARY:Check-up
END:VEVENT
END:VCALENDAR
"""


def bring_in_calendar(melati: Clinic, text: str, **options: Any) -> Report:
    values: dict[str, Any] = {
        "choices": Choices(melati.location, service=melati.service), "source": "calendar", "filename": "a.ics",
        "first_day": date(2026, 11, 23), "last_day": date(2027, 6, 30),
    }  # fmt: skip
    return run.run(text.replace("\n", "\r\n").encode(), Options(**values | options), now=NOW)


@pytest.mark.parametrize(("zone", "start"), [("", "2026-11-26 09:00"), ("Asia/Makassar", "2026-11-26 08:00")])
def test_the_zone_that_is_said_goes_before_that_of_the_calendar(melati: Clinic, zone: str, start: str) -> None:
    text = CALENDAR.format(uid="f@elsewhere.example", sequence=0, start="20261126T090000", more="")
    floating = text.replace(";TZID=Asia/Jakarta", "").replace("2.0", "2.0\nX-WR-TIMEZONE:Asia/Jakarta")
    bring_in_calendar(melati, floating, zone=zone)
    assert Appointment.objects.get().starts_at == at(start)


def test_what_moves_here_goes_on_from_the_calendar_it_came_from(melati: Clinic) -> None:
    text = CALENDAR.format(uid="s@elsewhere.example", sequence=5, start="20261126T100000", more="")
    assert counts(bring_in_calendar(melati, text)) == {Outcome.NEW: 1}
    appointment = Appointment.objects.get()
    assert (appointment.uid, appointment.sequence) == ("s@elsewhere.example", 5)
    assert appointment.organizer == "book@elsewhere.example"

    later = Slot(at("2026-11-26 15:00"), at("2026-11-26 15:30"), melati.provider.pk, (melati.provider.pk,))
    assert booking.move(appointment, to=later, by=actors.staff(melati.staff), now=NOW).sequence == 6
    file = invites.request(Appointment.objects.get(), language="en", now=NOW)
    assert {"UID:s@elsewhere.example", "SEQUENCE:6"} <= set(file.splitlines())


def test_each_date_of_a_series_stays_that_date(melati: Clinic) -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=3\n"
    text = CALENDAR.format(uid="w@elsewhere.example", sequence=0, start="20261126T100000", more=rule)
    bring_in_calendar(melati, text)
    assert list(Appointment.objects.values_list("uid", "recurrence_id")) == [
        ("w@elsewhere.example", at(f"{day} 10:00")) for day in ("2026-11-26", "2026-12-03", "2026-12-10")
    ]


def test_a_dry_run_writes_nothing_and_tells_the_same(melati: Clinic) -> None:
    dry = bring_in(melati, ANA, dry_run=True)
    assert (counts(dry), dry.written, starts()) == ({Outcome.NEW: 1}, False, {})


def test_one_error_refuses_the_file_unless_errors_may_be_skipped(melati: Clinic) -> None:
    strange = JOKO.replace("Dr. Ratna", "Dr. Who")
    refused = bring_in(melati, ANA, strange)
    assert (counts(refused), refused.written) == ({Outcome.NEW: 1, Outcome.FAILED: 1}, False)
    assert [problem.line for problem in refused.errors] == [3]
    assert starts() == {}
    assert bring_in(melati, ANA, strange, skip_errors=True).written is True
    assert starts() == {"a1": at("2026-11-26 09:00")}


@pytest.mark.parametrize(
    ("first", "last", "asked"),
    [((2026, 11, 26), (2026, 11, 26), 1), ((2026, 11, 27), (2026, 11, 30), 0), ((2026, 11, 20), (2026, 11, 25), 0)],
)
def test_only_the_asked_days_come_in_both_included(
    melati: Clinic, first: tuple[int, int, int], last: tuple[int, int, int], asked: int
) -> None:
    late = ANA.replace("09:00", "23:59")
    report = bring_in(melati, late, first_day=date(*first), last_day=date(*last))
    expected = {Outcome.NEW: 1} if asked else {Outcome.LEFT_OUT: 1}
    assert counts(report) == expected
    assert report.left_out == ({} if asked else {"outside the asked days": 1})


def test_what_moved_in_the_file_moves_here_and_what_was_cancelled_goes(melati: Clinic) -> None:
    bring_in(melati, ANA, JOKO)
    later = ANA.replace("09:00", "11:00")
    gone = JOKO.replace("Dr. Ratna,", "Dr. Ratna,cancelled")
    assert counts(bring_in(melati, later, gone)) == {Outcome.MOVED: 1, Outcome.CANCELLED: 1}
    assert starts()["a1"] == at("2026-11-26 11:00")
    assert Appointment.objects.get(external_id="a2").state == AppointmentState.CANCELLED
    assert counts(bring_in(melati, later, gone)) == {Outcome.UNCHANGED: 2}


def test_what_somebody_here_moved_or_offers_is_left_alone(melati: Clinic) -> None:
    bring_in(melati, ANA, JOKO)
    mine, theirs = Appointment.objects.order_by("external_id")
    target = Slot(
        at("2026-11-27 09:00"), at("2026-11-27 09:30"), melati.provider.pk, (melati.provider.pk, melati.room.pk)
    )
    booking.move(mine, to=target, by=actors.staff(melati.staff), now=NOW)
    melati.offered(theirs)
    report = bring_in(melati, ANA, JOKO.replace("09:30", "13:00"))
    assert counts(report) == {Outcome.LEFT_OUT: 2}
    assert starts() == {"a1": target.starts_at, "a2": at("2026-11-26 09:30")}


def test_whom_somebody_here_has_told_without_a_time_is_left_alone(melati: Clinic) -> None:
    bring_in(melati, ANA)
    melati.told(Appointment.objects.get())
    assert counts(bring_in(melati, ANA.replace("09:00", "11:00"))) == {Outcome.LEFT_OUT: 1}
    assert starts() == {"a1": at("2026-11-26 09:00")}


def test_a_cancelled_row_that_nobody_knows_is_counted(melati: Clinic) -> None:
    report = bring_in(melati, ANA.replace("Dr. Ratna,", "Dr. Ratna,cancelled"))
    assert report.left_out == {"cancelled in the file, and not known here": 1}


@pytest.mark.parametrize(
    ("now", "state"),
    [("2026-11-26 09:29", AppointmentState.BOOKED), ("2026-11-26 09:30", AppointmentState.COMPLETED)],
)
def test_what_has_ended_comes_in_as_past(melati: Clinic, now: str, state: AppointmentState) -> None:
    bring_in(melati, ANA, now=at(now))
    assert Appointment.objects.get().state == state


def test_whoever_is_busy_is_named_with_what_is_in_the_way(melati: Clinic) -> None:
    standing = melati.booked("2026-11-26 09:15")
    report = bring_in(melati, ANA, JOKO.replace("09:30", "13:00"), ANA.replace("a1", "a3").replace("09:00", "13:15"))
    assert counts(report) == {Outcome.FAILED: 2, Outcome.NEW: 1}
    said = [str(problem.message) for problem in report.errors]
    assert said == [
        f"2026-11-26 09:00: Dr. Ratna is busy then: appointment {standing.pk}.",
        "2026-11-26 13:15: Dr. Ratna is busy then: another line of this file.",
    ]


def test_a_guess_and_odd_hours_are_worth_a_look(melati: Clinic) -> None:
    guessed = ANA.replace("Check-up", "")
    night = JOKO.replace("09:30", "20:00")
    notes = [str(problem.message) for problem in bring_in(melati, guessed, night).problems]
    assert notes == [
        "1 lie outside the open hours. They are kept as they are.",
        "1 taken as “Check-up”, whose length is nearest. Say which it is, if it is another.",
    ]


@pytest.mark.parametrize(("start", "outside"), [("16:30", 0), ("16:31", 1), ("08:00", 0), ("07:59", 1)])
def test_what_reaches_beyond_the_hours_is_outside(melati: Clinic, start: str, outside: int) -> None:
    report = bring_in(melati, ANA.replace("09:00", start))
    assert len(report.problems) == outside
