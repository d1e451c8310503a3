"""The facts that a text may use."""

from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.messages import addresses, announce, context
from appointments.domain.moving import answers
from appointments.domain.moving.rounds.opening import open_together
from appointments.enums import Family, Fault, OfferState
from appointments.models import RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, ReasonFactory

pytestmark = pytest.mark.django_db


def test_a_corrected_offer_is_a_first_one_for_the_customer(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    second = melati.offered(appointment, now=NOW + minutes(0.1))
    assert Message.objects.get(key=f"offer:request:{first.pk}").state == "cancelled"
    assert Message.objects.get(key=f"offer:request:{second.pk}").context["round"] == 1


def test_the_number_of_a_place_comes_before_that_of_the_business(melati: Clinic) -> None:
    appointment = melati.booked()
    told = context.about_appointment(appointment)
    assert (told["business"]["phone"], told["place"]["phone"]) == ("+62215550101", "+62215550101")
    appointment.location.phone = ""
    told = context.about_appointment(appointment)
    assert (told["business"]["phone"], told["place"]["phone"]) == ("+62215550100", "")


def test_a_text_is_in_the_customers_language_unless_another_is_asked_for(melati: Clinic) -> None:
    appointment = melati.booked()
    names = [context.about_appointment(appointment, language=code)["service"]["name"] for code in ("", "en", "id")]
    assert names == ["Check-up", "Check-up", "Pemeriksaan"]


def test_who_answers_for_it_is_named_else_the_business(melati: Clinic) -> None:
    appointment = melati.booked()
    assert context.about_appointment(appointment)["contact"]["name"] == "Klinik Melati"
    assert context.about_appointment(appointment, contact="Sari")["contact"]["name"] == "Sari"


def test_only_times_that_can_be_chosen_are_told(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.offers.filter(position=1).update(state=OfferState.GONE)
    assert [one["position"] for one in context.about_round(round_, now=NOW)["offers"]] == [2, 3]


def test_an_offer_says_who_and_whether_it_is_held(melati: Clinic) -> None:
    round_ = melati.offered(count=5)
    told = {one["position"]: one for one in context.about_round(round_, now=NOW)["offers"]}
    for offer in round_.offers.all():
        assert told[offer.position]["same_person"] is (offer.provider == melati.provider)
        assert told[offer.position]["guaranteed"] is True
        assert told[offer.position]["url"].endswith(f"[[link]]/?offer={offer.pk}")
    assert {one["same_person"] for one in told.values()} == {True, False}
    round_.offers.filter(position=1).update(guaranteed=False, kept_until=None)
    assert context.about_round(round_, now=NOW)["offers"][0]["guaranteed"] is False
    round_.expired_at = NOW
    assert {one["guaranteed"] for one in context.about_round(round_, now=NOW)["offers"]} == {False}


def test_what_is_kept_for_less_time_than_the_others_says_so(melati: Clinic) -> None:
    round_ = melati.offered()
    near, until = round_.offers.get(position=1), NOW + hours(1)
    told = context.about_round(round_, now=NOW)
    assert (told["some_shorter"], {one["kept_until"] for one in told["offers"]}) == (False, {round_.respond_by})
    round_.offers.filter(pk=near.pk).update(kept_until=until)
    told = context.about_round(round_, now=NOW)
    assert (told["some_shorter"], [one["is_shorter"] for one in told["offers"]]) == (True, [True, False, False])
    assert told["offers"][0]["kept_until"] == until
    told = context.about_round(round_, now=until)
    assert (told["some_shorter"], [one["guaranteed"] for one in told["offers"]]) == (False, [False, True, True])
    after = context.about_round(round_, now=near.starts_at)
    assert [one["position"] for one in after["offers"]] == [2, 3]


def test_the_second_round_that_was_told_is_the_second(melati: Clinic) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + hours(1))
    assert [context.been_through(one)["round"] for one in (first, second)] == [1, 2]


def test_a_round_that_was_replaced_as_its_window_closed_was_not_told(melati: Clinic) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=first.undo_until)
    assert context.been_through(second)["round"] == 1
    third = melati.offered(first.appointment, now=second.undo_until + minutes(1))
    assert context.been_through(third)["round"] == 2


def test_only_what_we_have_moved_is_owned_and_only_a_new_colleague_is_new(melati: Clinic) -> None:
    wish = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    first = melati.offered(reason=wish)
    second = melati.offered(first.appointment, now=NOW + hours(1))
    third = melati.offered(first.appointment, now=NOW + hours(3), contact=melati.manager)
    said = [context.been_through(one) for one in (first, second, third)]
    assert [one["moved_by_us"] for one in said] == [False, False, True]
    assert [one["new_contact"] for one in said] == [False, False, True]


def test_each_time_leads_to_the_page_with_that_time_chosen(melati: Clinic) -> None:
    round_ = melati.offered()
    offers = round_.offers.order_by("position")
    urls = [one["url"] for one in context.about_round(round_, now=NOW)["offers"]]
    assert urls == [f"{addresses.page_url()}?offer={offer.pk}" for offer in offers]


def test_a_cancellation_says_whose_it_was_and_of_ours_why(melati: Clinic) -> None:
    appointment = melati.booked()
    was = context.time_of(appointment)
    theirs, ours = (
        context.about_cancellation(appointment, was=was, because=because, due_at=None, by=melati.staff)
        for because in (None, melati.reason)
    )
    assert (theirs["by_customer"], theirs["reason"]) == (True, None)
    assert (ours["by_customer"], ours["reason"]["family"]) == (False, melati.reason.family)


def test_what_was_told_is_told_again_in_the_readers_language_or_the_nearest() -> None:
    told = {"family": "operational", "wording": {"en": "the power is out", "id": "listrik padam"}}
    assert context.in_language(told, "id") == {**told, "wording": "listrik padam"}
    assert context.in_language({**told, "wording": {"en": "the power is out"}}, "id")["wording"] == "the power is out"
    assert context.in_language({**told, "wording": {}}, "id")["wording"] == ""


def test_a_time_without_a_person_names_none(melati: Clinic) -> None:
    appointment = melati.booked()
    assert context.time_of(appointment)["person"] == "Dr. Ratna"
    appointment.provider = None
    assert context.time_of(appointment)["person"] == ""


@pytest.mark.parametrize(
    ("name", "honorific", "expected"),
    [
        ("Wijaya, Budi", "", {"name": "Budi Wijaya", "first_name": "Budi", "honorific": ""}),
        ("Ny. Ratna", "", {"name": "Ny. Ratna", "first_name": "Ratna", "honorific": "ms"}),
        ("Ny. Ratna", "mr", {"name": "Ny. Ratna", "first_name": "Ratna", "honorific": "mr"}),
        ("ana@x.example", "", {"name": "ana@x.example", "first_name": "ana@x.example", "honorific": ""}),
    ],
)
def test_a_customer_is_called_as_the_name_is_spoken(
    melati: Clinic, name: str, honorific: str, expected: dict[str, str]
) -> None:
    melati.customer.name, melati.customer.honorific = name, honorific
    melati.customer.save()
    assert context.customer_of(melati.booked(), tone="warm") == {**expected, "tone": "warm"}


def together(melati: Clinic, *, count: int = 3) -> tuple[RescheduleRequest, RescheduleRequest]:
    """Two rounds of one customer that are told in one message; for the second there are so many times."""
    first = melati.booked()
    second = melati.booked("2026-11-25 10:00", customer=first.customer)
    words: dict[str, Any] = {} if count else {"without_times": True}
    drafts = [(first, melati.draft(first)), (second, melati.draft(second, count=count, guaranteed=False, **words))]
    lead, other = open_together(drafts, by=actors.staff(melati.staff), now=NOW)
    return lead, other


def test_what_is_told_besides_has_links_and_hours_of_its_own(melati: Clinic) -> None:
    lead, other = together(melati)
    (told,) = context.besides(lead, now=NOW)
    assert (told["request"], told["was"]["starts_at"]) == (other.pk, other.was_starts_at)
    assert (told["respond_by"], told["call_by"], told["can_keep"]) == (other.respond_by, other.call_by, False)
    assert told["page_url"].endswith(f"/r/[[link_{other.pk}]]/")
    assert [f"[[link_{other.pk}]]" in offer["url"] for offer in told["offers"]] == [True] * 3
    RescheduleRequest.objects.filter(pk=other.pk).update(can_keep=True)
    assert context.besides(lead, now=NOW)[0]["can_keep"] is True


def test_a_reminder_is_only_about_what_waits_for_an_answer(melati: Clinic) -> None:
    lead, other = together(melati)
    assert [one["request"] for one in context.besides(lead, now=NOW, unanswered=True)] == [other.pk]
    just_before = other.respond_by - minutes(1)
    assert len(context.besides(lead, now=just_before, unanswered=True)) == 1
    assert context.besides(lead, now=other.respond_by, unanswered=True) == []
    answers.call_me(other, nonce="c", now=NOW)
    assert context.besides(lead, now=NOW, unanswered=True) == []
    assert announce.nudge(lead, turn=1, now=NOW).context["besides"] == []
    assert len(context.besides(lead, now=NOW)) == 1


def test_a_message_about_two_can_be_read_though_one_has_no_time_yet(melati: Clinic) -> None:
    lead, other = together(melati, count=0)
    message = Message.objects.get(kind="offer")
    assert set(message.secrets) == {"link", f"link_{other.pk}"}
    assert message.subject == "Two of your consultations cannot take place: please read"
    assert f"{lead.contact.get_full_name()} is looking for one" in message.text
