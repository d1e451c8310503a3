"""Whom a newer export has no more is named, and nothing is done about it."""

from datetime import date
from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.imports.matching import Choices
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment, ImportedFile
from tests.appointments.domain.imports.files import booked, bring_in, calendar, counts, event, said, starting
from tests.clock import NOW, at
from tests.factories import Clinic, LocationFactory

pytestmark = pytest.mark.django_db

HEAD = "ID,Name,Email,Date,Time,Service,Doctor,Status,Last updated\n"
NINA = "A,Nina,nina@trial.example,2026-12-07,09:00,Check-up,Dr. Ratna,,\n"
OKI = "B,Oki,oki@trial.example,2026-12-07,09:30,Check-up,Dr. Ratna,,\n"
PUTRI = "C,Putri,putri@trial.example,2026-12-09,09:00,Check-up,Dr. Ratna,,\n"
ALL = HEAD + NINA + OKI + PUTRI
OKI_IS_GONE = (
    "No longer in the file: Oki, 2026-12-07 09:30, Check-up; nothing was changed. "
    "Cancel or move it by hand if it is off."
)


def named(report: Report) -> list[str]:
    """Of whom the report says it: no line of the file is theirs."""
    return [sentence.split(": ")[1].split(",")[0] for line, sentence in said(report, "warning") if line == 0]


def moved(name: str, day: str) -> Appointment:
    """A colleague moves whoever is called so."""
    one = Appointment.objects.get(customer__name=name)
    taken = tuple(one.occupancies.values_list("resource", flat=True))
    there = Slot(at(f"{day} 14:00"), at(f"{day} 14:30"), one.provider_id, taken)
    return booking.move(one, to=there, by=actors.SYSTEM, now=NOW)


@pytest.mark.parametrize("dry_run", [True, False])
def test_who_is_gone_is_named_and_stays_booked(melati: Clinic, dry_run: bool) -> None:
    bring_in(melati, ALL)
    for _again in range(2):
        report = bring_in(melati, HEAD + NINA + PUTRI, dry_run=dry_run)
        assert counts(report) == {Outcome.UNCHANGED: 2, Outcome.DROPPED: 1}
        assert said(report, "warning") == [(0, OKI_IS_GONE)]
    assert [who for who, _when in booked()] == ["Nina", "Oki", "Putri"]


def test_it_is_said_again_as_long_as_it_is_so(melati: Clinic) -> None:
    bring_in(melati, ALL)
    changed = HEAD + NINA.replace("nina@", "nina.baru@") + PUTRI.replace("09:00", "10:00")
    assert named(bring_in(melati, changed)) == ["Oki"]
    assert named(bring_in(melati, changed)) == ["Oki"]
    assert named(bring_in(melati, changed.replace("nina.baru@", "nina@"))) == ["Oki"]
    assert named(bring_in(melati, changed.replace("nina.baru@", "nina@") + OKI)) == []
    assert ImportedFile.objects.order_by("pk").values_list("follows__pk", flat=True)[0] is None
    assert ImportedFile.objects.filter(follows=None).count() == 1


def test_the_same_at_another_time_is_not_gone(melati: Clinic) -> None:
    bring_in(melati, ALL)
    assert counts(bring_in(melati, HEAD + NINA + OKI.replace("09:30", "13:00") + PUTRI)) == {
        Outcome.UNCHANGED: 2, Outcome.MOVED: 1,
    }  # fmt: skip


def test_whoever_was_moved_here_is_known_by_what_identifies_it(melati: Clinic) -> None:
    bring_in(melati, ALL)
    moved("Oki", "2026-12-08")
    assert counts(bring_in(melati, ALL)) == {Outcome.UNCHANGED: 2, Outcome.LEFT_OUT: 1}
    assert named(bring_in(melati, HEAD + NINA + PUTRI)) == ["Oki"]


@pytest.mark.parametrize("day", ["2026-12-07", "2026-12-20"])
def test_of_whoever_was_moved_here_the_time_in_the_file_counts(melati: Clinic, day: str) -> None:
    bring_in(melati, ALL)
    moved("Oki", day)
    assert named(bring_in(melati, HEAD + NINA)) == ["Oki"]


def test_who_was_moved_here_into_the_days_of_the_file_is_none_of_them_there(melati: Clinic) -> None:
    bring_in(melati, ALL)
    moved("Putri", "2026-12-07")
    assert named(bring_in(melati, HEAD + NINA + OKI)) == []


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-12-06", []), ("2026-12-07", ["Oki"]), ("2026-12-09", ["Oki"]), ("2026-12-10", [])]
)
def test_only_the_days_of_which_the_file_tells_count(melati: Clinic, day: str, expected: list[str]) -> None:
    oki = OKI.replace("2026-12-07", day)
    bring_in(melati, HEAD + NINA + oki + PUTRI)
    assert named(bring_in(melati, HEAD + NINA + PUTRI)) == expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-12-06", "23:30", []),
        ("2026-12-07", "00:00", ["Oki"]),
        ("2026-12-09", "23:30", ["Oki"]),
        ("2026-12-10", "00:00", []),
    ],
)
def test_the_first_and_the_last_day_count_whole(melati: Clinic, day: str, hour: str, expected: list[str]) -> None:
    bring_in(melati, HEAD + NINA + OKI.replace("2026-12-07,09:30", f"{day},{hour}") + PUTRI)
    assert named(bring_in(melati, HEAD + NINA + PUTRI)) == expected


@pytest.mark.parametrize(("first", "expected"), [(7, ["Nina"]), (8, [])])
def test_what_was_before_the_asked_days_is_not_asked_about(melati: Clinic, first: int, expected: list[str]) -> None:
    bring_in(melati, ALL)
    assert named(bring_in(melati, HEAD + OKI + PUTRI, first_day=date(2026, 12, first))) == expected


@pytest.mark.parametrize(("last", "expected"), [(8, []), (9, ["Putri"])])
def test_only_the_asked_days_count(melati: Clinic, last: int, expected: list[str]) -> None:
    bring_in(melati, ALL)
    later = OKI.replace("2026-12-07", "2026-12-10")
    assert named(bring_in(melati, HEAD + NINA + later, last_day=date(2026, 12, last))) == expected


def test_a_row_outside_the_asked_days_is_in_the_file_all_the_same(melati: Clinic) -> None:
    bring_in(melati, ALL)
    far = OKI.replace("2026-12-07", "2027-12-07")
    assert named(bring_in(melati, HEAD + NINA + far + PUTRI)) == []


@pytest.mark.parametrize(("now", "expected"), [("2026-12-07 09:29", ["Oki"]), ("2026-12-07 09:30", [])])
def test_what_has_begun_is_nobodys_business(melati: Clinic, now: str, expected: list[str]) -> None:
    bring_in(melati, ALL)
    assert named(bring_in(melati, HEAD + NINA + PUTRI, now=at(now))) == expected


def test_what_was_cancelled_here_is_not_named(melati: Clinic) -> None:
    bring_in(melati, ALL)
    booking.cancel(Appointment.objects.get(customer__name="Oki"), by=actors.staff(melati.staff), now=NOW)
    assert named(bring_in(melati, HEAD + NINA + PUTRI)) == []


def test_what_was_booked_here_is_not_named(melati: Clinic) -> None:
    bring_in(melati, ALL)
    melati.booked("2026-12-08 10:00")
    assert bring_in(melati, ALL).problems == []


def test_an_older_export_names_nobody_however_often(melati: Clinic) -> None:
    first = HEAD + NINA + PUTRI
    bring_in(melati, first)
    bring_in(melati, ALL.replace("putri@", "putri.baru@"))
    for _again in range(3):
        report = bring_in(melati, first, name="yesterday.csv")
        assert counts(report) == {Outcome.UNCHANGED: 1, Outcome.LEFT_OUT: 1}
        assert said(report, "warning") == []
    assert named(bring_in(melati, first, newest=True)) == ["Oki"]


@pytest.mark.parametrize(("stamp", "expected"), [("09:00", []), ("10:00", ["Oki"]), ("11:00", ["Oki"])])
def test_an_export_is_as_old_as_its_entries_say(melati: Clinic, stamp: str, expected: list[str]) -> None:
    def stamped(text: str, hour: str) -> str:
        return text.replace(",\n", f",2026-11-20 {hour}\n")

    bring_in(melati, HEAD + stamped(NINA + OKI + PUTRI, "10:00"))
    assert named(bring_in(melati, HEAD + stamped(NINA, stamp) + stamped(PUTRI, "08:00"))) == (
        expected if stamp == "11:00" else []
    )
    assert named(bring_in(melati, HEAD + stamped(NINA + PUTRI, stamp))) == expected


def test_what_came_into_the_source_after_the_file_was_written_is_not_missed(melati: Clinic) -> None:
    early, late = (row.replace(",\n", f",2026-11-{day} 10:00\n") for row, day in ((NINA + PUTRI, 19), (OKI, 20)))
    bring_in(melati, HEAD + early + late)
    assert named(bring_in(melati, HEAD + early)) == []


def test_of_a_file_that_could_not_be_read_whole_nobody_is_named(melati: Clinic) -> None:
    bring_in(melati, ALL)
    report = bring_in(melati, HEAD + NINA + OKI.replace("2026-12-07", "7 Foo") + PUTRI)
    assert named(report) == []
    assert said(report, "note") == [
        (0, "Not all of the file could be read, so nobody knows who is no longer in it. Mend it first.")
    ]
    open_quote = bring_in(melati, HEAD + NINA + PUTRI.replace(",,\n", ',,"2026-11-20\n') + OKI)
    assert named(open_quote) == []
    assert said(bring_in(melati, ALL.replace(",09:30", ",9:3x")), "note") == [
        (0, "Not all of the file could be read, so nobody knows who is no longer in it. Mend it first.")
    ]


def test_two_files_without_a_common_row_are_of_two_sources(melati: Clinic) -> None:
    bring_in(melati, ALL)
    other = "7,Sinta,,2026-12-07,13:00,Check-up,Dr. Budi,,\n8,Tono,,2026-12-09,13:00,Check-up,Dr. Budi,,\n"
    assert said(bring_in(melati, HEAD + other), "warning") == []
    assert said(bring_in(melati, ALL.replace("nina@", "nina.baru@")), "warning") == []
    assert named(bring_in(melati, HEAD + other.splitlines()[0] + "\n")) == [], "the other one is after its last day"


def rows(count: int) -> str:
    """So many of one day, each at an hour of its own."""
    return "".join(
        f"n{number},Guest {number:02},,2026-12-08,{8 + number // 2:02}:{number % 2 * 30:02},Check-up,Dr. Ratna,,\n"
        for number in range(count)
    )


@pytest.mark.parametrize(("gone", "expected"), [(4, 4), (5, 0)])
def test_a_file_that_lacks_nearly_all_of_another_is_not_taken_for_its_newer_export(
    melati: Clinic, gone: int, expected: int
) -> None:
    left = HEAD + NINA.replace("2026-12-07,09", "2026-12-08,15")
    bring_in(melati, left + rows(gone))
    report = bring_in(melati, left)
    assert len(named(report)) == report.counts[Outcome.DROPPED] == expected
    doubt = (
        "5 appointments of an earlier file are not in this one, which seems to be another one, or a part. "
        "If it is a newer export, name its source: file."
    )
    assert said(report, "note") == ([] if expected else [(0, doubt)])
    assert ImportedFile.objects.filter(follows=None).count() == (1 if expected else 2)
    assert len(named(bring_in(melati, left, source="file"))) == gone


def test_a_named_source_needs_no_common_row_and_is_only_itself(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA + OKI, source="salon")
    bring_in(melati, HEAD + PUTRI.replace("2026-12-09,09", "2026-12-07,11"), source="studio")
    other = "7,Sinta,,2026-12-07,13:00,Check-up,Dr. Budi,,\n"
    assert named(bring_in(melati, HEAD + other, source="salon")) == ["Nina", "Oki"]
    assert named(bring_in(melati, HEAD + other.replace("13:00", "15:00"), source="studio")) == ["Putri"]


def test_of_a_named_source_only_the_places_of_the_file_count(melati: Clinic) -> None:
    elsewhere = LocationFactory.create(code="other", zone="Asia/Makassar")
    bring_in(melati, ALL, source="salon")
    Appointment.objects.filter(customer__name="Oki").update(location=elsewhere)
    other = "7,Sinta,,2026-12-07,13:00,Check-up,Dr. Budi,,\n8,Tono,,2026-12-09,13:00,Check-up,Dr. Budi,,\n"
    assert named(bring_in(melati, HEAD + other, source="salon")) == ["Nina", "Putri"]


def test_a_number_that_is_another_customers_now_is_not_the_one_that_was(melati: Clinic) -> None:
    bring_in(melati, ALL)
    other = "B,Sinta,,2026-12-08,13:00,Check-up,Dr. Budi,,\n"
    assert named(bring_in(melati, HEAD + NINA + other + PUTRI)) == ["Oki"]


def test_a_number_that_nobody_can_tell_is_still_in_the_file(melati: Clinic) -> None:
    bring_in(melati, ALL)
    report = bring_in(melati, HEAD + NINA + OKI.replace("Oki,", "Anak Dito,") + PUTRI, skip_errors=True)
    assert (report.counts[Outcome.FAILED], named(report)) == (1, [])


def test_a_row_without_a_number_that_moves_is_named_where_it_was(melati: Clinic) -> None:
    text = "Name,Date,Time,Service\nCitra,2026-12-07,09:00,Check-up\nNina,2026-12-07,10:00,Check-up\n"
    bring_in(melati, text)
    report = bring_in(melati, text.replace("09:00", "15:00"))
    assert (counts(report), named(report)) == (
        {Outcome.NEW: 1, Outcome.UNCHANGED: 1, Outcome.DROPPED: 1}, ["Citra"],
    )  # fmt: skip


ENTRIES = [
    event(f"{who}@trial.example", starting(f"2026120{day}T100000"), summary=who)
    for who, day in (("a", 4), ("b", 5), ("c", 6))
]


def test_an_entry_that_is_gone_from_a_calendar_is_named(melati: Clinic) -> None:
    bring_in(melati, calendar(*ENTRIES))
    report = bring_in(melati, calendar(ENTRIES[0], ENTRIES[2]))
    assert counts(report) == {Outcome.UNCHANGED: 2, Outcome.DROPPED: 1}
    assert named(report) == ["b"]
    whole_day = ENTRIES[1].replace(starting("20261205T100000"), "DTSTART;VALUE=DATE:20261205")
    assert named(bring_in(melati, calendar(ENTRIES[0], whole_day, ENTRIES[2]))) == [], "left out, but in the file"


def test_a_calendar_that_ends_in_the_middle_names_nobody(melati: Clinic) -> None:
    bring_in(melati, calendar(*ENTRIES))
    cut = calendar(ENTRIES[0], ENTRIES[2]).replace("END:VCALENDAR\n", "")
    assert [line for line, sentence in said(bring_in(melati, cut), "warning") if "No longer" in sentence] == []


def test_two_calendars_that_share_an_entry_are_two(melati: Clinic) -> None:
    def of(doctor: str, hour: int) -> list[str]:
        stamps = [f"202612{day:02}T{hour:02}0000" for day in (1, 2, 3, 5, 7)]
        return [event(f"{doctor}{at_}@trial.example", starting(at_), summary=f"{doctor} {at_}") for at_ in stamps]

    shared = ENTRIES[0]
    bring_in(melati, calendar(*of("ratna", 11), shared))
    assert said(bring_in(melati, calendar(*of("budi", 13), shared)), "warning") == []
    assert said(bring_in(melati, calendar(*of("ratna", 11)[1:], shared)), "warning") == [], "after its first day"
    report = bring_in(melati, calendar(*of("ratna", 11)[::2], shared))
    assert named(report) == ["ratna 20261202T110000", "ratna 20261205T110000"]


def test_a_date_that_its_series_has_no_more_is_cancelled_and_not_named(melati: Clinic) -> None:
    series = event("w@trial.example", "RRULE:FREQ=WEEKLY;COUNT=3", starting("20261204T100000"))
    bring_in(melati, calendar(series))
    shorter = series.replace("COUNT=3", "COUNT=3\nEXDATE;TZID=Asia/Jakarta:20261211T100000").replace("01T", "02T")
    assert counts(bring_in(melati, calendar(shorter))) == {Outcome.UNCHANGED: 2, Outcome.CANCELLED: 1}


def test_a_series_that_is_gone_as_a_whole_is_named_date_by_date(melati: Clinic) -> None:
    series = event("w@trial.example", "RRULE:FREQ=WEEKLY;COUNT=2", starting("20261204T130000"))
    single = event("z@trial.example", starting("20261231T100000"))
    bring_in(melati, calendar(series, single, *ENTRIES))
    assert named(bring_in(melati, calendar(single, *ENTRIES))) == ["Dewi Empat", "Dewi Empat"]


def test_who_is_gone_costs_no_more_queries_when_many_are(melati: Clinic, django_assert_max_num_queries: Any) -> None:
    bring_in(melati, HEAD + NINA + rows(2))
    choices = Choices(melati.location)
    with django_assert_max_num_queries(40) as few:
        bring_in(melati, HEAD + NINA, choices=choices, source="file", last_day=date(2026, 12, 31), dry_run=True)
    bring_in(melati, HEAD + NINA + rows(16))
    with django_assert_max_num_queries(len(few)):
        bring_in(melati, HEAD + NINA, choices=choices, source="file", last_day=date(2026, 12, 31), dry_run=True)
