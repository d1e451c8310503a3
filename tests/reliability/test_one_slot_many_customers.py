"""Everybody taps one free time at once: one is booked, the others read what is really free, nobody sees an error."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.utils import timezone

from appointments.enums import OfferState, RequestState
from appointments.models import Answer, Appointment, Occupancy, Offer, RescheduleRequest
from notifications.models import Message
from tests.reliability import invariants
from tests.reliability.crowd import Crowd, crowd
from tests.reliability.site import Reply, Site, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

TAKEN = "This time has just been taken by somebody else."


@pytest.fixture
def site(child_environment: dict[str, str], tmp_path: Path) -> Site:
    return Site(child_environment, log=tmp_path / "site.log")


def pick(site: Site, world: Crowd, number: int) -> Reply:
    data = {"nonce": f"form-of-{number}", "offer": world.offers[number].pk}
    return site.ask("POST", f"/r/{world.tokens[number]}/pick/", data)


def not_free(offers: Iterable[Offer]) -> list[Offer]:
    """Those where somebody else is, by the timeline itself. The service of this clinic has no buffers."""
    timeline: dict[int, list[Occupancy]] = defaultdict(list)
    for row in Occupancy.objects.all():
        timeline[row.resource_id].append(row)
    return [
        offer
        for offer in offers
        for resource in offer.resources.all()
        for row in timeline[resource.pk]
        if row.starts_at < offer.ends_at and offer.starts_at < row.ends_at
        if row.appointment_id != offer.request.appointment_id
    ]


def test_of_500_customers_who_want_one_time_one_gets_it_and_499_read_what_is_free(site: Site) -> None:
    world = crowd(500)
    with site:
        replies = all_at_once(lambda number: pick(site, world, number), range(500))

        assert Counter(reply.status for reply in replies) == {303: 1, 409: 499}
        (winner,) = (number for number, reply in enumerate(replies) if reply.status == 303)
        assert site.ask("GET", replies[winner].location).heading == "Your new time is confirmed"
        assert site.ask("GET", f"/r/{world.tokens[winner - 1]}/").heading == "Your appointment needs a new time"

    there = Appointment.objects.filter(starts_at=world.wanted.starts_at, provider_id=world.wanted.provider_id)
    assert list(there) == [world.appointments[winner]]
    accepted = RescheduleRequest.objects.filter(state=RequestState.ACCEPTED)
    assert [one.appointment for one in accepted] == [world.appointments[winner]]
    assert list(Answer.objects.values_list("offer", flat=True)) == [world.offers[winner].pk]
    assert list(Message.objects.values_list("kind", "about")) == [
        ("confirmation", world.appointments[winner].about),
    ]  # fmt: skip

    losers = [reply for number, reply in enumerate(replies) if number != winner]
    assert [reply.heading for reply in losers if TAKEN not in reply.body] == []
    shown = {pk for reply in losers for pk in reply.offered}
    offers = Offer.objects.filter(pk__in=shown).select_related("request").prefetch_related("resources")
    assert {len(reply.offered) for reply in losers} == {4}
    assert shown == {offer.pk for offer in offers}
    assert {offer.state for offer in offers} == {OfferState.LIVE}
    assert not_free(offers) == []
    invariants.check(timezone.now())


def test_the_losers_take_another_time_and_each_page_says_what_is_so(site: Site) -> None:
    world = crowd(40)
    with site:
        first = all_at_once(lambda number: pick(site, world, number), range(40))

        def take_the_last_shown(number: int) -> Reply:
            offered = first[number].offered
            if not offered:
                return site.ask("GET", f"/r/{world.tokens[number]}/")
            data = {"nonce": f"second-form-of-{number}", "offer": offered[-1]}
            answer = site.ask("POST", f"/r/{world.tokens[number]}/pick/", data)
            return site.ask("GET", answer.location) if answer.status == 303 else answer

        second = all_at_once(take_the_last_shown, range(40))
    assert {reply.status for reply in second} <= {200, 409}
    for number, reply in enumerate(second):
        appointment = Appointment.objects.get(pk=world.appointments[number].pk)
        assert (reply.heading == "Your new time is confirmed") == (appointment.sequence == 1)
        assert (TAKEN in reply.body) == (appointment.sequence == 0)
    assert Appointment.objects.filter(sequence=1).count() >= 2
    invariants.check(timezone.now())
