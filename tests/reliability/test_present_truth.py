"""Late, old, used and invented answers: the page says what is true and what can be done next; nothing changes."""

import logging
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from appointments.domain import actors, booking
from appointments.domain.moving import answers, cancelling, chasing
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.models import Answer, Appointment, Offer, RescheduleRequest
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants
from tests.reliability.letters import everything, opened
from tests.reliability.site import Reply
from tests.reliability.test_same_again import token_for

pytestmark = pytest.mark.django_db


class Visitor:
    """A customer in front of the page, and the clock on the wall."""

    def __init__(self, client: Client, world: Clinic, *, starts_at: str = "2026-11-26 10:00", **draft: object) -> None:
        with time_machine.travel(NOW, tick=False):
            appointment = world.booked(starts_at, customer=CustomerFactory())
            self.round: RescheduleRequest = opened(world, appointment, **draft)
            self.link = f"/r/{token_for(self.round)}/"
        self.client = client

    def send(self, answer: str, *, at: datetime, follow: bool = True, **data: object) -> Reply:
        with time_machine.travel(at, tick=False):
            reply = self.client.post(f"{self.link}{answer}/", {"nonce": "form", **data}, follow=follow)
            return Reply(reply.status_code, reply.headers.get("Location", ""), reply.content.decode())

    def look(self, query: str = "", *, at: datetime) -> Reply:
        with time_machine.travel(at, tick=False):
            reply = self.client.get(f"{self.link}{query}")
            return Reply(reply.status_code, "", reply.content.decode())

    def offer(self, position: int = 1) -> Offer:
        return self.round.offers.get(position=position)


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client, clinic(rooms=2))


def test_offers_that_expire_while_the_page_is_open_can_still_be_taken_until_a_colleague_phones(
    visitor: Visitor,
) -> None:
    late = NOW + hours(3) + minutes(5)
    chasing.chase_answers(now=late)
    assert "will phone you" in visitor.look(at=late).body
    assert visitor.send("pick", at=late, offer=visitor.offer().pk).heading == "Your new time is confirmed"
    invariants.check(late)


def test_an_expired_offer_that_somebody_else_took_is_answered_with_other_times(visitor: Visitor) -> None:
    late = NOW + hours(3) + minutes(5)
    chasing.chase_answers(now=late)
    lost = visitor.offer()
    slot = Slot(
        lost.starts_at,
        lost.ends_at,
        lost.provider_id,
        tuple(lost.resources.order_by("pk").values_list("pk", flat=True)),
    )
    place = visitor.round.appointment
    booking.book(
        customer=CustomerFactory(), service=place.service, location=place.location, slot=slot,
        by=actors.SYSTEM, now=late,
    )  # fmt: skip
    reply = visitor.send("pick", at=late, offer=lost.pk)
    assert reply.status == 409
    assert "just been taken" in reply.body
    assert lost.pk not in reply.offered
    assert len(reply.offered) >= 2
    invariants.check(late)


def test_the_offer_of_an_earlier_round_leads_to_the_present_one(visitor: Visitor) -> None:
    old = visitor.offer()
    answers.ask_other_times(
        visitor.round, wishes=Wishes(parts=frozenset({"afternoon"})), nonce="o", now=NOW + minutes(5)
    )  # fmt: skip
    now = NOW + minutes(6)
    before = Appointment.objects.get().starts_at
    page = visitor.look(f"?offer={old.pk}", at=now)
    assert page.heading == "Other times for you"
    assert old.pk not in page.offered
    assert visitor.send("pick", at=now, offer=old.pk).heading == "Other times for you"
    assert (Appointment.objects.get().starts_at, Answer.objects.count()) == (before, 1)


def test_a_used_link_says_that_one_is_booked_and_a_second_choice_changes_nothing(visitor: Visitor) -> None:
    assert visitor.send("pick", at=NOW + minutes(1), offer=visitor.offer(2).pk).heading == "Your new time is confirmed"
    before = everything()
    for answer in ("pick", "keep", "cancel", "other-times"):
        reply = visitor.send(answer, at=NOW + minutes(2), offer=visitor.offer(1).pk, nonce="another form")
        assert reply.heading == "Your new time is confirmed"
    assert everything() == before


def test_after_the_desk_called_it_off_every_answer_leads_to_the_good_bye(visitor: Visitor) -> None:
    cancelling.call_off(visitor.round.appointment, because=visitor.round.reason, note="fire", by=actors.SYSTEM, now=NOW)
    before = everything()
    for answer in ("pick", "keep", "cancel", "other-times"):
        reply = visitor.send(answer, at=NOW + minutes(2), offer=visitor.offer(1).pk)
        assert reply.heading == "Your appointment is cancelled"
    assert everything() == before


def test_what_was_never_offered_is_refused_and_noted(
    visitor: Visitor, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    other = Visitor(client, beside(), starts_at="2026-11-27 10:00")
    before = everything()
    for invented in (other.offer().pk, 999_999, 2**62, 32_001):
        caplog.clear()
        with caplog.at_level(logging.WARNING, logger="appointments.access"):
            reply = visitor.send("pick", at=NOW + minutes(1), offer=invented)
        assert reply.status == 409
        assert "not among the ones we offered" in reply.body
        assert len(reply.offered) == 3
        assert f"Offer {invented} was never made" in caplog.text
    for nonsense in ("0", "-1", "1; DROP TABLE", "1.5", str(2**63), ""):
        reply = visitor.send("pick", at=NOW + minutes(1), offer=nonsense)
        assert reply.status in (409, 422)
    assert everything() == before


def beside() -> Clinic:
    from appointments.models import Location

    Location.objects.update(code="first")
    return clinic(rooms=1)


@pytest.mark.parametrize(
    ("notice", "before_start"), [(0, minutes(-1)), (0, minutes(0)), (120, minutes(119)), (120, minutes(0))]
)
def test_a_time_that_is_past_or_inside_the_notice_is_refused(
    client: Client, notice: int, before_start: timedelta
) -> None:
    visitor = Visitor(client, clinic(rooms=2, notice_minutes=notice), respond_by=NOW + hours(1))
    chasing.chase_answers(now=NOW + hours(1))
    first = min(visitor.round.offers.all(), key=lambda offer: offer.starts_at)
    now = first.starts_at - before_start
    before = everything()
    reply = visitor.send("pick", at=now, offer=first.pk)
    assert reply.status == 409
    assert first.pk not in reply.offered
    assert everything() == before


def test_the_minute_before_the_notice_begins_is_in_time(client: Client) -> None:
    visitor = Visitor(client, clinic(rooms=2, notice_minutes=120), respond_by=NOW + hours(1))
    first = min(visitor.round.offers.all(), key=lambda offer: offer.starts_at)
    chasing.chase_answers(now=NOW + hours(1))
    reply = visitor.send("pick", at=first.starts_at - minutes(121), offer=first.pk)
    assert reply.heading == "Your new time is confirmed"


def test_a_colleague_who_has_left_does_not_stop_a_customer_from_asking_for_other_times(visitor: Visitor) -> None:
    contact = visitor.round.contact
    contact.is_active = False
    contact.save()
    reply = visitor.send("other-times", at=NOW + minutes(5), parts=["afternoon"])
    assert reply.status == 200
    assert "does not work here" not in reply.body
    invariants.check(NOW + minutes(5))
