"""A business at work is upgraded: what was written stays, what waits leaves once, and customers' links still open."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from appointments.enums import RequestState
from appointments.models import RescheduleRequest
from notifications.delivery import DeliveryReport, deliver_due
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.engines.smtp import SmtpSink
from tests.factories import clinic
from tests.factories.recovery import at_resolve, work_through

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EARLIER = [("appointments", "0034_upkeep"), ("notifications", "0005_finished_rows_keep_no_secrets")]
"""From where one comes: some twenty migrations back, the last of each app."""
SAID_ANEW: dict[str, set[str]] = {"notifications_message": {"facts"}}
"""Columns by their table that have another name since then; what is in them decides below what leaves."""
OF_DJANGO = {"django_migrations", "auth_permission", "auth_group_permissions", "django_content_type", "sqlite_sequence"}

LATER = NOW + timedelta(minutes=1)
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@pytest.fixture
def upgraded() -> Iterator[None]:
    """Whatever happens, the next test has all tables."""
    yield
    upgrade()


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def everything() -> Rows:
    """By table its columns and rows, as they lie in the database."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in OF_DJANGO:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608  a table of ours
            found[table] = (
                [column.name if hasattr(column, "name") else column[0] for column in cursor.description],
                [tuple(row) for row in cursor.fetchall()],
            )
    return found


def lost(before: Rows, after: Rows) -> dict[str, Any]:
    """Of each table which rows of before are not as they were, or which columns are gone."""
    found: dict[str, Any] = {}
    for table, (columns, rows) in before.items():
        names, now = after.get(table, ([], []))
        kept = [one for one in columns if one not in SAID_ANEW.get(table, set())]
        if gone := set(kept) - set(names):
            found[table] = gone
            continue
        was = [tuple(row[columns.index(one)] for one in kept) for row in rows]
        is_now = [tuple(row[names.index(one)] for one in kept) for row in now]
        if was != is_now:
            found[table] = [pair for pair in zip(was, is_now, strict=False) if pair[0] != pair[1]] or len(is_now)
    return found


@pytest.mark.usefixtures("upgraded")
def test_nothing_is_lost_and_what_waits_leaves_once(client: Client, smtp_sink: SmtpSink) -> None:
    world = clinic()
    work_through(at_resolve(world), by=world.staff, cause=world.reason, now=NOW)
    round_ = world.offered(world.booked("2026-11-26 10:00"))
    (key,) = Message.objects.get(kind="offer", state="queued", about=round_.appointment.about).secrets.values()
    waiting = {one.pk: one.message_id for one in Message.objects.filter(state=MessageState.QUEUED)}
    # The worker was stopped as it sent this one.
    stopped = Message.objects.filter(pk=max(waiting))
    stopped.update(state=MessageState.SENDING, leased_by="old", leased_until=NOW - timedelta(minutes=5))

    MigrationExecutor(connection).migrate(EARLIER)
    before = everything()
    assert len(before["notifications_message"][1]) >= len(waiting) > 1
    upgrade()

    assert lost(before, everything()) == {}
    with time_machine.travel(NOW, tick=False):
        assert client.get(f"/r/{key}/").status_code == 200
    # What was true then and is not any more is dropped, as it would have been without the upgrade.
    report = deliver_due(now_fn=lambda: LATER)
    assert (report.sent, report.dropped, report.recovered) == (len(waiting) - 1, 1, 1)
    assert deliver_due(now_fn=lambda: LATER) == DeliveryReport()
    left = dict(Message.objects.filter(pk__in=waiting).values_list("pk", "message_id"))
    assert left == waiting
    assert len(smtp_sink.messages) == report.sent
    assert RescheduleRequest.objects.get(pk=round_.pk).state == RequestState.OPEN
    with pytest.raises(DatabaseError, match="history_is_append_only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointmentevent")
