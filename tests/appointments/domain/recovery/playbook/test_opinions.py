"""What colleagues say of a solution."""

import pytest

from appointments.domain.recovery.playbook import opinions
from appointments.errors import DomainError
from tests.clock import NOW, hours
from tests.factories import Clinic
from tests.factories.playbook import solution

LATER = NOW + hours(1)


def test_each_colleague_has_one_vote_and_may_change_it(melati: Clinic) -> None:
    found = solution(melati.manager).solution

    opinions.vote(found, worked=True, by=melati.staff, now=NOW)
    opinions.vote(found, worked=True, by=melati.manager, now=NOW)
    opinions.vote(found, worked=False, by=melati.staff, now=LATER)

    given = found.votes.order_by("voter").values_list("voter", "worked", "at")
    assert list(given) == [(melati.staff.pk, False, LATER), (melati.manager.pk, True, NOW)]


def test_reading_counts_once_and_for_one_version_only(melati: Clinic) -> None:
    first = solution(melati.manager)
    opinions.read(first, by=melati.staff, now=NOW)
    opinions.read(first, by=melati.staff, now=LATER)
    second = solution(melati.manager, of=first.solution, says={"limits": {"en": "Once."}})

    assert [(one.reader, one.at) for one in first.reads.all()] == [(melati.staff, NOW)]
    assert not second.reads.exists()


def test_a_comment_has_words(melati: Clinic) -> None:
    found = solution(melati.manager).solution

    opinions.comment(found, " Ask about the bus. ", by=melati.staff, now=NOW)
    with pytest.raises(DomainError, match="Write what the others should know"):
        opinions.comment(found, "  ", by=melati.staff, now=NOW)

    assert [(one.words, one.author) for one in found.comments.all()] == [("Ask about the bus.", melati.staff)]
