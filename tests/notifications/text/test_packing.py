"""What is put away comes back the same, and clean."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from notifications.text.packing import pack, unpack

VALUES: list[Any] = [
    None, True, 3, 2.5, "Ana", [1, "two"], {"a": {"b": []}},
    datetime(2026, 11, 24, 10, tzinfo=UTC), date(2026, 11, 24), time(10, 30), timedelta(minutes=90), Decimal("12.50"),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_is_packed_comes_back(value: Any) -> None:
    back = unpack(pack({"x": [value]}))["x"][0]
    assert (back, type(back)) == (value, type(value))


def test_a_time_keeps_its_offset_and_a_tuple_is_a_list() -> None:
    moment = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert unpack(pack(moment)).isoformat() == "2026-11-24T10:00:00+07:00"
    assert unpack(pack((1, 2))) == [1, 2]


def test_a_translated_text_is_packed_as_it_reads_now() -> None:
    assert pack(gettext_lazy("Booked")) == "Booked"


@pytest.mark.parametrize("value", [datetime(2026, 11, 24), object(), {1, 2}, b"bytes"], ids=type)  # noqa: DTZ001
def test_what_would_not_come_back_the_same_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        pack({"x": value})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_anything_plain_comes_back_clean(value: Any) -> None:
    packed = pack(value)
    assert pack(unpack(packed)) == packed
