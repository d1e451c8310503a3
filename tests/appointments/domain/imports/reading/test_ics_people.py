"""Who and where: texts and people of an entry, made safe to store and to show."""

import pytest

from appointments.domain.imports.reading import Person
from tests.appointments.domain.imports.reading.samples import calendar, event, read, said

START = "DTSTART:20261124T073000Z"


def row(*lines: str):
    return read(calendar(event(START, *lines))).rows[0]


def test_the_person_invited_is_the_customer_and_the_host_the_provider():
    found = row(
        "SUMMARY:Dental cleaning",
        "ORGANIZER;CN=drg. Sari:mailto:sari@clinic.example",
        "ATTENDEE;CN=drg. Sari:mailto:SARI@clinic.example",
        "ATTENDEE;CUTYPE=ROOM;CN=Room 2:mailto:room2@clinic.example",
        "ATTENDEE;CN=Dewi Lestari;LANGUAGE=id:mailto:dewi@example.com",
        "LOCATION:Kemang\\, Jakarta",
        "COMMENT:Prefers mornings",
    )
    assert (found.customer_name, found.customer_email, found.customer_language) == (
        "Dewi Lestari",
        "dewi@example.com",
        "id",
    )
    assert (found.service, found.provider, found.location) == ("Dental cleaning", "drg. Sari", "Kemang, Jakarta")
    assert found.note == "Prefers mornings"
    assert [person.kind for person in found.attendees] == ["individual", "room", "individual"]


def test_without_anybody_invited_the_title_is_the_customer():
    found = row("SUMMARY:Dewi Lestari")
    assert (found.customer_name, found.customer_email, found.service, found.provider) == ("Dewi Lestari", "", "", "")


def test_a_category_is_the_service():
    assert row("SUMMARY:Dewi", "CATEGORIES:Massage\\, long,Other").service == "Massage, long"


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("ATTENDEE:dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:MAILTO:dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:mailto: dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:mailto:dewi%2Bvisit@example.com", Person(email="dewi+visit@example.com")),
        ("ATTENDEE;CN=dewi@example.com:mailto:dewi@example.com", Person(email="dewi@example.com")),
        ('ATTENDEE;CN="Lestari, Dewi":mailto:dewi@example.com', Person("Lestari, Dewi", "dewi@example.com")),
        (
            'ATTENDEE;CN="Lestari, Dewi <dewi@example.com> (dewi@example.com)":mailto:dewi@example.com',
            Person("Lestari, Dewi", "dewi@example.com"),
        ),
        ("ATTENDEE;CN=Dr^'Dewi^' L:mailto:dewi@example.com", Person('Dr"Dewi" L', "dewi@example.com")),
        ("ATTENDEE;CN=Dr: Dewi:mailto:dewi@example.com", Person("Dr", "dewi@example.com")),
        ("ATTENDEE;CN=Dewi:tel:+62-812-345", Person("Dewi", phone="+62-812-345")),
        ("ATTENDEE;CN=Dewi;EMAIL=dewi@example.com:urn:uuid:12", Person("Dewi", "dewi@example.com")),
        ("ATTENDEE;CN=Dewi:invalid:nomail", Person("Dewi")),
    ],
)
def test_people_are_recognised_however_they_are_written(line, person):
    assert row(line).attendees == (person,)


def test_texts_are_unescaped_and_keep_their_lines():
    found = row("SUMMARY:A\\, B\\; C \\\\ D", "DESCRIPTION:one\\ntwo\\Nthree")
    assert (found.summary, found.description) == ("A, B; C \\ D", "one\ntwo\nthree")


def test_a_title_is_one_line_so_that_it_is_safe_in_a_subject():
    assert row("SUMMARY:Visit\\nBcc: all@example.com").summary == "Visit Bcc: all@example.com"


def test_scripts_are_only_text():
    assert row("SUMMARY:<script>alert(1)</script>").summary == "<script>alert(1)</script>"


def test_what_cannot_be_stored_is_taken_out():
    data = calendar(event(START, "SUMMARY:A@B", uid="x@y")).replace(b"A@B", b"A\x00\x07B \xed\xa0\x80 \xf0\x9f\x99\x82")
    found = read(data).rows[0]
    assert found.summary == "AB � 🙂"
    assert found.summary.encode("utf-8")


def test_huge_texts_are_cut():
    found = row("SUMMARY:" + "a" * 2_000_000, "DESCRIPTION:" + "b" * 2_000_000, "ATTENDEE;CN=" + "c" * 9999 + ":x@y")
    assert (len(found.summary), len(found.description), len(found.attendees[0].name)) == (300, 10_000, 200)
    assert found.summary.endswith("a…")


def test_free_time_is_marked_as_free():
    assert row("TRANSP:TRANSPARENT").transparent is True
    assert row("X-MICROSOFT-CDO-BUSYSTATUS:FREE").transparent is True
    assert row("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE").transparent is False
    assert row().transparent is False


def test_a_program_may_mark_a_whole_day_that_it_writes_as_hours():
    found = row("DTEND:20261125T073000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
    assert found.all_day is True


def test_a_value_with_braces_is_shown_as_it_is():
    reading = read(calendar(event("DTSTART:{0.__class__}")))
    assert said(reading) == [(5, "error", "“{0.__class__}” is not a date that exists, so this entry was left out.")]
