"""What one pick asks of the database: a fixed number of statements, so that no loop and no second look creeps in. One
of them is how the business words the confirmation.
"""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, links
from appointments.domain.moving import answers, drafts, rounds
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.enums import LinkPurpose, OfferState
from appointments.models import Offer, Resource
from tests.clock import NOW, hours
from tests.factories import clinic

pytestmark = pytest.mark.django_db(transaction=True)


def an_offer(*, guaranteed: bool) -> Offer:
    """One of three, so that two others lapse with the pick, and with somebody else, whose name the letter tells."""
    here = clinic(rooms=2)
    appointment = here.booked("2026-12-01 10:00", provider=here.colleague)
    found = drafts.propose(appointment, now=NOW, limit=3)
    offers = tuple(ChosenOffer(one.slot, one.why, guaranteed=guaranteed) for one in found)
    draft = Draft(reason=here.reason, offers=offers, respond_by=NOW + hours(2), contact=here.staff)
    round_ = rounds.open_round(appointment, draft, by=actors.staff(here.staff), now=NOW)
    return Offer.objects.filter(request=round_, provider=here.provider)[0]


def test_a_pick_asks_twenty_one_statements_from_the_offer_to_the_commit() -> None:
    offer = an_offer(guaranteed=False)
    with CaptureQueriesContext(connection) as statements:
        fresh = Offer.objects.select_related("request__appointment").get(pk=offer.pk)
        answers.accept(fresh, nonce="form", now=NOW)
    assert len(statements) == 21, [one["sql"] for one in statements]


def test_the_last_place_of_a_day_is_counted_in_as_many() -> None:
    offer = an_offer(guaranteed=False)
    Resource.objects.update(most_a_day=9)
    with CaptureQueriesContext(connection) as statements:
        fresh = Offer.objects.select_related("request__appointment").get(pk=offer.pk)
        answers.accept(fresh, nonce="form", now=NOW)
    assert len(statements) == 21, [one["sql"] for one in statements]


@pytest.mark.parametrize(("guaranteed", "count"), [(True, 21), (False, 22)])
def test_over_http_the_link_is_one_more_and_a_time_that_is_held_needs_no_look_at_rivals(
    guaranteed: bool, count: int
) -> None:
    offer = an_offer(guaranteed=guaranteed)
    token = links.issue(offer.request.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with time_machine.travel(NOW), CaptureQueriesContext(connection) as statements:
        answer = Client().post(f"/r/{token}/pick/", {"offer": offer.pk, "nonce": "form-of-this-page"})
    assert answer.status_code == 303
    assert len(statements) == count, [one["sql"] for one in statements]
    states = Offer.objects.filter(request=offer.request).order_by("state").values_list("state", flat=True)
    assert list(states) == [OfferState.LAPSED, OfferState.LAPSED, OfferState.TAKEN]
