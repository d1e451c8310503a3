"""Somebody stops working here, and nobody whom they promised something is left alone."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from appointments import roles
from appointments.domain import actors
from appointments.domain.links import DeadLink
from appointments.domain.moving import answers
from appointments.domain.people import invitations, ranks, retiring
from appointments.domain.recovery import cases
from appointments.enums import CaseOrigin, PromiseKind
from appointments.errors import DomainError
from appointments.models import AppointmentEvent, AuditEntry, Colleague, Promise
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import Clinic, LocationFactory, PromiseFactory, RecoveryCaseFactory
from tests.factories.people import colleague, invited

pytestmark = pytest.mark.django_db


def test_what_they_owe_goes_over_and_customers_keep_their_hours(melati: Clinic, budi: User, sari: User) -> None:
    round_ = melati.offered(contact=sari)
    call = PromiseFactory(
        kind=PromiseKind.CALL, owner=sari, appointment=round_.appointment, due_at=NOW + hours(3), made_at=NOW
    )
    assert retiring.owed_by(sari) == retiring.Owed(promises=2, complaints=0, rounds=1)

    retiring.retire(sari, to=melati.staff, by=budi, now=NOW)

    call.refresh_from_db()
    round_.refresh_from_db()
    assert (call.owner, call.due_at, round_.contact) == (melati.staff, NOW + hours(3), melati.staff)
    assert not Promise.objects.open().filter(owner=sari).exists()
    assert retiring.owed_by(sari) == retiring.Owed(promises=0, complaints=0, rounds=0)
    said = AppointmentEvent.objects.filter(note__contains=melati.staff.get_full_name())
    assert said.count() == 2  # the call, and the answer that the proposal waits for
    entry = AuditEntry.objects.get(action="retired")
    assert (entry.actor, entry.name) == (budi, "Sari Wulandari")
    assert entry.after["handed_over_to"] == melati.staff.get_full_name()


def test_a_customer_who_complained_reads_who_has_it_now(melati: Clinic, budi: User, sari: User) -> None:
    round_ = melati.offered(contact=sari)
    answers.tell(round_, words="Nobody told me.", nonce="t", now=NOW)
    case = cases.take_up(round_.appointment, CaseOrigin.TOLD, key="answer:1", now=NOW, by=actors.CUSTOMER)
    assert case is not None
    assert retiring.owed_by(sari).complaints == 1
    retiring.retire(sari, to=melati.staff, by=budi, now=NOW)
    case.refresh_from_db()
    assert case.owner == melati.staff
    told = Message.objects.get(kind="handed_over")
    assert told.context["contact"]["name"] == melati.staff.get_full_name()


def test_all_of_it_goes_over_or_nothing(
    melati: Clinic, budi: User, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, call = RecoveryCaseFactory(owner=sari), PromiseFactory(kind=PromiseKind.CALL, owner=sari)

    def refuse(*_args: object, **_more: object) -> None:
        raise DomainError("not today")

    monkeypatch.setattr(retiring.promises, "hand_over", refuse)
    with pytest.raises(DomainError, match="not today"):
        retiring.retire(sari, to=melati.staff, by=budi, now=NOW)
    for row in (case, call, sari):
        row.refresh_from_db()
    assert (case.owner, call.owner, sari.is_active) == (sari, sari, True)
    assert not AuditEntry.objects.exists()


def test_where_something_is_owed_somebody_is_named_who_can_take_it(melati: Clinic, budi: User, sari: User) -> None:
    PromiseFactory(kind=PromiseKind.CALL, owner=sari, appointment=melati.booked())
    elsewhere = colleague(roles.FRONT_DESK, LocationFactory())
    for nobody in (None, sari, colleague(roles.AUDITORS)):
        with pytest.raises(DomainError, match="Choose a colleague"):
            retiring.retire(sari, to=nobody, by=budi, now=NOW)
    with pytest.raises(DomainError, match="does not work for Melati Jakarta"):
        retiring.retire(sari, to=elsewhere, by=budi, now=NOW)
    sari.refresh_from_db()
    assert sari.is_active


def test_whoever_is_retired_is_out_at_once_and_stays_out(budi: User, sari: User) -> None:
    browser = Client()
    browser.force_login(sari)
    retiring.retire(sari, to=None, by=budi, now=NOW)
    assert browser.get("/waiting/").status_code == 302
    said = {"username": "sari", "password": "sunny-garden-gate"}
    assert Client().post("/accounts/sign-in/", said).status_code == 200  # the form again
    row = Colleague.objects.get(user=sari)
    assert (row.retired_at, row.retired_by) == (NOW, budi)


def test_who_comes_back_has_the_role_and_no_session_of_before(budi: User, sari: User) -> None:
    browser = Client()
    browser.force_login(sari)
    retiring.retire(sari, to=None, by=budi, now=NOW)
    retiring.bring_back(sari, by=budi, now=NOW + days(30))
    sari.refresh_from_db()
    assert (sari.is_active, ranks.role_of(sari)) == (True, roles.FRONT_DESK)
    assert Colleague.objects.get(user=sari).retired_at is None
    assert browser.get("/waiting/").status_code == 302
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["returned", "retired"]
    retiring.bring_back(sari, by=budi, now=NOW + days(31))
    assert AuditEntry.objects.count() == 2


def test_nobody_retires_themselves_or_who_may_do_more_or_the_last_manager(melati: Clinic, budi: User) -> None:
    with pytest.raises(DomainError, match="Nobody retires themselves"):
        retiring.retire(budi, to=None, by=budi, now=NOW)
    with pytest.raises(DomainError, match="may do more than you"):
        retiring.retire(melati.manager, to=None, by=budi, now=NOW)
    with pytest.raises(DomainError, match="last manager"):
        retiring.retire(budi, to=None, by=melati.manager, now=NOW)


def test_one_of_two_managers_may_go_and_is_not_retired_twice(budi: User, ratna: User) -> None:
    retiring.retire(ratna, to=None, by=budi, now=NOW)
    with pytest.raises(DomainError, match="retired already"):
        retiring.retire(ratna, to=None, by=budi, now=NOW)
    with pytest.raises(DomainError, match="may do more"):
        retiring.bring_back(ratna, by=colleague(roles.LEADS), now=NOW)


def test_what_they_invited_to_opens_nothing_any_more(budi: User, ratna: User) -> None:
    made, token = invited(ratna)
    retiring.retire(ratna, to=None, by=budi, now=NOW)
    with pytest.raises(DeadLink):
        invitations.read(token, now=NOW)
    made.refresh_from_db()
    assert made.revoked_at == NOW


def test_those_at_the_desk_can_take_over(melati: Clinic, sari: User) -> None:
    assert set(retiring.takers_for(sari)) == {melati.staff, melati.manager}
