"""Places for what a file moves: first all leave, then each gets its own, and who finds none stays."""

from datetime import timedelta

import pytest

from appointments.domain.imports.matching import Unclear
from appointments.domain.imports.placing import Placing, Wish
from appointments.domain.imports.timeline import Taken
from appointments.domain.schedule.spans import Span
from appointments.errors import SlotTaken
from tests.clock import at
from tests.factories import Clinic, LocationFactory

pytestmark = pytest.mark.django_db

HALF = timedelta(minutes=30)
NINE, TEN, ELEVEN = (at(f"2026-11-26 {hour}:00") for hour in ("09", "10", "11"))


def standing(melati: Clinic, **appointments: str) -> tuple[Placing, dict[str, int]]:
    """A timeline on which these appointments stand with Dr. Ratna, each by its letter."""
    placing, numbers = Placing(), {}
    for number, (letter, hour) in enumerate(appointments.items(), start=1):
        start = at(f"2026-11-26 {hour}")
        placing.timeline.add(Taken(melati.provider.pk, Span(start, start + HALF), number))
        numbers[letter] = number
    return placing, numbers


def wish(melati: Clinic, start: object) -> Wish:
    return Wish(Span(start, start + HALF), melati.service, melati.location, melati.provider)  # type: ignore[operator, arg-type]  # a datetime


def test_two_change_places(melati: Clinic) -> None:
    placing, numbers = standing(melati, a="09:00", b="10:00")
    placed, refused = placing.rearrange({numbers["a"]: wish(melati, TEN), numbers["b"]: wish(melati, NINE)})
    assert {pk: slot.starts_at for pk, slot in placed.items()} == {numbers["a"]: TEN, numbers["b"]: NINE}
    assert refused == {}


def test_who_finds_no_place_stays_and_is_then_in_the_way_of_another(melati: Clinic) -> None:
    placing, numbers = standing(melati, a="09:00", b="10:00", c="11:00")
    placed, refused = placing.rearrange({numbers["a"]: wish(melati, TEN), numbers["b"]: wish(melati, ELEVEN)})
    assert placed == {}
    assert set(refused) == {numbers["a"], numbers["b"]}
    assert placing.timeline.busy(melati.provider.pk, Span(NINE, NINE + HALF)) is not None
    with pytest.raises(SlotTaken):
        placing.find(wish(melati, ELEVEN))


def test_what_is_not_given_there_is_unclear(melati: Clinic) -> None:
    elsewhere = LocationFactory.create(code="other")
    with pytest.raises(Unclear, match="is not given at"):
        Placing().find(wish(melati, NINE)._replace(location=elsewhere))
