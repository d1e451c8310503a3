"""Somebody stops working here, and nobody whom they promised something is left alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
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
from appointments.models import (
    AppointmentEvent,
    AuditEntry,
    Colleague,
    CorrectiveAction,
    Disruption,
    DisruptionPlan,
    PlanLine,
    Promise,
)
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


def test_of_what_is_owed_at_a_place_only_those_are_offered_who_work_there(melati: Clinic, sari: User) -> None:
    here, both = (
        colleague(roles.FRONT_DESK, melati.location),
        colleague(roles.FRONT_DESK, melati.location, LocationFactory()),
    )
    elsewhere = colleague(roles.FRONT_DESK, LocationFactory())
    assert set(retiring.takers_for(sari)) == {melati.staff, melati.manager, here, both, elsewhere}
    PromiseFactory(kind=PromiseKind.CALL, owner=sari, appointment=melati.booked())
    assert set(retiring.takers_for(sari)) == {melati.staff, melati.manager, here, both}


def a_plan(clinic: Clinic, **fields: Any) -> DisruptionPlan:
    disruption = Disruption.objects.create(
        scope="location", location=clinic.location, starts_at=NOW, ends_at=NOW + days(1), declared_at=NOW
    )
    said = {"reason": clinic.reason, "contact": clinic.manager, "window_days": 7, "made_at": NOW}
    return DisruptionPlan.objects.create(disruption=disruption, **said | fields)


def a_call(clinic: Clinic, caller: User) -> PlanLine:
    return PlanLine.objects.create(plan=a_plan(clinic), appointment=clinic.booked(), caller=caller)


def a_change(clinic: Clinic, owner: User, **fields: Any) -> CorrectiveAction:
    said = {"cause": clinic.reason, "what": "A second thermometer", "due_on": NOW.date()}
    return CorrectiveAction.objects.create(owner=owner, **said | fields)


MAKE_OWNED: dict[str, Callable[[Clinic, User], Any]] = {
    "Promise.owner": lambda clinic, who: PromiseFactory(
        kind=PromiseKind.CALL, owner=who, appointment=clinic.booked("2026-11-24 11:00")
    ),
    "RecoveryCase.owner": lambda clinic, who: RecoveryCaseFactory(owner=who),
    "RescheduleRequest.contact": lambda clinic, who: clinic.offered(contact=who),
    "DisruptionPlan.contact": lambda clinic, who: a_plan(clinic, contact=who),
    "PlanLine.caller": a_call,
    "CorrectiveAction.owner": a_change,
}
"""Whatever somebody can owe to others, by where it says whose it is."""
STAYS = {
    "AuditEntry.actor", "AppointmentEvent.actor", "CustomerMerge.by", "CustomerMerge.undone_by", "TwoPeople.by",
    "Absence.written_by", "Disruption.declared_by", "Disruption.closed_by", "AffectedAppointment.kept_by",
    "RescheduleRequest.opened_by", "Answer.recorded_by", "ImportRun.by", "ImportRun.undone_by",
    "DisruptionPlan.asked_by", "DisruptionPlan.approved_by", "CallAttempt.by", "CompensationTable.made_by",
    "Compensation.made_by", "Compensation.decided_by", "Compensation.redeemed_by", "MisuseNote.made_by",
    "SolutionVersion.written_by", "SolutionComment.author", "SolutionVote.voter", "SolutionRead.reader",
    "SolutionUse.by", "AnotherWay.by", "PracticeRun.colleague", "Colleague.retired_by",
    "Invitation.user",
}  # fmt: skip
"""Who did something: it stays under their name."""
OWN = {
    "Resource.user", "Colleague.user", "SavedView.owner", "AtWork.colleague",
    "AuthenticatorApp.user", "Passkey.user", "RecoveryCode.user",
}  # fmt: skip
"""Who they are, how they sign in, and how they like to see their own work."""
TAKEN_BACK = {"Invitation.invited_by"}


def test_every_column_that_names_a_colleague_is_handed_over_or_says_who_did_it() -> None:
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("appointments").get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    assert found == MAKE_OWNED.keys() | STAYS | OWN | TAKEN_BACK


@pytest.mark.parametrize("column", MAKE_OWNED)
def test_each_thing_that_somebody_can_owe_goes_over(melati: Clinic, budi: User, sari: User, column: str) -> None:
    row, field = MAKE_OWNED[column](melati, sari), column.partition(".")[2]
    assert retiring.owed_by(sari).is_something
    with pytest.raises(DomainError, match="Choose a colleague"):
        retiring.retire(sari, to=None, by=budi, now=NOW)
    retiring.retire(sari, to=melati.staff, by=budi, now=NOW)
    row.refresh_from_db()
    assert getattr(row, field) == melati.staff
    assert not retiring.owed_by(sari).is_something


def test_what_is_over_stays_under_its_name(melati: Clinic, budi: User, sari: User) -> None:
    works, given_up = a_change(melati, sari, works_since=NOW.date()), a_change(melati, sari, given_up="Too dear")
    gone = a_plan(melati, contact=sari, state="dropped", ended_at=NOW)
    assert not retiring.owed_by(sari).is_something
    retiring.retire(sari, to=None, by=budi, now=NOW)
    for row in (works, given_up, gone):
        row.refresh_from_db()
    assert (works.owner, given_up.owner, gone.contact) == (sari, sari, sari)


def test_plans_and_changes_go_to_somebody_of_their_place(melati: Clinic, budi: User, sari: User) -> None:
    elsewhere = colleague(roles.FRONT_DESK, LocationFactory())
    a_change(melati, sari)  # of all places
    change = a_change(melati, sari, location=melati.location)
    with pytest.raises(DomainError, match="does not work for Melati Jakarta"):
        retiring.retire(sari, to=elsewhere, by=budi, now=NOW)
    change.delete()
    plan = a_plan(melati, contact=sari)
    with pytest.raises(DomainError, match="does not work for Melati Jakarta"):
        retiring.retire(sari, to=elsewhere, by=budi, now=NOW)
    DisruptionPlan.objects.filter(pk=plan.pk).delete()
    assert retiring.retire(sari, to=elsewhere, by=budi, now=NOW) == retiring.Owed(changes=1)


def test_whoever_has_the_plan_open_sees_that_it_is_another_one(melati: Clinic, budi: User, sari: User) -> None:
    plan = a_plan(melati, contact=sari)
    retiring.retire(sari, to=melati.staff, by=budi, now=NOW)
    assert DisruptionPlan.objects.get().version == plan.version + 1
