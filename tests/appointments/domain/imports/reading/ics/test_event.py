"""Who and where: texts and people of an entry, made safe to store and to show."""

from tests.appointments.domain.imports.reading.samples import calendar, event, read, row, said


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


def test_scripts_are_only_text():
    assert row("SUMMARY:<script>alert(1)</script>").summary == "<script>alert(1)</script>"


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
