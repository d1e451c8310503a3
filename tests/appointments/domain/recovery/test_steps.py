"""Five steps with a way out each: no case ends with an open point, an action not carried out, or no cause."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.domain import actors, promises
from appointments.domain.moving import answers
from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import answering, cases, steps
from appointments.domain.schedule.slots import Wishes
from appointments.enums import (
    ApologyLevel,
    CaseConcern,
    CaseOrigin,
    CaseStage,
    EventKind,
    PointAction,
    PromiseKind,
)
from appointments.errors import DomainError
from appointments.models import CasePoint, Promise, Reason, RecoveryCase
from tests.clock import NOW, hours
from tests.factories import Clinic, ReasonFactory
from tests.factories.compensation import table_in_force

pytestmark = pytest.mark.django_db
LATER = NOW + hours(1)


@pytest.fixture
def case(melati: Clinic) -> RecoveryCase:
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    answers.tell(round_, words="I took a day off. Who pays for that?", nonce="t", now=NOW)
    found = cases.take_up(round_.appointment, CaseOrigin.TOLD, key="answer:1", now=NOW, by=actors.CUSTOMER)
    assert found is not None
    return found


def heard(case: RecoveryCase, melati: Clinic, **more: object) -> RecoveryCase:
    said = {"concern": CaseConcern.LOST_TIME, "wants": "Her day back.", "points": ["Who pays for that?"]} | more
    return steps.hear(case, by=melati.staff, now=LATER, **said)  # type: ignore[arg-type]


def come_to_resolve(case: RecoveryCase, melati: Clinic, **more: object) -> RecoveryCase:
    heard(case, melati, **more)
    steps.empathise(case, cost="A day off for nothing.", by=melati.staff, now=LATER)
    return steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=melati.staff, now=LATER)


def decided(case: RecoveryCase, melati: Clinic, action: PointAction = PointAction.WORDS) -> CasePoint:
    return steps.resolve(case.points.get(), action=action, reply="We do.", by=melati.staff, now=LATER)


def write(case: RecoveryCase, melati: Clinic) -> None:
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    answering.reply(owed, "We do.", to=read_so_far(owed), by=melati.staff, now=LATER + hours(1))


def test_a_complaint_goes_through_all_five_steps(case: RecoveryCase, melati: Clinic) -> None:
    assert come_to_resolve(case, melati).stage == CaseStage.RESOLVE
    decided(case, melati)
    write(case, melati)
    case.refresh_from_db()
    assert case.stage == CaseStage.DIAGNOSE

    case = steps.diagnose(case, cause=melati.reason, learned="Tell them the day before.", by=melati.staff, now=LATER)
    assert (case.stage, case.closed_at, case.cause) == (CaseStage.CLOSED, LATER, melati.reason)
    noted = case.appointment.events.filter(kind__startswith="case_").order_by("pk").values_list("kind", "note")
    assert list(noted) == [
        ("case_opened", "the customer told us something"),
        ("case_step", "See what it cost"),
        ("case_step", "Say sorry"),
        ("case_step", "Put it right"),
        ("case_step", "Learn from it"),
        ("case_closed", ""),
    ]


def test_no_step_is_skipped(case: RecoveryCase, melati: Clinic) -> None:
    with pytest.raises(DomainError, match="First: Listen"):
        steps.empathise(case, cost="Much.", by=melati.staff, now=LATER)
    heard(case, melati)
    with pytest.raises(DomainError, match="First: See what it cost"):
        decided(case, melati)


def test_without_a_point_nobody_has_listened(case: RecoveryCase, melati: Clinic) -> None:
    with pytest.raises(DomainError, match="at least one point"):
        heard(case, melati, points=["  ", ""])


def test_points_may_be_put_otherwise_until_they_are_answered(case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(case, melati, points=["One", "Two", "Two"])
    steps.resolve(case.points.get(words="One"), action=PointAction.WORDS, reply="Yes.", by=melati.staff, now=LATER)
    heard(case, melati, points=["Three"])

    assert list(case.points.values_list("words", "reply")) == [("One", "Yes."), ("Three", "")]


def test_where_it_was_our_doing_regret_is_too_little(case: RecoveryCase, melati: Clinic) -> None:
    heard(case, melati)
    steps.empathise(case, cost="A day.", by=melati.staff, now=LATER)
    assert steps.least_apology(case) == ApologyLevel.RESPONSIBLE
    with pytest.raises(DomainError, match="It is our responsibility"):
        steps.apologise(case, level=ApologyLevel.SORRY, by=melati.staff, now=LATER)


def test_where_it_was_nobodys_doing_regret_is_enough_until_we_break_a_promise(melati: Clinic) -> None:
    appointment = melati.offered(reason=ReasonFactory(fault="nobody", family="outside")).appointment
    case = cases.take_up(appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert case is not None
    assert steps.least_apology(case) == ApologyLevel.REGRET
    cases.take_up(appointment, CaseOrigin.BROKEN, key="promise:1", now=NOW, by=actors.SYSTEM)
    assert steps.least_apology(case) == ApologyLevel.RESPONSIBLE


def test_a_call_settles_its_point_when_it_was_made_and_not_before(case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(case, melati)
    point = decided(case, melati, PointAction.CALL)
    assert point.promise is not None
    assert (point.promise.kind, point.promise.owner) == (PromiseKind.CALL, case.owner)
    assert steps.settle(case, by=melati.staff, now=LATER).stage == CaseStage.RESOLVE

    promises.keep(point.promise, how="reached", by=actors.staff(melati.staff), now=LATER)
    assert steps.settle(case, by=melati.staff, now=LATER).stage == CaseStage.DIAGNOSE


def test_a_new_time_settles_its_point_when_the_customer_has_chosen(case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(case, melati)
    decided(case, melati, PointAction.NEW_TIME)
    assert steps.settle(case, now=LATER).stage == CaseStage.RESOLVE
    round_ = melati.offered(case.appointment, now=LATER)
    answers.accept(round_.offers.get(position=1), nonce="q", now=LATER + hours(1))
    assert steps.settle(case, now=LATER + hours(1)).stage == CaseStage.DIAGNOSE


def test_a_question_needs_no_apology_and_ends_with_its_answer(case: RecoveryCase, melati: Clinic) -> None:
    assert heard(case, melati, concern=CaseConcern.NOTHING).stage == CaseStage.RESOLVE
    decided(case, melati)
    write(case, melati)
    case.refresh_from_db()
    assert (case.stage, case.cause, case.apology) == (CaseStage.CLOSED, None, None)


def test_what_turns_out_to_have_gone_wrong_is_apologised_for_after_all(case: RecoveryCase, melati: Clinic) -> None:
    heard(case, melati, concern=CaseConcern.NOTHING)
    assert heard(case, melati, concern=CaseConcern.WAIT).stage == CaseStage.EMPATHISE


def test_a_settled_point_stays_as_it_is(case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(case, melati)
    point = decided(case, melati)
    write(case, melati)
    case.refresh_from_db()
    with pytest.raises(DomainError, match="settled already"):
        steps.resolve(point, action=PointAction.CALL, reply="No.", by=melati.staff, now=LATER)


def test_it_is_opened_again_for_the_lead_with_everything_known(case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(case, melati)
    decided(case, melati)
    write(case, melati)
    steps.diagnose(case, cause=melati.reason, learned="Ask first.", by=melati.staff, now=LATER)
    again = steps.reopen(case, to=melati.manager, by=actors.CUSTOMER, now=LATER + hours(24))

    assert (again.stage, again.owner, again.reopened, again.closed_at) == ("hear", melati.manager, 1, None)
    assert (again.cost, again.points.count()) == ("A day off for nothing.", 1)
    assert Promise.objects.open().get(kind=PromiseKind.REPLY).owner == melati.manager
    assert steps.reopen(again, to=melati.staff, by=actors.CUSTOMER, now=LATER).owner == melati.manager
    assert case.appointment.events.filter(kind=EventKind.CASE_REOPENED).count() == 1


@pytest.mark.parametrize("missing", ["concern", "cost", "apology", "cause", "learned"])
def test_the_database_closes_no_case_that_lacks_something(case: RecoveryCase, melati: Clinic, missing: str) -> None:
    come_to_resolve(case, melati)
    decided(case, melati)
    write(case, melati)
    complete = {"cause": melati.reason, "learned": "x", "stage": "closed", "closed_at": LATER}
    lacking = {missing: None if missing in ("apology", "cause") else ""}
    with pytest.raises(IntegrityError, match="case_closed_when_worked_through"), transaction.atomic():
        RecoveryCase.objects.filter(pk=case.pk).update(**complete | lacking)
    assert RecoveryCase.objects.filter(pk=case.pk).update(**complete) == 1


def test_the_database_closes_no_case_with_an_open_point_or_none(case: RecoveryCase, melati: Clinic) -> None:
    ended = {"concern": "nothing", "stage": "closed", "closed_at": LATER}
    for points in ([], ["One"]):
        for words in points:
            CasePoint.objects.create(case=case, words=words, confirmed_at=NOW)
        with pytest.raises(IntegrityError, match="case_has_no_open_point"), transaction.atomic():
            RecoveryCase.objects.filter(pk=case.pk).update(**ended)
    case.points.update(action="words", reply="Yes.", decided_at=NOW, done_at=NOW)
    assert RecoveryCase.objects.filter(pk=case.pk).update(**ended) == 1
    with pytest.raises(IntegrityError, match="case_point_of_an_open_case"), transaction.atomic():
        CasePoint.objects.create(case=case, words="Two", confirmed_at=NOW)


def test_the_database_calls_nothing_done_that_nobody_decided(case: RecoveryCase) -> None:
    with pytest.raises(IntegrityError, match="point_done_when_decided"), transaction.atomic():
        CasePoint.objects.create(case=case, words="One", confirmed_at=NOW, done_at=NOW)


DOORS = ("hear", "empathise", "apologise", "resolve", "write", "call", "diagnose", "reopen", "settle")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(st.sampled_from(DOORS), min_size=4, max_size=14))
def test_by_whatever_doors_in_whatever_order_no_case_ends_unfinished(
    case: RecoveryCase, melati: Clinic, tries: list[str]
) -> None:
    """Every order of steps: what is refused changes nothing, and whatever is closed is worked through."""
    with transaction.atomic():
        for number, door in enumerate(tries):
            try:
                with transaction.atomic():
                    knock(door, RecoveryCase.objects.get(pk=case.pk), melati, number)
            except DomainError:
                pass
            now_so = RecoveryCase.objects.get(pk=case.pk)
            if now_so.is_open:
                assert now_so.stage == steps.step_of(now_so)
            else:
                assert now_so.cause and now_so.cost and now_so.learned and now_so.apology
                assert now_so.points.exists() and not now_so.points.filter(done_at=None).exists()
        transaction.set_rollback(True)


def knock(door: str, case: RecoveryCase, melati: Clinic, number: int) -> None:
    by, now = melati.staff, LATER + hours(number / 10)
    point = case.points.filter(done_at=None).first()
    owed = Promise.objects.open().filter(kind=PromiseKind.REPLY).first()
    calls = Promise.objects.open().filter(kind=PromiseKind.CALL).first()
    cause: Reason = melati.reason
    if door == "hear":
        steps.hear(case, concern=CaseConcern.WAIT, wants="", points=["One", f"{number}"], by=by, now=now)
    elif door == "empathise":
        steps.empathise(case, cost="A day.", by=by, now=now)
    elif door == "apologise":
        steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=by, now=now)
    elif door == "resolve" and point:
        steps.resolve(point, action=list(PointAction)[number % 2], reply="Yes.", by=by, now=now)
    elif door == "write" and owed:
        answering.reply(owed, "Yes.", to=read_so_far(owed), by=by, now=now)
    elif door == "call" and calls:
        promises.keep(calls, how="reached", by=actors.staff(by), now=now)
    elif door == "diagnose":
        steps.diagnose(case, cause=cause, learned="Less of it.", by=by, now=now)
    elif door == "reopen":
        steps.reopen(case, to=melati.manager, by=actors.CUSTOMER, now=now)
    elif door == "settle":
        steps.settle(case, by=by, now=now)


def test_the_table_in_force_may_ask_for_more_of_an_apology(melati: Clinic) -> None:
    flood = ReasonFactory(family="outside", fault="nobody")
    round_ = melati.offered(melati.booked("2026-12-08 15:00"), reason=flood)
    case = cases.take_up(round_.appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert case is not None
    assert steps.least_apology(case) == ApologyLevel.REGRET
    table_in_force({"fault": "nobody", "apology": ApologyLevel.SORRY})
    assert steps.least_apology(case) == ApologyLevel.SORRY


def test_what_we_caused_stays_ours_when_other_times_were_asked_for(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-12-08 15:00"))
    answers.ask_other_times(round_, wishes=Wishes(), nonce="w", now=NOW + hours(1))
    case = cases.take_up(round_.appointment, CaseOrigin.STAFF, key="k", now=NOW + hours(2), by=actors.SYSTEM)
    assert case is not None
    assert case.request is not None
    assert case.request.wished
    assert steps.least_apology(case) == ApologyLevel.RESPONSIBLE
