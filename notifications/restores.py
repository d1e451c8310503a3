"""A database that went back in time must not send what it sent before.

What waited when a backup was taken has probably left since; the restored rows know nothing of that. So whoever delivers
looks first whether this is still the database that delivered last, and holds everything that waits if it is not, until
a person says what may leave. It is another one when

- it lives elsewhere than it says itself (`home`): it was loaded into other tables, or is a copy under another path;
- it has forgotten turns: each run that sends counts one in the database and then in a file outside;
- that file itself was put back (SQLite, where people restore the whole folder).

The timetable is watched for a while afterwards: what it did between backup and restore it would do again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from notifications.enums import Channel, MessageState, Outcome, Urgency
from notifications.models import DeliveryAttempt, Epoch, Message, MessageQuerySet
from notifications.text.cleaning import clean, one_line

log = logging.getLogger(__name__)

WATCH_TIMETABLE = timedelta(minutes=30)
"""In this time every sweep of the timetable has come round several times."""

TOUCHED_AFTER = 10.0
"""Seconds between writing the file and its change on the disk, beyond which somebody else has put it there."""

AT_ONCE = 500
"""So many rows are written with one statement."""

_by_timetable: ContextVar[bool] = ContextVar("by_timetable", default=False)
_file_was_looked_at = False


@dataclass(frozen=True)
class Mark:
    """What the file outside says: which life, how many turns, and when that was written."""

    name: str
    turn: int
    written: float


def watch(*, now: datetime) -> int:
    """Hold what waits if the database was restored or copied since it last delivered. Returns how many are held."""
    epoch, _created = Epoch.objects.get_or_create(pk=Epoch.ONLY, defaults={"home": home()})
    if epoch.home == home() and not _went_back(epoch):
        return 0
    return begin_anew(epoch, now=now)


def hold_all(*, now: datetime) -> int:
    """Hold what waits because somebody knows that the database was restored. Returns how many messages that is."""
    epoch, _created = Epoch.objects.get_or_create(pk=Epoch.ONLY, defaults={"home": home()})
    return begin_anew(epoch, now=now)


def settle_in(database: BaseDatabaseWrapper) -> None:
    """Everything was carried over into `database`, which goes on from here: what waits there leaves as it would have.

    For the one left behind, `hold_all` is the counterpart.
    """
    new = {"name": uuid.uuid4(), "home": home(database)}
    Epoch.objects.using(database.alias).update_or_create(pk=Epoch.ONLY, defaults=new)


def begin_anew(epoch: Epoch, *, now: datetime) -> int:
    """A new life under a new name, in which everything that waits is held. Returns how many messages that is."""
    with transaction.atomic():
        again = {"name": uuid.uuid4(), "home": home(), "watched_until": now + WATCH_TIMETABLE}
        if Epoch.objects.filter(pk=epoch.pk, name=epoch.name).update(**again) != 1:
            return 0  # someone was faster
        waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING], held_since__isnull=True)
        held = waiting.update(
            state=MessageState.QUEUED, perhaps_sent=True, held_since=now, leased_until=None, leased_by=""
        )
    epoch.refresh_from_db()
    _remember(epoch)
    log.warning("This database was restored or copied. Messages held until a person releases them: %s", held)
    return held


def next_turn() -> int:
    """Count a run that is about to send, here and then outside. Returns its number."""
    Epoch.objects.filter(pk=Epoch.ONLY).update(turn=F("turn") + 1)
    epoch = Epoch.objects.get(pk=Epoch.ONLY)
    _remember(epoch)
    return epoch.turn


# The timetable.


@contextlib.contextmanager
def by_timetable() -> Iterator[None]:
    """What is written meanwhile comes from the timetable, not from a person who is acting now."""
    token = _by_timetable.set(True)
    try:
        yield
    finally:
        _by_timetable.reset(token)


def held_for_the_timetable(now: datetime) -> datetime | None:
    """The time since which a new message is held: now, if it comes from the timetable and that is being watched."""
    watched = _by_timetable.get() and Epoch.objects.filter(watched_until__gt=now).exists()
    return now if watched else None


# What a person decides.


def release(messages: MessageQuerySet, *, by: str, now: datetime) -> int:
    """Let held messages leave when they are due and still true. Returns how many; by is for the record."""
    with transaction.atomic():
        chosen = _claimed(messages)
        for some in _portions(chosen):
            released = Message.objects.held().filter(pk__in=[pk for pk, _channel in some])
            released.update(held_since=None, first_due_at=None, due_at=Greatest("due_at", now))
        _note(chosen, Outcome.AGAIN, by=by, now=now)
    return len(chosen)


def phone(messages: MessageQuerySet, *, by: str, now: datetime, reason: str = "") -> int:
    """Held messages do not leave; a colleague says them instead, if they are still true. Returns how many.

    They take the way of every message to the call desk, at any hour: that somebody has to phone wakes nobody.
    """
    with transaction.atomic():
        chosen = _claimed(messages)
        for some in _portions(chosen):
            Message.objects.held().filter(pk__in=[pk for pk, _channel in some]).update(
                channel=Channel.CALL,
                channels=[Channel.CALL.value],
                urgency=Urgency.NOW,
                why=_not_sent(by, reason),
                held_since=None,
                first_due_at=None,
                due_at=now,
                attempts=0,
                render_failures=0,
                mime=None,
            )
        _note(chosen, Outcome.DROPPED, by=by, now=now)
    return len(chosen)


def drop(messages: MessageQuerySet, *, by: str, now: datetime, reason: str = "") -> int:
    """Take held messages back for good. Returns how many; they say by whom and, if it is said, for what reason."""
    why = _not_sent(by, reason)
    with transaction.atomic():
        chosen = _claimed(messages)
        for some in _portions(chosen):
            dropped = Message.objects.held().filter(pk__in=[pk for pk, _channel in some])
            dropped.update(state=MessageState.CANCELLED, why=why, secrets={}, mime=None)
        _note(chosen, Outcome.DROPPED, by=by, now=now)
    return len(chosen)


def _not_sent(by: str, reason: str) -> str:
    why = _("Not sent after the restore, decided by %(name)s.") % {"name": one_line(by)}
    return f"{why} {clean(reason)}".strip()


def _claimed(messages: MessageQuerySet) -> list[tuple[int, str]]:
    """Held ones, locked in one order: of two people who decide at once, the second finds nothing left to decide."""
    return list(messages.held().select_for_update().order_by("pk").values_list("pk", "channel"))


def _portions(chosen: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """A statement takes only so many values."""
    yield from (chosen[first : first + AT_ONCE] for first in range(0, len(chosen), AT_ONCE))


def _note(chosen: list[tuple[int, str]], outcome: Outcome, *, by: str, now: datetime) -> None:
    DeliveryAttempt.objects.bulk_create(
        (
            DeliveryAttempt(message_id=pk, at=now, channel=channel, outcome=outcome, detail=one_line(by))
            for pk, channel in chosen
        ),
        batch_size=AT_ONCE,
    )


# Where it lives, and what the file outside says.


def home(of: BaseDatabaseWrapper | None = None) -> str:
    """Where this database lives, in words that a copy cannot keep: the path, or the numbers PostgreSQL gave by itself.

    Loading a dump makes the table anew, under another number. The number survives everything that keeps the table.
    """
    found = of or connection
    if found.vendor == "sqlite":
        return str(Path(found.settings_dict["NAME"]).resolve())
    with found.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), "
            "(SELECT oid FROM pg_database WHERE datname = current_database()), %s::regclass::oid",
            [Message._meta.db_table],
        )
        return "/".join(str(part) for part in cursor.fetchone())


def _file() -> Path:
    return Path(settings.DATA_DIR) / "outbox-epoch.json"


def _went_back(epoch: Epoch) -> bool:
    global _file_was_looked_at
    mark = _recall()
    first, _file_was_looked_at = not _file_was_looked_at, True
    if mark is None or mark.name != str(epoch.name):
        return False
    if mark.turn > epoch.turn:
        return True
    return first and connection.vendor == "sqlite" and _file().stat().st_ctime - mark.written > TOUCHED_AFTER


def _recall() -> Mark | None:
    try:
        return Mark(**json.loads(_file().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _remember(epoch: Epoch) -> None:
    """Without the file only a database that was loaded anew is noticed; so that is said, and life goes on."""
    mark = _recall()
    if mark and mark.name == str(epoch.name) and mark.turn > epoch.turn:
        return
    beside = _file().with_suffix(f".{uuid.uuid4().hex[:8]}")
    try:
        beside.write_text(json.dumps(asdict(Mark(str(epoch.name), epoch.turn, time.time()))))
        beside.replace(_file())
    except OSError as error:
        log.warning("%s cannot be written (%s)", _file(), error)
