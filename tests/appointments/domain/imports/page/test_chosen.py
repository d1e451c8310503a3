"""What a colleague has chosen becomes what the engine is told."""

from datetime import date

import pytest

from appointments.domain.imports.page.chosen import AHEAD, MOST_ROWS, Chosen, at_first, options_of
from appointments.models import Location
from tests.clock import NOW, at
from tests.factories import Clinic, LocationFactory

pytestmark = pytest.mark.django_db


def test_at_first_a_file_is_read_from_the_day_that_it_is_at_its_place(melati: Clinic) -> None:
    far = LocationFactory(code="far", zone="Pacific/Auckland")
    evening = at("2026-11-23 21:00")
    assert at_first(melati.location, now=evening).first_day == "2026-11-23"
    there = at_first(far, now=evening)
    assert (there.first_day, there.last_day) == ("2026-11-24", (date(2026, 11, 24) + AHEAD).isoformat())


def test_the_clock_of_the_place_is_only_said_where_somebody_says_it(melati: Clinic) -> None:
    first = at_first(melati.location, now=NOW)
    assert options_of(first, name="a.csv", dry_run=True).zone == ""
    said = Chosen.of({**first.as_json(), "zone": "Asia/Jakarta"})
    assert options_of(said, name="a.csv", dry_run=True).zone == "Asia/Jakarta"


def test_everything_chosen_reaches_the_engine(melati: Clinic) -> None:
    kept = at_first(melati.location, now=NOW).as_json() | {
        "service": melati.service.pk, "provider": melati.provider.pk, "date_order": "mdy", "source": "old",
        "services": {"Yoga  Class": None}, "people": {"X": 0}, "rooms": {"Chair  9": 3},
        "mapping": {"note": "Why"}, "ignored": ["Shoe"],
        "all_day": True, "skip_errors": True, "newest": True, "language": "id", "nonsense": 1,
    }  # fmt: skip
    options = options_of(Chosen.of(kept), name="a.csv", dry_run=False, run_id=7)
    assert (options.choices.service, options.choices.provider) == (melati.service, melati.provider)
    assert (options.choices.services, options.choices.people) == ({"yoga class": None}, {"x": 0})
    assert options.choices.rooms == {"chair 9": 3}
    assert (options.mapping, list(options.ignored), options.date_order) == ({"note": "Why"}, ["Shoe"], "mdy")
    assert (options.all_day, options.skip_errors, options.newest, options.source) == (True, True, True, "old")
    assert (options.choices.language, options.run_id, options.most_rows, options.dry_run) == ("id", 7, MOST_ROWS, False)


def test_a_service_that_is_not_in_use_any_more_is_not_chosen_any_more(melati: Clinic) -> None:
    chosen = Chosen.of({**at_first(melati.location, now=NOW).as_json(), "service": melati.service.pk})
    melati.service.is_active = False
    melati.service.save()
    assert options_of(chosen, name="a.csv", dry_run=True).choices.service is None
    with pytest.raises(Location.DoesNotExist):
        options_of(Chosen.of({**chosen.as_json(), "location": 0}), name="a.csv", dry_run=True)
