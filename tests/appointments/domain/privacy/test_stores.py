"""Of each store exactly what has had its time is due, and taken away it is due no more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model

from appointments import roles
from appointments.domain import audit
from appointments.domain.actors import SYSTEM
from appointments.domain.privacy.stores import STORES, Store
from appointments.models import (
    Absence,
    Disruption,
    DisruptionPlan,
    Invitation,
    PracticeRun,
    PurgeDay,
)
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory
from tests.factories.people import together

pytestmark = pytest.mark.django_db
CUTOFF = NOW - days(100)
SIGNED = {"user_agent": "Firefox", "ip_address": "10.0.0.1", "username": "sari", "http_accept": "*", "path_info": "/"}


def an_invitation(clinic: Clinic, at: datetime) -> None:
    Invitation.objects.create(
        name="Dewi", role=roles.FRONT_DESK, invited_by=clinic.manager, invited_at=at - days(7), expires_at=at,
        token_hash=str(at), nonce=str(at),
    )  # fmt: skip


def a_disruption(clinic: Clinic, at: datetime) -> Disruption:
    return Disruption.objects.create(
        scope="location", location=clinic.location, starts_at=at - days(1), ends_at=at, declared_at=at - days(1),
        ended_at=at, closed_at=at, closed_by=clinic.manager, note="Budi is ill.",
    )  # fmt: skip


def a_plan(clinic: Clinic, at: datetime) -> None:
    made = {"reason": clinic.reason, "contact": clinic.staff, "window_days": 7, "made_at": at}
    plan = DisruptionPlan.objects.create(
        disruption=a_disruption(clinic, at), state="sent", send_at=at, ended_at=at, personal_note="Sorry.", **made
    )
    assert plan.pk


def a_merge(clinic: Clinic, at: datetime) -> None:
    together(clinic.customer, CustomerFactory(email="x@mail.example"), by=clinic.staff, now=at, email="gone")


MAKE: dict[type[Model], Callable[[Clinic, datetime], object]] = {
    Absence: lambda clinic, at: Absence.objects.create(
        resource=clinic.provider, kind="blocked", title="At the dentist", starts_at=at - days(1), ends_at=at
    ),
    Disruption: a_disruption,
    DisruptionPlan: a_plan,
    Invitation: an_invitation,
    PracticeRun: lambda clinic, at: PracticeRun.objects.create(
        colleague=clinic.staff, scenario="late", at=at, right=1, of=2
    ),
    AccessAttempt: lambda clinic, at: made_at(
        AccessAttempt.objects.create(**SIGNED, failures_since_start=1, get_data="", post_data=""), at
    ),
    AccessFailureLog: lambda clinic, at: made_at(AccessFailureLog.objects.create(**SIGNED), at),
    AccessLog: lambda clinic, at: made_at(AccessLog.objects.create(**SIGNED), at),
    Session: lambda clinic, at: Session.objects.create(session_key=str(at), session_data="", expire_date=at),
    LogEntry: lambda clinic, at: made_at(
        LogEntry.objects.log_actions(clinic.manager.pk, [clinic.location], 2, single_object=True), at, "action_time"
    ),
    PurgeDay: lambda clinic, at: PurgeDay.objects.create(kind="links", day=at.date(), ran_at=at, before=at - days(30)),
}


def made_at(row: Model, at: datetime, name: str = "attempt_time") -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{name: at})


@pytest.mark.parametrize("store", [one for one in STORES if one.model in MAKE], ids=lambda one: one.model.__name__)
def test_what_is_older_goes_and_what_is_not_stays(melati: Clinic, store: Store) -> None:
    MAKE[store.model](melati, CUTOFF)
    assert (store.kept().count(), store.due(CUTOFF, now=NOW).count()) == (1, 0)
    due = store.due(CUTOFF + days(0.001), now=NOW)
    assert due.count() == 1
    store.take(due, NOW)
    assert (store.kept().count(), due.all().count()) == (0, 0)


def test_an_absence_that_comes_again_keeps_its_title_as_long_as_somebody_writes_it(melati: Clinic) -> None:
    MAKE[Absence](melati, CUTOFF - days(30))
    Absence.objects.update(rrule="FREQ=WEEKLY")
    again = Absence.objects.get()
    store = next(one for one in STORES if one.model is Absence)
    assert store.due(CUTOFF, now=NOW).exists()
    said: dict[str, Any] = {"before": {"title": "Off"}, "after": {"title": "At the dentist"}, "by": SYSTEM}
    audit.changed(again, now=CUTOFF - days(0.001), **said)
    assert store.due(CUTOFF, now=NOW).exists()
    audit.changed(again, now=CUTOFF, **said)
    assert not store.due(CUTOFF, now=NOW).exists()
    due = store.due(CUTOFF + days(0.001), now=NOW)
    store.take(due, NOW)
    again.refresh_from_db()
    assert (again.title, again.rrule) == ("–", "FREQ=WEEKLY")


def test_an_absence_that_begins_later_keeps_its_title_though_nobody_wrote_down_who_made_it(melati: Clinic) -> None:
    MAKE[Absence](melati, CUTOFF)
    Absence.objects.update(rrule="FREQ=WEEKLY")
    store = next(one for one in STORES if one.model is Absence)
    assert not store.due(CUTOFF, now=NOW).exists()


def test_what_was_known_before_a_merge_goes(melati: Clinic) -> None:
    a_merge(melati, CUTOFF)
    (store,) = [one for one in STORES if one.kind == "merges"]
    assert store.due(CUTOFF, now=NOW).count() == 0
    store.take(store.due(CUTOFF + days(0.001), now=NOW), NOW)
    assert store.kept().count() == 0
