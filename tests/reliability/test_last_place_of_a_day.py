"""Many take different times of one day at once: no more get one than whoever it is with takes a day."""

from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from appointments.models import Appointment, Offer
from tests.clock import minutes
from tests.reliability import invariants
from tests.reliability.crowd import PER_DAY, crowd
from tests.reliability.site import Site, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

FULL = "That day has filled up in the meantime."
MOST = 5


def test_of_eighteen_who_want_a_time_of_their_own_five_get_one(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    world = crowd(PER_DAY)
    for number, offer in enumerate(world.offers):
        start = world.wanted.starts_at + minutes(30 * number)
        Offer.objects.filter(pk=offer.pk).update(starts_at=start, ends_at=start + minutes(30))
    world.offers[0].resources.update(most_a_day=MOST)

    with Site(child_environment, log=tmp_path / "site.log") as site:
        replies = all_at_once(
            lambda number: site.ask(
                "POST",
                f"/r/{world.tokens[number]}/pick/",
                {"nonce": f"form-of-{number}", "offer": world.offers[number].pk},
            ),
            range(PER_DAY),
        )

    assert Counter(reply.status for reply in replies) == {303: MOST, 409: PER_DAY - MOST}
    winners = [world.appointments[number].pk for number, reply in enumerate(replies) if reply.status == 303]
    day = world.wanted.starts_at, world.wanted.starts_at + minutes(30 * PER_DAY)
    there = Appointment.objects.filter(provider=world.wanted.provider_id, starts_at__range=day)
    assert sorted(there.values_list("pk", flat=True)) == sorted(winners)
    losers = [reply for reply in replies if reply.status == 409]
    assert [reply.heading for reply in losers if FULL not in reply.body] == []
    shown = Offer.objects.in_bulk({pk for reply in losers for pk in reply.offered})
    on_that_day = [
        one
        for one in shown.values()
        if one.provider_id == world.wanted.provider_id and day[0] <= one.starts_at < day[1]
    ]
    assert (len(shown) > 0, on_that_day) == (True, [])
    invariants.check(timezone.now())
