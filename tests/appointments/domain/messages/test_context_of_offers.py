"""What a text may say of times to choose from."""

import pytest

from appointments.domain.messages.context_of_offers import gift_with_code, span, told_offers
from appointments.domain.moving import answers
from appointments.models import Compensation
from tests.clock import NOW, hours
from tests.factories import Clinic
from tests.factories.compensation import table_in_force

pytestmark = pytest.mark.django_db


def test_each_time_has_its_page_and_says_what_comes_with_it(melati: Clinic) -> None:
    table_in_force()
    round_ = melati.offered(count=2)
    first, second = round_.offers.select_related("provider", "gives")
    second.gives_untold = True
    told = told_offers([first, second], round_, now=NOW, language="id", page="/r/")
    assert [one["gift"] for one in told] == ["potongan Rp50.000 untuk tagihan berikutnya", ""]
    assert told[0]["url"] == f"/r/?offer={first.pk}"
    assert told[0] | span(first.starts_at, first.ends_at, first.provider) == told[0]


def test_a_time_is_kept_until_its_hour_and_no_longer(melati: Clinic) -> None:
    round_ = melati.offered(count=2)
    offers = list(round_.offers.select_related("provider", "gives"))
    until = offers[0].kept_until
    assert until is not None
    for now, kept in ((until - hours(1), until), (until, None)):
        assert told_offers(offers, round_, now=now, language="en", page="/r/")[0]["kept_until"] == kept


def test_what_was_given_is_told_with_its_code_and_until_when(melati: Clinic) -> None:
    table_in_force()
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    given = Compensation.objects.get()
    assert gift_with_code(given) == {
        "said": "a discount of IDR 50,000 on your next bill", "code": given.code, "valid_until": given.valid_until,
    }  # fmt: skip
