"""What comes with a time is decided when it is offered, and what is decided holds."""

from dataclasses import replace

import pytest

from appointments.domain.compensation.promised import same_with_all, told_with
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.enums import Benefit, CompensationState, TableState
from appointments.models import Compensation, CompensationTable, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, ReasonFactory
from tests.factories.compensation import rupiah, set_aside, table_in_force

pytestmark = pytest.mark.django_db


def test_every_time_says_what_comes_with_it(melati: Clinic) -> None:
    table_in_force({"wait_days": 2, "amount": rupiah(90_000)}, {})
    appointment = melati.booked("2026-11-24 10:00")
    found = melati.draft(appointment, count=5).offers
    slot = found[0].slot._replace(starts_at=at("2026-11-26 10:00"), ends_at=at("2026-11-26 10:30"))
    round_ = melati.offered(appointment, offers=(found[0], replace(found[0], slot=slot)))
    gifts = [offer.gives.amount for offer in round_.offers.select_related("gives") if offer.gives]
    waits = [offer.starts_at - round_.was_starts_at for offer in round_.offers.all()]
    assert [wait >= days(2) for wait in waits] == [False, True]
    assert gifts == [rupiah(50_000), rupiah(90_000)]
    told = Message.objects.get(kind="offer").context["offers"]
    assert [one["gift"] for one in told] == [
        "a discount of IDR 50,000 on your next bill",
        "a discount of IDR 90,000 on your next bill",
    ]


def test_without_a_table_nothing_is_asked_and_nothing_given(melati: Clinic) -> None:
    round_ = melati.offered()
    assert [offer.gives for offer in round_.offers.all()] == [None] * 3
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert not Compensation.objects.exists()


@pytest.mark.parametrize(("fault", "count"), [("ours", 3), ("nobody", 0), ("customer", 0)])
def test_it_is_for_the_fault_that_the_row_names(melati: Clinic, fault: str, count: int) -> None:
    table_in_force()
    family = "customer" if fault == "customer" else "outside"
    round_ = melati.offered(reason=ReasonFactory(fault=fault, family=family))
    assert round_.offers.filter(gives__isnull=False).count() == count


def test_an_apology_alone_is_nothing_that_comes_with_a_time(melati: Clinic) -> None:
    table_in_force({"benefit": Benefit.NOTHING}, {})
    assert not melati.offered().offers.filter(gives__isnull=False).exists()


def test_what_was_said_when_it_was_offered_holds_whatever_table_comes_after(melati: Clinic) -> None:
    table = table_in_force()
    round_ = melati.offered()
    table.state, table.until = TableState.PAST, NOW + hours(1)
    table.save()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + hours(1))
    assert Compensation.objects.get().amount == rupiah(50_000)


def test_other_times_that_were_wished_for_bring_what_the_first_ones_brought(melati: Clinic) -> None:
    table_in_force()
    first = melati.offered(melati.booked("2026-12-01 10:00"))
    answers.ask_other_times(first, wishes=Wishes(), nonce="w", now=NOW + hours(1))
    wished = RescheduleRequest.objects.get(wished=True)
    assert not wished.offers.filter(gives__isnull=True).exists()


def test_when_the_budget_is_used_up_nothing_is_promised_and_a_colleague_decides(melati: Clinic) -> None:
    table_in_force()
    set_aside(0)
    round_ = melati.offered()
    assert {told_with(offer) for offer in round_.offers.all()} == {None}
    assert Message.objects.get(kind="offer").context["offers"][0]["gift"] == ""
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    given = Compensation.objects.get()
    assert given.state == CompensationState.WAITING
    assert Message.objects.get(kind="confirmation").context["gift"] is None


def test_a_table_that_is_a_draft_gives_nothing(melati: Clinic) -> None:
    table = table_in_force()
    CompensationTable.objects.filter(pk=table.pk).update(state=TableState.PAST, until=NOW)
    assert not melati.offered().offers.filter(gives__isnull=False).exists()


@pytest.mark.parametrize(("gifts", "same"), [([], ""), (["a", "a"], "a"), (["a", "b"], ""), (["", ""], "")])
def test_what_comes_with_all_alike_is_said_once(gifts: list[str], same: str) -> None:
    assert same_with_all(gifts) == same
