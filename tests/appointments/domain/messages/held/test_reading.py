"""What has waited since a restore, as a manager sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.messages import kinds
from appointments.domain.messages.held import reading
from notifications import restores
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    """One round was opened at the backup, and its message waits."""
    world = clinic()
    world.offered()
    restores.hold_all(now=NOW)
    return world


def test_every_kind_has_a_name_for_colleagues() -> None:
    assert kinds.CALLED.keys() == kinds.KINDS.keys()


def test_each_says_to_whom_what_and_that_it_is_still_so(melati: Clinic) -> None:
    (line,) = reading.page(now=NOW).lines
    assert (line.called, line.untrue) == ("times to choose from", "")
    assert f"appointment:{line.appointment}" == line.message.about
    assert "choose" in line.message.text
    assert "•" not in line.message.to_name


def test_what_is_no_longer_so_says_why_by_the_rule_of_its_kind(melati: Clinic) -> None:
    message = Message.objects.get()
    Message.objects.update(true_if={"request": message.true_if["request"] + 1})
    (line,) = reading.page(now=NOW).lines
    assert line.untrue == "The proposal has ended: gone."


@pytest.mark.parametrize(("late", "said"), [(-1, ""), (1, "It is too late for it.")])
def test_what_had_to_leave_before_is_too_late(melati: Clinic, late: int, said: str) -> None:
    Message.objects.update(not_after=NOW - timedelta(seconds=late))
    assert reading.page(now=NOW).lines[0].untrue == said


def test_a_message_of_another_version_does_not_stop_the_page(melati: Clinic) -> None:
    Message.objects.update(kind="from_elsewhere")
    (line,) = reading.page(now=NOW).lines
    assert (line.called, line.untrue) == ("from_elsewhere", "This version cannot judge it.")


def test_what_is_written_only_when_it_leaves_is_shown_as_it_would_be(melati: Clinic) -> None:
    Message.objects.update(text="", subject="", mime=None)
    assert "choose" in reading.page(now=NOW).lines[0].message.text
    assert Message.objects.get().text == ""


def test_ten_thousand_are_a_page_at_a_time_the_oldest_first(melati: Clinic) -> None:
    first = Message.objects.get()
    copies = [
        Message(
            key=f"copy:{number}",
            kind="reply",
            about=first.about,
            language="en",
            zone=first.zone,
            created_at=NOW + timedelta(seconds=number),
            due_at=NOW,
            held_since=NOW,
            text="Yes.",
            to_name=f"No. {number}",
        )
        for number in range(120)
    ]
    Message.objects.bulk_create(copies)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = reading.page(kind="reply", number=2, now=NOW)
    assert (page.all, page.among, page.pages, page.number) == (121, 120, 3, 2)
    assert [line.message.to_name for line in page.lines] == [f"No. {number}" for number in range(50, 100)]
    assert page.kinds == [("reply", "our answer", 120), ("offer", "times to choose from", 1)]
    assert len(asked) <= 4
    assert page.newest == Message.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_what_is_not_held_is_not_here(melati: Clinic) -> None:
    Message.objects.update(held_since=None)
    assert reading.page(now=NOW).lines == []
