"""A time that is blocked at the desk: nothing is offered in it, and who is in the way is named before."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction

from appointments.domain import affected
from appointments.domain.disruptions import blocking
from appointments.domain.disruptions.blocking import BlockedTime, SomebodyIsThere
from appointments.domain.schedule.conflicts import fingerprint
from appointments.domain.schedule.slots import free_slots
from appointments.domain.schedule.spans import Span
from appointments.enums import AbsenceKind, OfferState
from appointments.errors import DomainError
from appointments.models import Absence, AffectedAppointment, AuditEntry
from notifications.models import Message
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def time(
    melati: Clinic, starts_at: str = "2026-11-24 10:00", ends_at: str = "2026-11-24 12:00", **more: Any
) -> BlockedTime:
    usual: dict[str, Any] = {"resource": melati.provider, "title": "Talk with the bank"}
    return BlockedTime(starts_at=at(starts_at), ends_at=at(ends_at), **usual | more)


def blocked(melati: Clinic, *, knowing: str = "", **more: Any) -> Absence:
    return blocking.block(time(melati, **more), knowing=knowing, by=melati.staff, now=NOW)


def starts(melati: Clinic, day: str) -> set[str]:
    """The hours at which the provider is free on `day`."""
    window = Span(at(f"{day} 00:00"), at(f"{day} 23:59"))
    found = free_slots(melati.service, melati.location, window=window, now=NOW)
    zone = melati.location.tzinfo
    return {f"{one.starts_at.astimezone(zone):%H:%M}" for one in found if one.provider_id == melati.provider.pk}


def test_no_time_in_it_is_offered(melati: Clinic) -> None:
    before = starts(melati, "2026-11-24")
    blocked(melati)
    assert before - starts(melati, "2026-11-24") == {
        "09:45", "10:00", "10:15", "10:30", "10:45", "11:00", "11:15", "11:30", "11:45",
    }  # fmt: skip
    assert "10:00" in starts(melati, "2026-12-01")


def test_every_week_until_the_last_day(melati: Clinic) -> None:
    made = blocked(melati, weekly=True, last_day=date(2026, 12, 8))
    assert made.rrule == "FREQ=WEEKLY;UNTIL=20261208"
    found = ["10:00" in starts(melati, day) for day in ("2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15")]
    assert found == [False, False, False, True]
    assert "10:00" in starts(melati, "2026-12-02")


def test_who_is_in_the_way_is_named_and_has_to_move_once_that_is_known(melati: Clinic) -> None:
    there = melati.booked("2026-11-24 10:30", customer=CustomerFactory(name="Ben Situmorang"))
    melati.booked("2026-11-24 12:00", room=None)  # begins as it ends
    with pytest.raises(SomebodyIsThere) as asked:
        blocked(melati)
    assert [one.appointment for one in asked.value.hits] == [there]
    assert Absence.objects.count() == 0

    blocked(melati, knowing=fingerprint(asked.value.hits))
    assert [one.appointment for one in affected.to_move()] == [there]
    assert Message.objects.count() == 0


def test_a_tick_is_for_the_list_that_was_shown(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:30")
    with pytest.raises(SomebodyIsThere) as asked:
        blocked(melati)
    melati.booked("2026-11-24 11:00", room=None)
    with pytest.raises(SomebodyIsThere) as again:
        blocked(melati, knowing=fingerprint(asked.value.hits))
    assert len(again.value.hits) == 2


def test_taking_it_away_lets_everybody_come(melati: Clinic) -> None:
    there = melati.booked("2026-11-24 10:30")
    with pytest.raises(SomebodyIsThere) as asked:
        blocked(melati)
    made = blocked(melati, knowing=fingerprint(asked.value.hits))
    assert blocking.remove(made, by=melati.staff, now=NOW) == [there]
    assert (affected.to_move().count(), Absence.objects.count()) == (0, 0)
    assert AffectedAppointment.objects.get().kept_by == melati.staff


def test_a_change_asks_only_about_whom_it_hits_besides(melati: Clinic) -> None:
    first = melati.booked("2026-11-24 10:30")
    second = melati.booked("2026-11-24 13:00")
    with pytest.raises(SomebodyIsThere) as asked:
        blocked(melati)
    made = blocked(melati, knowing=fingerprint(asked.value.hits))

    longer = time(melati, ends_at="2026-11-24 14:00", title="The bank, and lunch")
    with pytest.raises(SomebodyIsThere) as more:
        blocking.change(made, longer, knowing="", by=melati.staff, now=NOW)
    assert [one.appointment for one in more.value.hits] == [second]
    blocking.change(made, longer, knowing=fingerprint(more.value.hits), by=melati.staff, now=NOW)
    assert {one.appointment for one in affected.to_move()} == {first, second}
    made.refresh_from_db()
    assert (made.title, made.ends_at) == ("The bank, and lunch", at("2026-11-24 14:00"))

    later = time(melati, "2026-11-24 15:00", "2026-11-24 16:00")
    assert set(blocking.change(made, later, knowing="", by=melati.staff, now=NOW)) == {first, second}
    assert affected.to_move().count() == 0


def test_what_is_over_cannot_be_blocked(melati: Clinic) -> None:
    over = {"starts_at": "2026-11-23 08:00", "ends_at": "2026-11-23 09:00"}
    with pytest.raises(DomainError, match="already passed"):
        blocked(melati, **over)
    blocked(melati, **over | {"ends_at": "2026-11-23 09:01"})


def test_the_title_is_for_who_wrote_it_whose_time_it_is_and_managers(melati: Clinic) -> None:
    ratna = StaffFactory()
    melati.provider.user = ratna
    melati.provider.save()
    made = blocked(melati)
    chief = StaffFactory()
    chief.user_permissions.add(Permission.objects.get(codename="change_business"))
    readers: list[User] = [melati.staff, ratna, User.objects.get(pk=chief.pk), StaffFactory()]
    assert [blocking.may_see(made, one) for one in readers] == [True, True, True, False]


def test_a_block_without_a_title_is_refused_by_the_database(melati: Clinic) -> None:
    span = {"resource": melati.provider, "starts_at": NOW, "ends_at": NOW + days(1)}
    Absence.objects.create(kind=AbsenceKind.LEAVE, **span)
    with pytest.raises(IntegrityError, match="absence_blocked_has_title"), transaction.atomic():
        Absence.objects.create(kind=AbsenceKind.BLOCKED, **span)


def test_a_rule_that_only_managers_can_write_is_not_lost_at_the_desk(melati: Clinic) -> None:
    made = blocked(melati, weekly=True)
    Absence.objects.update(rrule="FREQ=WEEKLY;BYDAY=MO,TH")
    made.refresh_from_db()
    with pytest.raises(DomainError, match="a rule of its own"):
        blocking.change(made, time(melati), knowing="", by=melati.staff, now=NOW)


def test_an_offer_in_it_is_struck_out_at_once(melati: Clinic, django_capture_on_commit_callbacks: Any) -> None:
    offer = melati.offered().offers.order_by("starts_at").first()
    assert offer is not None
    span: dict[str, Any] = {"resource": offer.provider, "starts_at": offer.starts_at, "ends_at": offer.ends_at}
    wanted = BlockedTime(title="Talk with the bank", **span)
    with pytest.raises(SomebodyIsThere) as asked:
        blocking.block(wanted, knowing="", by=melati.staff, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        blocking.block(wanted, knowing=fingerprint(asked.value.hits), by=melati.staff, now=NOW)
    offer.refresh_from_db()
    assert offer.state != OfferState.LIVE


def test_who_blocked_changed_and_freed_it_is_written_down_without_the_title(melati: Clinic) -> None:
    made = blocked(melati)
    blocking.change(made, time(melati, title="Another"), knowing="", by=melati.manager, now=NOW)
    longer = BlockedTime(**vars(time(melati, title="Another")) | {"ends_at": made.ends_at + hours(1)})
    blocking.change(made, longer, knowing="", by=melati.manager, now=NOW)
    blocking.remove(made, by=melati.staff, now=NOW)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [(one.action, one.actor) for one in entries] == [
        ("added", melati.staff), ("changed", melati.manager), ("removed", melati.staff),
    ]  # fmt: skip
    assert list(entries[1].after) == ["ends_at"]
    assert {one.name for one in entries} == {melati.provider.name}
    assert made.title not in str([(one.name, one.before, one.after) for one in entries])
