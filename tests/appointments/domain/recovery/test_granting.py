"""A second pair of eyes: never the same as the first, and nobody beyond their authority."""

import pytest

from appointments.domain.compensation.giving import Gift
from appointments.domain.moving import answers
from appointments.domain.recovery import answering, granting, steps
from appointments.enums import Benefit, CaseStage, CompensationState, PointAction
from appointments.errors import DomainError
from appointments.models import CasePoint, Compensation
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import Clinic, StaffFactory
from tests.factories.compensation import may_give, rupiah, set_aside, table_in_force
from tests.factories.recovery import at_resolve

pytestmark = pytest.mark.django_db
GIFT = Gift(benefit=Benefit.MONEY, worth=rupiah(40_000), amount=rupiah(40_000))
LATER = NOW + hours(1)


@pytest.fixture
def asked(melati: Clinic) -> Compensation:
    """What a colleague who may give nothing alone has asked for."""
    point = at_resolve(melati).points.get()
    steps.resolve(point, action=PointAction.GIVE, reply="Here.", gift=GIFT, by=melati.staff, now=NOW)
    return Compensation.objects.get()


@pytest.fixture
def after_a_pick(melati: Clinic) -> Compensation:
    table_in_force()
    set_aside(0)
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    return Compensation.objects.get()


def test_what_is_granted_for_a_complaint_stands_in_the_letter(melati: Clinic, asked: Compensation) -> None:
    may_give(melati.manager, 40_000)
    owed = answering.letter_owed(asked.point.case)  # type: ignore[union-attr]
    assert owed is not None
    assert answering.has_to_listen_first(owed) is not None
    granting.grant(asked, by=melati.manager, now=LATER)
    assert answering.has_to_listen_first(owed) is None
    assert f"You receive a discount of IDR 40,000 on your next bill. Your code: {asked.code}." in answering.draft(owed)
    assert not Message.objects.filter(kind="given").exists()


def test_what_is_granted_after_a_pick_is_told_with_its_code(melati: Clinic, after_a_pick: Compensation) -> None:
    may_give(melati.manager, 50_000)
    granting.grant(after_a_pick, by=melati.manager, now=LATER)
    assert Message.objects.get(kind="given").context["gift"]["code"] == after_a_pick.code


def test_what_is_granted_late_can_be_used_as_long_as_what_is_granted_at_once(
    melati: Clinic, asked: Compensation
) -> None:
    may_give(melati.manager, 40_000)
    before = asked.valid_until
    granting.grant(asked, by=melati.manager, now=NOW + days(170))
    asked.refresh_from_db()
    assert asked.valid_until == before + days(170)


def test_what_came_with_a_pick_is_valid_for_the_days_of_its_row(melati: Clinic) -> None:
    table_in_force({"valid_days": 30})
    set_aside(0)
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    may_give(melati.manager, 50_000)
    granting.grant(Compensation.objects.get(), by=melati.manager, now=NOW + days(20))
    assert days(50) <= Compensation.objects.get().valid_until - NOW < days(51)


def test_nobody_grants_what_they_asked_for(melati: Clinic, asked: Compensation) -> None:
    may_give(melati.staff, 1_000_000)
    for act in (granting.grant, granting.refuse):
        with pytest.raises(DomainError, match="You asked for this yourself"):
            act(asked, by=melati.staff, now=LATER, **({"why": "No."} if act is granting.refuse else {}))
    assert not granting.may_decide(asked, by=melati.staff)


@pytest.mark.parametrize("most", [39_999, None])
def test_nobody_grants_more_than_they_may(asked: Compensation, most: int | None) -> None:
    other = StaffFactory()
    if most:
        may_give(other, most)
    with pytest.raises(DomainError, match="more than you may grant"):
        granting.grant(asked, by=other, now=LATER)
    assert not granting.may_decide(asked, by=other)


def test_it_is_decided_once(melati: Clinic, asked: Compensation) -> None:
    may_give(melati.manager, 40_000)
    assert granting.may_decide(asked, by=melati.manager)
    granting.grant(asked, by=melati.manager, now=LATER)
    with pytest.raises(DomainError, match="decided on this already"):
        granting.refuse(asked, why="No.", by=melati.manager, now=LATER)


def test_what_is_refused_leaves_the_point_open(melati: Clinic, asked: Compensation) -> None:
    may_give(melati.manager, 40_000)
    with pytest.raises(DomainError, match="few words why not"):
        granting.refuse(asked, why=" ", by=melati.manager, now=LATER)
    granting.refuse(asked, why="We paid for the taxi already.", by=melati.manager, now=LATER)
    asked.refresh_from_db()
    point = CasePoint.objects.get()
    assert (asked.state, asked.note) == (CompensationState.REFUSED, "We paid for the taxi already.")
    assert (point.action, point.decided_at) == ("", None)


def test_a_complaint_does_not_close_over_what_is_not_granted(melati: Clinic, asked: Compensation) -> None:
    point = CasePoint.objects.select_related("promise", "case").get()
    point.promise.state = "kept"  # type: ignore[union-attr]
    assert not steps.is_carried_out(point, point.case)
    may_give(melati.manager, 40_000)
    granting.grant(asked, by=melati.manager, now=LATER)
    assert steps.is_carried_out(point, point.case)
    assert point.case.stage == CaseStage.RESOLVE
