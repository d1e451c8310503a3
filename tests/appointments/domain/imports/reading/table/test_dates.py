"""Dates and hours as people write them."""

from datetime import date, datetime, time

import pytest
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.imports.reading.table.dates import common_order, read_date, read_hour, settle
from appointments.domain.imports.reading.table.hours import DateError

DAY = date(2026, 11, 24)


HALF_PAST_TWO = time(14, 30)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-11-24 14:30", None),
        ("2026-11-24T14:30", None),
        ("2026-11-24T14:30:00Z", "UTC"),
        ("2026-11-24 14:30:00.000+07:00", "Etc/GMT-7"),
        ("20261124T143000", None),
        ("2026/11/24 2:30 pm", None),
        ("2026.11.24 14.30", None),
        ("24 November 2026 14:30", None),
        ("24. November 2026, 14:30", None),
        ("24-Nov-2026 14:30", None),
        ("24 Nov 26 14:30", None),
        ("24th of November 2026 at 14:30", None),
        ("Nov 24 2026 2:30 PM", None),
        ("Nov. 24, 2026, 2:30 p.m.", None),
        ("November 24th, 2026 2:30pm", None),
        ("2026 Nov 24 14:30", None),
        ("2:30 PM, 24 Nov 2026", None),
        ("Selasa, 24 November 2026 pukul 14.30 WIB", "Asia/Jakarta"),
        ("selasa 24 nopember 2026 jam 14.30", None),
        ("Tuesday, 24 November 2026 at 14:30", None),
        ("Tue Nov 24 2026 14:30:00 GMT+0700 (Western Indonesia Time)", "Etc/GMT-7"),
        ("24 November 2026 14.30 WITA", "Asia/Makassar"),
        ("24 November 2026 14.30 (WIT)", "Asia/Jayapura"),
        ("24 November 2026 14:30 UTC+8", "Etc/GMT-8"),
        ("24 November 2026 14:30 Europe/Berlin", "Europe/Berlin"),
        ("24 November 2026 2.30 siang", None),
        ("46350.604166667", None),
        ("46350,604166667", None),
    ],
)
def test_a_date_and_hour_in_one_cell(text, zone):
    written = read_date(text)
    assert written.hours is not None
    assert (written.day, written.hours.hour) == (DAY, HALF_PAST_TWO)
    assert (written.hours.zone.name if written.hours.zone else None) == zone


@pytest.mark.parametrize(
    "text", ["2026-11-24", "24 Nov 2026", "46350", "20261124", "Selasa, 24 November 2026", "24-Nov-26"]
)
def test_a_date_alone_has_no_hour(text):
    written = read_date(text)
    assert (written.day, written.hours) == (DAY, None)


def test_all_months_and_days_of_both_languages_are_known():
    for language in ("en", "id"):
        with override(language):
            for month in range(1, 13):
                day = date(2026, month, 15)
                written = read_date(date_format(day, "l, j F Y"))
                assert (written.day, written.weekday) == (day, day.weekday())
                assert read_date(date_format(day, "j M Y")).day == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "24 November",
        "Nov 24",
        "24 November 14:30",
        "2026-02-30",
        "2026-13-01",
        "32 January 2026",
        "2026-11-24 25:00",
        "2026-11-24 14:75",
        "2026-11-24 14:30 or so",
        "1.5",
        "99999999",
        "123456789012345678901234567890",
        "0000-01-01",
        "November",
        "#VALUE!",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateError):
        read_date(text)


def test_three_numbers_are_not_guessed():
    written = read_date("03/04/2026 10:00")
    assert (written.day, written.numbers) == (None, (3, 4, 2026))
    assert settle(written, "dmy") == date(2026, 4, 3)
    assert settle(written, "mdy") == date(2026, 3, 4)
    assert settle(written, "unclear") is None
    assert settle(read_date("26/11/24"), "ymd") == date(2026, 11, 24)


def test_the_same_day_and_month_need_no_order():
    assert settle(read_date("5/5/2026"), "unclear") == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["24/11/2026", "03/04/2026"], "dmy"),
        (["11/24/2026", "03/04/2026"], "mdy"),
        (["24.11.26"], "dmy"),
        (["03/04/2026", "05/05/2026"], "unclear"),
        (["24/11/2026", "11/24/2026"], "mixed"),
        (["Selasa, 03/11/2026"], "dmy"),
        (["Rabu, 03/11/2026"], "mdy"),
        (["2026-11-24", "24 Nov 2026"], "unclear"),
        (["31/31/2026"], "unclear"),
    ],
)
def test_a_column_tells_the_order_of_day_and_month(cells, order):
    assert common_order(map(read_date, cells)) == order


@pytest.mark.parametrize(
    ("text", "order"), [("31/02/2026", "dmy"), ("24/11/2026", "mdy"), ("24/11/2026", "ymd"), ("31/31/2026", "unclear")]
)
def test_numbers_that_are_no_date_in_the_order_are_refused(text, order):
    with pytest.raises(DateError):
        settle(read_date(text), order)


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.times())
def test_every_date_and_hour_is_read_as_it_was_written(day, hour):
    hour = hour.replace(microsecond=0)
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%d %B %Y %H.%M.%S",
        "%b %d, %Y %I:%M:%S %p",
        "%d-%b-%y %H:%M:%S",
        "%Y%m%dT%H%M%S",
    ):
        written = read_date(f"{datetime.combine(day, hour):{form}}")
        assert written.hours is not None
        assert (written.day, written.hours.hour) == (day, hour)
    for form in ("%d/%m/%Y", "%d.%m.%y"):
        assert settle(read_date(f"{day:{form}}"), "dmy") == day
    assert settle(read_date(f"{day:%m/%d/%Y}"), "mdy") == day


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for reader in (read_date, read_hour):
        for candidate in (text, f"24 Nov 2026 {text}", f"10:00 {text}"):
            try:
                assert reader(candidate) is not None
            except DateError:
                continue
