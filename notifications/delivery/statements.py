"""The three statements that every message passes through, as SQL of our own.

Built by the query compiler they take several times as long as the database needs to run them, and while they are
built every worker waits for its next message. The rest of the records is ordinary querysets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Model

from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message


def mark_sending(pks: Sequence[int], *, token: str, until: datetime) -> int:
    """QUEUED → SENDING for those that are ours. Returns how many were."""
    return _update(
        f"UPDATE {_table(Message)} SET state = %s, leased_until = %s "  # noqa: S608  names of our own tables
        f"WHERE id IN ({_places(pks)}) AND state = %s AND leased_by = %s",
        [MessageState.SENDING.value, _moment(until), *pks, MessageState.QUEUED.value, token],
    )


def mark_sent(pks: Sequence[int], *, token: str, now: datetime) -> int:
    """SENDING → SENT for those that are ours; links and ready bytes are wiped. Returns how many were."""
    return _update(
        f"UPDATE {_table(Message)} SET state = %s, sent_at = %s, why = '', leased_until = NULL, leased_by = '', "  # noqa: S608
        f"secrets = '{{}}', mime = NULL WHERE id IN ({_places(pks)}) AND state = %s AND leased_by = %s",
        [MessageState.SENT.value, _moment(now), *pks, MessageState.SENDING.value, token],
    )


def note_sent(rows: Sequence[tuple[int, str, str, int]], *, now: datetime) -> None:
    """One attempt each: message, channel, detail, milliseconds."""
    moment, outcome = _moment(now), Outcome.SENT.value
    values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    _update(
        f"INSERT INTO {_table(DeliveryAttempt)} "  # noqa: S608
        f"(message_id, at, channel, outcome, detail, duration_ms) VALUES {values}",
        [part for pk, channel, detail, took in rows for part in (pk, moment, channel, outcome, detail, took)],
    )


def _update(sql: str, parameters: Sequence[Any]) -> int:
    with connections[Message.objects.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _table(model: type[Model]) -> str:
    return connections[Message.objects.db].ops.quote_name(model._meta.db_table)


def _places(pks: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(pks))


def _moment(moment: datetime) -> object:
    return connections[Message.objects.db].ops.adapt_datetimefield_value(moment)
