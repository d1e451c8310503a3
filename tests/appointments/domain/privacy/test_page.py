"""What managers read of what is kept."""

import pytest
from pytest_django import DjangoAssertNumQueries

from appointments.domain.privacy import page
from appointments.domain.privacy.periods import periods
from appointments.domain.privacy.purging import purge
from appointments.enums import DataKind
from appointments.models import PurgeDay, RetentionPeriod
from notifications.models import Message
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.privacy import over

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(melati: Clinic) -> int:
    """Messages of two hundred days ago, about what is over; how many."""
    melati.offered(melati.booked("2026-11-24 10:00"))
    over()
    return Message.objects.update(state="cancelled", secrets={}, mime=None, created_at=NOW - days(200))


def line(kind: DataKind) -> page.Line:
    (found,) = [one for one in page.lines(now=NOW) if one.kind == kind]
    return found


def test_it_counts_what_is_there_and_what_has_gone_lately(old: int) -> None:
    assert (line(DataKind.MESSAGES).there, line(DataKind.MESSAGES).ran_at) == (old, None)
    RetentionPeriod.objects.create(kind="messages", days=180, since=NOW)
    purge(now=NOW)
    PurgeDay.objects.create(kind="messages", day=(NOW - days(30)).date(), ran_at=NOW, before=NOW - days(99), gone=7)
    found = line(DataKind.MESSAGES)
    assert (found.there, found.ran_at, found.gone, found.gone_ever) == (0, NOW, old, old + 7)


def test_what_is_said_to_go_is_what_goes(old: int) -> None:
    wanted = {kind: one.days for kind, one in periods().items()}
    assert page.shorter(wanted, now=NOW) == []
    (asked,) = page.shorter(wanted | {DataKind.MESSAGES: 180}, now=NOW)
    assert (asked.kind, asked.was, asked.days, asked.goes) == (DataKind.MESSAGES, 365, 180, old)
    RetentionPeriod.objects.create(kind="messages", days=180, since=NOW)
    assert purge(now=NOW)[DataKind.MESSAGES] == asked.goes


def test_a_period_that_has_not_begun_is_asked_about_when_it_is_changed_at_all(old: int) -> None:
    """To change it is to put it in force."""
    RetentionPeriod.objects.create(kind="messages", days=365, since=NOW + days(14))
    assert line(DataKind.MESSAGES).since == NOW + days(14)
    assert [one.kind for one in page.shorter({DataKind.MESSAGES: 730}, now=NOW)] == [DataKind.MESSAGES]
    assert page.shorter({DataKind.MESSAGES: 365}, now=NOW) == []


def test_customers_read_what_holds() -> None:
    RetentionPeriod.objects.create(kind="customers", days=730, since=NOW)
    assert page.for_customers() == {DataKind.MESSAGES: 365, DataKind.WORDS: 730, DataKind.CUSTOMERS: 730}


def test_it_asks_as_much_however_much_there_is(old: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(25):
        page.lines(now=NOW)
