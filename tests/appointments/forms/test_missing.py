"""What cannot take place is asked as a reason answers it as a rule, and the times follow the answer."""

import html as html_module
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from appointments.domain import actors, affected
from appointments.domain.moving import causes
from appointments.enums import DisruptionScope, DisruptionSource, Family, ReasonAbout, ReasonSpan
from appointments.models import Appointment, Disruption, Reason, RescheduleRequest
from tests.factories import Clinic, CustomerFactory, ReasonFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def booked(here: Clinic, client: Client) -> Appointment:
    """At ten in the morning of a working day next week."""
    client.force_login(here.staff)
    start = timezone.localtime(timezone.now(), here.location.tzinfo) + timedelta(days=8)
    start = start.replace(hour=10, minute=0, second=0, microsecond=0)
    return here.booked(start + timedelta(days=1 if start.weekday() == 6 else 0))


def reason(about: ReasonAbout, lasts: ReasonSpan = ReasonSpan.DAY, family: Family = Family.OUTSIDE) -> Reason:
    made: Reason = ReasonFactory(about=about, lasts=lasts, family=family)
    return made


def absence(here: Clinic, booked: Appointment) -> Disruption:
    """The manager's: some hours of that day."""
    since, until = booked.starts_at - timedelta(hours=2), booked.starts_at + timedelta(hours=5)
    away = affected.WhatIsMissing(DisruptionScope.RESOURCES, here.location, since, until, (here.provider.pk,))
    by = actors.staff(here.staff)
    return affected.declare(away, reason=None, by=by, now=timezone.now(), source=DisruptionSource.ABSENCE)


class Page:
    """The page as a browser holds it: what is filled in is sent with the next step."""

    def __init__(self, client: Client, appointment: Appointment) -> None:
        self.client, self.url = client, f"/appointments/{appointment.pk}/move/"
        self.zone = appointment.location.tzinfo
        self.read(client.get(self.url).content.decode())

    def read(self, text: str) -> None:
        self.text = html_module.unescape(text)
        self.values: dict[str, str | list[str]] = dict(
            re.findall(r'name="(nonce|respond_by|missing_from|missing_until|answered_for)" value="([^"]*)"', text)
        )
        self.values |= {name: re.findall(rf'name="{name}" value="([^"]+)" checked', text) for name in ("offer", "open")}
        self.values["shown"] = re.findall(r'name="shown" value="([^"]+)"', text)
        self.values["missing"] = re.findall(r'<input type="checkbox" name="missing" value="([^"]+)"[^>]*checked', text)
        self.values |= dict(re.findall(r'<select name="(contact)".*?<option value="(\d+)" selected', text, re.DOTALL))

    def post(self, step: str, *, expect: int = 200, **change: str | list[str] | int) -> None:
        values = {**self.values, **change, "step": step}
        response = self.client.post(self.url, values)
        assert response.status_code == expect
        if expect != 302:
            self.read(response.content.decode())
            self.values["reason"] = str(values["reason"])

    def starts(self) -> list[int]:
        return [int(key.split(".")[0]) for key in self.values["shown"]]


def test_before_a_reason_is_chosen_nothing_is_asked(client: Client, booked: Appointment) -> None:
    page = Page(client, booked)
    assert "Choose the reason first" in page.text
    assert page.values["missing"] == []


def test_the_reason_answers_and_the_times_follow(client: Client, booked: Appointment) -> None:
    power_cut = reason(ReasonAbout.PLACE)
    page = Page(client, booked)
    page.post("times", reason=power_cut.pk)
    day = booked.starts_at.astimezone(page.zone).date()
    assert page.values["missing"] == ["place"]
    assert page.values["missing_from"] == f"{day}T00:00"
    assert page.values["missing_until"] == f"{day + timedelta(days=1)}T00:00"
    offered = {datetime.fromtimestamp(one, page.zone).date() for one in page.starts()}
    assert day not in offered
    assert len(page.values["offer"]) == 3


def test_without_scripts_the_usual_answer_counts_all_the_same(client: Client, booked: Appointment) -> None:
    """The reason is chosen and the message looked at, with nothing in between."""
    page = Page(client, booked)
    power_cut = reason(ReasonAbout.PLACE)
    inside = f"{int((booked.starts_at + timedelta(hours=4)).timestamp())}.{booked.provider_id}.soonest"
    page.post("preview", expect=422, reason=power_cut.pk, offer=[inside, *page.values["offer"]])
    assert "This time lies in what cannot take place." in page.text
    assert inside not in page.values["shown"]
    page.post("preview")
    assert "This is what goes out" in page.text


def test_what_was_answered_is_sent_with_the_message(client: Client, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON, ReasonSpan.TIME).pk)
    until = booked.ends_at.astimezone(page.zone) + timedelta(hours=1)
    page.post("times", missing_until=f"{until:%Y-%m-%dT%H:%M}")
    page.post("preview")
    hidden = re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page.text)
    sent = {name: [value for each, value in hidden if each == name] for name, __ in hidden}
    assert client.post(page.url, sent | {"step": "send"}).status_code == 302
    disruption = RescheduleRequest.objects.get().disruption
    assert disruption is not None
    assert (disruption.scope, disruption.starts_at, disruption.ends_at) == ("resources", booked.starts_at, until)
    assert [one.pk for one in disruption.resources.all()] == [booked.provider_id]


def test_a_customers_wish_asks_nothing(client: Client, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.APPOINTMENT, family=Family.CUSTOMER).pk)
    assert "nothing is missing on our side" in page.text
    page.post("send", expect=302)
    assert not Disruption.objects.exists()


def test_another_reason_answers_anew_and_what_was_ticked_stays_where_it_can(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.APPOINTMENT).pk)
    assert page.values["missing"] == ["appointment"]
    first = page.values["offer"]
    page.post("times", reason=reason(ReasonAbout.ROOM).pk)
    assert page.values["missing"] == [f"resource:{here.room.pk}"]
    assert set(first) <= set(page.values["offer"])


def test_it_says_how_many_others_are_hit(client: Client, here: Clinic, booked: Appointment) -> None:
    for shift in (1, 2):
        here.booked(booked.starts_at + timedelta(hours=shift), customer=CustomerFactory())
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    assert "2 other customers are booked in it" in page.text
    page.post("times", missing="appointment")
    assert "booked in it" not in page.text


def test_what_is_known_already_is_answered_already(client: Client, here: Clinic, booked: Appointment) -> None:
    absent = absence(here, booked)
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    assert page.values["missing"] == [f"known:{absent.pk}"]
    assert re.search(r"Known already:\s+Dr. Ratna · \w", page.text)
    page.post("send", expect=302)
    assert RescheduleRequest.objects.get().disruption == absent
    assert causes.known(booked) == [absent]


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ((2, 4), "The appointment does not lie in that time."),
        ((4, 2), "What cannot take place must end after it begins."),
    ],
)
def test_an_answer_that_is_not_true_is_refused(
    client: Client, booked: Appointment, hours: tuple[int, int], complaint: str
) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    since, until = (booked.starts_at.astimezone(page.zone) + timedelta(hours=one) for one in hours)
    said = {"missing_from": f"{since:%Y-%m-%dT%H:%M}", "missing_until": f"{until:%Y-%m-%dT%H:%M}"}
    page.post("preview", expect=422, **said)
    assert complaint in page.text
    page.post("times", missing_from="")
    page.post("preview", expect=422)
    assert "Say from when." in page.text


def test_a_person_and_a_room_are_said_together(client: Client, here: Clinic, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    both = sorted([here.provider.pk, here.room.pk])
    page.post("times", missing=[f"resource:{pk}" for pk in both])
    day = booked.starts_at.astimezone(page.zone).date()
    with_whom = [key.split(".") for key in page.values["shown"]]
    that_day = {int(pk) for start, pk, __ in with_whom if datetime.fromtimestamp(int(start), page.zone).date() == day}
    assert here.provider.pk not in that_day
    looked_at = client.post(page.url, page.values | {"step": "preview"}).content.decode()
    posted = re.findall(r'type="hidden" name="missing" value="([^"]*)"', looked_at)
    assert sorted(posted) == sorted(f"resource:{pk}" for pk in both)
    page.post("send", expect=302)
    disruption = RescheduleRequest.objects.get().disruption
    assert disruption is not None
    assert sorted(one.pk for one in disruption.resources.all()) == both


def test_the_whole_place_has_everybody_in_it(client: Client, here: Clinic, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    page.post("times", missing=[f"resource:{here.provider.pk}", "place"])
    page.post("send", expect=302)
    disruption = RescheduleRequest.objects.get().disruption
    assert disruption is not None
    assert (disruption.scope, disruption.resources.count()) == (DisruptionScope.PLACE, 0)


def test_only_this_appointment_goes_with_nothing_else(client: Client, here: Clinic, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    page.post("times", missing=[f"resource:{here.provider.pk}", "appointment"])
    assert "“Only this appointment” means that nothing else is missing." in page.text
    assert re.search(r'value="appointment"[^>]* data-alone', page.text)
    page.post("preview", expect=422)
    assert not Disruption.objects.exists()


def test_nothing_ticked_is_no_answer(client: Client, booked: Appointment) -> None:
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    page.post("preview", expect=422, missing=[])
    assert "Say what cannot take place: a time that lies in it is not offered." in page.text


def test_what_the_reason_takes_away_besides_what_is_known_is_ticked_too(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    absent = absence(here, booked)
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.ROOM).pk)
    assert page.values["missing"] == [f"known:{absent.pk}", f"resource:{here.room.pk}"]
    page.post("send", expect=302)
    round_ = RescheduleRequest.objects.get()
    assert round_.disruption == absent
    assert [one.pk for one in Disruption.objects.latest("pk").resources.all()] == [here.room.pk]
    assert set(causes.known(booked)) == set(Disruption.objects.all())


def test_what_was_called_off_while_the_page_was_open_is_said(client: Client, here: Clinic, booked: Appointment) -> None:
    absent = absence(here, booked)
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON).pk)
    affected.call_off(absent, now=timezone.now())
    page.post("send", expect=422)
    assert "What cannot take place has changed meanwhile." in page.text


def test_what_is_ticked_besides_has_the_usual_span_at_once(client: Client, here: Clinic, booked: Appointment) -> None:
    absent = absence(here, booked)
    page = Page(client, booked)
    page.post("times", reason=reason(ReasonAbout.PERSON, ReasonSpan.TIME).pk)
    page.post("times", missing=[f"known:{absent.pk}", f"resource:{here.room.pk}"])
    assert "Say from when." not in page.text
    starts = booked.starts_at.astimezone(page.zone)
    assert page.values["missing_from"] == f"{starts:%Y-%m-%dT%H:%M}"
