"""What a solution said stays to be read; a change is a new version."""

import pytest
from django.db import IntegrityError, transaction

from appointments.domain.recovery.playbook import writing
from appointments.enums import UsedBy
from appointments.errors import DomainError
from appointments.models import AuditEntry, Solution, SolutionVersion
from tests.clock import NOW, days, hours
from tests.factories import Clinic
from tests.factories.playbook import solution

LATER = NOW + hours(1)


def test_a_change_is_a_new_version_and_the_old_one_stays(melati: Clinic) -> None:
    first = solution(melati.manager, reasons=[melati.reason], services=[melati.service])
    second = solution(melati.manager, of=first.solution, now=LATER, says={"limits": {"en": "Twice.", "id": " "}})

    assert [(one.number, dict(one.limits.data)) for one in first.solution.versions.all()] == [
        (2, {"en": "Twice."}),
        (1, {}),
    ]
    assert (second.written_by, second.written_at) == (melati.manager, LATER)
    assert list(SolutionVersion.objects.newest()) == [second]
    assert not first.solution.reasons.exists()


def test_the_same_again_is_no_new_version_but_who_may_use_it_can_change(melati: Clinic) -> None:
    first = solution(melati.manager)

    again = solution(melati.manager, of=first.solution, now=LATER, used_by=UsedBy.LEADS)

    assert again == first
    assert Solution.objects.get().used_by == UsedBy.LEADS


def test_the_database_changes_no_version(melati: Clinic) -> None:
    first = solution(melati.manager)

    with pytest.raises(IntegrityError, match="solution_version_stays"), transaction.atomic():
        SolutionVersion.objects.filter(pk=first.pk).update(number=7)


def test_the_desk_reads_and_does_not_write(melati: Clinic) -> None:
    found = solution(melati.manager).solution

    for attempt in (
        lambda: solution(melati.staff),
        lambda: writing.still_right(found, by=melati.staff, today=NOW.date(), now=NOW),
        lambda: writing.put_away(found, by=melati.staff, now=NOW),
        lambda: writing.bring_back(found, by=melati.staff, now=NOW),
    ):
        with pytest.raises(DomainError, match="Only leads and managers write the playbook"):
            attempt()


def test_what_is_still_right_is_good_for_half_a_year(melati: Clinic) -> None:
    found = writing.still_right(solution(melati.manager).solution, by=melati.manager, today=NOW.date(), now=NOW)

    assert found.review_by == NOW.date() + days(180)


def test_what_is_put_away_is_offered_no_more_until_it_is_brought_back(melati: Clinic) -> None:
    version = solution(melati.manager)

    writing.put_away(version.solution, by=melati.manager, now=LATER)
    assert not SolutionVersion.objects.in_use().exists()
    with pytest.raises(DomainError, match="put away"):
        solution(melati.manager, of=version.solution)

    writing.bring_back(version.solution, by=melati.manager, now=NOW)
    assert list(SolutionVersion.objects.in_use()) == [version]


def test_who_put_it_away_and_brought_it_back_is_written_down(melati: Clinic) -> None:
    found = solution(melati.manager).solution
    known = AuditEntry.objects.count()
    writing.put_away(found, by=melati.manager, now=LATER)
    writing.bring_back(found, by=melati.manager, now=LATER)
    writing.still_right(found, by=melati.manager, today=LATER.date(), now=LATER)
    entries = AuditEntry.objects.order_by("pk")[known:]
    assert [(one.noun, one.actor, sorted(one.after)) for one in entries] == [
        ("solution", melati.manager, ["archived_at"]),
        ("solution", melati.manager, ["archived_at"]),
        ("solution", melati.manager, ["review_by"]),
    ]
