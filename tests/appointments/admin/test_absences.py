"""Absences, closures and closed days over existing bookings: shown first, saved only knowingly, entered and edited."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.domain import affected, overlooked
from appointments.models import Absence, Closure, SpecialDay
from tests.appointments.admin.pages import form_values, page
from tests.clock import NOW, at, days, hours
from tests.factories import (
    AbsenceFactory,
    Clinic,
    CustomerFactory,
    OfferFactory,
    RescheduleRequestFactory,
    SpecialDayFactory,
    clinic,
)

SKIPPED_AND_REPEATED = [
    ("Europe/Berlin", "02:30", "2027-03-28"),
    ("Europe/Berlin", "02:30", "2027-10-31"),
    ("America/New_York", "02:30", "2027-03-14"),
    ("America/New_York", "01:30", "2027-11-07"),
    ("Asia/Jakarta", "02:30", "2027-03-28"),
]


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


def wall(moment: datetime, prefix: str) -> dict[str, str]:
    return {prefix: f"{moment:%Y-%m-%dT%H:%M}"}


def with_absence(place: Clinic, browser: Client, begin: str, end: str, **more: str) -> tuple[str, dict[str, Any]]:
    """The page of the provider, and its form with a new absence in it."""
    address = page("resource", "change", place.provider.pk)
    values = form_values(browser.get(address), "resource_form")
    row = {
        "absences-TOTAL_FORMS": "1",
        "absences-0-kind": "leave",
        "absences-0-resource": str(place.provider.pk),
        "absences-0-rrule": "",
        **wall(at(begin), "absences-0-starts_at"),
        **wall(at(end), "absences-0-ends_at"),
    }
    return address, values | row | {f"absences-0-{name}": value for name, value in more.items()}


def asked(response: Any) -> str:
    """What stands beside the tick box."""
    for formset in response.context["inline_admin_formsets"]:
        for form in formset.formset.forms:
            if "will_move" in form.errors:
                return str(form.errors["will_move"])
    return ""


def test_an_absence_in_free_time_is_simply_saved(browser_of_manager: Client, place: Clinic) -> None:
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00")

    assert browser_of_manager.post(address, values).status_code == 302

    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (at("2026-11-24 08:00"), at("2026-11-24 12:00"))


def test_an_absence_over_bookings_shows_them_and_is_saved_only_knowingly(
    browser_of_manager: Client, place: Clinic
) -> None:
    place.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    place.booked("2026-11-24 13:00", customer=CustomerFactory(name="Somebody later"))
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00")

    refused = browser_of_manager.post(address, values)

    question = asked(refused)
    assert "1 customer is expected in this time and has not been told." in question
    assert "Ana Pratiwi" in question
    assert "Tue 24 Nov, 10:00–10:30 WIB" in question
    assert "Somebody later" not in question
    assert not Absence.objects.exists()

    shown = form_values(refused, "resource_form")
    assert "absences-0-will_move" not in shown  # a box that is not ticked
    tick = refused.context["inline_admin_formsets"][-1].formset.forms[0].fields["will_move"].widget.fingerprint
    saved = browser_of_manager.post(address, values | {"absences-0-will_move": tick}, follow=True)

    assert Absence.objects.count() == 1
    assert any("Ana Pratiwi" in str(message) for message in saved.context["messages"])
    (row,) = affected.untold()
    assert (row.appointment.customer.name, row.disruption.source) == ("Ana Pratiwi", "absence")
    assert (row.disruption.starts_at, row.disruption.ends_at) == (at("2026-11-24 08:00"), at("2026-11-24 12:00"))
    assert [one.pk for one in row.disruption.resources.all()] == [place.provider.pk]


def test_an_absence_that_is_taken_back_lets_everybody_go(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00")
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00")
    refused = browser_of_manager.post(address, values)
    tick = refused.context["inline_admin_formsets"][-1].formset.forms[0].fields["will_move"].widget.fingerprint
    browser_of_manager.post(address, values | {"absences-0-will_move": tick})
    assert affected.counts() == {"to_move": 1, "untold": 1}

    again = form_values(browser_of_manager.get(address), "resource_form") | {"absences-0-DELETE": "on"}
    saved = browser_of_manager.post(address, again, follow=True)
    (said,) = [str(one) for one in saved.context["messages"] if "can come after all" in str(one)]
    assert "1 customer can come after all and does not have to be moved:" in said
    assert "Tue 24 Nov, 10:00–10:30 WIB · takes place as booked" in said
    assert not Absence.objects.exists()
    assert affected.counts() == {"to_move": 0, "untold": 0}


def test_a_tick_for_another_list_does_not_count(browser_of_manager: Client, place: Clinic) -> None:
    """Between question and answer somebody else is booked: the new list is shown."""
    place.booked("2026-11-24 10:00")
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00")
    first = browser_of_manager.post(address, values)
    tick = first.context["inline_admin_formsets"][-1].formset.forms[0].fields["will_move"].widget.fingerprint
    place.booked("2026-11-24 11:00", customer=CustomerFactory(name="Booked since"))

    again = browser_of_manager.post(address, values | {"absences-0-will_move": tick})

    assert "Booked since" in asked(again)
    assert not Absence.objects.exists()
    for guess in ("on", "true", "1"):
        assert asked(browser_of_manager.post(address, values | {"absences-0-will_move": guess}))


def test_an_absence_that_is_made_longer_is_checked_again(browser_of_manager: Client, place: Clinic) -> None:
    AbsenceFactory(resource=place.provider, starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 09:00"))
    place.booked("2026-11-24 10:00")
    address = page("resource", "change", place.provider.pk)
    values = form_values(browser_of_manager.get(address), "resource_form")
    assert values["absences-0-starts_at"] == "2026-11-24T08:00"  # by the clock of the place

    response = browser_of_manager.post(address, values | {"absences-0-ends_at": "2026-11-24T10:10"})

    assert "1 customer is expected" in asked(response)
    assert Absence.objects.get().ends_at == at("2026-11-24 09:00")


def test_a_new_label_on_an_old_absence_asks_nothing(browser_of_manager: Client, place: Clinic) -> None:
    AbsenceFactory(resource=place.provider, starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 12:00"))
    place.booked("2026-11-24 10:00")
    address = page("resource", "change", place.provider.pk)
    values = form_values(browser_of_manager.get(address), "resource_form")

    assert browser_of_manager.post(address, values | {"absences-0-kind": "training"}).status_code == 302


def test_every_tuesday_meets_the_booking_in_two_weeks(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-12-08 10:00")
    address, values = with_absence(
        place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00", rrule="FREQ=WEEKLY;BYDAY=TU"
    )

    refused = browser_of_manager.post(address, values)
    assert "Tue 8 Dec, 10:00–10:30 WIB" in asked(refused)
    tick = refused.context["inline_admin_formsets"][-1].formset.forms[0].fields["will_move"].widget.fingerprint
    browser_of_manager.post(address, values | {"absences-0-will_move": tick})
    disruption = affected.untold().get().disruption
    assert (disruption.starts_at, disruption.ends_at) == (at("2026-12-08 08:00"), at("2026-12-08 12:00"))


def test_a_time_that_is_on_offer_is_shown_too(browser_of_manager: Client, place: Clinic) -> None:
    appointment = place.booked("2026-11-26 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    round_ = RescheduleRequestFactory(appointment=appointment, contact=place.staff)
    OfferFactory(request=round_, starts_at=at("2026-11-24 09:00"))
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00")

    question = asked(browser_of_manager.post(address, values))

    assert "Ana Pratiwi" in question
    assert "on offer" in question


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=SECONDLY", "Begin with FREQ=DAILY"),
        ("FREQ=MINUTELY", "Begin with FREQ=DAILY"),
        ("FREQ=HOURLY", "Begin with FREQ=DAILY"),
        ("every tuesday", "Begin with FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=XX", "This is not a recurrence rule"),
        ("FREQ=WEEKLY;RDATE=20260101", "This is not a recurrence rule"),
        ("FREQ=DAILY;INTERVAL=0", "This is not a recurrence rule"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "By this rule it would never happen."),
        ("FREQ=DAILY;UNTIL=20200101T000000", "By this rule it would never happen."),
        ("FREQ=DAILY;UNTIL=tomorrow", "This is not a recurrence rule"),
    ],
)
def test_a_rule_that_is_none_is_refused(browser_of_manager: Client, place: Clinic, rule: str, sentence: str) -> None:
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00", rrule=rule)

    response = browser_of_manager.post(address, values)

    assert sentence in str(response.context["inline_admin_formsets"][-1].formset.forms[0].errors["rrule"])
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=TU,TH", "RRULE:FREQ=MONTHLY;BYDAY=1FR", "freq=daily;count=5", "FREQ=YEARLY;INTERVAL=2"]
)
def test_a_rule_that_is_one_is_kept(browser_of_manager: Client, place: Clinic, rule: str) -> None:
    address, values = with_absence(place, browser_of_manager, "2026-11-24 08:00", "2026-11-24 12:00", rrule=rule)

    assert browser_of_manager.post(address, values).status_code == 302
    assert Absence.objects.get().rrule == rule.upper().removeprefix("RRULE:")


def test_an_absence_that_ends_before_it_begins_is_refused(browser_of_manager: Client, place: Clinic) -> None:
    address, values = with_absence(place, browser_of_manager, "2026-11-24 12:00", "2026-11-24 08:00")

    response = browser_of_manager.post(address, values)

    form = response.context["inline_admin_formsets"][-1].formset.forms[0]
    assert form.errors == {"ends_at": ["The end must be after the start."]}


def test_a_closure_shows_the_bookings_of_the_whole_place(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    place.booked("2026-11-24 10:00", provider=place.colleague, room=None, customer=CustomerFactory(name="Budi Santoso"))
    address = page("location", "change", place.location.pk)
    values = form_values(browser_of_manager.get(address), "location_form")
    values |= {
        "closures-TOTAL_FORMS": "1",
        "closures-0-title": "Flood",
        "closures-0-location": str(place.location.pk),
        "closures-0-rrule": "",
        **wall(at("2026-11-24 06:00"), "closures-0-starts_at"),
        **wall(at("2026-11-24 22:00"), "closures-0-ends_at"),
    }

    question = asked(browser_of_manager.post(address, values))

    assert "2 customers are expected" in question
    assert "Ana Pratiwi" in question
    assert "Budi Santoso" in question
    assert not Closure.objects.exists()


def test_a_closed_day_everywhere_shows_the_bookings_of_that_day(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00", customer=CustomerFactory(name="Ana Pratiwi"))
    values = {"day": "2026-11-24", "name": "Company day", "location": "", "will_move": "False"}

    refused = browser_of_manager.post(page("specialday", "add"), values)

    form = refused.context["adminform"].form
    assert "Ana Pratiwi" in str(form.errors["will_move"])
    assert not SpecialDay.objects.exists()
    tick = form.fields["will_move"].widget.fingerprint
    assert browser_of_manager.post(page("specialday", "add"), values | {"will_move": tick}).status_code == 302
    assert SpecialDay.objects.get().name == "Company day"
    row = affected.untold().get()
    assert (row.disruption.source, row.disruption.starts_at) == ("closure", at("2026-11-24 00:00"))


def test_who_was_offered_other_times_already_is_left_to_a_colleague(browser_of_manager: Client, place: Clinic) -> None:
    day = SpecialDayFactory(location=place.location, day=at("2026-11-24 00:00").date(), is_open=False)
    booked = place.booked("2026-11-24 10:00")
    overlooked.look_again(now=NOW)
    place.offered(booked, disruption=affected.untold().get().disruption)
    values = form_values(browser_of_manager.get(page("specialday", "change", day.pk)), "specialday_form")
    saved = browser_of_manager.post(page("specialday", "change", day.pk), values | {"is_open": "on"}, follow=True)
    (said,) = [str(one) for one in saved.context["messages"] if "can come after all" in str(one)]
    assert "times are on offer: take the offer back if this time should stand" in said


def test_a_closed_day_that_is_taken_out_again_frees_whom_it_hit(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00")
    day = SpecialDayFactory(location=place.location, day=at("2026-11-24 00:00").date(), is_open=False)
    overlooked.look_again(now=NOW)
    assert affected.untold().count() == 1
    gone = browser_of_manager.post(page("specialday", "delete", day.pk), {"post": "yes"}, follow=True)
    assert any("1 customer can come after all" in str(one) for one in gone.context["messages"])
    assert SpecialDay.objects.count() == 0
    assert affected.untold().count() == 0


def test_a_day_that_is_open_after_all_asks_nothing(browser_of_manager: Client, place: Clinic) -> None:
    place.booked("2026-11-24 10:00")
    values = {"day": "2026-11-24", "name": "Open on a holiday", "location": "", "is_open": "on"}

    assert browser_of_manager.post(page("specialday", "add"), values).status_code == 302


def test_what_is_over_disturbs_nobody(browser_of_manager: Client, place: Clinic) -> None:
    place.booked(NOW - days(3) + hours(1))
    address, values = with_absence(place, browser_of_manager, "2026-11-20 08:00", "2026-11-21 12:00")

    assert browser_of_manager.post(address, values).status_code == 302


@pytest.mark.parametrize(("zone", "hour", "day"), SKIPPED_AND_REPEATED)
def test_an_absence_from_an_hour_that_is_none_or_two_is_refused_with_a_sentence(
    browser_of_manager: Client, place: Clinic, zone: str, hour: str, day: str
) -> None:
    place.location.zone = zone
    place.location.save()
    values = {"absences-0-starts_at": f"{day}T{hour}", "absences-0-ends_at": f"{day}T12:00"}
    address, form = with_absence(place, browser_of_manager, "2027-07-06 08:00", "2027-07-06 12:00")

    response = browser_of_manager.post(address, form | values)

    if zone == "Asia/Jakarta":
        assert (response.status_code, Absence.objects.count()) == (302, 1)
    else:
        assert f"in time zone {zone}; it may be ambiguous or it may not exist." in response.content.decode()
        assert not Absence.objects.exists()
