"""Writing down who changed how the business is set up, and who took what home, in the transaction that does it.

The one seam: forms of the settings, the pages of the admin and what looks after colleagues all call it. Of what is
about a customer it says that something changed and never what: nothing of a person is left here when they are erased.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from i18nfield.strings import LazyI18nString

from appointments.domain.actors import Actor, staff
from appointments.domain.colleagues import name_of
from appointments.enums import AuditAction
from appointments.models import AuditEntry, RecoveryCase
from appointments.models.staff.audit import LONGEST_NAME
from notifications.text.cleaning import clean, one_line

SECRET = ("password", "token", "secret", "nonce", "session")
"""What such a field holds is never written down, whatever it is called besides."""
ABOUT_A_PERSON = ("customer", "appointment", "misusenote")
FOR_FEW = {"absence": ("title",)}
"""Of these nouns it is not for everybody who reads the audit what these fields say."""
LONGEST_VALUE = 500
MOST_OF_A_LIST = 50


def record(
    action: AuditAction,
    of: Model | None = None,
    *,
    by: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    noun: str = "",
    name: str = "",
) -> AuditEntry:
    """One act, in the caller's transaction. `of`: the row it is about; `noun` and `name` where it is about none."""
    noun = noun or (str(of._meta.model_name) if of is not None else "")
    hidden = noun in ABOUT_A_PERSON
    shown = "" if hidden and of is not None else name or (called(of) if of is not None else "")
    entry = AuditEntry(
        at=now,
        actor_kind=by.kind,
        actor=by.user,
        action=action,
        noun=noun,
        key=str(of.pk) if of is not None else "",
        name=one_line(shown, limit=LONGEST_NAME),
        before=_plain(before or {}, hidden=hidden, noun=noun),
        after=_plain(after or {}, hidden=hidden, noun=noun),
    )
    entry.save(force_insert=True)
    return entry


def changed(
    of: Model, *, before: Mapping[str, Any], after: Mapping[str, Any], by: Actor, now: datetime, name: str = ""
) -> AuditEntry | None:
    """A change of `of`; only what differs is kept. None when nothing does."""
    was, is_now = _plain(before), _plain(after)
    names = [one for one in after if was.get(one, "") != is_now.get(one, "")]
    # A secret reads alike before and after, so that it changed is all that is known of it.
    names += [one for one in after if _is_secret(one) and before.get(one) != after[one]]
    if not names:
        return None
    return record(
        AuditAction.CHANGED,
        of,
        by=by,
        now=now,
        before={one: before.get(one) for one in names},
        after={one: after[one] for one in names},
        name=name,
    )


@contextmanager
def watch(of: Model, *, by: Actor, now: datetime, besides: Callable[[], Mapping[str, Any]] = dict) -> Iterator[None]:
    """What is saved inside is written down: that `of` is new, or what of it has changed. `besides` says what belongs to
    it and stands in other tables, such as its hours. Nothing is, where an error ends it.
    """
    before = {**stored(of), **besides()} if of.pk else None
    yield
    after = {**stored(of), **besides()}
    if before is None:
        record(AuditAction.ADDED, of, by=by, now=now, after=after)
    else:
        changed(of, before=before, after=after, by=by, now=now)


def stored(of: Model) -> dict[str, Any]:
    """Its columns as the database has them now; none of a row that is not there yet."""
    return type(of)._base_manager.filter(pk=of.pk).values().first() or {}


def of_account(action: AuditAction, user: User, *, by: User, now: datetime) -> AuditEntry:
    """What was done to a colleague's way of signing in, of which nothing can be shown but that."""
    return record(action, user, noun="colleague", name=name_of(user), by=staff(by), now=now)


def _plain(values: Mapping[str, Any], *, hidden: bool = False, noun: str = "") -> dict[str, Any]:
    """As it may be stored: plain values, none of them secret, none endless."""
    few = FOR_FEW.get(noun, ())
    return {n: "•••" if hidden or n in few or _is_secret(n) else _said(value) for n, value in values.items()}


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRET)


def called(row: Model) -> str:
    """How a row is named in what is written down: a complaint by its number, and not by whose it is."""
    return row.number if isinstance(row, RecoveryCase) else str(row)


def _said(value: Any) -> Any:
    if isinstance(value, Model):
        return clean(called(value))[:LONGEST_VALUE]
    value = value.data if isinstance(value, LazyI18nString) else "" if value is None else value
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _said(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_said(one) for one in list(value)[:MOST_OF_A_LIST]]
    return clean(str(value))[:LONGEST_VALUE]
