"""Whether anything on a board has changed: a word that is the same as long as nothing has.

Every open board asks it every few seconds, so it is one small statement, the same for every reader, and written as SQL:
to put it together anew would take longer than the database takes for it.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from appointments.domain.pages.diary.scale import Moments
from appointments.domain.schedule.stored import sql
from appointments.enums import LIVE_REQUEST_STATES, OfferState
from appointments.models import Location

LONGEST = timedelta(days=7)
"""Nothing occupies a resource for longer: so far ahead the index has to be read, and not to the end of the diary."""
LIVE = ", ".join(f"'{state}'" for state in LIVE_REQUEST_STATES)
# From each table its newest row, and how many count. What managers change (hours, absences, names) is noted in the log
# of the admin, wherever it belongs.
STATEMENT = f"""
WITH there AS (
  SELECT taken.id, taken.appointment_id FROM appointments_resource resource
    JOIN appointments_occupancy taken ON taken.resource_id = resource.id
   WHERE resource.location_id = %(place)s AND taken.ends_at > %(since)s AND taken.ends_at < %(latest)s
     AND taken.starts_at < %(until)s AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
)
SELECT 'taken', MAX(id), COUNT(*) FROM there UNION ALL
SELECT 'events', MAX(id), COUNT(*) FROM appointments_appointmentevent
 WHERE appointment_id IN (SELECT appointment_id FROM there) UNION ALL
SELECT 'offers', MAX(offer.id), COUNT(*) FROM appointments_offer offer
  JOIN appointments_reschedulerequest round ON round.id = offer.request_id
 WHERE offer.state = '{OfferState.LIVE}' AND round.state IN ({LIVE})
   AND offer.starts_at < %(until)s AND offer.ends_at > %(since)s UNION ALL
SELECT 'missing', MAX(id), COUNT(*) + COUNT(ended_at) FROM appointments_disruption
 WHERE location_id = %(place)s AND starts_at < %(until)s AND (ends_at IS NULL OR ends_at > %(since)s) UNION ALL
SELECT 'managers', MAX(id), 0 FROM django_admin_log
"""  # noqa: S608  only the words above; values are parameters


def token(location: Location, span: Moments, *, now: datetime) -> str:
    """Another one whenever a board of `span` may show something else; while `now` lies in it with every minute, because
    the line of the hour moves on. One query.
    """
    values = {
        "place": location.pk,
        "since": sql.moment(span.start),
        "until": sql.moment(span.end),
        "latest": sql.moment(span.end + LONGEST),
        "now": sql.moment(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        said = sorted(cursor.fetchall())
    minute = int(now.timestamp()) // 60 if span.start <= now < span.end else 0
    return hashlib.sha256(repr((said, minute)).encode()).hexdigest()[:16]
