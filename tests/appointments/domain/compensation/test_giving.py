"""Given once, in the transaction of the pick; what goes beyond somebody's authority waits."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.domain.compensation import giving
from appointments.domain.compensation.giving import Gift
from appointments.domain.moving import answers
from appointments.domain.recovery import steps
from appointments.enums import Benefit, CompensationState, EventKind, PointAction
from appointments.errors import DomainError
from appointments.models import CasePoint, Compensation, CompensationTable
from notifications.models import Message
from tests.clock import NOW, at, days
from tests.factories import Clinic
from tests.factories.compensation import may_give, rupiah, set_aside, table_in_force
from tests.factories.recovery import at_resolve

pytestmark = pytest.mark.django_db
GIFT = Gift(benefit=Benefit.MONEY, worth=rupiah(40_000), amount=rupiah(40_000))


@pytest.fixture
def point(melati: Clinic) -> CasePoint:
    return at_resolve(melati).points.get()


def give(point: CasePoint, melati: Clinic, gift: Gift | None = GIFT) -> Compensation:
    steps.resolve(point, action=PointAction.GIVE, reply="Here.", gift=gift, by=melati.staff, now=NOW)
    return Compensation.objects.order_by("-pk")[0]


def test_a_pick_brings_what_was_said_with_its_code_in_the_confirmation(melati: Clinic) -> None:
    table_in_force({"valid_days": 10})
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=2), nonce="p", now=NOW)
    given = Compensation.objects.get()
    assert (given.request, given.state, given.worth) == (round_, CompensationState.ISSUED, rupiah(50_000))
    assert given.cause == melati.reason
    assert given.valid_until == at("2026-12-03 23:59:59")
    told = Message.objects.get(kind="confirmation").context["gift"]
    assert told["code"] == given.code
    fact = given.appointment.events.get(kind=EventKind.COMPENSATED)
    assert given.code not in f"{fact.note}{fact.after}"


def test_the_same_form_again_gives_nothing_more(melati: Clinic) -> None:
    table_in_force()
    offer = melati.offered().offers.get(position=1)
    for _time in range(2):
        answers.accept(offer, nonce="p", now=NOW)
    assert Compensation.objects.count() == 1


def test_the_database_gives_once_a_round_and_once_a_point(melati: Clinic, point: CasePoint) -> None:
    may_give(melati.staff, 100_000)
    given = give(point, melati)
    copy: dict[str, Any] = {"appointment": given.appointment, "made_at": NOW, "valid_until": NOW, "benefit": "money"}
    copy |= {"amount": rupiah(1), "worth": rupiah(1), "state": "issued"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.create(point=point, **copy)
    round_ = melati.offered(melati.booked("2026-12-01 14:00"))
    Compensation.objects.create(request=round_, **copy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.create(request=round_, **copy)
    for wrong in ({"request": round_, "point": point}, {}, {"point": point, "amount": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Compensation.objects.create(**copy | wrong)


@pytest.mark.parametrize(("most", "state"), [(40_000, "issued"), (39_999, "waiting"), (None, "waiting")])
def test_what_is_more_than_somebody_may_give_alone_waits(
    melati: Clinic, point: CasePoint, most: int | None, state: str
) -> None:
    if most is not None:
        may_give(melati.staff, most)
    assert give(point, melati).state == state


@pytest.mark.parametrize(("limit", "state"), [(40_000, "issued"), (39_999, "waiting")])
def test_what_goes_beyond_the_budget_waits(melati: Clinic, point: CasePoint, limit: int, state: str) -> None:
    may_give(melati.staff, 1_000_000)
    set_aside(limit)
    assert give(point, melati).state == state


def test_another_decision_takes_the_place_of_what_was_not_told(melati: Clinic, point: CasePoint) -> None:
    may_give(melati.staff, 100_000)
    first = give(point, melati)
    second = give(point, melati)
    first.refresh_from_db()
    assert (first.state, second.state) == (CompensationState.WITHDRAWN, CompensationState.ISSUED)
    steps.resolve(point, action=PointAction.WORDS, reply="No.", by=melati.staff, now=NOW)
    second.refresh_from_db()
    assert second.state == CompensationState.WITHDRAWN
    assert point.case.appointment.events.filter(kind=EventKind.TAKEN_BACK).count() == 2


def test_what_came_with_a_pick_is_not_taken_back(melati: Clinic) -> None:
    table_in_force()
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    with pytest.raises(DomainError):
        giving.take_back(Compensation.objects.get(), by=melati.staff, now=NOW)


def test_nothing_is_given_without_saying_what(melati: Clinic, point: CasePoint) -> None:
    with pytest.raises(DomainError):
        give(point, melati, None)
    assert not Compensation.objects.exists()


def test_what_was_given_stays_what_it_is_whoever_writes(melati: Clinic, point: CasePoint) -> None:
    may_give(melati.staff, 100_000)
    given = give(point, melati)
    rows = Compensation.objects.filter(pk=given.pk)
    for change in ({"amount": rupiah(1), "worth": rupiah(1)}, {"code": "AAAA-BBBB"}, {"state": "waiting"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    rows.update(state="redeemed", redeemed_at=NOW, redeemed_by=melati.staff)
    for later in ({"state": "issued", "redeemed_at": None, "redeemed_by": None}, {"redeemed_at": NOW + days(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**later)


def test_a_table_that_was_in_force_stays_as_it_was(melati: Clinic) -> None:
    table = table_in_force()
    rule = table.rules.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        table.rules.update(moves=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        table.rules.all().delete()
    rule.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        CompensationTable.objects.filter(pk=table.pk).update(state="draft", since=None)
