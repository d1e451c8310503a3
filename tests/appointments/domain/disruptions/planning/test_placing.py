"""Where a plan puts everybody: a time and others, and why; or what it would take."""

from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.planning import placing, plans, wording
from appointments.domain.disruptions.planning.plans import Wanted
from appointments.domain.disruptions.planning.questions import Limits
from appointments.enums import DisruptionScope
from tests.appointments.domain.disruptions.world import booked_on_tuesday, entered, line_of, planned
from tests.clock import NOW, at
from tests.factories import Clinic


def test_without_any_time_a_line_stays_empty(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    whole = WhatIsMissing(DisruptionScope.PLACE, melati.location, at("2026-11-23 09:00"), None)
    plan = planned(melati, entered(melati, whole))

    line = line_of(plan, appointment)
    assert (line.starts_at, line.others, placing.slot_of(line), plan.placeable["14"]) == (None, [], None, 0)
    assert wording.lack(line.lack, location=melati.location) == "Within these limits there is no time at all."


def test_a_line_says_why_and_what_else_there_is(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    line = line_of(planned(melati), appointment)
    assert wording.why(line.why) == "the nearest time there is"
    assert (line.why["delay"], line.why["another_person"], line.lack) == (0, 120, {})
    assert len({slot.when_and_whom for slot in placing.others_of(line)}) == placing.OPEN_TO_ALL


def test_a_line_without_a_time_says_with_what_it_would_have_one(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    three_days = Limits(window_days=1, same_person=True)
    wednesday = WhatIsMissing(
        DisruptionScope.RESOURCES,
        melati.location,
        at("2026-11-23 09:00"),
        at("2026-11-26 00:00"),
        (melati.provider.pk,),
    )
    entered(melati, wednesday)

    plan = plans.change(plan, Wanted(melati.reason, melati.staff, three_days), now=NOW)

    said = wording.lack(line_of(plan, appointment).lack, location=melati.location)
    assert said == (
        "Within these limits there is no time at all. It would take: somebody else (Tue 24 Nov, 09:00 WIB); "
        "more days (Thu 26 Nov, 08:00 WIB)."
    )
