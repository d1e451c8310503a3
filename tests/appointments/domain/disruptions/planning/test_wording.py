"""What a plan says of each of its lines."""

from typing import Any

import pytest

from appointments.domain.disruptions.planning import wording
from appointments.domain.schedule.wallclock import minute_of
from tests.clock import at
from tests.factories import Clinic

NOBODY = {"pinned": 0, "more_urgent": 0, "others": 0, "dearer": 0, "limits": 0, "nobody": 0}
NOTHING_HELPS = dict.fromkeys(("later", "another_person", "other_wishes", "share_given_up", "outside"))


def reasons(cheaper: int = 0, priority: float = 1.0, **held: int) -> dict[str, Any]:
    return {"cheaper": cheaper, "priority": priority, "held": NOBODY | held}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, ""),
        (reasons(), "the nearest time there is"),
        (reasons(1, others=1), "1 nearer time cannot be had, 1 to somebody else"),
        (
            reasons(9, others=4, more_urgent=2, pinned=1, limits=2),
            "9 nearer times cannot be had, 2 go to those whom we have moved more, 4 to others, 1 is pinned, "
            "2 lie on full days",
        ),
        (reasons(priority=1.5), "the nearest time there is, comes before others: we have moved this customer before"),
    ],
)
def test_why_somebody_gets_this_time(found: dict[str, Any], said: str) -> None:
    assert wording.why(found) == said


def test_what_it_would_take(melati: Clinic) -> None:
    friday = [minute_of(at("2026-11-27 10:00")), melati.colleague.pk, [melati.colleague.pk], False]
    nothing = {"ways": 0, **NOTHING_HELPS}
    assert wording.lack({}, location=melati.location) == ""
    assert wording.lack(nothing, location=melati.location) == "Within these limits there is no time at all."
    assert wording.lack({**nothing, "ways": 1}, location=melati.location) == (
        "The only time within these limits is somebody else’s."
    )
    all_of_it = {"ways": 3, **dict.fromkeys(NOTHING_HELPS, friday)}
    assert wording.lack(all_of_it, location=melati.location) == (
        "All 3 times within these limits are somebody else’s. It would take: somebody else (Fri 27 Nov, 10:00 WIB); "
        "more days (Fri 27 Nov, 10:00 WIB); an hour outside the open ones (Fri 27 Nov, 10:00 WIB); "
        "less kept free for new bookings (Fri 27 Nov, 10:00 WIB); other than what was wished (Fri 27 Nov, 10:00 WIB)."
    )
