"""Money is promised by whoever may, as much as was granted."""

import pytest

from tests.appointments.domain.recovery.honesty.situations import kinds, words


@pytest.mark.parametrize(
    "text", ["You get a voucher.", "A refund is on its way.", "20% off", "Rp50.000 is yours", "$5"]
)
def test_what_nobody_granted_is_refused(text: str) -> None:
    assert set(kinds(text)) == {"money"}


@pytest.mark.parametrize(
    "text",
    ["The price stays at Rp50.000.", "Please bring $5.", "There is a free slot.", "Feel free to call.", "100% wool"],
)
def test_prices_and_free_hours_are_no_promise(text: str) -> None:
    assert kinds(text) == []


def test_a_price_beside_a_promise_is_one() -> None:
    assert words("The price is lower, you get a voucher of $5.") == ["you get a voucher", "$5"]


def test_what_was_granted_may_be_said_and_no_more() -> None:
    assert kinds("You get a voucher of Rp50.000.", given=("50.000",)) == []
    assert words("You get a voucher of Rp60.000.", given=("50.000",)) == ["Rp60.000"]


def test_sums_in_words_count_too() -> None:
    assert words("Nanti kami kirim 50rb.", "id") == ["50rb"]
    assert words("Biayanya 50rb.", "id") == []
