"""A page of a queue costs the same whether one waits or a hundred thousand, and wherever one reads."""

from typing import Any

import pytest

from appointments.domain.colleagues import places_of
from appointments.domain.pages.queues import paging
from appointments.domain.pages.queues.asked import Asked
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.reading import page_of
from appointments.models import Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours
from tests.factories import Clinic, PromiseFactory, RecoveryCaseFactory
from tests.factories.hits import many_hit


def _into(code: str) -> None:
    """What it takes to stand in this queue: nobody moves them, nothing is left to them, or the message is lost."""
    if code == "to-move":
        RescheduleRequest.objects.update(state="replaced", closed_at=NOW)
    elif code == "nobody-answers":
        Promise.objects.update(state="released", settled_at=NOW)
        Offer.objects.update(state="withdrawn")
    elif code == "complaints":
        for promise in Promise.objects.filter(kind="call"):
            RecoveryCaseFactory(appointment=promise.appointment, owner=promise.owner)
    elif code in ("failed", "untold"):
        Message.objects.update(state="failed", sent_at=None)


@pytest.mark.parametrize("code", QUEUES)
@pytest.mark.parametrize("many", [1, 30])
def test_thirty_take_as_many_queries_as_one(
    melati: Clinic, code: str, many: int, django_assert_num_queries: Any
) -> None:
    many_hit(melati, many)
    for kind in ("call", "reply", "find_times"):
        for promise in list(Promise.objects.filter(kind="answer_or_call")):
            PromiseFactory(kind=kind, appointment=promise.appointment, owner=melati.staff)
    _into(code)
    places_of(melati.staff)  # known of whoever is signed in
    exactly = {"waiting": 7, "failed": 9, "to-move": 8, "untold": 8, "nobody-answers": 8}.get(code, 5)
    with django_assert_num_queries(exactly):
        page = page_of(QUEUES[code], Asked(), Moment(melati.staff, NOW))
        for line in page.lines:
            assert str(line.appointment.customer.name + str(line.appointment.service) + str(line.appointment.location))
            assert len([str(one.disruption.reason) for one in line.hits]) <= 1
        assert len(page.lines) >= many


def test_the_last_of_many_pages_takes_as_many_queries_as_the_first(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    for number in range(9):
        PromiseFactory(appointment=melati.booked(NOW + hours(24 * (number + 1))), due_at=NOW, owner=melati.staff)
    places_of(melati.staff)
    after, met = "", list[int]()
    for _page in range(5):
        with django_assert_num_queries(5):
            page = page_of(QUEUES["calls"], Asked(after=after), Moment(melati.staff, NOW))
        after, met = page.place.after, [*met, len(page.lines)]
    assert met == [2, 2, 2, 2, 1]


def test_it_says_how_many_fit_and_how_many_there_are(melati: Clinic) -> None:
    appointment = melati.booked()
    for kind in ("call", "call", "reply"):
        PromiseFactory(kind=kind, appointment=appointment, owner=melati.staff)
    moment = Moment(melati.staff, NOW)
    page = page_of(QUEUES["calls"], Asked(kind="call"), moment)
    assert (page.matching, page.total, len(page.lines)) == (2, 3, 2)
    assert (page.sort, page.after, page.before) == ("turn", "", "")
    assert page_of(QUEUES["calls"], Asked(sort="customer"), moment).sort == "customer"


def test_the_address_of_the_next_page_keeps_what_was_asked(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    appointment = melati.booked()
    for _number in range(3):
        PromiseFactory(appointment=appointment, owner=melati.staff)
    moment = Moment(melati.staff, NOW)
    first = page_of(QUEUES["calls"], Asked(kind="call", sort="due"), moment)
    assert first.after == f"kind=call&sort=due&after={first.place.after}"
    second = page_of(QUEUES["calls"], Asked(kind="call", sort="due", after=first.place.after), moment)
    assert second.before == f"kind=call&sort=due&before={second.place.before}"
