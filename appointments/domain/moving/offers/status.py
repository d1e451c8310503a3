"""How things stand for one offer: what a tap on it asks before it waits, and the locks of whoever takes it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from appointments.domain.moving.rounds import WITH_A_ROUND
from appointments.domain.schedule.stored import sql
from appointments.domain.transactions import line_up
from appointments.enums import LIVE_REQUEST_STATES, AnswerKind, DisruptionScope, DisruptionSource
from appointments.models import Offer, RescheduleRequest

LIVE_ROUND = ", ".join(f"'{state}'" for state in sorted(LIVE_REQUEST_STATES))
# By hand, because building it by the ORM takes several times as long as the database needs for the answer. Hours and
# what recurs cannot be said in SQL: `strike_out` looks after those.
STATUS = f"""
    SELECT wanted.resource_id, round.state IN ({LIVE_ROUND}),
    EXISTS (
        SELECT 1 FROM appointments_answer answer WHERE answer.nonce = %(nonce)s
        OR (answer.offer_id = offer.id AND answer.kind = '{AnswerKind.PICK}')
    ),
    EXISTS (
        SELECT 1 FROM appointments_occupancy taken
        WHERE taken.resource_id = wanted.resource_id AND taken.appointment_id <> round.appointment_id
        AND taken.starts_at < %(ends_at)s AND taken.ends_at > %(starts_at)s
        AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
    ), wanted.resource_id IN (SELECT id FROM appointments_resource WHERE NOT is_active)
    OR NOT place.is_active OR NOT service.is_active
    OR EXISTS (
        SELECT 1 FROM appointments_absence away
        WHERE away.resource_id = wanted.resource_id AND away.rrule = '' AND NOT offer.outside_hours
        AND away.starts_at < %(ends_at)s AND away.ends_at > %(starts_at)s
    )
    OR EXISTS (
        SELECT 1 FROM appointments_closure closed
        WHERE closed.location_id = place.id AND closed.rrule = '' AND NOT offer.outside_hours
        AND closed.starts_at < %(ends_at)s AND closed.ends_at > %(starts_at)s
    )
    OR EXISTS (
        SELECT 1 FROM appointments_disruption said
        LEFT JOIN appointments_disruption_resources missing ON missing.disruption_id = said.id
        WHERE said.location_id = place.id AND said.source = '{DisruptionSource.SAID}' AND said.ended_at IS NULL
        AND (
            said.scope = '{DisruptionScope.PLACE}'
            OR (said.scope = '{DisruptionScope.RESOURCES}' AND missing.resource_id = wanted.resource_id)
        )
        AND said.starts_at < %(ends_at)s AND (said.ends_at IS NULL OR said.ends_at > %(starts_at)s)
    ), EXISTS (
        SELECT 1 FROM appointments_resource person WHERE person.id = wanted.resource_id AND person.most_a_day > 0
    )
    FROM appointments_offer offer
    JOIN appointments_reschedulerequest round ON round.id = offer.request_id
    JOIN appointments_appointment appointment ON appointment.id = round.appointment_id
    JOIN appointments_location place ON place.id = appointment.location_id
    JOIN appointments_service service ON service.id = appointment.service_id
    LEFT JOIN appointments_offer_resources wanted ON wanted.offer_id = offer.id
    WHERE offer.id = %(offer)s
"""  # noqa: S608  states of our own


@dataclass(frozen=True)
class OfferStatus:
    """How things stand for an offer, and for the form that it is chosen on."""

    resource_ids: tuple[int, ...]
    is_live: bool
    is_answered: bool
    is_taken: bool
    is_dead: bool
    """Somebody or something that it needs cannot be had then."""
    is_limited: bool
    """Somebody or something that it needs takes so many a day at most: whoever takes it locks and counts the day."""

    @property
    def is_lost(self) -> bool:
        """Nobody can have this time any more, while the round is live and the form has not been answered yet."""
        return self.is_live and (self.is_taken or self.is_dead) and not self.is_answered


def status_of(offer: Offer, *, nonce: str, now: datetime) -> OfferStatus:
    """How things stand for `offer` and for the form with `nonce`.

    One query and no lock: when hundreds want one time, those who come too late wait for nobody. That it is not taken
    is no promise: buffers and daily limits are left out, and only the transaction that takes the time knows.
    """
    values = {
        "offer": offer.pk,
        "starts_at": sql.moment(offer.starts_at),
        "ends_at": sql.moment(offer.ends_at),
        "nonce": nonce,
        "now": sql.moment(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATUS, values)
        rows = cursor.fetchall()
    (_resource_id, is_live, is_answered, *_of_each), *_others = rows
    resource_ids = tuple(sorted(row[0] for row in rows if row[0] is not None))
    is_taken, is_dead, is_limited = (any(row[place] for row in rows) for place in (3, 4, 5))
    return OfferStatus(
        resource_ids,
        bool(is_live),
        bool(is_answered),
        is_taken=is_taken,
        is_dead=is_dead,
        is_limited=is_limited and not offer.is_kept(now),
    )


def is_first_in_line(offer: Offer, *, now: datetime) -> bool:
    """Whether nobody else is just taking this time; otherwise waits until they have, or have not: look again then.

    Others wait until this transaction ends. A held time is nobody else's, so nobody waits for it.
    """
    return offer.is_kept(now) or line_up(offer.provider_id or 0, int(offer.starts_at.timestamp()) // 60)


def lock(offer: Offer) -> Offer:
    """The offer with its round and appointment, locked as by `lock_round`, in one statement."""
    rows = Offer.objects.select_for_update(no_key=True, of=("request__appointment", "request", "self"))
    rows = rows.annotate(tells_others=Exists(RescheduleRequest.objects.filter(told_with=OuterRef("request"))))
    locked: Offer = rows.select_related("gives", *(f"request__{name}" for name in WITH_A_ROUND)).get(pk=offer.pk)
    locked.request.tells_others = locked.tells_others  # type: ignore[attr-defined]  # as of `lock_round`
    return locked
