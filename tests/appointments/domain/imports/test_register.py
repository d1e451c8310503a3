"""Which appointment a row is: never by what its file is called, never against its customer's name."""

from datetime import timedelta

import pytest

from appointments.domain import actors, booking
from appointments.domain.imports.report import Outcome
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment, Location
from tests.appointments.domain.imports.files import booked, bring_in, calendar, counts, event, said, starting
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, LocationFactory

pytestmark = pytest.mark.django_db

HEAD = "ID,Name,Phone,Email,Date,Time,Service\n"
AYU = "1,Ayu Satu,,,2026-12-07,09:00,Check-up\n"
BRAM = "1,Bram Dua,,,2026-12-08,10:00,Check-up\n"


@pytest.mark.parametrize("text", [HEAD + AYU, "Name,Date,Time,Service\nCitra Tiga,2026-12-09,09:00,Check-up\n"])
def test_a_renamed_copy_is_the_same(melati: Clinic, text: str) -> None:
    bring_in(melati, text, name="bookings.csv")
    assert counts(bring_in(melati, text, name="bookings (1).csv")) == {Outcome.UNCHANGED: 1}


def test_the_same_number_of_another_customer_is_another_appointment(melati: Clinic) -> None:
    bring_in(melati, HEAD + AYU, name="appointments-export-jakarta.csv")
    report = bring_in(melati, HEAD + BRAM, name="appointments-export-makassar.csv")
    assert counts(report) == {Outcome.NEW: 1}
    assert booked() == [("Ayu Satu", "12-07 09:00"), ("Bram Dua", "12-08 10:00")]


def test_the_same_number_and_customer_at_the_same_place_is_the_same(melati: Clinic) -> None:
    bring_in(melati, HEAD + AYU)
    assert counts(bring_in(melati, HEAD + AYU.replace("09:00", "11:00"))) == {Outcome.MOVED: 1}
    assert booked() == [("Ayu Satu", "12-07 11:00")]


def test_a_named_source_tells_its_numbers_from_those_of_others(melati: Clinic) -> None:
    bring_in(melati, HEAD + AYU, source="salon")
    again = HEAD + AYU.replace("09:00", "11:00")
    assert counts(bring_in(melati, again, source="studio")) == {Outcome.NEW: 1}
    assert counts(bring_in(melati, again.replace("11:00", "13:00"), source="salon")) == {Outcome.MOVED: 1}
    assert booked() == [("Ayu Satu", "12-07 11:00"), ("Ayu Satu", "12-07 13:00")]


def test_what_came_without_a_source_may_get_one_later(melati: Clinic) -> None:
    bring_in(melati, HEAD + AYU)
    assert counts(bring_in(melati, HEAD + AYU, source="salon")) == {Outcome.UNCHANGED: 1}


def test_what_came_with_a_source_is_known_at_its_place_without_one(melati: Clinic) -> None:
    bring_in(melati, HEAD + AYU, source="salon")
    assert counts(bring_in(melati, HEAD + AYU.replace("09:00", "11:00"))) == {Outcome.MOVED: 1}
    assert booked() == [("Ayu Satu", "12-07 11:00")]


def test_a_row_without_a_name_is_whoever_has_its_address(melati: Clinic) -> None:
    CustomerFactory(name="Putri", email="putri@trial.example")
    row = "7,,,putri@trial.example,2026-12-07,09:00,Check-up\n"
    bring_in(melati, HEAD + row)
    assert booked() == [("Putri", "12-07 09:00")]
    assert counts(bring_in(melati, HEAD + row.replace("09:00", "10:00").replace("putri@", "Putri@"))) == {
        Outcome.MOVED: 1
    }


def test_the_same_number_and_customer_at_another_place_is_asked(melati: Clinic) -> None:
    elsewhere = LocationFactory.create(code="other")
    bring_in(melati, HEAD + AYU)
    Appointment.objects.update(location=elsewhere)
    report = bring_in(melati, HEAD + AYU)
    assert (report.written, counts(report)) == (False, {Outcome.FAILED: 1})
    assert "Name the source" in said(report, "error")[0][1]
    assert Location.objects.count() == 2


def test_a_number_whose_name_changed_beside_the_same_phone_is_asked(melati: Clinic) -> None:
    first = "7,Ibu Rina,081255500301,,2026-12-07,09:00,Check-up\n"
    bring_in(melati, HEAD + first)
    report = bring_in(melati, HEAD + first.replace("Ibu Rina", "Anak Dito"))
    ((line, sentence),) = said(report, "error")
    assert (line, report.written) == (2, False)
    assert "Rina" not in sentence
    assert booked() == [("Ibu Rina", "12-07 09:00")]


def test_a_corrected_row_without_a_number_is_not_booked_beside_itself(melati: Clinic) -> None:
    text = "Name,Phone,Date,Time,Service\nCitra Tiga,081255500101,2026-12-09,09:00,Check-up\n"
    bring_in(melati, text)
    report = bring_in(melati, text.replace("500101", "500102"))
    assert counts(report) == {Outcome.CHANGED: 1}
    assert booked() == [("Citra Tiga", "12-09 09:00")]


def test_a_row_without_a_number_is_the_one_that_was_moved_here_though_its_details_were_corrected(
    melati: Clinic,
) -> None:
    text = "Name,Phone,Date,Time,Service\nCitra Tiga,081255500101,2026-12-09,09:00,Check-up\n"
    bring_in(melati, text)
    there = Slot(at("2026-12-11 14:00"), at("2026-12-11 14:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(Appointment.objects.get(), to=there, by=actors.staff(melati.staff), now=NOW)
    assert counts(bring_in(melati, text.replace("500101", "500102"))) == {Outcome.LEFT_OUT: 1}
    assert booked() == [("Citra Tiga", "12-11 14:00")]
    followed = text.replace("2026-12-09,09:00", "2026-12-11,14:00")
    assert counts(bring_in(melati, followed)) == {Outcome.UNCHANGED: 1}


SERIES = ("RRULE:FREQ=WEEKLY;COUNT=3", starting("20261204T100000"))


def test_a_series_is_followed_to_its_new_hour(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)), name="a.ics")
    later = (SERIES[0], starting("20261204T110000"))
    report = bring_in(melati, calendar(event("w@trial.example", *later, sequence=1)), name="b.ics")
    assert counts(report) == {Outcome.MOVED: 3}
    assert [when for _who, when in booked()] == ["12-04 11:00", "12-11 11:00", "12-18 11:00"]
    dates = Appointment.objects.order_by("starts_at").values_list("uid", "recurrence_id", "sequence")
    assert list(dates) == [("w@trial.example", at(f"2026-12-{day} 11:00"), 1) for day in ("04", "11", "18")]
    assert counts(bring_in(melati, calendar(event("w@trial.example", *later, sequence=1)))) == {Outcome.UNCHANGED: 3}


def test_a_series_is_followed_to_another_day(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    moved = (SERIES[0], starting("20261207T100000"))
    assert counts(bring_in(melati, calendar(event("w@trial.example", *moved, sequence=1)))) == {Outcome.MOVED: 3}
    assert [when for _who, when in booked()] == ["12-07 10:00", "12-14 10:00", "12-21 10:00"]


def test_a_series_whose_identifier_is_short_is_followed_as_well(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w1", *SERIES)))
    later = (SERIES[0], starting("20261204T110000"))
    assert counts(bring_in(melati, calendar(event("w1", *later, sequence=1)))) == {Outcome.MOVED: 3}
    other = calendar(event("w1", *later, sequence=1, summary="Eko Lima").replace("T110000", "T140000"))
    assert counts(bring_in(melati, other)) == {Outcome.NEW: 3}


def test_an_excluded_date_is_cancelled_and_said(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    excluded = event("w@trial.example", *SERIES, "EXDATE;TZID=Asia/Jakarta:20261211T100000", stamp="20261102T000000Z")
    report = bring_in(melati, calendar(excluded))
    assert counts(report) == {Outcome.UNCHANGED: 2, Outcome.CANCELLED: 1}
    assert said(report, "note") == [
        (3, "2026-12-11 10:00 is no longer in its series, so it is cancelled here as well.")
    ]
    assert [when for _who, when in booked()] == ["12-04 10:00", "12-18 10:00"]
    back = bring_in(melati, calendar(event("w@trial.example", *SERIES, stamp="20261103T000000Z")))
    assert counts(back) == {Outcome.UNCHANGED: 2, Outcome.REINSTATED: 1}


def test_a_shorter_series_ends_here_as_well(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    shorter = event("w@trial.example", SERIES[0].replace("3", "1"), SERIES[1], sequence=1)
    assert counts(bring_in(melati, calendar(shorter))) == {Outcome.UNCHANGED: 1, Outcome.CANCELLED: 2}


def test_a_date_that_was_put_outside_the_asked_days_is_not_taken_for_gone(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    far = event("w@trial.example", "RECURRENCE-ID;TZID=Asia/Jakarta:20261211T100000", starting("20280101T100000"))
    report = bring_in(melati, calendar(event("w@trial.example", *SERIES), far))
    assert counts(report) == {Outcome.UNCHANGED: 2}
    assert len(booked()) == 3


def test_of_a_file_that_could_not_be_read_whole_nothing_is_concluded(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    broken = event("w@trial.example", *SERIES, "EXDATE;TZID=Asia/Jakarta:20261211T100000,what")
    report = bring_in(melati, calendar(broken), skip_errors=True)
    assert Outcome.CANCELLED not in counts(report)
    assert len(booked()) == 3


def test_an_older_series_takes_nothing_away(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES, sequence=2)))
    older = event("w@trial.example", *SERIES, "EXDATE;TZID=Asia/Jakarta:20261211T100000", sequence=1)
    assert counts(bring_in(melati, calendar(older))) == {Outcome.LEFT_OUT: 2}
    assert len(booked()) == 3


def test_what_somebody_here_has_moved_stays_although_its_date_is_gone(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    second = Appointment.objects.order_by("starts_at")[1]
    there = Slot(at("2026-12-10 14:00"), at("2026-12-10 14:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(second, to=there, by=actors.staff(melati.staff), now=NOW)
    excluded = event("w@trial.example", *SERIES, "EXDATE;TZID=Asia/Jakarta:20261211T100000", sequence=1)
    report = bring_in(melati, calendar(excluded))
    assert report.left_out == {"no longer in its series, but moved here since, and left alone": 1}
    assert len(booked()) == 3


def test_a_cancelled_series_goes_as_a_whole(melati: Clinic) -> None:
    bring_in(melati, calendar(event("w@trial.example", *SERIES)))
    gone = event("w@trial.example", SERIES[1], "STATUS:CANCELLED", sequence=1)
    assert counts(bring_in(melati, calendar(gone))) == {Outcome.CANCELLED: 3}
    assert booked() == []


def test_an_identifier_that_has_become_another_customers_is_asked(melati: Clinic) -> None:
    who = "ATTENDEE;CN={}:mailto:{}@trial.example"
    bring_in(melati, calendar(event("a@trial.example", starting("20261204T100000"), who.format("Rudi", "rudi"))))
    other = event("a@trial.example", starting("20261204T110000"), who.format("Sinta", "sinta"), sequence=1)
    report = bring_in(melati, calendar(other))
    assert (report.written, len(said(report, "error"))) == (False, 1)
    assert booked() == [("Rudi", "12-04 10:00")]


def test_who_cancelled_last_decides_whether_a_file_may_take_it_back(melati: Clinic) -> None:
    head, ayu = HEAD.replace("Service", "Service,Status"), AYU.replace("Check-up", "Check-up,")
    bring_in(melati, head + ayu)
    bring_in(melati, head + ayu.replace("Check-up,", "Check-up,cancelled"))
    assert counts(bring_in(melati, head + ayu + "\n")) == {Outcome.REINSTATED: 1}
    booking.cancel(Appointment.objects.get(), by=actors.staff(melati.staff), now=NOW + timedelta(minutes=1))
    assert counts(bring_in(melati, head + ayu + "\n\n")) == {Outcome.LEFT_OUT: 1}


@pytest.mark.parametrize(("day", "expected"), [(10, {Outcome.MOVED: 1}), (11, {Outcome.NEW: 1, Outcome.CANCELLED: 1})])
def test_a_date_a_week_further_on_is_another_date(melati: Clinic, day: int, expected: dict[Outcome, int]) -> None:
    bring_in(melati, calendar(event("w@trial.example", "RRULE:FREQ=DAILY;COUNT=1", starting("20261204T100000"))))
    shifted = ("RRULE:FREQ=DAILY;COUNT=1", starting(f"202612{day}T100000"))
    assert counts(bring_in(melati, calendar(event("w@trial.example", *shifted, sequence=1)))) == expected
