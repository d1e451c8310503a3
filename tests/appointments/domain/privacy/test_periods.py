"""How long each kind is kept: within limits that its use sets, and who changed it stands in the audit."""

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors
from appointments.domain.privacy.periods import change, choices, periods
from appointments.enums import DataKind
from appointments.enums.privacy import LIMITS
from appointments.errors import DomainError
from appointments.models import AuditEntry, RetentionPeriod
from tests.clock import NOW, days
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_each_kind_has_a_period_from_the_first_day_on() -> None:
    found = periods()
    assert set(found) == set(DataKind)
    assert [one.cutoff(now=NOW) for one in found.values()] == [NOW - days(usual) for _, usual, _ in LIMITS.values()]


@pytest.mark.parametrize("kind", DataKind)
def test_the_limits_hold_on_both_sides_also_in_the_database(melati: Clinic, kind: DataKind) -> None:
    least, _usual, most = LIMITS[kind]
    by = actors.staff(melati.manager)
    for wrong in (least - 1, most + 1):
        with pytest.raises(DomainError, match=f"from {least} to {most} days"):
            change({kind: wrong}, by=by, now=NOW)
        with pytest.raises(IntegrityError, match="retention_within_its_limits"), transaction.atomic():
            RetentionPeriod.objects.create(kind=kind, days=wrong, since=NOW)
    for right in (least, most):
        change({kind: right}, by=by, now=NOW)
        assert periods()[kind].days == right
    assert choices(kind, besides=least + 1)[:2] == [least, least + 1]


def test_who_changed_it_and_from_what_is_written_down(melati: Clinic) -> None:
    by = actors.staff(melati.manager)
    wanted = {DataKind.MESSAGES: 730, DataKind.WORDS: 730}
    assert change(wanted, by=by, now=NOW) == [DataKind.MESSAGES]
    entry = AuditEntry.objects.get()
    assert (entry.noun, entry.name, entry.before, entry.after, entry.actor) == (
        "retentionperiod", "Texts of messages", {"days": 365}, {"days": 730}, melati.manager,
    )  # fmt: skip
    assert change(wanted, by=by, now=NOW) == []
    assert AuditEntry.objects.count() == 1


def test_of_several_all_change_or_none(melati: Clinic) -> None:
    with pytest.raises(DomainError):
        change({DataKind.MESSAGES: 730, DataKind.WORDS: 1}, by=actors.staff(melati.manager), now=NOW)
    assert not RetentionPeriod.objects.exists()
    assert not AuditEntry.objects.exists()


def test_before_a_period_begins_nothing_goes() -> None:
    RetentionPeriod.objects.create(kind="messages", days=365, since=NOW)
    assert periods()[DataKind.MESSAGES].cutoff(now=NOW - days(0.001)) is None
    assert periods()[DataKind.MESSAGES].cutoff(now=NOW) == NOW - days(365)
