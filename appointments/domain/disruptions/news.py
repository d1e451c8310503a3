"""Whether anything on the board of a disruption has changed: a word that is the same as long as nothing has.

Every open page asks it every few seconds, so it is two small queries, and the same for every reader.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, Max, Q, QuerySet, Value

from appointments.domain.messages import sent
from appointments.enums import OfferState, PromiseState
from appointments.models import AppointmentEvent, Disruption, Offer, Promise, RescheduleRequest


def token(disruption: Disruption, *, now: datetime) -> str:
    """Another one whenever a card may say something else, and with every minute, because cards count minutes.

    One query: from each table its newest row and how many are in the state that matters.
    """
    rows = disruption.affected.order_by()
    about = {"appointment__in": rows.values("appointment")}
    rounds = RescheduleRequest.objects.filter(**about)
    offers = Offer.objects.filter(request__in=rounds.live().values("pk"), state=OfferState.LIVE)
    openings = sent.states_of_openings(rows)
    rest = (
        _part("hit", rows, newest=Max("last_event"), count=Count("pk")),
        _part("kept", rows, newest=Max("pk"), count=Count("kept_at")),
        _part("events", AppointmentEvent.objects.filter(**about)),
        _part("rounds", rounds, newest=Max("pk"), count=Count("seen_at")),
        _part("offers", offers),
        _part("promises", Promise.objects.filter(**about), count=Count("pk", filter=Q(state=PromiseState.OPEN))),
    )
    said = sorted(openings.union(*rest, all=True), key=str)
    stands = disruption.starts_at, disruption.ends_at, disruption.ended_at, disruption.closed_at
    return hashlib.sha256(repr((said, stands, int(now.timestamp()) // 60)).encode()).hexdigest()[:16]


def _part(
    name: str, rows: QuerySet[Any], *, newest: Aggregate | None = None, count: Aggregate | None = None
) -> QuerySet[Any]:
    """One row: (name, newest, count)."""
    named = rows.order_by().annotate(part=Value(name)).values_list("part")
    return named.annotate(newest=newest or Max("pk"), count=count or Count("pk"))
