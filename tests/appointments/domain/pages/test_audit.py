"""Who changed what, as the page shows it."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, audit
from appointments.domain.pages import audit as page
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from tests.clock import NOW, days, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def written(melati: Clinic, *, by: User | None = None, now: datetime = NOW, **said: Any) -> AuditEntry:
    who = actors.staff(by or melati.manager)
    usual: dict[str, Any] = {"before": {"minutes": 30}, "after": {"minutes": 45}, "of": melati.service}
    return audit.record(AuditAction.CHANGED, by=who, now=now, **usual | said)


def shown(**asked: Any) -> list[AuditEntry]:
    return [one.entry for one in page.page(page.Asked(**asked)).lines]


def test_the_newest_stands_first_also_of_one_moment(melati: Clinic) -> None:
    first, last, second = written(melati), written(melati, now=NOW + minutes(1)), written(melati)
    assert shown() == [last, second, first]


def test_it_is_narrowed_by_person_thing_words_and_days(melati: Clinic) -> None:
    one = written(melati, by=melati.staff)
    other = written(melati, of=melati.location, now=NOW + days(1))
    assert shown(person=melati.staff.pk) == [one]
    assert shown(noun="location") == [other]
    assert shown(words="melati jak") == [other]
    assert shown(since=NOW + days(1)) == [other]
    assert shown(until=NOW + days(1)) == [one]
    assert shown(until=NOW) == []


def test_pages_follow_on_one_another_without_a_gap_whatever_comes_in_between(melati: Clinic) -> None:
    entries = [written(melati, now=NOW + minutes(number // 3)) for number in range(2 * page.ON_A_PAGE + 1)]
    first = page.page(page.Asked())
    last = first.lines[-1].entry
    written(melati, now=NOW + days(1))
    second = page.page(page.Asked(before=(last.at, last.pk)))
    end = second.lines[-1].entry
    third = page.page(page.Asked(before=(end.at, end.pk)))
    seen = [line.entry for one in (first, second, third) for line in one.lines]
    assert seen == list(reversed(entries))
    assert (first.older, second.older, third.older) == (page.cursor_of(last), page.cursor_of(end), "")


def test_a_file_holds_all_of_it(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "TOGETHER", 2)
    entries = [written(melati) for _number in range(5)]
    assert list(page.rows(page.Asked(before=(NOW, 0)))) == list(reversed(entries))


def test_what_changed_is_said_in_words(melati: Clinic) -> None:
    before = {"name": {"en": "Check", "id": "Periksa"}, "is_active": True, "role": "Managers", "gone": 1, "empty": ""}
    after = {"name": {"en": "Look"}, "is_active": False, "role": "Leads", "odd_name": ["a", "b"]}
    assert page.changes_of(written(melati, before=before, after=after)) == [
        ("name", "en: Check; id: Periksa", "en: Look"),
        ("in use", "yes", "no"),
        ("role", "manager", "lead"),
        ("gone", "1", ""),
        ("odd name", "", "a, b"),
    ]


def test_things_are_called_as_people_call_them(melati: Clinic) -> None:
    written(melati)
    audit.record(AuditAction.EXPORTED, noun="report", name="x.csv", by=actors.staff(melati.manager), now=NOW)
    assert page.nouns() == [("report", "Report"), ("service", "Service")]
