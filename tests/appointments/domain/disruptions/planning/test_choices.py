"""Times that a colleague can put one of many to."""

from appointments.domain.disruptions.planning import choices, placing
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW
from tests.factories import Clinic


def test_nobody_is_offered_what_another_one_is_to_get(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)

    found = choices.of(line_of(plan, first), now=NOW)

    times = {(one.slot.starts_at, one.slot.provider_id) for one in found}
    kept = placing.slot_of(line_of(plan, second))
    own = placing.slot_of(line_of(plan, first))
    assert kept and own and times.isdisjoint({kept.when_and_whom, own.when_and_whom})
    assert len(times) == choices.SHOWN
    assert {one.provider for one in found} <= {melati.provider, melati.colleague}


def test_each_is_named_by_its_minute_and_person(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    found = choices.of(line_of(planned(melati), appointment), now=NOW)
    assert len({one.key for one in found}) == len(found)
    assert found[0].key.endswith(f".{found[0].slot.provider_id}")


def test_who_was_settled_meanwhile_has_nothing_to_choose(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    line = line_of(planned(melati), appointment)
    melati.offered(appointment)
    assert choices.of(line, now=NOW) == []
