"""What a newer file changes here: times, details, what was cancelled and comes back; and what it leaves alone."""

import pytest

from appointments.domain import actors, booking
from appointments.domain.imports.report import Outcome
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, EventKind
from appointments.models import Appointment, AppointmentEvent, Customer, Occupancy
from tests.appointments.domain.imports.files import booked, bring_in, calendar, counts, event, said, starting
from tests.clock import NOW, at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db

HEAD = "ID,Name,Phone,Email,Date,Time,Service,Doctor,Status\n"
NINA = "A,Nina,,,2026-12-07,09:00,Check-up,Dr. Ratna,\n"
OKI = "B,Oki,,,2026-12-07,09:30,Check-up,Dr. Ratna,\n"
PUTRI = "C,Putri,081255500501,putri@trial.example,2026-12-08,09:00,Check-up,,\n"


def test_two_that_change_places_are_both_moved(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA + OKI)
    report = bring_in(melati, HEAD + NINA.replace("09:00", "09:30") + OKI.replace("09:30", "09:00"))
    assert (counts(report), report.written) == ({Outcome.MOVED: 2}, True)
    assert booked() == [("Oki", "12-07 09:00"), ("Nina", "12-07 09:30")]


def test_a_whole_day_that_shifts_gets_out_of_its_own_way(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA + OKI)
    report = bring_in(melati, HEAD + NINA.replace("09:00", "09:30") + OKI.replace("09:30", "10:00"))
    assert counts(report) == {Outcome.MOVED: 2}


def test_who_comes_new_may_have_the_time_that_another_leaves(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    report = bring_in(melati, HEAD + NINA.replace("09:00", "11:00") + OKI.replace("09:30", "09:00"))
    assert counts(report) == {Outcome.MOVED: 1, Outcome.NEW: 1}


def test_the_one_that_is_cancelled_makes_room_too(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    report = bring_in(melati, HEAD + NINA.replace("Ratna,", "Ratna,cancelled") + OKI.replace("09:30", "09:00"))
    assert counts(report) == {Outcome.CANCELLED: 1, Outcome.NEW: 1}


def test_of_two_moves_the_possible_one_is_made_when_errors_may_be_skipped(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA + OKI)
    melati.booked("2026-12-07 13:00")
    text = HEAD + NINA.replace("09:00", "13:00") + OKI.replace("09:30", "14:00")
    refused = bring_in(melati, text)
    assert (refused.written, counts(refused)) == (False, {Outcome.FAILED: 1, Outcome.MOVED: 1})
    assert bring_in(melati, text, skip_errors=True).written
    assert {who: when for who, when in booked() if who in ("Nina", "Oki")} == {
        "Nina": "12-07 09:00", "Oki": "12-07 14:00",
    }  # fmt: skip


def test_corrected_details_are_taken_over_and_each_is_named(melati: Clinic) -> None:
    bring_in(melati, HEAD + PUTRI)
    newer = PUTRI.replace("500501", "500502").replace("putri@", "putri.baru@")
    report = bring_in(melati, HEAD + newer)
    assert counts(report) == {Outcome.CHANGED: 1}
    assert said(report, "note") == [(2, "Taken over: e-mail, phone.")]
    putri = Customer.objects.get(name="Putri")
    assert (putri.email, str(putri.phone)) == ("putri.baru@trial.example", "+6281255500502")
    fact = AppointmentEvent.objects.get(kind=EventKind.CORRECTED)
    assert (fact.note, fact.actor_kind) == ("e-mail, phone", "import")
    assert counts(bring_in(melati, HEAD + newer)) == {Outcome.UNCHANGED: 1}


def test_another_person_is_a_change_on_the_timeline(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    report = bring_in(melati, HEAD + NINA.replace("Dr. Ratna", melati.colleague.name))
    assert counts(report) == {Outcome.CHANGED: 1}
    assert said(report, "note") == [(2, "Taken over: person.")]
    nina = Appointment.objects.get()
    assert nina.provider == melati.colleague
    assert set(nina.occupancies.values_list("resource", flat=True)) >= {melati.colleague.pk}
    assert melati.provider.pk not in nina.occupancies.values_list("resource", flat=True)


def test_what_both_have_changed_stays_as_it_is_here_and_is_said(melati: Clinic) -> None:
    bring_in(melati, HEAD + PUTRI)
    Customer.objects.filter(name="Putri").update(phone="+6281255500777")
    report = bring_in(melati, HEAD + PUTRI.replace("500501", "500502"))
    assert said(report, "warning") == [(2, "Changed here and in the file, and left as it is here: phone.")]
    assert str(Customer.objects.get(name="Putri").phone) == "+6281255500777"


def test_what_only_we_have_changed_stays(melati: Clinic) -> None:
    bring_in(melati, HEAD + PUTRI)
    Customer.objects.filter(name="Putri").update(phone="+6281255500777")
    report = bring_in(melati, HEAD + PUTRI)
    assert (counts(report), report.problems) == ({Outcome.UNCHANGED: 1}, [])
    assert str(Customer.objects.get(name="Putri").phone) == "+6281255500777"


def test_what_a_file_cancelled_another_takes_up_again(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    bring_in(melati, HEAD + NINA.replace("Ratna,", "Ratna,cancelled"))
    assert not Occupancy.objects.exists()
    report = bring_in(melati, HEAD + NINA.replace("09:00", "10:00"))
    assert counts(report) == {Outcome.REINSTATED: 1}
    nina = Appointment.objects.get()
    assert (nina.state, nina.starts_at, nina.sequence) == (AppointmentState.BOOKED, at("2026-12-07 10:00"), 2)
    assert Occupancy.objects.filter(appointment=nina).exists()


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-12-07 08:59", Outcome.REINSTATED), ("2026-12-07 09:00", Outcome.LEFT_OUT)],
)
def test_only_what_is_still_to_come_is_taken_up_again(melati: Clinic, now: str, expected: Outcome) -> None:
    bring_in(melati, HEAD + NINA)
    bring_in(melati, HEAD + NINA.replace("Ratna,", "Ratna,cancelled"))
    assert counts(bring_in(melati, HEAD + NINA + "\n", now=at(now))) == {expected: 1}


@pytest.mark.parametrize(("now", "cancelled"), [("2026-12-11 09:59", 1), ("2026-12-11 10:00", 0)])
def test_a_date_that_has_begun_is_not_taken_out_of_its_series(melati: Clinic, now: str, cancelled: int) -> None:
    series = event("w@trial.example", "RRULE:FREQ=WEEKLY;COUNT=3", starting("20261204T100000"))
    bring_in(melati, calendar(series))
    newer = series.replace("COUNT=3", "COUNT=3\nEXDATE;TZID=Asia/Jakarta:20261211T100000").replace("01T", "02T")
    report = bring_in(melati, calendar(newer), now=at(now))
    assert report.counts[Outcome.CANCELLED] == cancelled
    assert Appointment.objects.filter(state=AppointmentState.CANCELLED).count() == cancelled


@pytest.mark.parametrize("change", [("09:00", "11:00"), ("Ratna,", "Ratna,cancelled")])
@pytest.mark.parametrize("state", [AppointmentState.COMPLETED, AppointmentState.MISSED])
def test_what_has_taken_place_is_neither_moved_nor_cancelled(
    melati: Clinic, state: AppointmentState, change: tuple[str, str]
) -> None:
    bring_in(melati, HEAD + NINA)
    Appointment.objects.update(state=state)
    assert counts(bring_in(melati, HEAD + NINA.replace(*change))) == {Outcome.LEFT_OUT: 1}
    assert Appointment.objects.values_list("state", "starts_at").get() == (state, at("2026-12-07 09:00"))


def test_what_was_moved_here_is_not_cancelled_by_a_file(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    nina = Appointment.objects.get()
    there = Slot(at("2026-12-08 14:00"), at("2026-12-08 14:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(nina, to=there, by=actors.staff(melati.staff), now=NOW)
    assert counts(bring_in(melati, HEAD + NINA.replace("Ratna,", "Ratna,cancelled"))) == {Outcome.LEFT_OUT: 1}
    assert booked() == [("Nina", "12-08 14:00")]


def test_a_very_long_name_and_address_are_the_same_the_second_time(melati: Clinic) -> None:
    row = NINA.replace("Nina", "Nina " + "Anastasia " * 20).replace(",,,", f",,{'n' * 60}@trial.example,")
    bring_in(melati, HEAD + row)
    again = bring_in(melati, HEAD + row)
    assert (counts(again), again.problems) == ({Outcome.UNCHANGED: 1}, [])


def test_what_we_cancelled_stays_cancelled(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    booking.cancel(Appointment.objects.get(), by=actors.staff(melati.staff), now=NOW)
    assert counts(bring_in(melati, HEAD + NINA)) == {Outcome.LEFT_OUT: 1}
    assert booked() == []


def test_what_is_to_come_back_finds_its_time_taken(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    bring_in(melati, HEAD + NINA.replace("Ratna,", "Ratna,cancelled"))
    melati.booked("2026-12-07 09:00")
    report = bring_in(melati, HEAD + NINA + "\n")
    assert (report.written, counts(report)) == (False, {Outcome.FAILED: 1})


def test_an_older_export_changes_nothing(melati: Clinic) -> None:
    first, then = HEAD + NINA, HEAD + NINA.replace("09:00", "11:00")
    bring_in(melati, first)
    bring_in(melati, then)
    report = bring_in(melati, first, name="yesterday.csv")
    assert report.left_out == {"older than what was imported before": 1}
    assert booked() == [("Nina", "12-07 11:00")]
    assert counts(bring_in(melati, first, newest=True)) == {Outcome.MOVED: 1}
    assert counts(bring_in(melati, first)) == {Outcome.UNCHANGED: 1}


def test_a_table_that_says_when_its_rows_changed_is_believed(melati: Clinic) -> None:
    head = HEAD.replace("Status", "Last updated")
    bring_in(melati, head + NINA.replace("Ratna,", "Ratna,2026-11-20 10:00"))
    older = head + NINA.replace("Ratna,", "Ratna,2026-11-20 09:00").replace("07,09:00", "07,13:00")
    assert counts(bring_in(melati, older)) == {Outcome.LEFT_OUT: 1}
    assert counts(bring_in(melati, older.replace("20 09:00", "20 11:00"))) == {Outcome.MOVED: 1}


def test_a_calendars_sequence_is_never_undercut(melati: Clinic) -> None:
    entry = ("s@trial.example", starting("20261204T100000"))
    bring_in(melati, calendar(event(*entry, sequence=5)))
    bring_in(melati, calendar(event(entry[0], starting("20261204T110000"), sequence=9)))
    assert Appointment.objects.get().sequence == 9
    assert counts(bring_in(melati, calendar(event(*entry, sequence=8)))) == {Outcome.LEFT_OUT: 1}


def test_a_new_title_of_an_entry_renames_nobody(melati: Clinic) -> None:
    entry = ("s@trial.example", starting("20261204T100000"))
    bring_in(melati, calendar(event(*entry)))
    assert counts(bring_in(melati, calendar(event(*entry, sequence=1, summary="Control visit")))) == {
        Outcome.UNCHANGED: 1
    }
    assert booked() == [("Dewi Empat", "12-04 10:00")]


def test_several_who_are_invited_are_one_appointment_and_nobody_is_forgotten(melati: Clinic) -> None:
    people = ("ATTENDEE;CN=Rudi:mailto:rudi@trial.example", "ATTENDEE;CN=Sinta:mailto:sinta@trial.example")
    report = bring_in(melati, calendar(event("g@trial.example", starting("20261204T100000"), *people)))
    assert [line for line, _sentence in said(report, "warning")] == [3]
    only = Appointment.objects.get()
    assert (only.customer.name, only.note) == ("Rudi", "Also invited: Sinta sinta@trial.example")


def test_colleagues_are_not_customers(melati: Clinic) -> None:
    melati.provider.name = "dr. Ratna Wulandari"
    melati.provider.save()
    people = ("ATTENDEE;CN=dr. Ratna Wulandari:mailto:r@trial.example", "ATTENDEE;CN=Sinta:mailto:s@mail.example")
    bring_in(melati, calendar(event("t@trial.example", starting("20261204T100000"), *people)))
    only = Appointment.objects.get()
    assert (only.customer.name, only.provider) == ("Sinta", melati.provider)


def test_our_own_address_is_no_customers(melati: Clinic) -> None:
    melati.staff.email = "desk@clinic.example"
    melati.staff.save()
    report = bring_in(melati, HEAD + PUTRI.replace("putri@trial.example", "Desk@clinic.example"))
    assert [line for line, _sentence in said(report, "warning")] == [2]
    assert Customer.objects.get(name="Putri").email == ""


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"])
def test_answers_to_invitations_are_no_appointments(melati: Clinic, method: str) -> None:
    report = bring_in(melati, calendar(event("r@trial.example", starting("20261204T100000")), method=method))
    assert ([line for line, _sentence in said(report, "error")], report.written) == ([4], False)


def test_what_everybody_invited_has_declined_is_left_out_with_its_line(melati: Clinic) -> None:
    who = "ATTENDEE;CN=Rudi;PARTSTAT={}:mailto:rudi@trial.example"
    no = calendar(event("d@trial.example", starting("20261204T100000"), who.format("DECLINED")))
    report = bring_in(melati, no)
    assert said(report, "note") == [(3, "Left out: declined by whoever was invited.")]
    assert counts(bring_in(melati, no.replace("DECLINED", "ACCEPTED"))) == {Outcome.NEW: 1}
