"""Hours as people write them."""

from datetime import time

import pytest

from appointments.domain.imports.reading.table.dates import read_hour
from appointments.domain.imports.reading.table.hours import DateError


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("14:30", "14:30"),
        ("14.30", "14:30"),
        ("14:30:15", "14:30:15"),
        ("2:30 PM", "14:30"),
        ("2.30 p.m.", "14:30"),
        ("12:15 am", "00:15"),
        ("12 pm", "12:00"),
        ("1430", "14:30"),
        ("930", "09:30"),
        ("9", "09:00"),
        ("pukul 9", "09:00"),
        ("jam 9 pagi", "09:00"),
        ("jam 1 siang", "13:00"),
        ("jam 11 siang", "11:00"),
        ("jam 4 sore", "16:00"),
        ("jam 7 malam", "19:00"),
        ("14h30", "14:30"),
        ("0.604166667", "14:30"),
        ("0,375", "09:00"),
        ("0.5", "12:00"),
        ("24:00", "00:00"),
    ],
)
def test_an_hour_in_its_own_cell(text, hour):
    written = read_hour(text)
    assert written.hours is not None
    assert (written.day, written.hours.hour) == (None, time.fromisoformat(hour))
    assert written.hours.midnight_after is (text == "24:00")


@pytest.mark.parametrize(
    "text", ["09:00-10:30", "09.00 – 10.30", "9am - 10:30am", "09:00 s/d 10:30", "09.00 sampai 10.30 WIB"]
)
def test_from_and_until_in_one_cell(text):
    written = read_hour(text)
    assert written.hours is not None
    assert (written.hours.hour, written.hours.until) == (time(9), time(10, 30))


@pytest.mark.parametrize("text", ["", "25:00", "noonish", "0.30", "14:3", "-1", "13:60"])
def test_what_is_no_hour_is_refused(text):
    with pytest.raises(DateError):
        read_hour(text)
