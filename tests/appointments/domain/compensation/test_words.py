"""What we give reads well in both languages, and money as each writes it."""

import pytest
from djmoney.money import Money
from i18nfield.strings import LazyI18nString

from appointments.domain.compensation.words import money, said, shown_to_customer
from appointments.domain.moving import answers
from appointments.enums import Benefit
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.compensation import rule, rupiah, table_in_force


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        (rupiah(50_000), "id", "Rp50.000"),
        (rupiah(50_000), "en", "IDR 50,000"),
        (Money("12.50", "EUR"), "en", "€12.50"),
        (Money("12.00", "EUR"), "en", "€12"),
        (Money("1200.00", "EUR"), "de", "1.200 €"),
        (Money("10", "USD"), "id", "US$10"),
        (Money("100.05", "EUR"), "en-gb", "€100.05"),
        (Money("700", "JPY"), "en", "¥700"),
    ],
)
def test_money_as_a_language_writes_it(amount: Money, language: str, words: str) -> None:
    assert money(amount, language) == words


def test_each_kind_completes_you_receive() -> None:
    words = LazyI18nString({"en": "a free skin check.", "id": "pemeriksaan kulit gratis"})
    percent = rule(save=False, benefit=Benefit.PERCENT, percent=10)
    extra = rule(save=False, benefit=Benefit.EXTRA, words=words)
    assert [said(one, "en") for one in (rule(save=False), percent, extra)] == [
        "a discount of IDR 50,000 on your next bill", "a discount of 10% on your next bill", "a free skin check",
    ]  # fmt: skip
    assert [said(one, "id") for one in (rule(save=False), percent, extra)] == [
        "potongan Rp50.000 untuk tagihan berikutnya", "potongan 10% untuk tagihan berikutnya",
        "pemeriksaan kulit gratis",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_customer_sees_their_code_as_long_as_it_is_of_use(melati: Clinic) -> None:
    table_in_force({"valid_days": 10})
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    appointment = round_.appointment
    given = appointment.compensations.get()
    shown = {
        "said": "a discount of IDR 50,000 on your next bill", "code": given.code,
        "valid_until": given.valid_until, "used_at": None,
    }  # fmt: skip
    assert shown_to_customer(appointment, now=NOW) == [shown]
    assert shown_to_customer(appointment, now=given.valid_until) == [shown]
    assert shown_to_customer(appointment, now=NOW + days(11)) == []
    appointment.compensations.update(state="redeemed", redeemed_at=NOW, redeemed_by=melati.staff)
    assert shown_to_customer(appointment, now=NOW + days(11)) == [shown | {"used_at": NOW}]
    appointment.compensations.all()


@pytest.mark.django_db
def test_a_code_that_waits_is_shown_to_nobody(melati: Clinic) -> None:
    table_in_force()
    round_ = melati.offered()
    round_.offers.update(gives_untold=True)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert shown_to_customer(round_.appointment, now=NOW) == []
