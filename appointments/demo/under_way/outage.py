"""A colleague who is not there for two days: most of whom it hits have been told, and some have answered."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from appointments.demo import post
from appointments.demo.chance import at_desk
from appointments.demo.places import Places
from appointments.domain import actors
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import AppointmentState, DisruptionScope, ResourceKind
from appointments.models import Appointment, Reason, RescheduleRequest, Resource

PLACE = "jakarta"
AGO = timedelta(hours=2)
DAYS = 2
FEWEST = 2
"""With fewer there is nothing to see."""
ANSWERED = 0.5
"""So large a part of them has answered."""


def play(
    chance: random.Random, coming: Sequence[Appointment], *, business: Places, reason: Reason, now: datetime
) -> int:
    """Says that the colleague with most appointments on the next two days is away, and tells all whom it hits.

    Returns how many rounds wait for an answer; 0 where too few would be hit.
    """
    site = business.sites[PLACE]
    zone = site.location.tzinfo
    opened = at_desk(now - AGO, zone)
    first = (opened.astimezone(zone) + timedelta(days=1)).date()
    span = day_span(first, zone, last=first + timedelta(days=DAYS - 1))
    hit = _busiest([one for one in coming if span.start <= one.starts_at < span.end], site.location.pk)
    if hit is None:
        return 0
    missing = WhatIsMissing(DisruptionScope.RESOURCES, site.location, span.start, span.end, resource_ids=(hit.pk,))
    by = actors.staff(business.desk)
    disruption, _new = declare.declare(Entry(missing, reason), by=by, now=opened)
    plan = plans.make(plans.begin(disruption, by=business.desk, now=opened), now=opened)
    if not plan.lines.exists():
        return 0
    sending.ask(plan, by=business.desk, now=opened)
    sending.send_due(now=opened + timedelta(minutes=1))
    rounds = list(RescheduleRequest.objects.filter(disruption=disruption).for_display().order_by("pk"))
    answered = {one.pk for one in chance.sample(rounds, round(len(rounds) * ANSWERED))}
    caller = max(answered) if len(answered) > 1 else None
    for round_ in rounds:
        post.put_into_words(round_.appointment)
        if round_.pk in answered:
            _answer(chance, round_, calls=round_.pk == caller, now=now)
        else:
            post.make_due(round_.appointment, now=now)
    return int(RescheduleRequest.objects.live().filter(disruption=disruption).count())


def _busiest(coming: Sequence[Appointment], location_id: int) -> Resource | None:
    """The person with most of those appointments, if there are enough."""
    counts: dict[Resource, int] = {}
    for one in coming:
        provider = one.provider
        if (
            one.location_id == location_id
            and one.state == AppointmentState.BOOKED
            and provider is not None
            and provider.kind == ResourceKind.PROVIDER
            and not one.requests.live().exists()
        ):
            counts[provider] = counts.get(provider, 0) + 1
    most = max(counts.items(), key=lambda found: (found[1], -found[0].pk), default=None)
    return most[0] if most and most[1] >= FEWEST else None


def _answer(chance: random.Random, round_: RescheduleRequest, *, calls: bool, now: datetime) -> None:
    """`calls`: this one asks to be called; the others choose what is kept for them."""
    at = min(now - timedelta(minutes=2), round_.opened_at + timedelta(minutes=chance.randrange(12, 110)))
    post.deliver(round_.appointment, until=now)
    nonce = f"outage-{round_.pk}"
    if calls:
        answers.call_me(round_, words="", nonce=nonce, now=at)
        post.make_due(round_.appointment, now=now)
        return
    kept = round_.offers.filter(guaranteed=True).first() or round_.offers.order_by("position").first()
    if kept is not None:
        answers.accept(kept, nonce=nonce, now=at)
    post.deliver(round_.appointment, until=now)
